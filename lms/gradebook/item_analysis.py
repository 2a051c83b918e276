"""How well the questions of a quiz work, in the terms of classical item analysis.

Facility and discrimination are those of Moodle's quiz report (MoodleDocs, "Quiz statistics calculations",
docs.moodle.org/dev/Quiz_statistics_calculations): the first attempt of each person only, the facility index
as the mean mark of a question, the discrimination index as the correlation of its mark with that of the rest
of the attempt. Questions here are right or wrong and each attempt draws equally many from a bank, so the rest
is the number of the others that were right.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import atanh, sqrt, tanh

# Fewer people than this say nothing about a group, as in the test before and after the course.
FEWEST = 5
# Our own choice: a correlation of fewer pairs swings so widely that it would be read for more than it is.
FEWEST_TO_CORRELATE = 20
NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Item:
    """One question: how many were asked it at the first try and how many were right; the rest if enough."""

    asked: int
    right: int
    discrimination: float | None

    @property
    def is_enough(self) -> bool:
        return self.asked >= FEWEST

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the index of such people in general is, with 95 % confidence (Fisher's transformation)."""
        return _interval(self.discrimination, self.asked) if self.discrimination is not None else None

    @property
    def is_upside_down(self) -> bool:
        """Whether those who know the rest know this one less, beyond what chance does in such a group."""
        return self.interval is not None and self.interval[1] < 0

    @property
    def facility(self) -> float | None:
        return self.right / self.asked if self.is_enough else None


def analyse(tries: Iterable[Mapping[Hashable, bool]]) -> dict[Hashable, Item]:
    """Each try says for the questions it asked whether they were answered rightly; one try a person."""
    marks: dict[Hashable, list[tuple[bool, int]]] = defaultdict(list)
    for one in tries:
        right = sum(one.values())
        for question, is_right in one.items():
            marks[question].append((is_right, right - is_right))
    return {question: _item(pairs) for question, pairs in marks.items()}


def _item(pairs: Sequence[tuple[bool, int]]) -> Item:
    own, rest = [int(is_right) for is_right, _rest in pairs], [rest for _own, rest in pairs]
    enough = len(pairs) >= FEWEST_TO_CORRELATE
    return Item(len(pairs), sum(own), correlation(own, rest) if enough else None)


def _interval(index: float, count: int) -> tuple[float, float]:
    if abs(index) >= 1:
        return index, index
    width = NORMAL_95 / sqrt(count - 3)
    return tanh(atanh(index) - width), tanh(atanh(index) + width)


def correlation(xs: Sequence[int], ys: Sequence[int]) -> float | None:
    """Pearson's; None where one side is always the same, as nothing can vary with it."""
    count = len(xs)
    if not count:
        return None
    mean_x, mean_y = sum(xs) / count, sum(ys) / count
    together = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    spread = sqrt(sum((x - mean_x) ** 2 for x in xs) * sum((y - mean_y) ** 2 for y in ys))
    return max(-1.0, min(1.0, together / spread)) if spread else None
