"""Voice notes of reviewers: kept like the files of a firm, heard by it when the review is known."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from lms.assignments.models import HeldReview, Recording, Review, ReviewDraft, Submission
from lms.foundation import storage, uploads
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.jobs import enqueue, every, job

# Who recorded a voice note may still have the page open on which it is named.
KEEP_UNNAMED = timedelta(days=1)
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


def forget_replaced(submission_id: int, user_id: int) -> None:
    """A finished review names the voice note that counts: those that it replaced go, with their files."""
    _forget((Recording.submission_id == submission_id) & (Recording.user_id == user_id))


@every(timedelta(hours=6))
def forget_unnamed_recordings() -> None:
    """Recorded and never sent, or taken out of a draft again: nobody is going to hear it."""
    _forget(Recording.recorded_at < now() - KEEP_UNNAMED)


def _forget(which: ColumnElement[bool]) -> None:
    is_named = [
        exists().where(place.recording_id == Recording.id) for place in (Review, HeldReview, ReviewDraft)
    ]
    for recording in db.session.scalars(select(Recording).where(which, *(~one for one in is_named))):
        # The file goes when it is certain that the row is gone.
        enqueue(forget_recording_file, storage_key=recording.storage_key)
        db.session.delete(recording)
    db.session.flush()


@job
def forget_recording_file(storage_key: str) -> None:
    storage.delete(storage_key)


def may_hear(recording: Recording, is_reviewer: bool, *, by: Any) -> bool:
    """Whether it is one's own, belongs to a review that is known, or to one that colleagues hold back."""
    named = select(Review.id).where(Review.recording_id == recording.id)
    held = select(HeldReview.id).where(HeldReview.recording_id == recording.id)
    return (
        recording.user_id == by.id
        or db.session.scalar(named.limit(1)) is not None
        or (is_reviewer and db.session.scalar(held.limit(1)) is not None)
    )
