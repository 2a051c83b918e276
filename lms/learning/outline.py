"""What a course version teaches, in order, and what a firm has done of it, as rows of just what is needed."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlalchemy import bindparam, literal, select, union

from lms.cohorts.models import Exemption
from lms.curriculum.models import Lesson, Quiz
from lms.curriculum.syllabus import Entry, syllabus
from lms.foundation.db import rows_of
from lms.learning.models import Attempt, AttemptState, Reading

# The state of each task by its slug, in the words of the assignments room, which this room does not know.
Work: TypeAlias = Mapping[str, str]
NO_WORK: Work = MappingProxyType({})
# The day up to which the firm was given time for a task, by its slug, from the same room.
Dates: TypeAlias = Mapping[str, date]
NO_DATES: Dates = MappingProxyType({})
# Why something is not asked of the firm, by its slug.
Excused: TypeAlias = Mapping[str, str]

# A task in one of these states waits for somebody else.
OUT_OF_HAND = frozenset({"handed_in", "accepted"})
# What is in one of these counts, whether or not the firm was excused from it.
DONE_FOR_GOOD = frozenset({"done", "accepted"})


EXCUSED = "excused"


class Kind(StrEnum):
    LESSON = "lesson"
    QUIZ = "quiz"
    BRIEF = "brief"


# Which page shows an item, and what its address calls the key.
PAGES = {
    Kind.LESSON: ("learning.show_lesson", "lesson_id"),
    Kind.QUIZ: ("learning.show_quiz", "quiz_id"),
    Kind.BRIEF: ("assignments.show_brief", "brief_id"),
}


@dataclass(frozen=True, kw_only=True)
class Item:
    """A lesson, quiz or task as one firm meets it.

    `state` is "done", "begun" or "" for what is read or answered; for a task what the assignments room says.
    `excused` is the reason why it is not asked of the firm, "" where it is (or was done all the same).
    `given_until` is the day up to which the firm was given time for a task, where it is not the week's.
    `endpoint` and `values` name its page: `url_for(item.endpoint, **item.values)`.
    """

    kind: Kind
    id: int
    slug: str
    title: str
    title_en: str
    week: int
    minutes: int | None
    kilobytes: int | None
    questions: int | None
    optional: bool
    state: str
    given_until: date | None = None
    excused: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the firm did it, or waits for somebody else's answer."""
        return self.state == "done" or self.state in OUT_OF_HAND

    @property
    def is_open(self) -> bool:
        """Whether something is left to do here for the firm right now."""
        return not self.is_done and not self.excused

    @property
    def counts(self) -> bool:
        return not self.optional and not self.excused

    @property
    def endpoint(self) -> str:
        return PAGES[self.kind][0]

    @property
    def values(self) -> dict[str, Any]:
        return {PAGES[self.kind][1]: self.id}


def items(
    version_id: int,
    enrolment_id: int,
    person: Any,
    work: Work = NO_WORK,
    weeks: Collection[int] | None = None,
    states: Mapping[str, str] | None = None,
    dates: Dates = NO_DATES,
    excused: Excused | None = None,
) -> list[Item]:
    """The items of a version in the order in which they are taught, with how far the firm is with each.

    `states` and `excused` are given together by who read them already; otherwise they are asked for.
    """
    if states is None or excused is None:
        states, excused = _states(enrolment_id, person)
    return [
        _item(row, work if row.kind == Kind.BRIEF else states, excused, dates)
        for row in syllabus(version_id).entries
        if weeks is None or row.week in weeks
    ]


def _item(row: Entry, states: Mapping[str, str], excused: Excused, dates: Dates) -> Item:
    state = states.get(row.slug, "")
    return Item(
        kind=Kind(row.kind),
        id=row.id,
        slug=row.slug,
        title=row.title,
        title_en=row.title_en,
        week=row.week,
        minutes=row.minutes,
        kilobytes=row.kilobytes,
        questions=row.questions,
        optional=row.optional,
        state=state,
        given_until=dates.get(row.slug) if row.kind == Kind.BRIEF else None,
        excused="" if state in DONE_FOR_GOOD else excused.get(row.slug, ""),
    )


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a lesson stands among those of its week, why it is not asked of the firm ("" where it is), and
    what comes next and is not done yet, as far as the end of the week after."""

    number: int
    count: int
    excused: str
    upcoming: Item | None


def place_of_lesson(
    version_id: int, enrolment_id: int, person: Any, lesson_id: int, work: Callable[[], Work]
) -> Place:
    """The place of a lesson of this version. How the tasks stand is asked only where one may come next."""
    entries = syllabus(version_id).entries
    at = next(place for place, row in enumerate(entries) if row.id == lesson_id and row.kind == Kind.LESSON)
    week = entries[at].week
    beside = [row.id for row in entries if row.kind == Kind.LESSON and row.week == week]
    states, excused = _states(enrolment_id, person)
    items = (
        _item(row, work() if row.kind == Kind.BRIEF else states, excused, NO_DATES)
        for row in entries[at + 1 :]
        if row.week <= week + 1
    )
    return Place(
        number=beside.index(lesson_id) + 1,
        count=len(beside),
        excused=_item(entries[at], states, excused, NO_DATES).excused,
        upcoming=next((item for item in items if item.is_open), None),
    )


def after(items: Iterable[Item], slug: str) -> Item | None:
    """What comes next in order and is not done yet."""
    ordered = list(items)
    here = next((place for place, item in enumerate(ordered) if item.slug == slug), -1)
    return next((item for item in ordered[here + 1 :] if item.is_open), None)


def first_open(items: Iterable[Item]) -> Item | None:
    """The first item that counts and is not done: what is optional holds nobody up."""
    return next((item for item in items if item.is_open and not item.optional), None)


def _states(enrolment_id: int, person: Any) -> tuple[dict[str, str], dict[str, str]]:
    """How far the firm is with each item, and why something is not asked of it."""
    found: dict[str, str] = {}
    excused: dict[str, str] = {}
    for slug, state, reason in rows_of(_MARKS, {"enrolment": enrolment_id, "person": person.id}):
        if state == EXCUSED:
            excused[slug] = reason
        elif found.get(slug) != "done":
            found[slug] = state
    return found, excused


def _marks():
    """Done by anyone of the firm, or begun by this person, or not asked of the firm; by slug, so that a newer
    version keeps it."""
    enrolment: Any = bindparam("enrolment")
    person: Any = bindparam("person")
    none = literal("").label("reason")
    read = select(Lesson.slug, literal("done").label("state"), none)
    read = read.join(Reading, Reading.lesson_id == Lesson.id)
    tried = (
        select(Quiz.slug)
        .join(Attempt, Attempt.quiz_id == Quiz.id)
        .where(Attempt.enrolment_id == enrolment, Attempt.reset_id.is_(None))
    )
    is_mine = (Attempt.user_id == person) & (Attempt.state == AttemptState.OPEN)
    return union(
        read.where(Reading.enrolment_id == enrolment, Reading.done_at.is_not(None)),
        tried.add_columns(literal("done"), none).where(Attempt.passed),
        tried.add_columns(literal("begun"), none).where(is_mine),
        select(Exemption.slug, literal(EXCUSED), Exemption.reason).where(
            Exemption.enrolment_id == enrolment, Exemption.ended_at.is_(None)
        ),
    )


# Built once: to put such a statement together takes longer than to run it.
_MARKS = _marks()
