"""Where everybody's work stands, for the rooms above."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from lms.assignments.deadlines import Deadline, deadline
from lms.assignments.models import Extension, ExtensionState, Outcome, Review, Submission, SubmissionState
from lms.assignments.services.dates import days_given
from lms.assignments.services.extensions import extensions_of
from lms.assignments.services.reviewing import HIGHEST_LEVEL
from lms.assignments.work import history
from lms.cohorts import schedule
from lms.cohorts.models import Enrolment
from lms.cohorts.services import excused_from, paused_days_today
from lms.curriculum.models import Brief, Week
from lms.curriculum.syllabus import syllabus
from lms.foundation.db import db, rows_of


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one task of a firm stands: its state, since when it waits, and how often it was sent back."""

    submission_id: int
    state: SubmissionState
    handed_in_at: datetime | None
    times_returned: int


@dataclass(frozen=True, kw_only=True)
class FirmTask:
    """One task of a firm's course for its staff: for when it is, how it stands, days asked for or given,
    and why the firm is excused from it, if it is."""

    brief_id: int
    title: str
    title_en: str
    week: int
    optional: bool
    deadline: Deadline
    submission: Submission | None
    request: Extension | None
    given: Extension | None
    excused: str

    @property
    def is_waited_for(self) -> bool:
        """Whether the firm has never sent it: only then a date counts."""
        return self.submission is None or self.submission.state is SubmissionState.DRAFT


@dataclass(frozen=True, kw_only=True)
class Graded:
    """How one task of a firm stands, with the points of its last review out of the most there are."""

    submission_id: int
    state: SubmissionState
    points: int | None
    most: int | None


def tasks_of(enrolment: Enrolment) -> list[FirmTask]:
    """Every task of the firm's course in order, in a fixed number of queries."""
    cohort, paused = enrolment.cohort, paused_days_today(enrolment)
    begun = {one.brief.slug: one for one in submissions_of(enrolment)}
    days = {(one.brief_slug, one.state): one for one in reversed(extensions_of(enrolment))}
    given, excused = days_given(enrolment), excused_from(enrolment)
    return [
        FirmTask(
            brief_id=entry.id,
            title=entry.title,
            title_en=entry.title_en,
            week=entry.week,
            optional=entry.optional,
            deadline=deadline(
                schedule.due_on(cohort.starts_on, entry.week, paused),
                given.get(entry.slug),
                cohort.late_days,
            ),
            submission=begun.get(entry.slug),
            request=days.get((entry.slug, ExtensionState.ASKED)),
            given=days.get((entry.slug, ExtensionState.GRANTED)),
            excused=excused.get(entry.slug, ""),
        )
        for entry in syllabus(cohort.course_version_id).entries
        if entry.kind == "brief"
    ]


def submissions_of(enrolment: Enrolment) -> list[Submission]:
    """All the work of a firm in its cohort, by week, with versions, reviews and files."""
    ordered = (
        select(Submission)
        .join(Brief, Brief.id == Submission.brief_id)
        .join(Week, Week.id == Brief.week_id)
        .where(Submission.enrolment_id == enrolment.id)
        .order_by(Week.number, Submission.id)
    )
    return list(db.session.scalars(ordered.options(*history())))


def accepted_briefs(enrolment_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """The names of the tasks accepted of each firm; a name outlives a change of the course's version."""
    return {
        key: frozenset(slug for slug, task in tasks.items() if task.state is SubmissionState.ACCEPTED)
        for key, tasks in standings(enrolment_ids).items()
    }


def standings(enrolment_ids: Collection[int]) -> dict[int, dict[str, Standing]]:
    """How each task that was begun stands, by firm and name of the task, in one query."""
    returned = select(func.count()).where(
        Review.submission_id == Submission.id,
        Review.outcome == Outcome.RETURNED,
        # What was taken up again did not count.
        Review.reopened_at.is_(None),
    )
    rows = (
        select(
            Submission.enrolment_id,
            Brief.slug,
            Submission.id,
            Submission.state,
            Submission.handed_in_at,
            returned.scalar_subquery().label("times"),
        )
        .join(Brief, Brief.id == Submission.brief_id)
        .where(Submission.enrolment_id.in_(enrolment_ids))
        .order_by(Submission.id)
    )
    found: dict[int, dict[str, Standing]] = {key: {} for key in enrolment_ids}
    for row in db.session.execute(rows):
        found[row.enrolment_id][row.slug] = Standing(
            submission_id=row.id, state=row.state, handed_in_at=row.handed_in_at, times_returned=row.times
        )
    return found


def graded(enrolment_ids: Collection[int]) -> dict[int, dict[str, Graded]]:
    """How each task that was begun was graded, by firm and name of the task, in one query.

    Points are those of accepted work: what was sent back has no mark yet.
    """
    last = select(func.max(Review.id)).where(Review.submission_id == Submission.id).correlate(Submission)
    rows = (
        select(Submission.enrolment_id, Brief.slug, Submission.id, Submission.state, Review.levels)
        .join(Brief, Brief.id == Submission.brief_id)
        .outerjoin(Review, Review.id == last.scalar_subquery())
        .where(Submission.enrolment_id.in_(enrolment_ids))
        .order_by(Submission.id)
    )
    found: dict[int, dict[str, Graded]] = {}
    for row in db.session.execute(rows):
        levels = row.levels if row.state is SubmissionState.ACCEPTED else None
        this = Graded(
            submission_id=row.id,
            state=row.state,
            points=sum(levels.values()) if levels else None,
            most=HIGHEST_LEVEL * len(levels) if levels else None,
        )
        of_firm = found.setdefault(row.enrolment_id, {})
        known = of_firm.get(row.slug)
        # Begun under two versions of the course: what is accepted stands.
        if known is None or known.state is not SubmissionState.ACCEPTED:
            of_firm[row.slug] = this
    return found


def work_states(enrolment: Enrolment) -> dict[str, str]:
    """The state of each task of one firm as a word, for pages that show tasks among other things."""
    return {slug: state.value for slug, state in rows_of(_STATES, {"enrolment": enrolment.id})}


# Built once: every page of a course asks it.
_STATES = (
    select(Brief.slug, Submission.state)
    .join(Submission, Submission.brief_id == Brief.id)
    .where(Submission.enrolment_id == bindparam("enrolment"))
)
