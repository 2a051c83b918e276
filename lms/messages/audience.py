"""To whom an announcement goes: everybody of a cohort, or those who are in one situation today. Pure.

An audience is kept as one word, `task:3` or `attention:quiet`, and is read anew whenever somebody asks who it
is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lms.standing.attention import KEYS, reasons
from lms.standing.shapes import Standing

ALL = "all"
ACTIVE = "active"
PAUSED = "paused"
ATTENTION = "attention"
TASK = "task"
MONTH = "month"
MILESTONE = "milestone"

AT_WORK = ("active", "paused")
NOT_SENT = ("", "draft")


@dataclass(frozen=True)
class Audience:
    """A situation, and which week, month, milestone or reason it is about, if any."""

    kind: str
    about: str = ""

    @classmethod
    def read(cls, word: str) -> "Audience":
        kind, _, about = word.partition(":")
        audience = cls(kind, about)
        if not audience.is_known():
            raise ValueError(word)
        return audience

    def is_known(self) -> bool:
        if self.kind in (ALL, ACTIVE, PAUSED):
            return not self.about
        if self.kind == ATTENTION:
            return self.about in ("", *KEYS)
        if self.kind == TASK:
            return self.about.isascii() and self.about.isdigit() and len(self.about) < 3
        if self.kind == MONTH:
            return _month(self.about) is not None
        return self.kind == MILESTONE and bool(self.about)

    @property
    def word(self) -> str:
        return f"{self.kind}:{self.about}" if self.about else self.kind


def reached(audience: Audience, standings: Iterable[Standing], today: date) -> list[Standing]:
    """The firms that are in that situation today. Only firms at work: whoever is out of it is left in peace,
    and so is a paused one, except by what is for everybody or for the paused."""
    return [one for one in standings if one.state in AT_WORK and _is_in(audience, one, today)]


def _is_in(audience: Audience, standing: Standing, today: date) -> bool:
    if audience.kind == ALL:
        return True
    if audience.kind == PAUSED or standing.state == "paused":
        return audience.kind == PAUSED and standing.state == "paused"
    if audience.kind == ATTENTION:
        found = [reason.key for reason in reasons(standing, today)]
        return audience.about in found if audience.about else bool(found)
    if audience.kind == TASK:
        return any(
            cell.number == int(audience.about) and cell.brief_state in NOT_SENT for cell in standing.per_week
        )
    if audience.kind == MONTH:
        return _month(audience.about) in standing.missing_months
    return audience.kind == ACTIVE or audience.about not in standing.milestones


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
