"""What a published version teaches, item by item, without the texts: read once per process, since it never
changes."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Boolean, Integer, cast, func, literal, null, select, union_all

from lms.curriculum.models import (
    Brief,
    CourseFact,
    KnowledgeTest,
    Lesson,
    MilestoneDefinition,
    Quiz,
    TestQuestion,
    Week,
)
from lms.foundation.db import db

MOST_KEPT = 64


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A lesson, quiz or brief in its place. `kind` is "lesson", "quiz" or "brief"."""

    kind: str
    id: int
    slug: str
    title: str
    title_en: str
    week: int
    minutes: int | None
    kilobytes: int | None
    questions: int | None
    optional: bool


@dataclass(frozen=True, kw_only=True)
class WeekTitle:
    number: int
    title: str
    summary: str
    title_en: str
    summary_en: str


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """A milestone's definition as plain values."""

    id: int
    code: str
    week_number: int
    title: str
    description: str
    proof: str
    orders: int | None
    months_after: int | None


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A dated figure as a version shows it, or a parameter, which has no value here."""

    key: str
    label: str
    value: str
    unit: str
    source: str
    read_on: date | None
    mark: str
    review_on: date | None
    parameter: bool
    hint: str


@dataclass(frozen=True, kw_only=True)
class TestTitle:
    """One form of the test before and after the course."""

    __test__ = False  # to pytest, a class of this name would be tests

    id: int
    form: str
    title: str
    title_en: str
    questions: int


@dataclass(frozen=True)
class Syllabus:
    """A version's weeks, items and milestones in the order in which they are taught."""

    weeks: tuple[WeekTitle, ...]
    entries: tuple[Entry, ...]
    milestones: tuple[Milestone, ...]

    @cached_property
    def titles(self) -> dict[str, str]:
        """The milestones' titles by their code."""
        return {milestone.code: milestone.title for milestone in self.milestones}


_kept: dict[int, Syllabus] = {}
_kept_facts: dict[int, tuple[Fact, ...]] = {}
_kept_tests: dict[int, tuple[TestTitle, ...]] = {}


def syllabus(version_id: int) -> Syllabus:
    """The syllabus of one published version."""
    return syllabuses([version_id])[version_id]


def syllabuses(version_ids: Collection[int]) -> dict[int, Syllabus]:
    """The syllabuses of these versions; what this process read before is not read again."""
    missing = [version_id for version_id in version_ids if version_id not in _kept]
    if missing:
        if len(_kept) + len(missing) > MOST_KEPT:
            _kept.clear()
            missing = list(version_ids)
        _kept.update(_read(missing))
    return {version_id: _kept[version_id] for version_id in version_ids}


def facts(version_id: int) -> tuple[Fact, ...]:
    """The dated figures of one published version, by label; read once per process as well."""
    if version_id not in _kept_facts:
        if len(_kept_facts) >= MOST_KEPT:
            _kept_facts.clear()
        _kept_facts[version_id] = tuple(_by_version([version_id], _facts([version_id]), Fact)[version_id])
    return _kept_facts[version_id]


def tests(version_id: int) -> tuple[TestTitle, ...]:
    """The forms of the test before and after of one published version; read once per process as well."""
    if version_id not in _kept_tests:
        if len(_kept_tests) >= MOST_KEPT:
            _kept_tests.clear()
        _kept_tests[version_id] = tuple(
            _by_version([version_id], _tests([version_id]), TestTitle)[version_id]
        )
    return _kept_tests[version_id]


def forget() -> None:
    """Read everything anew: for a process whose database was replaced."""
    _kept.clear()
    _kept_facts.clear()
    _kept_tests.clear()


def _read(version_ids: Collection[int]) -> dict[int, Syllabus]:
    weeks = _by_version(version_ids, _weeks(version_ids), WeekTitle)
    entries = _by_version(version_ids, _entries(version_ids), Entry)
    milestones = _by_version(version_ids, _milestones(version_ids), Milestone)
    return {
        key: Syllabus(tuple(weeks[key]), tuple(entries[key]), tuple(milestones[key])) for key in version_ids
    }


def _by_version(version_ids: Collection[int], query: Any, shape: type) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {version_id: [] for version_id in version_ids}
    names = [field.name for field in fields(shape)]
    for row in db.session.execute(query):
        found[row.version_id].append(shape(**{name: getattr(row, name) for name in names}))
    return found


def _weeks(version_ids: Collection[int]):
    columns = select(Week.version_id, Week.number, Week.title, Week.summary, Week.title_en, Week.summary_en)
    return columns.where(Week.version_id.in_(version_ids)).order_by(Week.number)


def _milestones(version_ids: Collection[int]):
    columns = select(MilestoneDefinition).where(MilestoneDefinition.version_id.in_(version_ids))
    return columns.with_only_columns(*MilestoneDefinition.__table__.columns).order_by(
        MilestoneDefinition.code
    )


def _tests(version_ids: Collection[int]):
    asked = select(func.count(TestQuestion.id)).where(TestQuestion.test_id == KnowledgeTest.id)
    columns = select(
        KnowledgeTest.version_id,
        KnowledgeTest.id,
        KnowledgeTest.form,
        KnowledgeTest.title,
        KnowledgeTest.title_en,
        asked.scalar_subquery().label("questions"),
    )
    return columns.where(KnowledgeTest.version_id.in_(version_ids)).order_by(KnowledgeTest.form)


def _facts(version_ids: Collection[int]):
    columns = select(*CourseFact.__table__.columns).where(CourseFact.version_id.in_(version_ids))
    return columns.order_by(CourseFact.label)


def _entries(version_ids: Collection[int]):
    nothing, never = cast(null(), Integer), literal(False, Boolean)
    lessons = _columns(
        "lesson", Lesson, 1, Lesson.position, Lesson.minutes, Lesson.kilobytes, nothing, Lesson.optional
    )
    quizzes = _columns("quiz", Quiz, 2, literal(1), nothing, nothing, Quiz.ask, never)
    briefs = _columns(
        "brief", Brief, 3, literal(1), Brief.minutes, nothing, nothing, Brief.required.is_(False)
    )
    parts = []
    for part, model in ((lessons, Lesson), (quizzes, Quiz), (briefs, Brief)):
        parts.append(part.join(Week, Week.id == model.week_id).where(model.version_id.in_(version_ids)))
    return union_all(*parts).order_by("version_id", "week", "part", "position")


def _columns(
    kind: str,
    model: Any,
    part: int,
    position: Any,
    minutes: Any,
    kilobytes: Any,
    questions: Any,
    optional: Any,
):
    return select(
        literal(kind).label("kind"),
        model.version_id.label("version_id"),
        model.id.label("id"),
        model.slug.label("slug"),
        model.title.label("title"),
        model.title_en.label("title_en"),
        Week.number.label("week"),
        literal(part).label("part"),
        position.label("position"),
        minutes.label("minutes"),
        kilobytes.label("kilobytes"),
        questions.label("questions"),
        optional.label("optional"),
    )
