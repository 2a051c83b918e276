"""What every service of this room does with a row it has made."""

from typing import Any

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
