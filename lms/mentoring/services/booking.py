"""Hours that mentors offer, and firms that book one of them, move it or call it off in time.

Whoever books holds the mentor's row until the end of the transaction, so that of two people who choose the
same hour at once one gets it and the other is told so. SQLite lets in one writer at a time anyway.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms import events
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.foundation.clock import DEFAULT_ZONE, now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import ngettext
from lms.mentoring.models import Availability, Session, SessionKind, SessionState
from lms.mentoring.questions import mentor_of, mentored_by
from lms.mentoring.services.goals import side_of
from lms.mentoring.services.keeping import add, hold, note_firm_activity
from lms.mentoring.services.meetings import LONGEST, check_free, plan_session
from lms.mentoring.services.rules import rules_of
from lms.mentoring.slots import Busy, Slot, free, openings

# So that nobody fills a mentor's week; whoever needs more asks for it.
MOST_BOOKED = 2


# Hours on offer


def hours_of(person: Any) -> list[Availability]:
    """What a mentor offers: weekly hours from Monday on, then single days that are not over."""
    mine = select(Availability).where(Availability.user_id == person.id)
    kept = [
        one for one in db.session.scalars(mine) if one.day is None or one.day >= now().date() - timedelta(1)
    ]
    return sorted(kept, key=lambda one: (one.day or date.min, one.weekday or 0, one.opens))


def zone_of(person: Any) -> str:
    """The time zone in which a mentor speaks of hours: that of the firms they go with."""
    return next((one.cohort.time_zone for one in mentored_by(person)), DEFAULT_ZONE)


def offer_hours(
    *,
    kind: SessionKind,
    minutes: int,
    opens: time,
    closes: time,
    weekday: int | None = None,
    day: date | None = None,
    by: Any,
) -> Availability:
    """Offer hours every week, or on one day."""
    opens, closes = opens.replace(second=0, microsecond=0), closes.replace(second=0, microsecond=0)
    room = (closes.hour - opens.hour) * 60 + closes.minute - opens.minute
    if room < minutes:
        raise Refused(_("From when until when? Between them must fit at least one session."))
    if (weekday is None) == (day is None):
        raise Refused(_("Choose a day of the week or a date."))
    hours = Availability(
        user_id=by.id,
        kind=kind,
        minutes=minutes,
        weekday=weekday,
        day=day,
        opens=opens,
        closes=closes,
        time_zone=zone_of(by),
        created_at=now(),
    )
    add(hours)
    return hours


def drop_hours(hours: Availability, *, by: Any) -> None:
    """Offer these hours no longer; what was booked stays."""
    db.session.delete(hours)
    db.session.flush()


# Booking


def free_slots(enrolment: Enrolment, host: User | None = None, moving: Session | None = None) -> list[Slot]:
    """What a firm can book now with its mentor; `moving` is a session that will no longer be in the way."""
    host, rules = host or mentor_of(enrolment), rules_of(enrolment.cohort_id)
    if host is None:
        return []
    first = now() + timedelta(hours=rules.notice_hours)
    last = now() + timedelta(days=rules.days_ahead)
    offered = db.session.scalars(select(Availability).where(Availability.user_id == host.id))
    slots = [slot for hours in offered for slot in openings(hours, first, last)]
    return free(slots, _taken(host.id, enrolment.id, first, last, moving))


def _taken(host_id: int, enrolment_id: int, first: datetime, last: datetime, moving: Session | None):
    """When the mentor, or the firm itself, is with somebody already."""
    theirs = (Session.host_id == host_id) | (Session.enrolment_id == enrolment_id)
    rows = db.session.execute(
        select(Session.starts_at, Session.minutes).where(
            theirs,
            Session.state == SessionState.PLANNED,
            Session.starts_at > first - LONGEST,
            Session.starts_at < last,
            Session.id != (moving.id if moving else 0),
        )
    )
    return [Busy(row.starts_at, row.minutes) for row in rows]


def book(enrolment: Enrolment, slot_key: str, *, by: Any) -> Session:
    """A firm takes one of the hours on offer."""
    host = mentor_of(enrolment)
    if host is None:
        raise Refused(_("Your firm has no mentor yet. Ask the coordination."))
    hold(host.id)
    if len(booked_ahead(enrolment)) >= MOST_BOOKED:
        raise Refused(
            ngettext(
                "You have %(num)s session ahead already. Hold it first, or move it.",
                "You have %(num)s sessions ahead already. Hold them first, or move one.",
                MOST_BOOKED,
            )
        )
    slot = _chosen(free_slots(enrolment, host), slot_key)
    return plan_session(
        enrolment,
        kind=SessionKind(slot.kind),
        starts_at=slot.starts_at,
        minutes=slot.minutes,
        by=by,
        host_id=host.id,
    )


def booked_ahead(enrolment: Enrolment) -> list[Session]:
    """The firm's own sessions that are planned, group sessions apart, next one first."""
    ahead = select(Session).where(
        Session.enrolment_id == enrolment.id,
        Session.state == SessionState.PLANNED,
        Session.kind != SessionKind.CLINIC,
        Session.starts_at > now(),
    )
    return list(db.session.scalars(ahead.options(joinedload(Session.host)).order_by(Session.starts_at)))


def _chosen(slots: list[Slot], key: str) -> Slot:
    found = next((slot for slot in slots if slot.key == key), None)
    if found is None:
        raise Refused(_("Somebody took that hour meanwhile. Choose another one."))
    return found


# Changes


def change_until(session: Session) -> datetime:
    """Until when the firm may move a session or call it off by itself."""
    return session.starts_at - timedelta(hours=rules_of(session.cohort_id).notice_hours)


def is_changeable(session: Session, person: Any) -> bool:
    """Whether this person may move a session or call it off now; staff may until it was closed."""
    if session.state is not SessionState.PLANNED:
        return False
    if side_of(person, session.enrolment) == "mentor":
        return True
    return session.kind is not SessionKind.CLINIC and now() <= change_until(session)


def move_to_slot(session: Session, slot_key: str, *, by: Any) -> None:
    """A firm takes another hour of the same mentor."""
    hold(session.host_id)
    _check_changeable(session, by)
    slot = _chosen(free_slots(session.enrolment, session.host, moving=session), slot_key)
    session.minutes, session.kind = slot.minutes, SessionKind(slot.kind)
    _move(session, slot.starts_at, by)


def move_session(session: Session, starts_at: datetime, minutes: int, *, by: Any) -> None:
    """Staff agreed with the firm on another time."""
    hold(session.host_id)
    _check_changeable(session, by)
    if starts_at <= now():
        raise Refused(_("Choose a time that is still to come."))
    if session.kind is not SessionKind.CLINIC:
        check_free(session.host_id, starts_at, minutes, besides=session.id)
    session.minutes = minutes
    _move(session, starts_at, by)


def _move(session: Session, starts_at: datetime, by: Any) -> None:
    session.starts_at = starts_at
    session.sequence += 1
    note_firm_activity(session.enrolment, by)
    db.session.flush()
    events.publish(
        events.SessionMoved(
            actor_id=by.id,
            enrolment_id=session.enrolment_id,
            firm_id=session.firm_id,
            session_id=session.id,
        )
    )


def cancel_session(session: Session, *, by: Any) -> None:
    """Call a session off in time: it counts for nobody."""
    _check_changeable(session, by)
    session.state, session.closed_at = SessionState.CANCELLED, now()
    session.sequence += 1
    note_firm_activity(session.enrolment, by)
    db.session.flush()
    events.publish(
        events.SessionClosed(
            actor_id=by.id,
            enrolment_id=session.enrolment_id,
            firm_id=session.firm_id,
            session_id=session.id,
            state=session.state.value,
        )
    )


def _check_changeable(session: Session, by: Any) -> None:
    db.session.refresh(session)
    if session.state is not SessionState.PLANNED:
        raise Refused(_("This session is over or was called off already."))
    if session.kind is SessionKind.CLINIC and side_of(by, session.enrolment) == "firm":
        raise Refused(_("The whole group meets then. If you cannot come, write to your mentor."))
    if not is_changeable(session, by):
        raise Refused(_("It is too late to change it here. Write to your mentor."))
