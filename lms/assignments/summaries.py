"""What the first pages of a member and of a lead say of work: the newest feedback, and how much waits
where."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lms.assignments.models import Outcome, Review, Submission, SubmissionState
from lms.cohorts.models import Enrolment
from lms.foundation.db import db


def feedback_to_act_on(enrolment: Enrolment) -> Review | None:
    """The newest review that sent work back which the firm has not handed in again."""
    sent_back = (
        select(Review)
        .join(Review.submission)
        .where(
            Review.enrolment_id == enrolment.id,
            Review.outcome == Outcome.RETURNED,
            Submission.state == SubmissionState.RETURNED,
        )
        .options(joinedload(Review.submission).joinedload(Submission.brief), joinedload(Review.grader))
        .order_by(Review.id.desc())
        .limit(1)
    )
    return db.session.scalar(sent_back)


def waiting_by_cohort(cohort_ids: Collection[int]) -> dict[int, tuple[int, datetime]]:
    """How much work waits for a review in each cohort, and since when the oldest does."""
    waiting = (
        select(Enrolment.cohort_id, func.count(), func.min(Submission.handed_in_at))
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(Enrolment.cohort_id.in_(cohort_ids), Submission.state == SubmissionState.HANDED_IN)
        .group_by(Enrolment.cohort_id)
    )
    return {cohort_id: (count, oldest) for cohort_id, count, oldest in db.session.execute(waiting)}
