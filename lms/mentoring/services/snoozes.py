"""Staff put a reason for attention off, with a note and until a day, and take it up again."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms import events
from lms.cohorts.models import Enrolment
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.mentoring.models import Snooze
from lms.mentoring.services.keeping import add

MOST_DAYS = 30


def put_off(
    enrolment: Enrolment, *, reason: str, since: date, number: int, until: date, note: str, by: Any
) -> Snooze:
    """Put a reason off as it is now. Putting it off again replaces what was said before."""
    day = today(enrolment.cohort.time_zone)
    if not day < until <= day + timedelta(days=MOST_DAYS):
        raise Refused(_("Choose a day from tomorrow on, within %(days)s days.", days=MOST_DAYS))
    if not note.strip():
        raise Refused(_("Write why it can wait: your colleagues read it."))
    for earlier in put_off_now(enrolment):
        if earlier.reason == reason:
            _end(earlier, by)
    snooze = Snooze(
        enrolment=enrolment,
        firm_id=enrolment.firm_id,
        reason=reason,
        since=since,
        number=number,
        until=until,
        note=note.strip(),
        made_by_id=by.id,
        made_at=now(),
    )
    add(snooze)
    _tell(snooze, by, is_off=True)
    return snooze


def take_up_again(snooze: Snooze, *, by: Any) -> None:
    """End it before its day. Doing it twice changes nothing."""
    if snooze.taken_back_at is None:
        _end(snooze, by)
        _tell(snooze, by, is_off=False)


def put_off_now(enrolment: Enrolment) -> list[Snooze]:
    """What is put off today, newest first. Whether its reason still is as it was then, `standing` knows."""
    kept = select(Snooze).where(
        Snooze.enrolment_id == enrolment.id,
        Snooze.taken_back_at.is_(None),
        Snooze.until > today(enrolment.cohort.time_zone),
    )
    return list(db.session.scalars(kept.options(joinedload(Snooze.made_by)).order_by(Snooze.id.desc())))


def _end(snooze: Snooze, by: Any) -> None:
    snooze.taken_back_at, snooze.taken_back_by_id = now(), by.id
    db.session.flush()


def _tell(snooze: Snooze, by: Any, *, is_off: bool) -> None:
    events.publish(
        events.ReasonPutOff(
            actor_id=by.id,
            enrolment_id=snooze.enrolment_id,
            snooze_id=snooze.id,
            reason=snooze.reason,
            is_off=is_off,
        )
    )
