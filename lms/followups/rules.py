"""When firms are asked again, about which months, and how often. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lms.sales import months

MONTHS_AFTER = (3, 6, 12)
# The month has just ended on the first; on the second day people have their numbers.
OPENS_ON_DAY = 2
DAYS_OPEN = 60
# After so many days a letter goes out; who answered gets no other.
LETTERS_AFTER = (0, 7, 21)


class State(StrEnum):
    """How a follow-up stands on a day."""

    WAITING = "waiting"
    OPEN = "open"
    ANSWERED = "answered"
    MISSED = "missed"


class Selling(StrEnum):
    """Whether the firm still sells online."""

    YES = "yes"
    SOMETIMES = "sometimes"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class Window:
    """The months of one follow-up, none of which another one asks for, and the days on which it is open."""

    months_after: int
    first: date
    last: date
    opens_on: date
    closes_on: date


def windows(last_month_of_course: date) -> list[Window]:
    """The three follow-ups of a firm whose course ended in that month."""
    found, before = [], 0
    for after in MONTHS_AFTER:
        first, last = (months.shift(last_month_of_course, step) for step in (before + 1, after))
        opens_on = months.following(last) + timedelta(days=OPENS_ON_DAY - 1)
        found.append(
            Window(
                months_after=after,
                first=first,
                last=last,
                opens_on=opens_on,
                closes_on=opens_on + timedelta(days=DAYS_OPEN),
            )
        )
        before = after
    return found


def state_on(day: date, opens_on: date, closes_on: date, *, answered: bool) -> State:
    if answered:
        return State.ANSWERED
    if day < opens_on:
        return State.WAITING
    return State.OPEN if day <= closes_on else State.MISSED


def letter_is_due(day: date, opens_on: date, letters: Sequence[date]) -> bool:
    """Whether the next letter goes out on that day; `letters` are the days of those that went out.

    After a server was away, or a late graduation, the letters that are due do not come all at once.
    """
    if len(letters) >= len(LETTERS_AFTER):
        return False
    step = LETTERS_AFTER[len(letters)]
    if not letters:
        return day >= opens_on
    return (day - letters[0]).days >= step
