"""Two groups: the Mann-Whitney test and the Hodges-Lehmann shift with its interval.

Tied values share their mean rank and the exact distribution is the one given these ties; the interval of the
shift is cut at the distribution without ties. For large groups the normal approximation with continuity
correction stands in, and is named.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lms.reports.statistics.ranks import Ranks, chosen_sums, chosen_sums_without_ties, kth_sum, ranks_of
from lms.reports.statistics.shapes import LEVEL, Interval, Method


@dataclass(frozen=True, kw_only=True)
class MannWhitney:
    """The test that neither group lies higher. `statistic` counts the pairs in which the first does."""

    first: int
    second: int
    has_ties: bool
    statistic: float
    p_two_sided: float
    p_greater: float
    p_less: float
    method: Method


@dataclass(frozen=True, kw_only=True)
class Shift:
    """How much higher the first group lies: the median of the differences of all pairs."""

    value: float
    first: int
    second: int
    interval: Interval


def mann_whitney(first: Sequence[float], second: Sequence[float]) -> MannWhitney:
    import numpy as np

    m, n = len(first), len(second)
    ranks = ranks_of(np.concatenate([np.asarray(first, dtype=float), np.asarray(second, dtype=float)]))
    statistic = float(ranks.values[:m].sum()) - m * (m + 1) / 2
    less, greater, method = _tails(ranks, m, n, statistic)
    return MannWhitney(
        first=m,
        second=n,
        has_ties=bool(ranks.ties),
        statistic=statistic,
        p_two_sided=min(1.0, 2 * min(less, greater)),
        p_greater=greater,
        p_less=less,
        method=method,
    )


def shift(first: Sequence[float], second: Sequence[float], level: float = LEVEL) -> Shift:
    """The first group against the second, with an interval of at least this level where that can be had."""
    import numpy as np

    higher = np.sort(np.asarray(first, dtype=float))
    lower = np.sort(-np.asarray(second, dtype=float))
    m, n = len(higher), len(lower)
    cut, reached, method = _cut(m, n, level)
    places = [cut - 1, (m * n - 1) // 2, m * n // 2, m * n - cut]
    low, one, other, high = kth_sum(higher, lower, places)
    return Shift(
        value=one if one == other else (one + other) / 2,
        first=m,
        second=n,
        interval=Interval(low=low, high=high, level=reached, method=method),
    )


def _tails(ranks: Ranks, m: int, n: int, statistic: float) -> tuple[float, float, Method]:
    # The distribution of the smaller group's ranks is that of the larger's, read from the other end.
    smaller = min(m, n)
    tied = chosen_sums(ranks.doubled(), smaller) if ranks.ties else None
    counts = tied if ranks.ties else chosen_sums_without_ties(m + n, smaller)
    if counts is None:
        return *_normal_tails(ranks.ties, m, n, statistic), Method.NORMAL
    of_smaller = statistic if m <= n else m * n - statistic
    at = round((of_smaller + smaller * (smaller + 1) / 2) * (2 if ranks.ties else 1))
    total = counts.sum()
    less, greater = float(counts[: at + 1].sum() / total), float(counts[at:].sum() / total)
    return (less, greater, Method.EXACT) if m <= n else (greater, less, Method.EXACT)


def _normal_tails(ties: Sequence[int], m: int, n: int, statistic: float) -> tuple[float, float]:
    from scipy.stats import norm

    both = m + n
    tied = sum(size**3 - size for size in ties) / (both * (both - 1))
    spread = math.sqrt(m * n / 12 * (both + 1 - tied))
    if spread == 0:
        return 1.0, 1.0
    less = float(norm.cdf((statistic - m * n / 2 + 0.5) / spread))
    return less, float(norm.sf((statistic - m * n / 2 - 0.5) / spread))


def _cut(m: int, n: int, level: float) -> tuple[int, float, Method]:
    tail = (1 - level) / 2
    smaller = min(m, n)
    counts = chosen_sums_without_ties(m + n, smaller)
    if counts is not None:
        of_statistic = counts[smaller * (smaller + 1) // 2 :]
        up_to = of_statistic.cumsum() / of_statistic.sum()
        cut = max(int((up_to < tail).sum()), 1)
        return cut, 1 - 2 * float(up_to[cut - 1]), Method.EXACT
    from scipy.stats import norm

    mean, spread = m * n / 2, math.sqrt(m * n * (m + n + 1) / 12)
    cut = max(math.ceil(mean + norm.ppf(tail) * spread - 0.5), 1)
    return cut, 1 - 2 * float(norm.cdf((cut - 0.5 - mean) / spread)), Method.NORMAL
