"""Letters about when firm and mentor meet: planned, booked, moved, called off."""

from collections.abc import Callable, Collection, Sequence
from email.utils import parseaddr
from typing import Any

from flask import current_app
from sqlalchemy import select

from lms import events
from lms.accounts.models import User
from lms.foundation import mail
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.i18n import gettext as _
from lms.foundation.ics import Entry, write_calendar
from lms.mentoring.models import MeetingSeries, Session, SessionState
from lms.notifications.letters import path_to, site_address
from lms.notifications.telling import people_of, tell


def announce_session(event: events.SessionPlanned) -> None:
    """What is written down afterwards is announced to nobody; what a firm booked also to its mentor."""
    session = db.session.get_one(Session, event.session_id)
    if session.starts_at <= now():
        return
    _tell_firm(session, "session_planned", {"host": session.host.name})
    if session.host_id != event.actor_id:
        _tell_host(session, "session_booked", {"firm": session.enrolment.firm.name})


def tell_of_move(event: events.SessionMoved) -> None:
    session = db.session.get_one(Session, event.session_id)
    _tell_firm(session, "session_moved", {"with": session.host.name})
    if session.host_id != event.actor_id:
        _tell_host(session, "session_moved", {"with": session.enrolment.firm.name})


def call_off(event: events.SessionClosed) -> None:
    """Only what was still to come: what is called off afterwards was never waited for."""
    session = db.session.get_one(Session, event.session_id)
    if event.state != SessionState.CANCELLED or session.starts_at <= now():
        return
    _tell_firm(session, "session_cancelled", {"host": session.host.name})
    if session.host_id != event.actor_id:
        _tell_host(session, "session_given_up", {"firm": session.enrolment.firm.name})


def announce_series(event: events.SeriesPlanned) -> None:
    _tell_of_series(event.series_id, event.session_ids, "series_planned")


def call_off_series(event: events.SeriesEnded) -> None:
    _tell_of_series(event.series_id, event.session_ids, "series_ended")


def _tell_firm(session: Session, template: str, words: dict[str, Any]) -> None:
    path = path_to("mentoring.agreements")
    people = people_of(session.firm_id)
    tell(
        people,
        template,
        path,
        {"session": session, **words},
        enrolment=session.enrolment,
        needed_by=session.starts_at,
        calendar=_invitation([session], path),
    )


def _tell_host(session: Session, template: str, words: dict[str, Any]) -> None:
    path = path_to("mentoring.hold_session", session_id=session.id)
    words = {"session": session, **words}
    host: list[User] = [session.host]
    tell(
        host,
        template,
        path,
        words,
        enrolment=session.enrolment,
        to_firm=False,
        needed_by=session.starts_at,
        calendar=_invitation([session], path),
    )


def _tell_of_series(series_id: int, session_ids: Collection[int], template: str) -> None:
    series = db.session.get_one(MeetingSeries, series_id)
    those = select(Session).where(Session.id.in_(session_ids)).order_by(Session.starts_at)
    sessions = list(db.session.scalars(those))
    words = {"sessions": sessions, "host": series.host.name}
    path = path_to("mentoring.agreements")
    tell(
        people_of(series.firm_id),
        template,
        path,
        words,
        enrolment=series.enrolment,
        needed_by=sessions[0].starts_at if sessions else None,
        calendar=_invitation(sessions, path),
    )


def _invitation(sessions: Sequence[Session], path: str) -> Callable[[User], str]:
    """What a letter gives the reader's calendar: an invitation, its change, or that it was called off.

    One method speaks of one session only (RFC 5546), so several are published together.
    """

    def write(reader: User) -> str:
        entries = [_entry(session, reader, path) for session in sessions]
        if not entries:
            return ""
        method = "PUBLISH"
        if len(entries) == 1:
            method = "CANCEL" if entries[0].is_cancelled else "REQUEST"
        zone = sessions[0].enrolment.cohort.time_zone
        return write_calendar(entries, time_zone=zone, method=method)

    return write


def _entry(session: Session, reader: User, path: str) -> Entry:
    """The house is the organizer: nobody's own address is given to the other side."""
    other = session.enrolment.firm.name if reader.id == session.host_id else session.host.name
    return Entry(
        uid=f"session-{session.id}@{mail.site_host()}",
        title=_("Session with %(name)s", name=other),
        begins=session.starts_at,
        minutes=session.minutes,
        changed_at=now(),
        sequence=session.sequence,
        is_cancelled=session.state is SessionState.CANCELLED,
        url=site_address(path),
        organizer=(session.host.name, parseaddr(current_app.config["MAIL_FROM"])[1]),
        attendee=reader.email,
    )
