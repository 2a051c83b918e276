"""Which part of the marks somebody wants to see: weeks, kinds of things, firms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

QUIZ, BRIEF, TEST = "quiz", "brief", "test"
KINDS = (QUIZ, BRIEF, TEST)
AT_WORK, EVERYBODY = "at_work", "all"
# What an enrolment's state has to be for each choice of firms.
STATES: Mapping[str, tuple[str, ...]] = {
    AT_WORK: ("active", "paused"),
    "paused": ("paused",),
    "graduated": ("graduated",),
    "not_graduated": ("not_graduated",),
    "withdrawn": ("withdrawn",),
    EVERYBODY: ("active", "paused", "graduated", "not_graduated", "withdrawn"),
}
SO_FAR, EVERY_WEEK = "", "all"


class Taught(Protocol):
    """What a column is made of: an entry of the syllabus."""

    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> int: ...
    @property
    def slug(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def title_en(self) -> str: ...
    @property
    def week(self) -> int: ...
    @property
    def optional(self) -> bool: ...


@dataclass(frozen=True)
class Choice:
    """`week` is a number as text, all weeks, or those that have begun."""

    week: str = SO_FAR
    kind: str = ""
    state: str = AT_WORK
    mine: bool = False

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Choice":
        """From the address of a page; what it cannot mean is left out."""
        week, kind, state = asked.get("week", ""), asked.get("kind", ""), asked.get("state", "")
        return cls(
            week=week if week == EVERY_WEEK or (week.isdecimal() and len(week) < 4) else SO_FAR,
            kind=kind if kind in KINDS else "",
            state=state if state in STATES else AT_WORK,
            mine=bool(asked.get("mine")),
        )

    @property
    def asked(self) -> dict[str, str]:
        """The same as an address says it, without what goes without saying."""
        said = {"week": self.week, "kind": self.kind, "mine": "1" if self.mine else ""}
        if self.state != AT_WORK:
            said["state"] = self.state
        return {name: value for name, value in said.items() if value}

    def takes_week(self, number: int, present: int) -> bool:
        if self.week == EVERY_WEEK:
            return True
        return number <= present if self.week == SO_FAR else number == int(self.week)

    def takes_kind(self, kind: str) -> bool:
        return self.kind in ("", kind)

    def takes_firm(self, state: str, mentor_id: int | None, person_id: int) -> bool:
        return state in STATES[self.state] and (not self.mine or mentor_id == person_id)

    def entries(self, taught: Iterable[Taught], present: int) -> list[Taught]:
        """The quizzes and tasks that are a column each, in the order in which they are taught."""
        return [
            entry
            for entry in taught
            if entry.kind in (QUIZ, BRIEF)
            and self.takes_kind(entry.kind)
            and self.takes_week(entry.week, present)
        ]
