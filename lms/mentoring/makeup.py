"""Which later session stands for a missed one. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol


class Meeting(Protocol):
    """What the rule looks at."""

    id: int
    kind: str
    state: str
    starts_at: datetime


def stand_in(missed: Meeting, sessions: Iterable[Meeting], used: set[int], days: int) -> Meeting | None:
    """The first visit, call or chat that the firm attended within so many days after it missed.

    A group session stands for itself only, since it counts anyway; and one session stands for one absence.
    """
    last = missed.starts_at + timedelta(days=days)
    fitting = (
        one
        for one in sessions
        if one.kind != "clinic"
        and one.state == "held"
        and missed.starts_at < one.starts_at <= last
        and one.id not in used
    )
    return min(fitting, key=lambda one: (one.starts_at, one.id), default=None)
