"""What can be asked about mentoring, of one firm or of many at once, and who may read the answer."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from lms.accounts.models import Firm, Membership, User
from lms.cohorts.models import AT_WORK, Cohort, Enrolment, Programme
from lms.cohorts.services import enrolments_visible_to
from lms.curriculum.models import Practice
from lms.foundation.clock import now
from lms.foundation.db import db
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
from lms.permissions import Permission, can

ATTENDED = (SessionState.HELD, SessionState.MADE_UP)
COUNTED = (*ATTENDED, SessionState.MISSED)
LONGEST_AGENDA = 500


@dataclass
class Agenda:
    """The planned sessions of whoever asks, by when they need attention."""

    to_close: list[Session] = field(default_factory=list)
    today: list[Session] = field(default_factory=list)
    this_week: list[Session] = field(default_factory=list)
    later: list[Session] = field(default_factory=list)


# Of one enrolment


def notes_visible_to(person: Any, enrolment: Enrolment) -> list[Note]:
    """The notes on a firm that this person may read, newest first.

    Shared ones are for the firm and its staff. Internal ones are for their author and the programme's leads
    only: no administrator, no other trainer, nobody of the firm.
    """
    if not can(person, Permission.READ_ENROLMENT, enrolment):
        return []
    readable = select(Note).where(Note.enrolment_id == enrolment.id).order_by(Note.id.desc())
    if not can(person, Permission.MANAGE_ENROLMENT, enrolment):
        readable = readable.where(or_(Note.visibility == Visibility.SHARED, Note.author_id == person.id))
    # The enrolment is here: by a second way to it SQLite would go through the sessions of every firm.
    told = (joinedload(Note.author), joinedload(Note.session).lazyload(Session.enrolment))
    return list(db.session.scalars(readable.options(*told)))


def actions_of(enrolment: Enrolment) -> list[Action]:
    """Everything promised with a firm: open ones first by due day, then the done ones, newest first."""
    promised = select(Action).where(Action.enrolment_id == enrolment.id).options(joinedload(Action.done_by))
    actions = db.session.scalars(promised).all()
    still_open = [action for action in actions if action.done_at is None]
    done = [(action.done_at, action) for action in actions if action.done_at]
    newest_first = sorted(done, key=lambda pair: pair[0], reverse=True)
    return sorted(still_open, key=lambda a: (a.due_on, a.id)) + [action for _at, action in newest_first]


def sessions_of(enrolment: Enrolment) -> list[Session]:
    """Every session of a firm, newest first."""
    of_firm = select(Session).where(Session.enrolment_id == enrolment.id).options(joinedload(Session.host))
    return list(db.session.scalars(of_firm.order_by(Session.starts_at.desc(), Session.id.desc())))


def next_session(enrolment: Enrolment) -> Session | None:
    """The session that is planned next; one that began less than an hour ago still counts."""
    where = {"enrolment": enrolment.id, "since": now() - timedelta(hours=1)}
    return db.session.scalars(_next_session(), where).first()


# Every home asks these two: to put them together takes longer than to answer them.
@cache
def _next_session() -> Select[Session]:
    ahead = select(Session).where(
        Session.enrolment_id == bindparam("enrolment"),
        Session.state == SessionState.PLANNED,
        Session.starts_at >= bindparam("since"),
    )
    return ahead.options(joinedload(Session.host)).order_by(Session.starts_at).limit(1)


@cache
def _open_actions() -> Select[Action]:
    of_these = Action.enrolment_id.in_(bindparam("enrolments", expanding=True))
    return select(Action).where(of_these, Action.done_at.is_(None)).order_by(Action.due_on, Action.id)


def help_requests_of(enrolment: Enrolment) -> list[HelpRequest]:
    """What the people of a firm asked, newest first."""
    asked = (
        select(HelpRequest).where(HelpRequest.enrolment_id == enrolment.id).order_by(HelpRequest.id.desc())
    )
    return list(
        db.session.scalars(asked.options(joinedload(HelpRequest.user), joinedload(HelpRequest.answered_by)))
    )


def contacts_of(enrolment: Enrolment) -> list[Contact]:
    """The nudges that staff noted, newest first."""
    made = select(Contact).where(Contact.enrolment_id == enrolment.id).options(joinedload(Contact.by))
    return list(db.session.scalars(made.order_by(Contact.id.desc())))


def practices_of(enrolment: Enrolment) -> list[Practice]:
    """The practices that the firm's course asks about."""
    asked = select(Practice).where(Practice.version_id == enrolment.cohort.course_version_id)
    return list(db.session.scalars(asked.order_by(Practice.position)))


def earlier_answers(enrolment: Enrolment, moment: Moment) -> dict[str, bool]:
    """What the firm last said of each practice, by its key: other course versions know it by that too."""
    moments = list(Moment)
    latest: dict[str, bool] = {}
    for one in moments[: moments.index(moment) + 1]:
        latest |= {check.practice.key: check.yes for check in practice_checks(enrolment, one)}
    return latest


def practice_checks(enrolment: Enrolment, moment: Moment) -> list[PracticeCheck]:
    given = select(PracticeCheck).where(
        PracticeCheck.enrolment_id == enrolment.id, PracticeCheck.moment == moment
    )
    return list(
        db.session.scalars(given.options(joinedload(PracticeCheck.practice)).order_by(PracticeCheck.id))
    )


def answer_due_on(request: HelpRequest) -> date:
    """The day by which a firm is promised an answer: the next one from Monday to Friday."""
    day = request.asked_at.astimezone(ZoneInfo(request.enrolment.cohort.time_zone)).date() + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def mentor_of(enrolment: Enrolment) -> User | None:
    """Whom the firm writes to: its mentor, else the first trainer of its cohort; nobody who is suspended."""
    if enrolment.mentor is not None and enrolment.mentor.suspended_at is None:
        return enrolment.mentor
    return next((trainer for trainer in enrolment.cohort.trainers if trainer.suspended_at is None), None)


def programmes_around(person: Any) -> list[Programme]:
    """The programmes in which this person works: their coordination helps staff."""
    around = select(Cohort.programme_id).join(Enrolment, Enrolment.cohort_id == Cohort.id)
    mine = around.where(Enrolment.id.in_(_visible_ids(person)))
    found = select(Programme).where(Programme.id.in_(mine)).options(selectinload(Programme.leads))
    return list(db.session.scalars(found.order_by(Programme.name)))


def people_with_phone(firm: Firm) -> list[User]:
    """The members of today who left a phone number."""
    reachable = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.firm_id == firm.id, Membership.ended_at.is_(None), User.phone != "")
        .where(User.suspended_at.is_(None))
    )
    return list(db.session.scalars(reachable.order_by(Membership.id)))


# Of many enrolments


def _visible_ids(person: Any) -> Select[int]:
    return enrolments_visible_to(person).with_only_columns(Enrolment.id)


def open_help(person: Any) -> list[HelpRequest]:
    """Requests for help that wait for an answer from this person or a colleague, longest wait first."""
    waiting = select(HelpRequest).where(
        HelpRequest.answered_at.is_(None), HelpRequest.enrolment_id.in_(_visible_ids(person))
    )
    return list(
        db.session.scalars(waiting.options(joinedload(HelpRequest.user)).order_by(HelpRequest.asked_at))
    )


def open_help_of(enrolment_ids: Collection[int]) -> dict[int, list[HelpRequest]]:
    """Unanswered requests by enrolment."""
    waiting = select(HelpRequest).where(
        HelpRequest.enrolment_id.in_(enrolment_ids), HelpRequest.answered_at.is_(None)
    )
    requests = db.session.scalars(
        waiting.options(joinedload(HelpRequest.user)).order_by(HelpRequest.asked_at)
    )
    return _by_enrolment(enrolment_ids, requests)


def open_actions(enrolment_ids: Collection[int]) -> dict[int, list[Action]]:
    """What is promised and not yet done, by enrolment, first due first."""
    promised = db.session.scalars(_open_actions(), {"enrolments": list(enrolment_ids)})
    return _by_enrolment(enrolment_ids, promised)


def sessions_between(person: Any, start: datetime, end: datetime) -> list[Session]:
    """Every session this person may see that begins in that time, in order; cancelled ones left out."""
    begun = select(Session).where(
        Session.enrolment_id.in_(_visible_ids(person)),
        Session.starts_at >= start,
        Session.starts_at < end,
        Session.state != SessionState.CANCELLED,
    )
    ordered = begun.order_by(Session.starts_at, Session.id).limit(LONGEST_AGENDA)
    return list(db.session.scalars(ordered.options(joinedload(Session.host))))


def upcoming_sessions(person: Any, until: datetime) -> list[Session]:
    """Planned sessions from now on; one that began less than an hour ago still counts."""
    ahead = sessions_between(person, now() - timedelta(hours=1), until)
    return [session for session in ahead if session.state is SessionState.PLANNED]


def agenda(person: Any) -> Agenda:
    """Planned sessions, sorted by the calendar of each cohort's own time zone; weeks end on Sunday."""
    planned = select(Session).where(
        Session.state == SessionState.PLANNED, Session.enrolment_id.in_(_visible_ids(person))
    )
    ordered = planned.order_by(Session.starts_at, Session.id).limit(LONGEST_AGENDA)
    sorted_out = Agenda()
    for session in db.session.scalars(ordered.options(joinedload(Session.host))):
        _place(sorted_out, session)
    return sorted_out


def _place(agenda: Agenda, session: Session) -> None:
    zone, moment = ZoneInfo(session.enrolment.cohort.time_zone), now()
    today, day = moment.astimezone(zone).date(), session.starts_at.astimezone(zone).date()
    if session.starts_at + timedelta(minutes=session.minutes) < moment:
        agenda.to_close.append(session)
    elif day <= today:
        agenda.today.append(session)
    elif day <= today + timedelta(days=6 - today.weekday()):
        agenda.this_week.append(session)
    else:
        agenda.later.append(session)


def grouped(sessions: Iterable[Session]) -> list[list[Session]]:
    """Sessions in their order, those of one group session together."""
    groups: dict[tuple, list[Session]] = {}
    for session in sessions:
        if session.kind is SessionKind.CLINIC:
            key: tuple = (session.cohort_id, session.host_id, session.starts_at)
        else:
            key = (session.id,)
        groups.setdefault(key, []).append(session)
    return list(groups.values())


def mentored_by(person: Any) -> list[Enrolment]:
    """The firms at work whose mentor this person is, by name."""
    own = enrolments_visible_to(person).where(Enrolment.mentor_id == person.id, Enrolment.state.in_(AT_WORK))
    return sorted(db.session.scalars(own), key=lambda enrolment: enrolment.firm.name)


def clinic_of(session: Session, person: Any) -> list[Session]:
    """The sessions of one group session that this person may see and that wait to be closed."""
    together = (
        select(Session)
        .join(Session.enrolment)
        .where(
            Session.kind == SessionKind.CLINIC,
            Session.starts_at == session.starts_at,
            Session.host_id == session.host_id,
            Session.state == SessionState.PLANNED,
            Enrolment.cohort_id == session.cohort_id,
            Session.enrolment_id.in_(_visible_ids(person)),
        )
    )
    return sorted(db.session.scalars(together), key=lambda one: one.enrolment.firm.name)


def attendance(enrolment_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Sessions attended and counted, by enrolment.

    What was made up is attended, what was missed is not; what is planned or cancelled does not count.
    """
    counted = (
        select(Session.enrolment_id, Session.state, func.count())
        .where(Session.enrolment_id.in_(enrolment_ids), Session.state.in_(COUNTED))
        .group_by(Session.enrolment_id, Session.state)
    )
    tally = {enrolment_id: (0, 0) for enrolment_id in enrolment_ids}
    for enrolment_id, state, number in db.session.execute(counted):
        attended, total = tally[enrolment_id]
        tally[enrolment_id] = attended + (number if state in ATTENDED else 0), total + number
    return tally


def missed_in_a_row(enrolment_ids: Collection[int]) -> dict[int, int]:
    """How many of a firm's latest sessions it missed one after the other, by enrolment."""
    past = (
        select(Session.enrolment_id, Session.state)
        .where(Session.enrolment_id.in_(enrolment_ids), Session.state.in_(COUNTED))
        .order_by(Session.starts_at.desc(), Session.id.desc())
    )
    states: dict[int, list[SessionState]] = {enrolment_id: [] for enrolment_id in enrolment_ids}
    for enrolment_id, state in db.session.execute(past):
        states[enrolment_id].append(state)
    return {
        enrolment_id: next((n for n, one in enumerate(latest) if one is not SessionState.MISSED), len(latest))
        for enrolment_id, latest in states.items()
    }


def last_contact(enrolment_ids: Collection[int]) -> dict[int, datetime]:
    """When staff last had to do with a firm: a contact noted, a session attended, a question answered.

    Firms nobody ever had contact with are left out.
    """
    touches = union_all(
        select(Contact.enrolment_id.label("of"), Contact.made_at.label("at")),
        select(Session.enrolment_id, Session.starts_at).where(Session.state.in_(ATTENDED)),
        select(HelpRequest.enrolment_id, HelpRequest.answered_at).where(HelpRequest.answered_at.is_not(None)),
    ).subquery()
    newest = select(touches.c.of, func.max(touches.c.at)).where(touches.c.of.in_(enrolment_ids))
    return {of: at for of, at in db.session.execute(newest.group_by(touches.c.of))}


def practice_counts(enrolment_ids: Collection[int]) -> dict[int, dict[Moment, tuple[int, int]]]:
    """By enrolment and moment: practices the firm said yes to, and practices it answered."""
    given = (
        select(PracticeCheck.enrolment_id, PracticeCheck.moment, PracticeCheck.yes, func.count())
        .where(PracticeCheck.enrolment_id.in_(enrolment_ids))
        .group_by(PracticeCheck.enrolment_id, PracticeCheck.moment, PracticeCheck.yes)
    )
    counts: dict[int, dict[Moment, tuple[int, int]]] = {enrolment_id: {} for enrolment_id in enrolment_ids}
    for enrolment_id, moment, yes, number in db.session.execute(given):
        said_yes, answered = counts[enrolment_id].get(moment, (0, 0))
        counts[enrolment_id][moment] = said_yes + (number if yes else 0), answered + number
    return counts


def _by_enrolment(enrolment_ids: Collection[int], rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.enrolment_id].append(row)
    return {enrolment_id: found[enrolment_id] for enrolment_id in enrolment_ids}
