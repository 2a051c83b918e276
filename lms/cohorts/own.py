"""What cohorts keep of a person, for the file of their own data."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from lms.cohorts.models import Consent, Enrolment, PrivacyNotice
from lms.foundation.db import db
from lms.foundation.own_data import Row


def consents(who: Any) -> Iterable[Row]:
    """Every answer, also those that were changed later, with the notice that was read."""
    asked = (
        select(Consent, PrivacyNotice)
        .join(PrivacyNotice, PrivacyNotice.id == Consent.notice_id)
        .where(Consent.user_id == who.id)
        .order_by(Consent.id)
    )
    for answer, notice in db.session.execute(asked):
        yield {
            "purpose": answer.purpose,
            "granted": answer.granted,
            "answered_at": answer.answered_at,
            "notice_version": notice.version,
            "notice": notice.text,
        }


def courses(who: Any) -> Iterable[Row]:
    """The cohorts of the firm in which one is now."""
    found = select(Enrolment).where(Enrolment.firm_id == who.firm_id).order_by(Enrolment.id)
    for one in db.session.scalars(found):
        yield {
            "programme": one.cohort.programme.name,
            "cohort": one.cohort.name,
            "state": one.state,
            "mentor": one.mentor.name if one.mentor else "",
            "invited_at": one.invited_at,
            "started_at": one.started_at,
            "ended_at": one.ended_at,
        }


TELLS = {"consents": consents, "courses": courses}
