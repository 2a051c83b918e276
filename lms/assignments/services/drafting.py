"""A review that is being written: kept for its reviewer until it is sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.assignments.models import ReviewDraft, Submission, SubmissionState
from lms.assignments.pins import Pin, kept
from lms.assignments.services.locking import lock
from lms.assignments.services.reviewing import Stale, check_pins
from lms.assignments.services.speaking import own_recording
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.i18n import gettext as _


def review_draft(submission: Submission, *, by: Any) -> ReviewDraft | None:
    """What this person began to say of the newest version."""
    return db.session.scalar(
        select(ReviewDraft).where(
            ReviewDraft.submission_id == submission.id,
            ReviewDraft.version_number == len(submission.versions),
            ReviewDraft.user_id == by.id,
        )
    )


def save_review_draft(
    submission: Submission,
    levels: Mapping[str, int],
    feedback: str,
    pins: Sequence[Pin] = (),
    recording_id: int | None = None,
    *,
    revision: int,
    by: Any,
) -> datetime:
    """Keep what is chosen and typed so far. Raises Stale for work that changed since the page was opened: a
    draft that comes late must not come back after its review was sent."""
    lock(submission)
    if submission.revision != revision or submission.state is not SubmissionState.HANDED_IN:
        raise Stale(_("This work changed while you had it open. Nothing of yours is lost: look at both."))
    check_pins(submission, pins)
    recording_id = own_recording(submission, recording_id, by=by)
    draft = review_draft(submission, by=by)
    if draft is None:
        draft = ReviewDraft(
            submission_id=submission.id, version_number=len(submission.versions), user_id=by.id
        )
        db.session.add(draft)
    draft.levels, draft.feedback, draft.pins = dict(levels), feedback, kept(pins)
    draft.recording_id, draft.saved_at = recording_id, now()
    db.session.flush()
    return draft.saved_at
