"""What staff and firm do for each other; the questions are passed on from `questions`."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from lms import events
from lms.cohorts.models import Cohort, Enrolment, EnrolmentState
from lms.cohorts.services import enrolments_visible_to, note_activity
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.mentoring.models import (
    Action,
    Contact,
    HelpRequest,
    Moment,
    Note,
    PracticeCheck,
    Session,
    SessionKind,
    SessionState,
    Visibility,
)
from lms.mentoring.outcomes import MOST_PROMISES, Outcome, Promise
from lms.mentoring.questions import (
    Agenda,
    actions_of,
    agenda,
    answer_due_on,
    attendance,
    clinic_of,
    contacts_of,
    earlier_answers,
    grouped,
    help_requests_of,
    last_contact,
    mentor_of,
    mentored_by,
    missed_in_a_row,
    next_session,
    notes_visible_to,
    open_actions,
    open_help,
    open_help_of,
    people_with_phone,
    practice_checks,
    practice_counts,
    practices_of,
    programmes_around,
    sessions_between,
    sessions_of,
    upcoming_sessions,
)

__all__ = [
    "Agenda",
    "Outcome",
    "Promise",
    "actions_of",
    "agenda",
    "answer_due_on",
    "answer_help",
    "ask_help",
    "attendance",
    "check_practices",
    "clinic_of",
    "close_session",
    "contacts_of",
    "earlier_answers",
    "grouped",
    "help_requests_of",
    "last_contact",
    "mentor_of",
    "mentored_by",
    "missed_in_a_row",
    "next_session",
    "note_clinic",
    "note_contact",
    "notes_visible_to",
    "open_actions",
    "open_help",
    "open_help_of",
    "people_with_phone",
    "plan_clinic",
    "plan_session",
    "practice_checks",
    "practice_counts",
    "practices_of",
    "programmes_around",
    "sessions_between",
    "sessions_of",
    "tick",
    "upcoming_sessions",
]

# A missed session can be made up later.
OPEN_STATES = (SessionState.PLANNED, SessionState.MISSED)


def ask_help(enrolment: Enrolment, *, text: str, about_title: str, about_path: str, by: Any) -> HelpRequest:
    """Ask the firm's staff for help with the page one was looking at; words are needed only without one."""
    if not text.strip() and not about_title:
        raise Refused(_("Tell us in a few words what you need help with."))
    request = HelpRequest(
        enrolment=enrolment,
        firm_id=enrolment.firm_id,
        user_id=by.id,
        about_title=about_title,
        about_path=about_path,
        text=text.strip(),
        asked_at=now(),
    )
    _add(request)
    _note_activity(enrolment, by)
    events.publish(
        events.HelpAsked(
            actor_id=by.id,
            enrolment_id=enrolment.id,
            firm_id=enrolment.firm_id,
            help_request_id=request.id,
            about=about_path,
        )
    )
    return request


def answer_help(request: HelpRequest, answer: str, *, by: Any) -> None:
    """Answer the person who asked; the first answer counts."""
    if request.answered_at is not None:
        raise Refused(_("Somebody answered this already. Open the page again to read the answer."))
    request.answer, request.answered_at, request.answered_by_id = answer.strip(), now(), by.id
    db.session.flush()
    events.publish(
        events.HelpAnswered(
            actor_id=by.id,
            enrolment_id=request.enrolment_id,
            user_id=request.user_id,
            help_request_id=request.id,
        )
    )


def plan_session(
    enrolment: Enrolment, *, kind: SessionKind, starts_at: datetime, minutes: int, by: Any
) -> Session:
    """Agree on a session with one firm. One that took place already may be written down too."""
    if enrolment.state in (EnrolmentState.INVITED, EnrolmentState.WITHDRAWN):
        raise Refused(_("This firm is not at work with its cohort, so no session can be planned."))
    session = Session(
        enrolment=enrolment,
        firm_id=enrolment.firm_id,
        host_id=by.id,
        kind=kind,
        starts_at=starts_at,
        minutes=minutes,
        state=SessionState.PLANNED,
    )
    _add(session)
    events.publish(
        events.SessionPlanned(
            actor_id=by.id, enrolment_id=enrolment.id, firm_id=enrolment.firm_id, session_id=session.id
        )
    )
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
    if len(outcome.promises) > MOST_PROMISES:
        raise Refused(_("Agree on three things at most, so that they get done."))
    session.state, session.closed_at = outcome.state, now()
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
    _note_activity(action.enrolment, by)
    db.session.flush()
    events.publish(
        events.ActionTicked(actor_id=by.id, enrolment_id=action.enrolment_id, action_id=action.id, done=done)
    )


def note_contact(enrolment: Enrolment, *, channel: str, text: str, by: Any) -> Contact:
    """Keep that staff wrote to or called a firm outside the house, so that colleagues know."""
    contact = Contact(
        enrolment=enrolment,
        firm_id=enrolment.firm_id,
        by_id=by.id,
        channel=channel,
        text=text.strip(),
        made_at=now(),
    )
    _add(contact)
    events.publish(events.ContactNoted(actor_id=by.id, enrolment_id=enrolment.id, contact_id=contact.id))
    return contact


def check_practices(enrolment: Enrolment, moment: Moment, answers: Mapping[int, bool], *, by: Any) -> None:
    """Keep a firm's yes or no to each practice (by its id); answering again replaces the earlier answer."""
    known = {check.practice_id: check for check in practice_checks(enrolment, moment)}
    for practice_id, yes in answers.items():
        check = known.get(practice_id)
        if check is None:
            check = PracticeCheck(
                enrolment=enrolment, firm_id=enrolment.firm_id, practice_id=practice_id, moment=moment
            )
            db.session.add(check)
        check.yes, check.user_id, check.answered_at = yes, by.id, now()
    _note_activity(enrolment, by)
    db.session.flush()


def _add(row: Any) -> None:
    db.session.add(row)
    db.session.flush()


def _note_activity(enrolment: Enrolment, by: Any) -> None:
    if getattr(by, "firm_id", None) == enrolment.firm_id:
        note_activity(enrolment)


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
    db.session.add(
        Action(
            enrolment=session.enrolment,
            firm_id=session.firm_id,
            session_id=session.id,
            owner=promise.owner,
            text=promise.text.strip(),
            due_on=promise.due_on,
            created_by_id=by.id,
            created_at=now(),
        )
    )
