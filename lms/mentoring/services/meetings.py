"""Sessions: planning them, writing down what came of them, and ticking what was promised in them."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from lms import events
from lms.cohorts.models import Cohort, Enrolment, EnrolmentState
from lms.cohorts.services import enrolments_visible_to
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.mentoring.models import Action, Note, Session, SessionKind, SessionState, Visibility
from lms.mentoring.outcomes import MOST_PROMISES, Outcome, Promise
from lms.mentoring.questions import open_actions
from lms.mentoring.services.keeping import add, hold, note_firm_activity
from lms.mentoring.ties import ties_in

LONGEST = timedelta(hours=8)
# A missed session can be made up later.
OPEN_STATES = (SessionState.PLANNED, SessionState.MISSED)


def plan_session(
    enrolment: Enrolment,
    *,
    kind: SessionKind,
    starts_at: datetime,
    minutes: int,
    by: Any,
    host_id: int | None = None,
) -> Session:
    """Agree on a session with one firm. One that took place already may be written down too.

    Whoever plans it hosts it, unless the firm books it with its mentor.
    """
    host_id = host_id or by.id
    if kind is not SessionKind.CLINIC:
        check_free(host_id, starts_at, minutes)
    session = new_session(enrolment, kind=kind, starts_at=starts_at, minutes=minutes, host_id=host_id)
    note_firm_activity(enrolment, by)
    events.publish(
        events.SessionPlanned(
            actor_id=by.id, enrolment_id=enrolment.id, firm_id=enrolment.firm_id, session_id=session.id
        )
    )
    return session


def check_free(host_id: int, starts_at: datetime, minutes: int, *, besides: int = 0) -> None:
    """Refuse a time to come at which the host is with another firm; `besides` is the session that moves.

    Firms that meet together are a group session.
    """
    ends_at = starts_at + timedelta(minutes=minutes)
    if starts_at <= now():
        return
    hold(host_id)
    near = select(Session).where(
        Session.host_id == host_id,
        Session.state == SessionState.PLANNED,
        Session.kind != SessionKind.CLINIC,
        Session.id != besides,
        Session.starts_at > starts_at - LONGEST,
        Session.starts_at < ends_at,
    )
    for other in db.session.scalars(near):
        if other.starts_at + timedelta(minutes=other.minutes) > starts_at:
            raise Refused(_("At that time there is a session with %(firm)s.", firm=other.enrolment.firm.name))


def new_session(
    enrolment: Enrolment,
    *,
    kind: SessionKind,
    starts_at: datetime,
    minutes: int,
    host_id: int,
    series_id: int | None = None,
) -> Session:
    """A session of which nobody was told yet."""
    if enrolment.state in (EnrolmentState.INVITED, EnrolmentState.WITHDRAWN):
        raise Refused(_("This firm is not at work with its cohort, so no session can be planned."))
    session = Session(
        enrolment=enrolment,
        firm_id=enrolment.firm_id,
        host_id=host_id,
        kind=kind,
        starts_at=starts_at,
        minutes=minutes,
        state=SessionState.PLANNED,
        series_id=series_id,
    )
    add(session)
    return session


def plan_clinic(cohort: Cohort, *, starts_at: datetime, minutes: int, by: Any) -> list[Session]:
    """A group session: one for each active firm of the cohort that the person may see."""
    firms = enrolments_visible_to(by).where(
        Enrolment.cohort_id == cohort.id, Enrolment.state == EnrolmentState.ACTIVE
    )
    enrolments = list(db.session.scalars(firms))
    if not enrolments:
        raise Refused(_("No firm of this cohort is active now, so there is nobody to invite."))
    return [
        plan_session(enrolment, kind=SessionKind.CLINIC, starts_at=starts_at, minutes=minutes, by=by)
        for enrolment in enrolments
    ]


def close_session(session: Session, outcome: Outcome, *, by: Any) -> None:
    """Write down what came of a session. This also is the firm's attendance."""
    if session.state not in OPEN_STATES:
        raise Refused(_("This session was closed already. Open the page again to read what was noted."))
    if outcome.state is SessionState.PLANNED:
        raise Refused(_("Say what came of the session."))
    if outcome.state in (SessionState.HELD, SessionState.MISSED) and _is_before_its_day(session):
        raise Refused(_("Its day has not come yet. If you met before, cancel it and plan one for that day."))
    if len(outcome.promises) > MOST_PROMISES:
        raise Refused(_("Agree on three things at most, so that they get done."))
    if {promise.tie for promise in outcome.promises} - {"", *ties_in(session.enrolment)}:
        raise Refused(_("Tie each agreement to a practice or milestone of this course, or to none."))
    session.state, session.closed_at = outcome.state, now()
    if outcome.state is SessionState.CANCELLED:
        session.sequence += 1
    _write_note(session, Visibility.SHARED, outcome.shared_note, by)
    _write_note(session, Visibility.INTERNAL, outcome.internal_note, by)
    for promise in outcome.promises:
        _promise(session, promise, by)
    done = set(outcome.done_action_ids)
    for action in open_actions([session.enrolment_id])[session.enrolment_id]:
        if action.id in done:
            tick(action, True, by=by)
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


def _is_before_its_day(session: Session) -> bool:
    zone = session.enrolment.cohort.time_zone
    return session.starts_at.astimezone(ZoneInfo(zone)).date() > today(zone)


def note_clinic(sessions: Iterable[Session], attended: Collection[int], shared_note: str, *, by: Any) -> None:
    """Close a group session for all firms at once: `attended` are the ids of the sessions whose firm came."""
    for session in sessions:
        state = SessionState.HELD if session.id in attended else SessionState.MISSED
        close_session(session, Outcome(state, shared_note=shared_note), by=by)


def tick(action: Action, done: bool, *, by: Any) -> None:
    """Say that something promised is done, or that it is not after all. Saying it twice changes nothing."""
    if (action.done_at is not None) == done:
        return
    action.done_at = now() if done else None
    action.done_by_id = by.id if done else None
    note_firm_activity(action.enrolment, by)
    db.session.flush()
    events.publish(
        events.ActionTicked(actor_id=by.id, enrolment_id=action.enrolment_id, action_id=action.id, done=done)
    )


def _write_note(session: Session, visibility: Visibility, text: str, by: Any) -> None:
    if text.strip():
        db.session.add(
            Note(
                enrolment=session.enrolment,
                firm_id=session.firm_id,
                session_id=session.id,
                author_id=by.id,
                visibility=visibility,
                text=text.strip(),
                written_at=now(),
            )
        )


def _promise(session: Session, promise: Promise, by: Any) -> None:
    kind, _colon, key = promise.tie.partition(":")
    db.session.add(
        Action(
            enrolment=session.enrolment,
            firm_id=session.firm_id,
            session_id=session.id,
            owner=promise.owner,
            text=promise.text.strip(),
            due_on=promise.due_on,
            practice_key=key if kind == "practice" else "",
            milestone_code=key if kind == "milestone" else "",
            created_by_id=by.id,
            created_at=now(),
        )
    )
