"""An evaluation as plain data: the JSON of the command line, of exports and of published reports.

Keys are English and stable; docs/evaluate.md says what each means. Ratios are after to before: 1.10 is ten
percent more. Numbers that are not finite are null, because JSON has no word for them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lms.reports.effect import Spread
from lms.reports.evaluation import (
    Block,
    Change,
    Difference,
    Evaluation,
    Measured,
    Window,
    change_of,
    events_of,
    window_of,
)
from lms.reports.statistics.comparison import Contrast
from lms.reports.statistics.event_study import EventStudy
from lms.reports.statistics.missing import Attrition
from lms.reports.statistics.shapes import Estimate, Interval
from lms.reports.statistics.signed_ranks import SignedRanks
from lms.reports.statistics.two_groups import MannWhitney
from lms.reports.typical import Typical
from lms.sales import months

# What there is from ten firms on.
OF_TEN_FIRMS = (
    "hodges_lehmann",
    "signed_rank_test",
    "bootstrap_median",
    "order_statistics_median",
    "sign_test",
    "mean_log_change",
    "mean_ratio",
    "level_ratio",
    "smallest_detectable_ratio",
)


@dataclass(frozen=True, kw_only=True)
class Months:
    """Sales of one cohort's firms and of those compared with them, by months from the start of its course."""

    program: Sequence[Mapping[int, float]]
    comparison: Sequence[Mapping[int, float]]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a report wants computed; `groups` are firms of which only the change is wanted."""

    windows: Mapping[int, Sequence[Block]] = field(default_factory=dict)
    groups: Mapping[str, Sequence[Measured]] = field(default_factory=dict)
    months: Months | None = None


def computed(asked: Asked) -> dict[str, Any]:
    """The numbers that a report asks for. It is called in a process of its own (lms/foundation/apart.py)."""
    around = asked.months
    return {
        "windows": {
            window_name(length): window_data(window_of(length, blocks))
            for length, blocks in asked.windows.items()
        },
        "groups": {name: change_data(change_of(firms)) for name, firms in asked.groups.items()},
        "events": events_data(events_of(around.program, around.comparison)) if around else None,
    }


def as_data(found: Evaluation) -> dict[str, Any]:
    """Everything that was found."""
    return finite(
        {
            "start": months.write_month(found.course.start),
            "programme_months": found.course.programme_months,
            "fewest_months_before": found.course.fewest_before,
            "starts": found.starts,
            "main_start": months.write_month(found.main_start),
            "primary_window": window_name(found.primary.length),
            "has_comparison": found.has_comparison,
            "windows": {window_name(one.length): window_data(one) for one in found.windows},
            "event_study": events_data(found.events),
        }
    )


def window_name(length: int) -> str:
    return f"+1..+{length}"


def window_data(window: Window) -> dict[str, Any]:
    return {
        "months_after": window.length,
        "program": change_data(window.program),
        "comparison": change_data(window.comparison) if window.comparison else None,
        "difference": difference_data(window.difference) if window.difference else None,
    }


def change_data(change: Change) -> dict[str, Any]:
    summary, flow = change.summary, change.flow
    return {
        "flow": {
            "firms": flow.firms,
            "with_baseline": flow.baseline,
            "with_full_baseline": flow.full_baseline,
            "reported_after": flow.reported,
            "measured": flow.measured,
        },
        "counts": {
            "adjusted_for_season": summary.adjusted,
            "not_adjusted_for_season": summary.unadjusted,
            "all_months_after": change.complete,
            "under_three_months_before": change.thin,
            "no_baseline": summary.no_baseline,
            "no_after": summary.no_after,
        },
        "first_sale": {
            "without_sales_before": change.could_begin,
            "sold_after": summary.began,
            "rate": summary.began / change.could_begin if change.could_begin else None,
        },
        **_spread_data(summary.spread, summary.missing),
        **_typical_data(change.typical),
        "attrition": _attrition_data(change.attrition) if change.attrition else None,
    }


def _spread_data(spread: Spread | None, missing: int) -> dict[str, Any]:
    if spread is None:
        return {"median_ratio": None, "directions": None, "quartiles": None, "sums": None, "bounds": None}
    return {
        "median_ratio": spread.median,
        "directions": {"rose": spread.rose, "same": spread.same, "fell": spread.fell},
        "quartiles": list(spread.quartiles) if spread.quartiles else None,
        "sums": {"before": spread.before, "after": spread.after, "ratio": spread.of_sums},
        "bounds": {"missing": missing, "if_same": spread.if_same, "if_nothing": spread.if_nothing},
    }


def _typical_data(found: Typical | None) -> dict[str, Any]:
    if found is None:
        return dict.fromkeys(OF_TEN_FIRMS)
    mean = found.mean_log
    return {
        "hodges_lehmann": {
            "ratio": found.hodges_lehmann.value,
            "n": found.hodges_lehmann.n,
            **interval_data(found.hodges_lehmann.interval),
        },
        "signed_rank_test": _ranks_data(found.test),
        "bootstrap_median": {
            "ratio": found.bootstrap.value,
            **interval_data(found.bootstrap.interval),
            "resamples": found.bootstrap.resamples,
            "seed": found.bootstrap.seed,
        },
        "order_statistics_median": interval_data(found.order),
        "sign_test": {
            "above": found.signs.above,
            "below": found.signs.below,
            "equal": found.signs.equal,
            "p_two_sided": found.signs.p_two_sided,
        },
        "mean_log_change": {
            "mean": mean.mean,
            "sd": mean.deviation,
            "t": mean.t,
            "df": mean.df,
            "p_two_sided": mean.p_two_sided,
            "low": mean.interval.low,
            "high": mean.interval.high,
            "ratio": ratio_of(mean.mean),
            "stopped_left_out": found.stopped,
        },
        "mean_ratio": {
            "plain": found.means.plain,
            "winsorized": found.means.winsorized,
            "moved": found.means.moved,
        },
        "level_ratio": contrast_data(found.levels) if found.levels else None,
        "smallest_detectable_ratio": found.smallest,
    }


def _ranks_data(test: SignedRanks) -> dict[str, Any]:
    return {
        "n": test.n,
        "zeros": test.zeros,
        "ties": test.has_ties,
        "v": test.positive,
        "p_two_sided": test.p_two_sided,
        "p_greater": test.p_greater,
        "p_less": test.p_less,
        "method": test.method.value,
    }


def _attrition_data(found: Attrition) -> dict[str, Any]:
    return {
        "reported": found.reporting,
        "silent": found.silent,
        "median_before_reported": found.median_reporting,
        "median_before_silent": found.median_silent,
        "mann_whitney": _mann_whitney_data(found.test),
    }


def difference_data(found: Difference) -> dict[str, Any]:
    return {
        "blocks": found.blocks,
        "without_logarithm": found.without_logarithm,
        "difference_in_differences": contrast_data(found.did),
        "ancova": contrast_data(found.ancova) if found.ancova else None,
        "poisson": contrast_data(found.levels) if found.levels else None,
        "mann_whitney": _mann_whitney_data(found.ranks),
        "hodges_lehmann_shift": {"ratio": found.shift.value, **interval_data(found.shift.interval)},
        "smallest_detectable_ratio": found.smallest,
    }


def _mann_whitney_data(test: MannWhitney) -> dict[str, Any]:
    return {
        "u": test.statistic,
        "n": [test.first, test.second],
        "ties": test.has_ties,
        "p_two_sided": test.p_two_sided,
        "p_greater": test.p_greater,
        "p_less": test.p_less,
        "method": test.method.value,
    }


def contrast_data(found: Contrast) -> dict[str, Any]:
    """A number on the scale of logarithms, the ratio it stands for, and both kinds of errors."""
    return {
        "coefficient": found.value,
        "ratio": ratio_of(found.value),
        "n": [found.program, found.comparison],
        "clustered": _estimate_data(found.clustered),
        "robust": _estimate_data(found.robust),
    }


def _estimate_data(one: Estimate) -> dict[str, Any]:
    return {
        "errors": one.errors.value,
        "error": one.error,
        "low": one.low,
        "high": one.high,
        "ratio_low": ratio_of(one.low),
        "ratio_high": ratio_of(one.high),
        "p_two_sided": one.p,
        "df": one.df,
        "level": one.level,
    }


def events_data(found: EventStudy | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "reference_month": found.reference,
        "n": [found.program, found.comparison],
        "months": [
            {
                "month": one.month,
                "coefficient": one.effect.value,
                "ratio": ratio_of(one.effect.value),
                "n": [one.program, one.comparison],
                "clustered": _estimate_data(one.effect),
            }
            for one in found.moments
        ],
    }


def ratio_of(logarithm: float) -> float:
    """The ratio that a logarithm stands for, also for one that no number holds."""
    try:
        return math.exp(logarithm)
    except OverflowError:
        return math.inf


def interval_data(interval: Interval) -> dict[str, Any]:
    return {
        "low": interval.low,
        "high": interval.high,
        "level": interval.level,
        "method": interval.method.value,
    }


def finite(thing: Any) -> Any:
    """The same with whole and broken numbers only: amounts become floats, infinities null."""
    if isinstance(thing, Mapping):
        return {key: finite(value) for key, value in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [finite(value) for value in thing]
    if isinstance(thing, Decimal):
        return float(thing)
    if isinstance(thing, float) and not math.isfinite(thing):
        return None
    return thing
