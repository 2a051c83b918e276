"""How a quiz is drawn and counted: which questions a try asks, its score, the best score, what is next."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, order=True)
class Score:
    """So many right of so many. Scores compare by share first: the best of several is their `max`."""

    percent: int
    right: int
    total: int


def score(right: int, total: int) -> Score:
    """The share is rounded down: nobody is told 70% who has not reached it."""
    return Score(right * 100 // total if total else 0, right, total)


def best_score(scores: Iterable[Score]) -> Score | None:
    return max(scores, default=None)


def is_passed(right: int, total: int, pass_percent: int) -> bool:
    """Counted in whole numbers, so that 7 of 10 is exactly 70%."""
    return total > 0 and right * 100 >= pass_percent * total


def next_unanswered(question_ids: Sequence[int], answered: Collection[int]) -> int | None:
    """The first question in order that has no answer yet."""
    return next((question_id for question_id in question_ids if question_id not in answered), None)


def draw(bank: Sequence[int], ask: int, earlier: Iterable[Collection[int]], seed: str) -> list[int]:
    """The keys of the `ask` questions of one try, in the order of the bank.

    What was asked least in this person's `earlier` tries comes first, so a bank twice as large as `ask` makes
    a second try of other questions. Among equals chance decides, by a seed that belongs to the try.
    """
    asked = Counter(key for drawn in earlier for key in drawn)
    mixed = list(bank)
    Random(seed).shuffle(mixed)
    chosen = set(sorted(mixed, key=lambda key: asked[key])[:ask])
    return [key for key in bank if key in chosen]
