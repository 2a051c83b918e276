"""Letters about when firm and mentor meet: planned, booked, moved, called off."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from lms import events
from lms.accounts.models import User
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.mentoring.models import MeetingSeries, Session, SessionState
from lms.notifications.letters import path_to
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
    tell(people, template, path, {"session": session, **words}, enrolment=session.enrolment)


def _tell_host(session: Session, template: str, words: dict[str, Any]) -> None:
    path = path_to("mentoring.hold_session", session_id=session.id)
    words = {"session": session, **words}
    host: list[User] = [session.host]
    tell(host, template, path, words, enrolment=session.enrolment, to_firm=False)


def _tell_of_series(series_id: int, session_ids: Collection[int], template: str) -> None:
    series = db.session.get_one(MeetingSeries, series_id)
    those = select(Session).where(Session.id.in_(session_ids)).order_by(Session.starts_at)
    words = {"sessions": list(db.session.scalars(those)), "host": series.host.name}
    path = path_to("mentoring.agreements")
    tell(people_of(series.firm_id), template, path, words, enrolment=series.enrolment)
