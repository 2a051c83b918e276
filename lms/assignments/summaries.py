"""What the first pages of a member and of a lead say of work: the newest feedback, and how much waits
where."""

from collections.abc import Collection
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from lms.assignments.models import Outcome, Review, Submission, SubmissionState
from lms.assignments.queue import is_held
from lms.cohorts.models import Enrolment
from lms.foundation.db import db


def feedback_to_act_on(enrolment: Enrolment) -> Review | None:
    """The newest review that sent work back which the firm has not handed in again."""
    return db.session.scalar(_sent_back(), {"enrolment": enrolment.id})


@cache
def _sent_back() -> Select[Review]:
    return (
        select(Review)
        .join(Review.submission)
        .where(
            Review.enrolment_id == bindparam("enrolment"),
            Review.outcome == Outcome.RETURNED,
            Submission.state == SubmissionState.RETURNED,
        )
        # The submission that is joined already, and no second way to the enrolment: SQLite would look at the
        # work of every firm before this one's.
        .options(
            lazyload(Review.enrolment),
            joinedload(Review.grader),
            contains_eager(Review.submission).options(
                lazyload(Submission.enrolment), joinedload(Submission.brief)
            ),
        )
        .order_by(Review.reviewed_at.desc(), Review.id.desc())
        .limit(1)
    )


def waiting_by_cohort(cohort_ids: Collection[int]) -> dict[int, tuple[int, datetime]]:
    """How much work waits for a review in each cohort, and since when the oldest does."""
    waiting = (
        select(Enrolment.cohort_id, func.count(), func.min(Submission.handed_in_at))
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(
            Enrolment.cohort_id.in_(cohort_ids),
            Submission.state == SubmissionState.HANDED_IN,
            ~is_held(),
        )
        .group_by(Enrolment.cohort_id)
    )
    return {
        cohort_id: (count, oldest)
        for cohort_id, count, oldest in db.session.execute(waiting)
        if oldest is not None
    }
