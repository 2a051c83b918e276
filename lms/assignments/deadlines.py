"""For when a task is: the last day of its week, the days a firm was given, and until when it is taken.

Days are calendar days in the cohort's time zone. What counts is the day on which the work arrived here,
whatever the clock of a phone says.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """`usual_on` is the last day of the task's week, `due_on` the one that counts for this firm. After
    `closes_on` the task is not taken any more; None means that it always is."""

    usual_on: date
    due_on: date
    closes_on: date | None

    @property
    def is_extended(self) -> bool:
        return self.due_on > self.usual_on

    def is_late(self, day: date) -> bool:
        """Whether work that arrives on that day is late."""
        return day > self.due_on

    def is_closed(self, day: date) -> bool:
        """Whether work that arrives on that day is not taken any more."""
        return self.closes_on is not None and day > self.closes_on


def deadline(usual_on: date, given: date | None = None, late_days: int | None = None) -> Deadline:
    """`given` is the day up to which this firm was given time; `late_days` the rule of its cohort.

    More days never make a date earlier, and the days in which late work is taken begin after them.
    """
    due_on = max(usual_on, given) if given else usual_on
    closes_on = None if late_days is None else due_on + timedelta(days=late_days)
    return Deadline(usual_on=usual_on, due_on=due_on, closes_on=closes_on)


def moved(given: date, paused_then: int, paused_now: int) -> date:
    """A day that a firm was given, after a pause: it moves with all its other dates."""
    return given + timedelta(days=max(paused_now - paused_then, 0))


def day_of(moment: datetime, time_zone: str) -> date:
    """The calendar day of a moment where the cohort lives."""
    return moment.astimezone(ZoneInfo(time_zone)).date()
