"""How the pairings of a cohort are doing, in a fixed number of queries: for its lead."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment, EnrolmentState
from lms.cohorts.services import capacities, mentor_loads
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.mentoring.health import Pair, level, signs
from lms.mentoring.models import Action, ActionOwner, Contact, Goal, Pulse, Session, SessionKind, SessionState
from lms.mentoring.questions import missed_in_a_row
from lms.mentoring.services.goals import side_of
from lms.mentoring.services.keeping import add

PULSE_DAYS = 60


@dataclass(frozen=True)
class Pairing:
    """One firm with its mentor: the numbers, the signs they give, and the hours spent together."""

    enrolment: Enrolment
    pair: Pair
    last_session_at: datetime | None
    minutes: int

    @property
    def signs(self) -> tuple[str, ...]:
        return signs(self.pair)

    @property
    def level(self) -> str:
        return level(self.signs)


@dataclass
class MentorLine:
    """One mentor: firms here and everywhere, of how many; hours given; promises that are overdue."""

    mentor: User
    firms: int
    load: int
    capacity: int
    minutes: int = 0
    overdue: int = 0


@dataclass
class Care:
    """The mentoring of a cohort: pairings with the gravest first, mentors by name, overdue promises."""

    pairings: list[Pairing]
    mentors: list[MentorLine]
    overdue: list[Action] = field(default_factory=list)


def care_of(cohort: Cohort) -> Care:
    """The firms at work in a cohort. Paused ones are left in peace."""
    at_work = select(Enrolment).where(
        Enrolment.cohort_id == cohort.id, Enrolment.state == EnrolmentState.ACTIVE
    )
    enrolments = list(db.session.scalars(at_work))
    ids, day = [one.id for one in enrolments], today(cohort.time_zone)
    overdue = overdue_actions(ids, day)
    late: dict[int, int] = defaultdict(int)
    for action in overdue:
        late[action.enrolment_id] += 1
    facts = _Facts(ids)
    pairings = [_pairing(one, facts, late[one.id], cohort, day) for one in enrolments]
    gravest = {"bad": 0, "warn": 1, "ok": 2}
    pairings.sort(key=lambda one: (gravest[one.level], -len(one.signs), one.enrolment.firm.name))
    return Care(pairings, _mentors(enrolments, ids, overdue), overdue)


def overdue_actions(enrolment_ids: Collection[int], day: date) -> list[Action]:
    """What was promised for a day before this one and is still open, longest overdue first."""
    late = select(Action).where(
        Action.enrolment_id.in_(enrolment_ids), Action.done_at.is_(None), Action.due_on < day
    )
    return list(db.session.scalars(late.order_by(Action.due_on, Action.id)))


class _Facts:
    """What is counted for many enrolments at once."""

    def __init__(self, ids: Collection[int]) -> None:
        self.last = _by_enrolment(
            select(Session.enrolment_id, func.max(Session.starts_at)).where(
                Session.enrolment_id.in_(ids), Session.state == SessionState.HELD
            )
        )
        self.missed = missed_in_a_row(ids)
        self.goals = set(db.session.scalars(select(Goal.enrolment_id).where(Goal.enrolment_id.in_(ids))))
        self.minutes = minutes_by_firm(ids)
        self.pulses = _pulses(ids)


def _by_enrolment(query: Any) -> dict[int, Any]:
    return {key: value for key, value in db.session.execute(query.group_by("enrolment_id"))}


def _pulses(ids: Collection[int]) -> dict[tuple[int, ActionOwner], int]:
    """The newest answer of each side, unless it is too old to mean anything."""
    given = select(Pulse.enrolment_id, Pulse.side, Pulse.score).where(
        Pulse.enrolment_id.in_(ids), Pulse.given_at > now() - timedelta(days=PULSE_DAYS)
    )
    return {(key, side): score for key, side, score in db.session.execute(given.order_by(Pulse.id))}


def _pairing(enrolment: Enrolment, facts: _Facts, overdue: int, cohort: Cohort, day: date) -> Pairing:
    last = facts.last.get(enrolment.id)
    begun = max(cohort.starts_on, enrolment.started_at.date() if enrolment.started_at else cohort.starts_on)
    since = last.date() if last else begun
    pair = Pair(
        has_mentor=enrolment.mentor_id is not None,
        days=max((day - since).days, 0),
        overdue=overdue,
        missed=facts.missed[enrolment.id],
        has_goal=enrolment.id in facts.goals,
        firm_pulse=facts.pulses.get((enrolment.id, ActionOwner.FIRM)),
        mentor_pulse=facts.pulses.get((enrolment.id, ActionOwner.MENTOR)),
    )
    return Pairing(enrolment, pair, last, facts.minutes.get(enrolment.id, 0))


# Hours


def minutes_by_firm(ids: Collection[int]) -> dict[int, int]:
    """The minutes of mentoring each firm had: sessions it attended, and contacts that took time."""
    held = _by_enrolment(
        select(Session.enrolment_id, func.sum(Session.minutes)).where(
            Session.enrolment_id.in_(ids), Session.state == SessionState.HELD
        )
    )
    noted = _by_enrolment(
        select(Contact.enrolment_id, func.sum(Contact.minutes)).where(Contact.enrolment_id.in_(ids))
    )
    return {key: int(held.get(key) or 0) + int(noted.get(key) or 0) for key in ids}


def minutes_by_mentor(ids: Collection[int]) -> dict[int, int]:
    """The minutes that each gave to these firms; a group session counts once, however many came."""
    held = select(Session.host_id, Session.starts_at, Session.kind, Session.minutes, Session.id).where(
        Session.enrolment_id.in_(ids), Session.state == SessionState.HELD
    )
    times: dict[tuple, tuple[int, int]] = {}
    for host_id, starts_at, kind, minutes, key in db.session.execute(held):
        once = (host_id, starts_at) if kind is SessionKind.CLINIC else (key,)
        times[once] = (host_id, minutes)
    given: dict[int, int] = defaultdict(int)
    for host_id, minutes in times.values():
        given[host_id] += minutes
    noted = select(Contact.by_id, func.sum(Contact.minutes)).where(Contact.enrolment_id.in_(ids))
    for user_id, minutes in db.session.execute(noted.group_by(Contact.by_id)):
        given[user_id] += int(minutes or 0)
    return dict(given)


def _mentors(enrolments: Iterable[Enrolment], ids: Collection[int], overdue: Iterable[Action]):
    by_id = {one.mentor_id: one.mentor for one in enrolments if one.mentor}
    people = sorted(by_id.values(), key=lambda person: person.name)
    loads, most, minutes = mentor_loads(people), capacities(people), minutes_by_mentor(ids)
    lines = {
        one.id: MentorLine(one, 0, loads[one.id], most[one.id], minutes.get(one.id, 0)) for one in people
    }
    for enrolment in enrolments:
        if enrolment.mentor_id in lines:
            lines[enrolment.mentor_id].firms += 1
    for action in overdue:
        if action.mentor_id in lines:
            lines[action.mentor_id].overdue += 1
    return list(lines.values())


# Pulse


def may_give_pulse(enrolment: Enrolment, person: Any) -> bool:
    """The people of the firm and its mentor, nobody else: a lead who looks in is no side."""
    return side_of(person, enrolment) is ActionOwner.FIRM or person.id == enrolment.mentor_id


def pulse_of(enrolment: Enrolment, person: Any) -> Pulse | None:
    """What this person said last."""
    mine = select(Pulse).where(Pulse.enrolment_id == enrolment.id, Pulse.user_id == person.id)
    return db.session.scalars(mine.options(joinedload(Pulse.user)).order_by(Pulse.id.desc()).limit(1)).first()


def give_pulse(enrolment: Enrolment, score: int, *, by: Any) -> None:
    """Say how the mentoring goes: 1 badly, 2 so-so, 3 well."""
    if not may_give_pulse(enrolment, by):
        raise Refused(_("Only the firm and its mentor say how it goes."))
    pulse = Pulse(
        enrolment=enrolment,
        firm_id=enrolment.firm_id,
        user_id=by.id,
        side=side_of(by, enrolment),
        score=score,
        given_at=now(),
    )
    add(pulse)
