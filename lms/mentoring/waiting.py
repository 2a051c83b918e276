"""What waits for whoever goes with firms: calls for help, promises whose day may have come, planned sessions.

One query for all three, so that a first page stays quick: rows of a few columns instead of objects.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, Integer, Select, String, cast, literal, null, select, type_coerce, union_all

from lms.accounts.models import Firm, User
from lms.cohorts.models import AT_WORK, Cohort, Enrolment, EnrolmentState
from lms.cohorts.services import enrolments_visible_to
from lms.foundation.db import UtcDateTime, db
from lms.mentoring.models import Action, HelpRequest, Session, SessionState

MOST = 2000


class WaitKind(StrEnum):
    HELP = "help"
    PROMISE = "promise"
    SESSION = "session"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One thing that waits.

    `word` is the owner of a promise or the kind of a session; `person` is who asked, `about` what for;
    `host_id` and `minutes` are a session's. `since` is the moment of a call for help, the day of a promise,
    the beginning of a session.
    """

    kind: WaitKind
    id: int
    enrolment_id: int
    firm: str
    cohort_id: int
    cohort: str
    time_zone: str
    mentor_id: int | None
    is_paused: bool
    person: str
    about: str
    text: str
    word: str
    since: Any
    host_id: int | None
    minutes: int


def waiting_for(person: Any, until: datetime) -> list[Waiting]:
    """What waits with the firms at work that this person may see; sessions that begin before `until`."""
    visible = enrolments_visible_to(person).with_only_columns(Enrolment.id)
    parts = (_help(), _promises(), _sessions(until))
    waits = union_all(*(part.where(part.selected_columns.enrolment_id.in_(visible)) for part in parts))
    wait = waits.subquery()
    rows = (
        select(
            wait,
            Firm.name.label("firm"),
            Cohort.id.label("cohort_id"),
            Cohort.name.label("cohort"),
            Cohort.time_zone,
            Enrolment.mentor_id,
            (Enrolment.state == EnrolmentState.PAUSED).label("is_paused"),
        )
        .join(Enrolment, Enrolment.id == wait.c.enrolment_id)
        .join(Firm, Firm.id == Enrolment.firm_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.state.in_(AT_WORK))
        .order_by(wait.c.at, wait.c.due_on, wait.c.id)
        .limit(MOST)
    )
    return [_waiting(dict(row._mapping)) for row in db.session.execute(rows)]


def _waiting(row: dict[str, Any]) -> Waiting:
    row["since"] = row.pop("at") or row.pop("due_on")
    row.pop("due_on", None)
    return Waiting(**row | {"kind": WaitKind(row["kind"]), "is_paused": bool(row["is_paused"])})


def _help() -> Select:
    return (
        select(
            literal(WaitKind.HELP.value).label("kind"),
            HelpRequest.id,
            HelpRequest.enrolment_id,
            User.name.label("person"),
            HelpRequest.about_title.label("about"),
            HelpRequest.text,
            literal("").label("word"),
            cast(null(), Date).label("due_on"),
            HelpRequest.asked_at.label("at"),
            cast(null(), Integer).label("host_id"),
            literal(0).label("minutes"),
        )
        .join(User, User.id == HelpRequest.user_id)
        .where(HelpRequest.answered_at.is_(None))
    )


def _promises() -> Select:
    return select(
        literal(WaitKind.PROMISE.value),
        Action.id,
        Action.enrolment_id,
        literal(""),
        literal(""),
        Action.text,
        type_coerce(Action.owner, String),
        Action.due_on,
        cast(null(), UtcDateTime),
        cast(null(), Integer),
        literal(0),
    ).where(Action.done_at.is_(None))


def _sessions(until: datetime) -> Select:
    return select(
        literal(WaitKind.SESSION.value),
        Session.id,
        Session.enrolment_id,
        literal(""),
        literal(""),
        literal(""),
        type_coerce(Session.kind, String),
        cast(null(), Date),
        Session.starts_at,
        Session.host_id,
        Session.minutes,
    ).where(Session.state == SessionState.PLANNED, Session.starts_at < until)
