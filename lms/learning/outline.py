"""What a course version teaches, in order, and what a firm has done of it, as rows of just what is needed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlalchemy import bindparam, literal, select, union

from lms.curriculum.models import Lesson, Quiz
from lms.curriculum.syllabus import syllabus
from lms.foundation.db import db
from lms.learning.models import Attempt, AttemptState, Reading

# The state of each task by its slug, in the words of the assignments room, which this room does not know.
Work: TypeAlias = Mapping[str, str]
NO_WORK: Work = MappingProxyType({})
# The day up to which the firm was given time for a task, by its slug, from the same room.
Dates: TypeAlias = Mapping[str, date]
NO_DATES: Dates = MappingProxyType({})

# A task in one of these states waits for somebody else.
OUT_OF_HAND = frozenset({"handed_in", "accepted"})


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

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do here for the firm right now."""
        return self.state == "done" or self.state in OUT_OF_HAND

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
) -> list[Item]:
    """The items of a version in the order in which they are taught, with how far the firm is with each.

    `states` are given by who read them already; otherwise they are asked for.
    """
    states = _states(enrolment_id, person) if states is None else states
    return [
        Item(
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
            state=work.get(row.slug, "") if row.kind == Kind.BRIEF else states.get(row.slug, ""),
            given_until=dates.get(row.slug) if row.kind == Kind.BRIEF else None,
        )
        for row in syllabus(version_id).entries
        if weeks is None or row.week in weeks
    ]


def after(items: Iterable[Item], slug: str) -> Item | None:
    """What comes next in order and is not done yet."""
    ordered = list(items)
    here = next((place for place, item in enumerate(ordered) if item.slug == slug), -1)
    return next((item for item in ordered[here + 1 :] if not item.is_done), None)


def first_open(items: Iterable[Item]) -> Item | None:
    """The first item that counts and is not done: what is optional holds nobody up."""
    return next((item for item in items if not item.is_done and not item.optional), None)


def _states(enrolment_id: int, person: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for slug, state in db.session.execute(_MARKS, {"enrolment": enrolment_id, "person": person.id}):
        if found.get(slug) != "done":
            found[slug] = state
    return found


def _marks():
    """Done by anyone of the firm, or begun by this person; by slug, so that a newer version keeps it."""
    enrolment: Any = bindparam("enrolment")
    person: Any = bindparam("person")
    read = select(Lesson.slug, literal("done").label("state")).join(Reading, Reading.lesson_id == Lesson.id)
    tried = (
        select(Quiz.slug)
        .join(Attempt, Attempt.quiz_id == Quiz.id)
        .where(Attempt.enrolment_id == enrolment, Attempt.reset_id.is_(None))
    )
    is_mine = (Attempt.user_id == person) & (Attempt.state == AttemptState.OPEN)
    return union(
        read.where(Reading.enrolment_id == enrolment, Reading.done_at.is_not(None)),
        tried.add_columns(literal("done")).where(Attempt.passed),
        tried.add_columns(literal("begun")).where(is_mine),
    )


# Built once: to put such a statement together takes longer than to run it.
_MARKS = _marks()
