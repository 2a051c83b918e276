"""What every service of this room does with a row it has made."""

from typing import Any

from sqlalchemy import select

from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.cohorts.services import note_activity
from lms.foundation.db import db


def add(row: Any) -> None:
    db.session.add(row)
    db.session.flush()


def note_firm_activity(enrolment: Enrolment, by: Any) -> None:
    """What staff do for a firm is no sign of life of the firm."""
    if getattr(by, "firm_id", None) == enrolment.firm_id:
        note_activity(enrolment)


def hold(user_id: int) -> None:
    """Let one writer at a time work on a mentor's calendar (on databases that would let in several)."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))
