"""The rules of a cohort for booking and making up."""

from typing import Any

from sqlalchemy import select

from lms import events
from lms.cohorts.models import Cohort
from lms.foundation.db import db
from lms.mentoring.models import MeetingRules

USUAL = {"notice_hours": 12, "days_ahead": 28, "makeup_days": 14}


def rules_of(cohort_id: int) -> MeetingRules:
    """The rules of a cohort: what its lead wrote, else the usual (a row that is not kept)."""
    kept = db.session.scalars(select(MeetingRules).where(MeetingRules.cohort_id == cohort_id)).first()
    return kept or MeetingRules(cohort_id=cohort_id, **USUAL)


def write_rules(cohort: Cohort, *, notice_hours: int, days_ahead: int, makeup_days: int, by: Any) -> None:
    rules = rules_of(cohort.id)
    rules.notice_hours, rules.days_ahead, rules.makeup_days = notice_hours, days_ahead, makeup_days
    db.session.add(rules)
    db.session.flush()
    events.publish(
        events.ProgrammeChanged(actor_id=by.id, programme_id=cohort.programme_id, what="meeting rules")
    )
