"""Which later session stands for a missed one. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar


class Meeting(Protocol):
    """What the rule looks at."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...


AnyMeeting = TypeVar("AnyMeeting", bound=Meeting)


def stand_in(
    missed: AnyMeeting, sessions: Iterable[AnyMeeting], used: set[int], days: int
) -> AnyMeeting | None:
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
