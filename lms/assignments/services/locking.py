"""Whoever changes a piece of work holds its row."""

from lms.assignments.models import Submission
from lms.foundation.db import db


def lock(submission: Submission) -> None:
    """Read what decides anew, and keep others from changing it until this transaction ends."""
    db.session.flush()
    deciding = ["state", "revision", "claimed_by_id", "claimed_until"]
    db.session.refresh(submission, deciding, with_for_update=True)
