"""A decision that is taken up again, and the history of every mark."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from lms import events
from lms.accounts.models import User
from lms.assignments import pins
from lms.assignments.models import (
    Opinion,
    Review,
    ReviewDraft,
    Submission,
    SubmissionState,
    SubmissionVersion,
)
from lms.assignments.services.locking import lock
from lms.assignments.services.reviewing import Stale
from lms.cohorts.models import AT_WORK
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

DECIDED = (SubmissionState.ACCEPTED, SubmissionState.RETURNED)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that happened to a piece of work: who did it, when, and what it was."""

    at: datetime
    who: User
    version: SubmissionVersion | None = None
    review: Review | None = None
    reopened: Review | None = None
    opinion: Opinion | None = None


def reopen(submission: Submission, reason: str, *, hours: int, revision: int, by: Any) -> None:
    """Take an accepted or returned piece of work up again. It is in hand of who does it, with what was
    decided as a draft; the firm is told and waits for the new answer."""
    lock(submission)
    if submission.revision != revision or submission.state not in DECIDED:
        raise Stale(_("This work changed while you had it open. Look at it again first."))
    if submission.enrolment.state not in AT_WORK:
        raise Refused(_("The course of this firm has ended: what was decided stays."))
    if not (reason := reason.strip()):
        raise Refused(_("Write the reason in a few words."))
    review = submission.reviews[-1]
    review.reopened_by_id, review.reopened_at, review.reopened_because = by.id, now(), reason
    submission.state = SubmissionState.HANDED_IN
    submission.claimed_by_id, submission.claimed_until = by.id, now() + timedelta(hours=hours)
    submission.revision += 1
    _begin_with(review, by)
    db.session.flush()
    reopened = events.ReviewReopened(
        actor_id=by.id,
        enrolment_id=submission.enrolment_id,
        firm_id=submission.firm_id,
        submission_id=submission.id,
        review_id=review.id,
        title=submission.brief.title,
        reason=reason,
    )
    events.publish(reopened)


def _begin_with(review: Review, by: Any) -> None:
    """What was decided, as a draft to change. A voice note stays with who spoke it."""
    place = {"submission_id": review.submission_id, "version_number": review.version_number, "user_id": by.id}
    db.session.execute(delete(ReviewDraft).filter_by(**place))
    draft = ReviewDraft(**place, levels=review.levels, feedback=review.feedback, saved_at=now())
    draft.pins = pins.kept(review.remarks)
    draft.recording_id = review.recording_id if review.grader_id == by.id else None
    db.session.add(draft)


def history_of(submission: Submission) -> list[Step]:
    """Everything that was handed in, decided, taken up again and said by colleagues, in its order."""
    steps = [Step(at=one.handed_in_at, who=one.user, version=one) for one in submission.versions]
    steps += [Step(at=one.reviewed_at, who=one.grader, review=one) for one in submission.reviews]
    steps += [
        Step(at=one.reopened_at, who=one.reopened_by, reopened=one)
        for one in submission.reviews
        if one.reopened_at is not None and one.reopened_by is not None
    ]
    steps += [Step(at=one.given_at, who=one.user, opinion=one) for one in submission.opinions if one.given_at]
    return sorted(steps, key=lambda step: step.at)
