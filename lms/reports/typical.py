"""What ten firms or more have in common: the typical change with its uncertainty, by several roads.

Ratios of after to before are compared as logarithms, so that half and double are equally far from "the same".
A firm that fell to nothing has no logarithm: where only the order counts it is the largest fall, elsewhere it
is left out and counted. Nothing is ever added to a figure to make a logarithm of it. Pure.
"""

import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lms.reports.effect import FEWEST_FOR_QUARTILES, Effect
from lms.reports.statistics.comparison import Contrast, Observation, Rows, poisson_change
from lms.reports.statistics.means import Means, PairedT, means, paired_t
from lms.reports.statistics.medians import Bootstrap, SignTest, bootstrap_median, order_interval, sign_test
from lms.reports.statistics.power import smallest_paired
from lms.reports.statistics.shapes import Interval
from lms.reports.statistics.signed_ranks import HodgesLehmann, SignedRanks, hodges_lehmann, signed_ranks

FEWEST_FOR_INTERVALS = FEWEST_FOR_QUARTILES


@dataclass(frozen=True, kw_only=True)
class Typical:
    """The typical change as ratios of after to before.

    `stopped` firms sold before and nothing after. `mean_log` leaves them out; `levels` has all firms, also
    those without sales before. `smallest` is the smallest typical ratio that so many firms, as different
    as these, would have shown.
    """

    n: int
    stopped: int
    hodges_lehmann: HodgesLehmann
    test: SignedRanks
    bootstrap: Bootstrap
    order: Interval
    signs: SignTest
    mean_log: PairedT
    means: Means
    levels: Contrast | None
    smallest: float


def typical_of(effects: Sequence[Effect]) -> Typical | None:
    """The typical change of these firms; none for fewer than ten with a ratio."""
    ratios = [float(one.ratio) for one in effects if one.ratio is not None]
    return typical_from(ratios, lambda: _levels(effects))


def typical_from(ratios: Sequence[float], levels: Callable[[], Rows]) -> Typical | None:
    """The same from the ratios; `levels` gives every firm with a figure on both sides, zeros included."""
    logs = logarithms(ratios)
    finite = array("d", (value for value in logs if value > -math.inf))
    if len(ratios) < FEWEST_FOR_INTERVALS or len(finite) < FEWEST_FOR_INTERVALS:
        return None
    mean_log = paired_t(finite)
    return Typical(
        n=len(ratios),
        stopped=len(logs) - len(finite),
        hodges_lehmann=as_ratio(hodges_lehmann(logs)),
        test=signed_ranks(logs),
        bootstrap=bootstrap_median(ratios),
        order=order_interval(ratios),
        signs=sign_test(ratios, at=1.0),
        mean_log=mean_log,
        means=means(ratios),
        levels=poisson_change(levels()),
        smallest=math.exp(smallest_paired(len(finite)) * mean_log.deviation),
    )


def logarithms(ratios: Sequence[float]) -> Sequence[float]:
    """Minus infinity for what fell to nothing.

    Twelve decimals: changes that are equally large must tie in the ranks whatever the last bit says.
    """
    return array("d", (round(math.log(ratio), 12) if ratio else -math.inf for ratio in ratios))


def as_ratio(found: HodgesLehmann) -> HodgesLehmann:
    """The same on the scale of ratios."""
    return replace(found, value=math.exp(found.value), interval=interval_as_ratio(found.interval))


def interval_as_ratio(interval: Interval) -> Interval:
    return replace(interval, low=math.exp(interval.low), high=math.exp(interval.high))


def _levels(effects: Sequence[Effect]) -> list[Observation]:
    """Every firm with a figure on both sides, zeros included."""
    return [
        Observation(firm=str(at), in_program=True, before=float(one.before), after=float(one.after))
        for at, one in enumerate(effects)
        if one.before is not None and one.after is not None
    ]
