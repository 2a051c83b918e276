"""The marks of a cohort, firm by firm, and those of one firm, person by person."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from lms.accounts.models import Firm, User
from lms.assignments import services as assignments
from lms.assignments.models import SubmissionState
from lms.assignments.services import Graded
from lms.cohorts import schedule
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.services import excused_by_firm
from lms.curriculum.models import Quiz
from lms.curriculum.syllabus import syllabus, tests
from lms.foundation.clock import today
from lms.foundation.db import db
from lms.gradebook.choice import BRIEF, QUIZ, TEST, Choice, Taught
from lms.learning import done, resets, sittings
from lms.learning.done import Tries
from lms.learning.models import Attempt, AttemptReset, AttemptState, Sitting, SittingMoment
from lms.learning.quizzes import Score, score

# What a cell says; the words are in the templates and in words.py.
NOTHING, FAILED, PASSED, SENT, READ = "", "failed", "passed", "sent", "read"
DONE = (PASSED, READ, SubmissionState.ACCEPTED.value)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A quiz, a task, or one moment of the test (its `id` is then 0)."""

    kind: str
    id: int
    slug: str
    title: str
    title_en: str
    week: int


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How one thing of one firm stands: so much of so much where there is a mark.

    For a task `thing_id` is the submission, for the test `have` is how many people sent it. `excused` is why
    it is not asked of the firm; what was done all the same counts and has no such reason.
    """

    kind: str
    state: str = NOTHING
    have: int | None = None
    most: int | None = None
    thing_id: int | None = None
    excused: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One firm with a cell for each column."""

    enrolment_id: int
    firm_name: str
    state: str
    mentor_name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Book:
    """What was chosen of a cohort's marks; `weeks` are those one may choose."""

    columns: list[Column]
    lines: list[Line]
    weeks: list[int]


@dataclass(frozen=True, kw_only=True)
class Try:
    """One attempt of one person."""

    id: int
    number: int
    is_open: bool
    is_aside: bool
    score: Score
    passed: bool
    at: datetime


@dataclass
class PersonsTries:
    """What one person of a firm did at one quiz, oldest first, and the new attempts that staff gave."""

    user_id: int
    name: str
    tries: list[Try] = field(default_factory=list)
    resets: list[AttemptReset] = field(default_factory=list)

    @property
    def has_begun(self) -> bool:
        return any(not one.is_aside for one in self.tries)

    @property
    def undoable(self) -> AttemptReset | None:
        """The new attempt that can be taken back: the last one, while nothing new was begun."""
        given = next((one for one in self.resets if one.undone_at is None), None)
        return None if self.has_begun else given


@dataclass
class PersonsTest:
    """When one person of a firm sent a form of the test."""

    user_id: int
    name: str
    moment: SittingMoment
    sent: list[Sitting] = field(default_factory=list)
    resets: list[AttemptReset] = field(default_factory=list)

    @property
    def current(self) -> Sitting | None:
        return next((one for one in self.sent if one.reset_id is None), None)

    @property
    def undoable(self) -> AttemptReset | None:
        given = next((one for one in self.resets if one.undone_at is None), None)
        return given if self.current is None else None


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One item of the course and how the firm stands with it; for a quiz also who did what."""

    item: Taught
    cell: Cell
    people: list[PersonsTries]


@dataclass(frozen=True)
class WeekOfMarks:
    number: int
    title: str
    title_en: str
    marks: list[Mark]

    @property
    def counting(self) -> list[Mark]:
        return [mark for mark in self.marks if not mark.item.optional and not mark.cell.excused]

    @property
    def done(self) -> int:
        return sum(mark.cell.state in DONE for mark in self.counting)

    @property
    def excused(self) -> int:
        return sum(bool(mark.cell.excused) for mark in self.marks)


@dataclass(frozen=True)
class FirmMarks:
    weeks: list[WeekOfMarks]
    tests: list[PersonsTest]


def gradebook(cohort: Cohort, choice: Choice, person: Any) -> Book:
    """The chosen marks of the cohort, in a number of queries that does not grow with it."""
    taught, titles = syllabus(cohort.course_version_id), tests(cohort.course_version_id)
    present = schedule.week_of(cohort.starts_on, today(cohort.time_zone))
    columns = [_column(entry) for entry in choice.entries(taught.entries, present)]
    if titles and choice.takes_kind(TEST):
        columns = _with_test(columns, choice, present, taught.weeks[-1].number)
    rows = [
        row for row in _enrolments(cohort) if choice.takes_firm(row.state.value, row.mentor_id, person.id)
    ]
    facts = Facts.of([row.id for row in rows])
    lines = [
        Line(
            enrolment_id=row.id,
            firm_name=row.firm_name,
            state=row.state.value,
            mentor_name=row.mentor_name or "",
            cells=tuple(facts.cell(row.id, column.kind, column.slug) for column in columns),
        )
        for row in rows
    ]
    return Book(columns, lines, sorted({entry.week for entry in taught.entries}))


def marks_of(enrolment: Enrolment) -> FirmMarks:
    """Every item of the firm's course by week, with who of the firm did what, and who sat the test."""
    given = resets.resets_of(enrolment)
    return FirmMarks(_weeks(enrolment, given), _tests(enrolment, given))


def _weeks(enrolment: Enrolment, given: Iterable[AttemptReset]) -> list[WeekOfMarks]:
    taught = syllabus(enrolment.cohort.course_version_id)
    facts, people = Facts.of([enrolment.id]), _tries_by_person(enrolment)
    for reset in given:
        if of_person := people.get(reset.quiz_slug, {}).get(reset.user_id):
            of_person.resets.append(reset)
    read = done.lessons_read([enrolment.id])[enrolment.id]
    weeks = []
    for week in taught.weeks:
        entries = [entry for entry in taught.entries if entry.week == week.number]
        marks = [
            Mark(
                item=entry,
                cell=facts.with_excuse(enrolment.id, entry.slug, _of_lesson(entry, read))
                if entry.kind == "lesson"
                else facts.cell(enrolment.id, entry.kind, entry.slug),
                people=list(people.get(entry.slug, {}).values()),
            )
            for entry in entries
        ]
        if marks:
            weeks.append(WeekOfMarks(week.number, week.title, week.title_en, marks))
    return weeks


def _tests(enrolment: Enrolment, given: Iterable[AttemptReset]) -> list[PersonsTest]:
    """Who of the firm began or sent a form of the test, by name and moment."""
    rows = db.session.execute(
        select(Sitting, User.name)
        .join(User, User.id == Sitting.user_id)
        .where(Sitting.enrolment_id == enrolment.id)
        .order_by(User.name, User.id, Sitting.moment.desc(), Sitting.id)
    )
    found: dict[tuple[int, SittingMoment], PersonsTest] = {}
    for sitting, name in rows:
        key = (sitting.user_id, sitting.moment)
        found.setdefault(key, PersonsTest(sitting.user_id, name, sitting.moment)).sent.append(sitting)
    for reset in given:
        if reset.moment and (one := found.get((reset.user_id, reset.moment))):
            one.resets.append(reset)
    return list(found.values())


@dataclass(frozen=True)
class Facts:
    """What some firms did, by enrolment and name of the item."""

    tries: Mapping[int, Mapping[str, Tries]]
    work: Mapping[int, Mapping[str, Graded]]
    sent: Mapping[int, Mapping[SittingMoment, int]]
    excused: Mapping[int, Mapping[str, str]]

    @classmethod
    def of(cls, enrolment_ids: Collection[int]) -> "Facts":
        return cls(
            done.tries_of(enrolment_ids),
            assignments.graded(enrolment_ids),
            sittings.sent_by(enrolment_ids),
            excused_by_firm(enrolment_ids),
        )

    def cell(self, enrolment_id: int, kind: str, slug: str) -> Cell:
        return self.with_excuse(enrolment_id, slug, self._cell(enrolment_id, kind, slug))

    def with_excuse(self, enrolment_id: int, slug: str, cell: Cell) -> Cell:
        reason = self.excused.get(enrolment_id, {}).get(slug)
        return replace(cell, excused=reason) if reason and cell.state not in DONE else cell

    def _cell(self, enrolment_id: int, kind: str, slug: str) -> Cell:
        if kind == TEST:
            people = self.sent.get(enrolment_id, {}).get(SittingMoment(slug), 0)
            return Cell(kind=TEST, state=SENT if people else NOTHING, have=people or None)
        if kind == BRIEF:
            work = self.work.get(enrolment_id, {}).get(slug)
            return _of_work(work) if work else Cell(kind=BRIEF)
        tries = self.tries.get(enrolment_id, {}).get(slug)
        if tries is None or tries.best is None:
            return Cell(kind=QUIZ)
        state = PASSED if tries.passed else FAILED
        return Cell(kind=QUIZ, state=state, have=tries.best.right, most=tries.best.total)


def _of_work(work: Graded) -> Cell:
    return Cell(
        kind=BRIEF, state=work.state.value, have=work.points, most=work.most, thing_id=work.submission_id
    )


def _of_lesson(entry: Taught, read: Collection[str]) -> Cell:
    return Cell(kind="lesson", state=READ if entry.slug in read else NOTHING)


def _column(entry: Taught) -> Column:
    return Column(
        kind=entry.kind,
        id=entry.id,
        slug=entry.slug,
        title=entry.title,
        title_en=entry.title_en,
        week=entry.week,
    )


def _with_test(columns: list[Column], choice: Choice, present: int, last: int) -> list[Column]:
    """The test stands before the first week and behind the last one."""
    moments = ((SittingMoment.BEFORE, 0), (SittingMoment.AFTER, last))
    before, after = (
        [Column(kind=TEST, id=0, slug=moment.value, title="", title_en="", week=week)]
        if choice.takes_week(week, present)
        else []
        for moment, week in moments
    )
    return before + columns + after


def _enrolments(cohort: Cohort) -> Any:
    mentor = aliased(User)
    return db.session.execute(
        select(
            Enrolment.id,
            Enrolment.state,
            Enrolment.mentor_id,
            Firm.name.label("firm_name"),
            mentor.name.label("mentor_name"),
        )
        .join(Firm, Firm.id == Enrolment.firm_id)
        .outerjoin(mentor, mentor.id == Enrolment.mentor_id)
        .where(Enrolment.cohort_id == cohort.id)
        .order_by(Firm.name, Enrolment.id)
    )


def _tries_by_person(enrolment: Enrolment) -> dict[str, dict[int, PersonsTries]]:
    rows = db.session.execute(
        select(Attempt, User.name, Quiz.slug)
        .join(User, User.id == Attempt.user_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.enrolment_id == enrolment.id)
        .order_by(User.name, User.id, Attempt.id)
    )
    found: dict[str, dict[int, PersonsTries]] = {}
    for attempt, name, slug in rows:
        of_quiz = found.setdefault(slug, {})
        of_person = of_quiz.setdefault(attempt.user_id, PersonsTries(attempt.user_id, name))
        of_person.tries.append(
            Try(
                id=attempt.id,
                number=attempt.number,
                is_aside=attempt.reset_id is not None,
                is_open=attempt.state is AttemptState.OPEN,
                score=score(attempt.right, attempt.total),
                passed=attempt.passed,
                at=attempt.finished_at or attempt.started_at,
            )
        )
    return found
