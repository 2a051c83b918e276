"""Who came: noted by staff with one tap, or by the firm itself with the code at the door."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms import events
from lms.cohorts.models import AT_WORK, Cohort, Enrolment
from lms.cohorts.services import enrolments_visible_to
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.mentoring.door import BEFORE, is_open
from lms.mentoring.makeup import stand_in
from lms.mentoring.models import Session, SessionKind, SessionState
from lms.mentoring.questions import ATTENDED, COUNTED
from lms.mentoring.services.keeping import note_firm_activity
from lms.mentoring.services.rules import rules_of

MOST_COLUMNS = 24
NOTED = (SessionState.HELD, SessionState.MISSED, SessionState.MADE_UP, SessionState.PLANNED)


@dataclass
class GridRow:
    """One firm: its session in each column (None where it was not invited), and how many of them count."""

    enrolment: Enrolment
    sessions: list[Session | None] = field(default_factory=list)

    @property
    def attended(self) -> int:
        return sum(one is not None and one.state in ATTENDED for one in self.sessions)

    @property
    def counted(self) -> int:
        return sum(one is not None and one.state in COUNTED for one in self.sessions)


@dataclass
class Grid:
    """The group sessions of a cohort as columns, its firms as rows; `columns` holds one session of each."""

    columns: list[Session]
    rows: list[GridRow]


def attendance_grid(cohort: Cohort, person: Any) -> Grid:
    """The latest group sessions of a cohort and the firms this person may see, in two queries."""
    visible = enrolments_visible_to(person).where(
        Enrolment.cohort_id == cohort.id, Enrolment.state.in_(AT_WORK)
    )
    enrolments = sorted(db.session.scalars(visible), key=lambda one: one.firm.name)
    clinics = select(Session).where(
        Session.enrolment_id.in_([one.id for one in enrolments]),
        Session.kind == SessionKind.CLINIC,
        Session.state != SessionState.CANCELLED,
    )
    found = list(db.session.scalars(clinics.order_by(Session.starts_at, Session.id)))
    columns: dict[tuple[datetime, int], Session] = {}
    for session in found:
        columns.setdefault((session.starts_at, session.host_id), session)
    shown = list(columns)[-MOST_COLUMNS:]
    at = {(one.enrolment_id, one.starts_at, one.host_id): one for one in found}
    rows = [GridRow(one, [at.get((one.id, *key)) for key in shown]) for one in enrolments]
    return Grid([columns[key] for key in shown], rows)


def together_with(session: Session, person: Any = None) -> list[Session]:
    """The sessions of everybody who meets at once with this one, by firm; `person` sees only theirs."""
    if session.kind is not SessionKind.CLINIC:
        return [session]
    group = (
        select(Session)
        .join(Session.enrolment)
        .where(
            Session.kind == SessionKind.CLINIC,
            Session.starts_at == session.starts_at,
            Session.host_id == session.host_id,
            Session.state != SessionState.CANCELLED,
            Enrolment.cohort_id == session.cohort_id,
        )
    )
    if person is not None:
        visible = enrolments_visible_to(person).with_only_columns(Enrolment.id)
        group = group.where(Session.enrolment_id.in_(visible))
    return sorted(db.session.scalars(group), key=lambda one: one.enrolment.firm.name)


def present_in(sessions: Sequence[Session]) -> int:
    """How many came."""
    return sum(one.state is SessionState.HELD for one in sessions)


def note_attendance(session: Session, state: SessionState, *, by: Any) -> None:
    """Note a firm present, absent or made up for, or take that back; what is noted already stays."""
    if state not in NOTED:
        raise Refused(_("Say whether the firm came."))
    if session.state is SessionState.CANCELLED:
        raise Refused(_("This session was called off."))
    if session.starts_at - BEFORE > now():
        raise Refused(_("The session has not begun yet."))
    if session.state is state:
        return
    stand = _stand_in(session) if state is SessionState.MADE_UP else None
    session.made_up_by_id = stand.id if stand else None
    session.state = state
    session.closed_at = None if state is SessionState.PLANNED else now()
    if state is not SessionState.HELD:
        session.arrived_at = None
    db.session.flush()
    _tell(session, by)


def _stand_in(session: Session) -> Session:
    days = rules_of(session.cohort_id).makeup_days
    of_firm = select(Session).where(Session.enrolment_id == session.enrolment_id, Session.id != session.id)
    sessions = list(db.session.scalars(of_firm))
    used = {one.made_up_by_id for one in sessions if one.made_up_by_id}
    found = stand_in(session, sessions, used, days)
    if found is None:
        raise Refused(
            _(
                "It is made up with a visit, call or chat within %(days)s days. Note that session first.",
                days=days,
            )
        )
    return found


def own_session_at(door: Session, enrolment: Enrolment) -> Session | None:
    """The session of this firm in the group whose code was scanned."""
    return next((one for one in together_with(door) if one.enrolment_id == enrolment.id), None)


def arrive(session: Session, *, by: Any) -> None:
    """Somebody of the firm is there. Saying it twice changes nothing."""
    if session.state is SessionState.CANCELLED or not is_open(session.starts_at, session.minutes, now()):
        raise Refused(_("This session is not open now. Ask who leads it to note you."))
    if session.state is SessionState.HELD:
        return
    session.state, session.made_up_by_id = SessionState.HELD, None
    session.arrived_at = session.closed_at = now()
    note_firm_activity(session.enrolment, by)
    db.session.flush()
    _tell(session, by)


def _tell(session: Session, by: Any) -> None:
    events.publish(
        events.AttendanceNoted(
            actor_id=by.id,
            enrolment_id=session.enrolment_id,
            firm_id=session.firm_id,
            session_id=session.id,
            state=session.state.value,
        )
    )
