"""What the keys of a report document are called, and how the number under them reads in a table."""

import math
import re
from collections.abc import Sequence

from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import lazy_gettext as _l
from lms.reports import words
from lms.reports.pictures import window_words
from lms.sales.models import Tier
from lms.web.templating import signed_percent

KEYS = {
    "flow": _l("How far the firms came"),
    "admitted": _l("admitted"),
    "started": _l("started"),
    "baseline": _l("starting point frozen"),
    "graduated": _l("graduated"),
    "reported": _l("with figures after"),
    "program": _l("firms of the programme"),
    "comparison": _l("comparison firms"),
    "difference": _l("difference between the two"),
    "graduates": _l("Graduates alone"),
    "real": _l("Real pesos"),
    "change": _l("change"),
    "base": _l("pesos of the month"),
    "comparison_firms": _l("Comparison firms"),
    "months_after": _l("months after"),
    "firms": _l("firms"),
    "with_baseline": _l("with a month before"),
    "with_full_baseline": _l("with twelve months before"),
    "reported_after": _l("with a month after"),
    "measured": _l("with a change"),
    "counts": _l("how many"),
    "adjusted_for_season": _l("adjusted for season"),
    "not_adjusted_for_season": _l("not adjusted for season"),
    "all_months_after": _l("with every month after"),
    "under_three_months_before": _l("with fewer than three months before"),
    "no_baseline": _l("without figures before"),
    "no_after": _l("without figures after"),
    "first_sale": _l("first sale"),
    "without_sales_before": _l("without sales before"),
    "sold_after": _l("sold after"),
    "rate": _l("part of them"),
    "median_ratio": _l("typical change (median)"),
    "directions": _l("direction"),
    "rose": _l("sell more"),
    "same": _l("sell the same"),
    "fell": _l("sell less"),
    "sums": _l("all sales together"),
    "before": _l("before"),
    "after": _l("after"),
    "ratio": _l("change"),
    "bounds": _l("if the missing firms"),
    "missing": _l("how many are missing"),
    "if_same": _l("had sold the same: typical change"),
    "if_nothing": _l("had sold nothing: typical change"),
    "hodges_lehmann": _l("typical change (Hodges-Lehmann)"),
    "n": _l("firms counted"),
    "low": _l("interval from"),
    "high": _l("interval to"),
    "signed_rank_test": _l("signed-rank test"),
    "zeros": _l("without any change"),
    "ties": _l("has equal ranks"),
    "p_two_sided": _l("p, two-sided"),
    "p_greater": _l("p, for a rise"),
    "p_less": _l("p, for a fall"),
    "bootstrap_median": _l("bootstrap of the median"),
    "order_statistics_median": _l("median by order"),
    "sign_test": _l("sign test"),
    "above": _l("above"),
    "below": _l("below"),
    "equal": _l("equal"),
    "mean_log_change": _l("mean of logarithms"),
    "stopped_left_out": _l("stopped selling, left out"),
    "mean_ratio": _l("mean of changes"),
    "plain": _l("of all"),
    "winsorized": _l("with the extremes drawn in"),
    "moved": _l("firms drawn in"),
    "level_ratio": _l("change of levels (Poisson)"),
    "poisson": _l("levels (Poisson)"),
    "attrition": _l("who reports and who does not"),
    "silent": _l("without figures after"),
    "median_before_reported": _l("sales before of those that report"),
    "median_before_silent": _l("sales before of those that do not"),
    "mann_whitney": _l("Mann-Whitney"),
    "smallest_detectable_ratio": _l("smallest change that could be seen"),
    "blocks": _l("starts compared"),
    "without_logarithm": _l("with a zero on one side"),
    "difference_in_differences": _l("difference in differences"),
    "ancova": _l("ANCOVA"),
    "hodges_lehmann_shift": _l("shift (Hodges-Lehmann)"),
    "clustered": _l("errors by firm"),
    "robust": _l("robust errors"),
    "ratio_low": _l("interval from"),
    "ratio_high": _l("interval to"),
    "sources": _l("Where the figures come from"),
    "self_reported": _l("on the firm's own word"),
    "changed_source": _l("with another source after"),
    "checked": _l("checked by staff"),
    "volumes": _l("Orders, units and online sales"),
    "orders": _l("orders"),
    "units": _l("units"),
    "online_share": _l("part sold online"),
    "first_online_sale": _l("first online sale"),
    "none_before": _l("none before"),
    "sum_ratio": _l("change of the sum"),
    "without_online_sales_before": _l("sold nothing online before"),
    "sold_online_after": _l("sold online after"),
}
RATIOS = {
    "median_ratio", "ratio", "if_same", "if_nothing", "plain", "winsorized", "smallest_detectable_ratio",
    "ratio_low", "ratio_high", "low", "high", "sum_ratio",
}  # fmt: skip
SHARES = {"rate"}
LEAST_P = 0.0001
_WINDOW = re.compile(r"\+\d+\.\.\+\d+")


def path(keys: Sequence[str]) -> str:
    """Where a number stands in a report, in words; “windows” says nothing that the window itself does not."""
    told = [key for key in keys if key != "windows"]
    return " › ".join(_word(key) for key in told)


def _word(key: str) -> str:
    if _WINDOW.fullmatch(key):
        return window_words(key)
    if key in {tier.value for tier in Tier}:
        return str(words.TIERS[Tier(key)])
    return str(KEYS.get(key, key))


def leaf(keys: Sequence[str], value: object) -> str:
    """The number that stands there, as people read it."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not isinstance(value, int | float):
        return str(value)
    return _number(keys, value)


def _number(keys: Sequence[str], value: float) -> str:
    last = keys[-1]
    if last in RATIOS:
        return signed_percent(value)
    if last in SHARES or "online_share" in keys and last != "firms":
        return f"{value:.1%}"
    if last.startswith("p_"):
        return f"{value:.4f}" if value >= LEAST_P else f"< {LEAST_P}"
    if isinstance(value, int) or math.isclose(value, round(value)):
        return f"{value:,.0f}"
    return f"{value:,.2f}"
