"""What a firm says to a review; its reviewer is told."""

from typing import Any

from lms import events
from lms.assignments.models import Review, ReviewReply
from lms.assignments.services.locking import lock
from lms.cohorts.services import note_activity
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

MOST_REPLIES = 20


def answer_review(review: Review, text: str, *, by: Any) -> ReviewReply:
    """Answer what was said of one's work, once or more often."""
    submission = review.submission
    lock(submission)
    db.session.refresh(review, ["replies"])
    if not (text := text.strip()):
        raise Refused(_("Write your answer first."))
    if len(review.replies) >= MOST_REPLIES:
        raise Refused(_("You have answered many times. Ask for help or call your trainer."))
    reply = ReviewReply(
        review=review,
        enrolment_id=review.enrolment_id,
        firm_id=review.firm_id,
        user_id=by.id,
        text=text,
        written_at=now(),
    )
    db.session.add(reply)
    db.session.flush()
    note_activity(submission.enrolment)
    answered = events.ReviewAnswered(
        actor_id=by.id,
        enrolment_id=review.enrolment_id,
        firm_id=review.firm_id,
        submission_id=submission.id,
        review_reply_id=reply.id,
        title=submission.brief.title,
    )
    events.publish(answered)
    return reply
