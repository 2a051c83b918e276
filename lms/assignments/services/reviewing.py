"""What trainers do with handed-in work: take it in hand, accept it or send it back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from lms import events
from lms.accounts.models import User
from lms.assignments.models import Outcome, Review, ReviewDraft, Submission, SubmissionState
from lms.assignments.services.locking import lock
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

HIGHEST_LEVEL = 3


class Stale(Refused):
    """Somebody else changed the work since the page was opened."""


def claim(submission: Submission, hours: int, *, by: Any) -> None:
    """Take the work in hand, so that no colleague reviews it too. A claim lapses by itself."""
    lock(submission)
    if submission.state is not SubmissionState.HANDED_IN:
        raise Stale(_("This work was reviewed already."))
    _refuse_while_claimed(submission, by)
    submission.claimed_by_id, submission.claimed_until = by.id, now() + timedelta(hours=hours)


def release(submission: Submission, *, by: Any) -> None:
    """Give the work back to the queue."""
    if submission.claimed_by_id == by.id:
        submission.claimed_by_id = submission.claimed_until = None


def claimant(submission: Submission) -> User | None:
    """Who has the work in hand right now."""
    lasts = submission.claimed_until is not None and submission.claimed_until > now()
    # By its key: the relationship may still hold who had it before the row was read anew.
    return db.session.get(User, submission.claimed_by_id) if lasts else None


def review(
    submission: Submission,
    outcome: Outcome,
    levels: Mapping[str, int],
    feedback: str,
    *,
    revision: int,
    by: Any,
) -> Review:
    """Accept the work or send it back. Raises Stale when `revision`, which the reviewer saw, is no more."""
    lock(submission)
    if submission.revision != revision or submission.state is not SubmissionState.HANDED_IN:
        raise Stale(_("This work changed while you had it open. Nothing of yours is lost: look at both."))
    _refuse_while_claimed(submission, by)
    feedback = feedback.strip()
    graded = {row["criterion"]: levels.get(row["criterion"]) for row in submission.brief.rubric}
    given = {criterion: level for criterion, level in graded.items() if level is not None}
    if not all(0 <= level <= HIGHEST_LEVEL for level in given.values()):
        raise Refused(_("Choose one of the four levels."))
    if outcome is Outcome.ACCEPTED and len(given) < len(graded):
        left = ", ".join(criterion for criterion, level in graded.items() if level is None)
        raise Refused(_("To accept it, choose a level for: %(criteria)s.", criteria=left))
    if outcome is Outcome.RETURNED and not feedback:
        raise Refused(_("To send it back, write what to change."))
    made = Review(
        submission=submission,
        enrolment_id=submission.enrolment_id,
        firm_id=submission.firm_id,
        version_number=len(submission.versions),
        grader_id=by.id,
        outcome=outcome,
        levels=given,
        feedback=feedback,
        reviewed_at=now(),
    )
    db.session.add(made)
    submission.state = SubmissionState(outcome.value)
    submission.claimed_by_id = submission.claimed_until = None
    submission.revision += 1
    mine = (ReviewDraft.submission_id == submission.id, ReviewDraft.user_id == by.id)
    db.session.execute(delete(ReviewDraft).where(*mine))
    db.session.flush()
    reviewed = events.SubmissionReviewed(
        actor_id=by.id,
        enrolment_id=submission.enrolment_id,
        firm_id=submission.firm_id,
        submission_id=submission.id,
        title=submission.brief.title,
        accepted=outcome is Outcome.ACCEPTED,
    )
    events.publish(reviewed)
    return made


def _refuse_while_claimed(submission: Submission, by: Any) -> None:
    other = claimant(submission)
    if other is not None and other.id != by.id:
        raise Refused(_("%(name)s is reviewing this work.", name=other.name))
