"""Ranks with ties, exact distributions of their sums, and the k-th of many sums without making them all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lms.reports.statistics.shapes import Array

# Up to so many additions an exact distribution is worth its time (about half a second).
MOST_ADDITIONS = 600_000_000
# The same for two groups, up to about ninety firms in each; beyond, the normal approximation is as good.
MOST_OF_TWO_GROUPS = 200_000_000
# Counts of sign patterns are kept as floating numbers, which end at 2 to the 1023.
MOST_SIGNS = 1000
MOST_IN_TWO_GROUPS = 1000
# Up to so many sums all of them are made and sorted; beyond, the wanted one is found by halving.
MOST_SUMS = 2_000_000
HALVINGS = 200


@dataclass(frozen=True)
class Ranks:
    """Ranks of values, the smallest 1; tied values share their mean rank. `ties` are sizes of tied groups."""

    values: Array
    ties: tuple[int, ...]

    def doubled(self) -> list[int]:
        """Whole numbers to count with: mean ranks may end in a half."""
        return [round(2 * rank) for rank in self.values]


def ranks_of(values: Array) -> Ranks:
    import numpy as np

    _distinct, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    mean_ranks = last - (counts - 1) / 2
    return Ranks(mean_ranks[inverse], tuple(int(count) for count in counts if count > 1))


@lru_cache(maxsize=8)
def signed_sums_without_ties(n: int) -> Array | None:
    return signed_sums(range(1, n + 1))


@lru_cache(maxsize=8)
def chosen_sums_without_ties(n: int, chosen: int) -> Array | None:
    return chosen_sums(range(1, n + 1), chosen)


def signed_sums(ranks: Sequence[int]) -> Array | None:
    """How many of the 2^n sign patterns give each sum of positive ranks; None where that is too much work."""
    import numpy as np

    total = sum(ranks)
    if len(ranks) > MOST_SIGNS or len(ranks) * total > MOST_ADDITIONS:
        return None
    counts = np.zeros(total + 1)
    counts[0] = 1.0
    reached = 0
    for rank in ranks:
        reached += rank
        counts[rank : reached + 1] += counts[: reached + 1 - rank].copy()
    return counts


def chosen_sums(ranks: Sequence[int], chosen: int) -> Array | None:
    """How many choices of `chosen` of these ranks give each sum; None where that is too much work."""
    import numpy as np

    ranks = sorted(ranks)
    top = sum(ranks[-chosen:]) if chosen else 0
    if len(ranks) > MOST_IN_TWO_GROUPS or len(ranks) * (chosen + 1) * (top + 1) > MOST_OF_TWO_GROUPS:
        return None
    counts = np.zeros((chosen + 1, top + 1))
    counts[0, 0] = 1.0
    reached = 0
    for seen, rank in enumerate(ranks):
        # So many were chosen at most, and with them no more was reached, when this rank comes.
        most = min(seen, chosen - 1) + 1
        reached = min(reached + rank, top)
        counts[1 : most + 1, rank : reached + 1] += counts[:most, : reached + 1 - rank].copy()
    return counts[chosen]


def kth_sum(first: Array, second: Array, positions: Sequence[int]) -> list[float]:
    """The sums `a + b` of two sorted arrays at these positions of their order (the smallest is 0)."""
    import numpy as np

    if len(first) * len(second) <= MOST_SUMS:
        sums = np.sort(np.add.outer(first, second), axis=None)
        return [float(sums[position]) for position in positions]

    def up_to(limit: float) -> int:
        return int(np.searchsorted(second, limit - first, side="right").sum())

    low = float(_finite(first).min() + _finite(second).min())
    high = float(first[-1] + second[-1])
    return [_halve(up_to, low, high, position) for position in positions]


def kth_walsh(values: Array, positions: Sequence[int]) -> list[float]:
    """The means `(a + b) / 2` of all pairs of a sorted array, a value also with itself, at these places."""
    import numpy as np

    n = len(values)
    if n * (n + 1) // 2 <= MOST_SUMS:
        rows, columns = np.triu_indices(n)
        means = np.sort((values[rows] + values[columns]) / 2)
        return [float(means[position]) for position in positions]

    def up_to(limit: float) -> int:
        # Each pair is found twice and each value with itself once.
        pairs = int(np.searchsorted(values, 2 * limit - values, side="right").sum())
        return (pairs + int(np.searchsorted(values, limit, side="right"))) // 2

    low, high = float(_finite(values).min()), float(values[-1])
    return [_halve(up_to, low, high, position) for position in positions]


def _finite(values: Array) -> Array:
    import numpy as np

    return values[np.isfinite(values)]


def _halve(up_to: Callable[[float], int], low: float, high: float, position: int) -> float:
    """The smallest number with more than `position` values up to it, to the last digits of a float."""
    if up_to(low) > position:
        # Below every finite value lies only what fell to nothing.
        return low if up_to(_just_below(low)) <= position else float("-inf")
    for _step in range(HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if up_to(middle) > position:
            high = middle
        else:
            low = middle
    return high


def _just_below(value: float) -> float:
    return value - max(abs(value), 1.0) * 1e-9
