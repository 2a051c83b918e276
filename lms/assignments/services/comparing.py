"""How whole cohorts do with their tasks, and work that shows reviewers what a level means."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lms.assignments.models import Assistance, Review, Sample, Submission, SubmissionState, SubmissionVersion
from lms.assignments.services.locking import lock
from lms.assignments.statistics import Mark, Sent, TaskFigures, figures
from lms.cohorts.models import AT_WORK, Cohort, Enrolment
from lms.cohorts.services import enrolments_visible_to
from lms.cohorts.services.reach import FINISHED
from lms.curriculum.models import Brief, CourseVersion
from lms.curriculum.syllabus import Entry, syllabus
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _


@dataclass(frozen=True)
class TaskRow:
    """A task of the cohort's course with its figures; `hidden` where they would tell of single firms."""

    entry: Entry
    figures: TaskFigures
    hidden: bool


def task_rows(cohort: Cohort, *, hide_small: bool) -> tuple[int, list[TaskRow]]:
    """How many firms there are, and every task in the order of the course, in a fixed number of queries."""
    there = Enrolment.cohort_id == cohort.id, Enrolment.state.in_((*AT_WORK, *FINISHED))
    firms = db.session.scalars(select(func.count()).select_from(Enrolment).where(*there)).one()
    found = figures(_sent(there), _marks(there))
    rows = [
        TaskRow(entry, one, hide_small and one.is_small)
        for entry in syllabus(cohort.course_version_id).entries
        if entry.kind == "brief"
        for one in [found.get(entry.slug, TaskFigures())]
    ]
    return firms, rows


def _sent(there: Any) -> list[Sent]:
    rows = (
        select(Submission.firm_id, Brief.slug, SubmissionVersion.number, SubmissionVersion.handed_in_at)
        .join(Submission, Submission.id == SubmissionVersion.submission_id)
        .join(Brief, Brief.id == Submission.brief_id)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(
            *there,
            SubmissionVersion.assistance.is_distinct_from(Assistance.OBJECTED),
        )
    )
    return [Sent(firm=a, brief=b, number=c, at=d) for a, b, c, d in db.session.execute(rows)]


def _marks(there: Any) -> list[Mark]:
    rows = (
        select(
            Submission.firm_id,
            Brief.slug,
            Review.version_number,
            Review.reviewed_at,
            Review.outcome,
            Review.levels,
        )
        .join(Submission, Submission.id == Review.submission_id)
        .join(Brief, Brief.id == Submission.brief_id)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(*there, Review.reopened_at.is_(None))
    )
    return [
        Mark(firm=a, brief=b, number=c, at=d, accepted=e.value == "accepted", levels=f)
        for a, b, c, d, e, f in db.session.execute(rows)
    ]


LONGEST_NOTE = 500


def mark_sample(submission: Submission, note: str, *, by: Any) -> Sample:
    """Keep accepted work as a sample for those who review the same task."""
    lock(submission)
    if submission.state is not SubmissionState.ACCEPTED:
        raise Refused(_("Only accepted work can be a sample."))
    sample = sample_of(submission) or Sample(submission_id=submission.id)
    sample.user_id, sample.marked_at = by.id, now()
    sample.enrolment_id, sample.firm_id = submission.enrolment_id, submission.firm_id
    sample.note = note.strip()[:LONGEST_NOTE]
    db.session.add(sample)
    db.session.flush()
    return sample


def unmark_sample(submission: Submission) -> None:
    if (sample := sample_of(submission)) is not None:
        db.session.delete(sample)


def sample_of(submission: Submission) -> Sample | None:
    return db.session.scalar(select(Sample).where(Sample.submission_id == submission.id))


def samples_for(submission: Submission, *, by: Any) -> list[Sample]:
    """The samples of the same task, in any version of the course, of firms that this person may see."""
    course = select(CourseVersion.course_id).where(CourseVersion.id == submission.brief.version_id)
    of_task = (
        select(Sample)
        .join(Submission, Submission.id == Sample.submission_id)
        .join(Brief, Brief.id == Submission.brief_id)
        .join(CourseVersion, CourseVersion.id == Brief.version_id)
        .where(
            Brief.slug == submission.brief.slug,
            CourseVersion.course_id == course.scalar_subquery(),
            Submission.state == SubmissionState.ACCEPTED,
            Sample.enrolment_id.in_(enrolments_visible_to(by).with_only_columns(Enrolment.id)),
        )
        .options(joinedload(Sample.user), joinedload(Sample.submission).selectinload(Submission.reviews))
        .order_by(Sample.marked_at.desc(), Sample.id.desc())
    )
    return list(db.session.scalars(of_task))
