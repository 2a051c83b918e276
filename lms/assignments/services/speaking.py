"""Voice notes of reviewers: kept like the files of a firm, heard by it when the review is known."""

from typing import Any

from sqlalchemy import func, select

from lms.assignments.models import HeldReview, Recording, Review, Submission
from lms.foundation import storage, uploads
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

MOST_RECORDINGS = 20


def keep_recording(submission: Submission, name: str, content: bytes, *, by: Any) -> Recording:
    """Keep a voice note for this work; it says nothing to anybody until a review names it."""
    said = select(func.count()).where(Recording.submission_id == submission.id, Recording.user_id == by.id)
    if db.session.scalars(said).one() >= MOST_RECORDINGS:
        raise Refused(_("You have recorded many voice notes for this work. Use one of them, or write."))
    accepted = uploads.accept(name or _("voice note"), content, "audio")
    kept = storage.put(accepted.content)
    made = Recording(
        enrolment_id=submission.enrolment_id,
        firm_id=submission.firm_id,
        user_id=by.id,
        submission_id=submission.id,
        media_type=accepted.media_type,
        size=kept.size,
        sha256=kept.sha256,
        storage_key=kept.key,
        recorded_at=now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def own_recording(submission: Submission, recording_id: int | None, *, by: Any) -> int | None:
    """The key again, if it is a voice note of this person for this work; else a refusal."""
    if recording_id is None:
        return None
    asked = select(Recording.id).where(
        Recording.id == recording_id, Recording.submission_id == submission.id, Recording.user_id == by.id
    )
    if db.session.scalar(asked) is None:
        raise Refused(_("The voice note got lost on its way. Record it again."))
    return recording_id


def may_hear(recording: Recording, is_reviewer: bool, *, by: Any) -> bool:
    """Whether it is one's own, belongs to a review that is known, or to one that colleagues hold back."""
    named = select(Review.id).where(Review.recording_id == recording.id)
    held = select(HeldReview.id).where(HeldReview.recording_id == recording.id)
    return (
        recording.user_id == by.id
        or db.session.scalar(named.limit(1)) is not None
        or (is_reviewer and db.session.scalar(held.limit(1)) is not None)
    )
