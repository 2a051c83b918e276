"""The work that waits for a review, as rows for the people who may review it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Firm, User
from lms.assignments.models import HeldReview, Submission, SubmissionState, SubmissionVersion
from lms.cohorts.models import AT_WORK, Cohort, Enrolment
from lms.cohorts.services import enrolments_visible_to
from lms.curriculum.models import Brief, Week
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.permissions import Role


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """A piece of work that waits for its review, and who has it in hand."""

    submission_id: int
    enrolment_id: int
    firm_id: int
    firm: str
    person: str
    brief: str
    week: int
    cohort_id: int
    cohort: str
    handed_in_at: datetime
    times: int
    due_on: date | None
    late: bool
    to_confirm: bool
    claimed_by_id: int | None
    claimed_by: str | None
    claimed_until: datetime | None


def queue_for(person: Any) -> list[QueueRow]:
    """The work that waits for this person's review, longest wait first; one query however much it is.

    What a colleague or this person has finished and the firm sees later waits for nobody.
    """
    by, last, sender = aliased(User), aliased(SubmissionVersion), aliased(User)
    times = select(func.count()).where(SubmissionVersion.submission_id == Submission.id).scalar_subquery()
    rows = (
        select(
            Submission.id.label("submission_id"),
            Submission.enrolment_id,
            Submission.firm_id,
            Firm.name.label("firm"),
            sender.name.label("person"),
            Brief.title.label("brief"),
            Week.number.label("week"),
            Cohort.id.label("cohort_id"),
            Cohort.name.label("cohort"),
            Submission.handed_in_at,
            times.label("times"),
            last.due_on,
            last.late,
            Submission.to_confirm,
            Submission.claimed_by_id,
            by.name.label("claimed_by"),
            Submission.claimed_until,
        )
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Firm, Firm.id == Submission.firm_id)
        .join(Brief, Brief.id == Submission.brief_id)
        .join(Week, Week.id == Brief.week_id)
        .join(last, (last.submission_id == Submission.id) & (last.number == times))
        .join(sender, sender.id == last.user_id)
        .outerjoin(by, (by.id == Submission.claimed_by_id) & (Submission.claimed_until > now()))
        .where(
            Submission.state == SubmissionState.HANDED_IN,
            Enrolment.state.in_(AT_WORK),
            Submission.enrolment_id.in_(enrolments_visible_to(person).with_only_columns(Enrolment.id)),
            may_review(person),
            ~is_held(),
        )
        .order_by(Submission.handed_in_at, Submission.id)
    )
    return [QueueRow(**row._mapping) for row in db.session.execute(rows)]


def is_held() -> ColumnElement[bool]:
    """Whether the newest version of a piece of work was reviewed already, and is shown later."""
    newest = select(func.count()).where(SubmissionVersion.submission_id == HeldReview.submission_id)
    held = select(HeldReview.id).where(
        HeldReview.submission_id == Submission.id, HeldReview.version_number == newest.scalar_subquery()
    )
    return held.exists()


def may_review(person: Any) -> ColumnElement[bool]:
    """The same as the permission to review says of one piece of work, for a whole list."""
    if person.role is Role.TRAINER:
        return Cohort.id.in_(person.cohort_ids)
    if person.role is Role.LEAD:
        return Cohort.programme_id.in_(person.programme_ids)
    return false()
