"""One group before and after: Wilcoxon's signed-rank test and the Hodges-Lehmann estimate with its interval.

Zeros are left out of the test (Wilcoxon's own way) and counted; tied differences share their mean rank and
the exact distribution is the one given these ties. The estimate and its interval use all differences, zeros
too; the interval is cut at the distribution without ties. Where the exact distribution would be too much work
(about a thousand differences) the normal approximation with continuity correction stands in, and is named.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lms.reports.statistics.ranks import Ranks, kth_walsh, ranks_of, signed_sums, signed_sums_without_ties
from lms.reports.statistics.shapes import LEVEL, Interval, Method


@dataclass(frozen=True, kw_only=True)
class SignedRanks:
    """The test that the middle of the differences is zero. `positive` is V, the sum of positive ranks."""

    n: int
    zeros: int
    has_ties: bool
    positive: float
    negative: float
    p_two_sided: float
    p_greater: float
    p_less: float
    method: Method

    @property
    def statistic(self) -> float:
        return min(self.positive, self.negative)


@dataclass(frozen=True, kw_only=True)
class HodgesLehmann:
    """The median of the means of all pairs of differences, each also with itself."""

    value: float
    n: int
    interval: Interval


def signed_ranks(differences: Sequence[float]) -> SignedRanks:
    """The test of these differences; minus infinity is a difference larger than any other."""
    import numpy as np

    given = np.asarray(differences, dtype=float)
    values = given[given != 0]
    ranks = ranks_of(np.abs(values))
    positive = float(ranks.values[values > 0].sum())
    negative = float(ranks.values[values < 0].sum())
    less, greater, method = _tails(ranks, positive)
    return SignedRanks(
        n=len(values),
        zeros=len(given) - len(values),
        has_ties=bool(ranks.ties),
        positive=positive,
        negative=negative,
        p_two_sided=min(1.0, 2 * min(less, greater)),
        p_greater=greater,
        p_less=less,
        method=method,
    )


def hodges_lehmann(differences: Sequence[float], level: float = LEVEL) -> HodgesLehmann:
    """Estimate and interval; the interval has at least this level if so few differences allow it."""
    import numpy as np

    values = np.sort(np.asarray(differences, dtype=float))
    n = len(values)
    means = n * (n + 1) // 2
    cut, reached, method = _cut(n, level)
    low, first, second, high = kth_walsh(values, [cut - 1, (means - 1) // 2, means // 2, means - cut])
    return HodgesLehmann(
        value=_middle(first, second),
        n=n,
        interval=Interval(low=low, high=high, level=reached, method=method),
    )


def _tails(ranks: Ranks, positive: float) -> tuple[float, float, Method]:
    """P(V <= v), P(V >= v) and how they were found."""
    n = len(ranks.values)
    counts = signed_sums(ranks.doubled()) if ranks.ties else signed_sums_without_ties(n)
    if counts is None:
        return *_normal_tails(n, ranks.ties, positive), Method.NORMAL
    at = round(positive * 2) if ranks.ties else round(positive)
    # Both tails are summed from their own end, so that small ones keep their digits.
    scale = math.ldexp(1.0, -n)
    return float(counts[: at + 1].sum() * scale), float(counts[at:].sum() * scale), Method.EXACT


def _normal_tails(n: int, ties: Sequence[int], positive: float) -> tuple[float, float]:
    from scipy.stats import norm

    mean = n * (n + 1) / 4
    spread = math.sqrt(n * (n + 1) * (2 * n + 1) / 24 - sum(size**3 - size for size in ties) / 48)
    less = float(norm.cdf((positive - mean + 0.5) / spread))
    return less, float(norm.sf((positive - mean - 0.5) / spread))


def _cut(n: int, level: float) -> tuple[int, float, Method]:
    """How many means are cut off at each end, less one, and the level that leaves."""
    tail = (1 - level) / 2
    counts = signed_sums_without_ties(n)
    if counts is not None:
        up_to = counts.cumsum() * math.ldexp(1.0, -n)
        cut = max(int((up_to < tail).sum()), 1)
        return cut, 1 - 2 * float(up_to[cut - 1]), Method.EXACT
    from scipy.stats import norm

    mean, spread = n * (n + 1) / 4, math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    cut = max(math.ceil(mean + norm.ppf(tail) * spread - 0.5), 1)
    return cut, 1 - 2 * float(norm.cdf((cut - 0.5 - mean) / spread)), Method.NORMAL


def _middle(first: float, second: float) -> float:
    return first if first == second else (first + second) / 2
