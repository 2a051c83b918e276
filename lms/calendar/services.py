"""What is in a person's calendar, and the address under which other programs read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from lms import events
from lms.accounts.person import Person, person
from lms.calendar.models import CalendarFeed
from lms.cohorts import schedule
from lms.cohorts.models import AT_WORK, Cohort, Enrolment
from lms.cohorts.services import (
    cohorts_visible_to,
    current_enrolment,
    enrolments_visible_to,
    excused_from,
    paused_days_today,
    reach_of,
)
from lms.curriculum.models import Brief, Week
from lms.foundation import tokens
from lms.foundation.clock import DEFAULT_ZONE, now
from lms.foundation.db import db
from lms.mentoring import services as mentoring
from lms.mentoring.models import ActionOwner, Session, SessionKind, SessionState
from lms.permissions import Role

SESSION = "session"
CLINIC = "clinic"
TASK = "task"
WEEK = "week"
PROMISE = "promise"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing in a calendar: a session at a moment, or something due on a day.

    `what` is its title or the firm it is with, `host` who leads a session; `thing_id` names its page.
    """

    kind: str
    key: str
    what: str
    thing_id: int
    day: date
    starts_at: datetime | None = None
    minutes: int = 0
    session_kind: str = ""
    host: str = ""
    note: str = ""
    sequence: int = 0
    is_own: bool = False

    @property
    def order(self) -> tuple:
        return (self.day, self.starts_at is not None, self.starts_at or now(), self.key)


def zone_of(who: Any) -> str:
    """The time zone in which this person's calendar speaks: that of their cohort, or of their firms'."""
    if who.role is Role.MEMBER:
        enrolment = current_enrolment(who.firm_id)
        return enrolment.cohort.time_zone if enrolment else DEFAULT_ZONE
    if who.role is Role.MENTOR:
        return mentoring.zone_of(who)
    cohort = db.session.scalars(cohorts_visible_to(who).limit(1)).first()
    return cohort.time_zone if cohort else DEFAULT_ZONE


def items_for(who: Any, first: date, last: date) -> list[Item]:
    """Everything between two days, both included, in order."""
    zone = ZoneInfo(zone_of(who))
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    found = list(_sessions(who, start, end, zone))
    found += _of_member(who) if who.role is Role.MEMBER else _of_staff(who)
    return sorted((item for item in found if first <= item.day <= last), key=lambda item: item.order)


def _sessions(who: Any, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Item]:
    own = who.role is Role.MEMBER
    for session in _met_between(who, start, end):
        together = session.kind == "clinic"
        cohort = session.enrolment.cohort
        firms = cohort.name if together and not own else session.enrolment.firm.name
        yield Item(
            kind=CLINIC if together else SESSION,
            key=f"session-{session.id}",
            what=firms,
            thing_id=session.id,
            day=session.starts_at.astimezone(zone).date(),
            starts_at=session.starts_at,
            minutes=session.minutes,
            session_kind=session.kind,
            host=session.host.name,
            sequence=session.sequence,
            is_own=own,
        )


def _met_between(who: Any, start: datetime, end: datetime) -> list[Session]:
    """A member's sessions; of staff those they host or mentor, and each group session once."""
    visible = enrolments_visible_to(who).with_only_columns(Enrolment.id)
    wanted = (
        Session.enrolment_id.in_(visible)
        & (Session.starts_at >= start)
        & (Session.starts_at < end)
        & (Session.state != SessionState.CANCELLED)
    )
    sessions = select(Session).join(Session.enrolment).where(wanted).options(joinedload(Session.host))
    if who.role is not Role.MEMBER:
        once = (
            select(func.min(Session.id))
            .join(Session.enrolment)
            .where(wanted, Session.kind == SessionKind.CLINIC)
            .group_by(Enrolment.cohort_id, Session.host_id, Session.starts_at)
        )
        theirs = (Session.host_id == who.id) | (Enrolment.mentor_id == who.id)
        alone = theirs & (Session.kind != SessionKind.CLINIC)
        sessions = sessions.where(alone | Session.id.in_(once))
    return list(db.session.scalars(sessions.order_by(Session.starts_at, Session.id)))


def _of_member(who: Any) -> list[Item]:
    """The tasks of the firm's course on their last day, and what it promised."""
    enrolment = current_enrolment(who.firm_id)
    if enrolment is None:
        return []
    found = []
    if enrolment.state in AT_WORK:
        cohort, paused = enrolment.cohort, paused_days_today(enrolment)
        excused = excused_from(enrolment)
        found = [
            Item(
                kind=TASK,
                key=f"task-{enrolment.id}-{brief.slug.replace('/', '-')}",
                what=brief.title,
                thing_id=brief.id,
                day=schedule.due_on(cohort.starts_on, week, paused),
                is_own=True,
            )
            for week, brief in _briefs(cohort)
            if brief.slug not in excused
        ]
    return found + _promises([enrolment], ActionOwner.FIRM, own=True)


def _briefs(cohort: Cohort) -> list[tuple[int, Brief]]:
    rows = db.session.execute(
        select(Week.number, Brief)
        .join(Brief, Brief.week_id == Week.id)
        .where(Week.version_id == cohort.course_version_id, Brief.required)
        .order_by(Week.number)
    )
    return [(number, brief) for number, brief in rows]


def _of_staff(who: Any) -> list[Item]:
    """The last day of each week of the cohorts one teaches or leads, and what one promised to firms."""
    mine = mentoring.mentored_by(who)
    cohorts = {one.id: one for one in db.session.scalars(cohorts_visible_to(who)) if one.closed_at is None}
    if who.role is Role.MENTOR:
        cohorts = {one.cohort_id: one.cohort for one in mine}
    weeks = [
        Item(
            kind=WEEK,
            key=f"week-{cohort.id}-{number}",
            what=cohort.name,
            note=str(number),
            thing_id=cohort.id,
            day=schedule.due_on(cohort.starts_on, number),
        )
        for cohort in cohorts.values()
        for number in range(1, cohort.course_version.weeks + 1)
    ]
    return weeks + _promises(mine, ActionOwner.MENTOR, own=False)


def _promises(enrolments: list[Enrolment], owner: ActionOwner, *, own: bool) -> list[Item]:
    by_id = {one.id: one for one in enrolments}
    if not by_id:
        return []
    return [
        Item(
            kind=PROMISE,
            key=f"promise-{action.id}",
            what=action.text,
            note="" if own else by_id[key].firm.name,
            thing_id=key,
            day=action.due_on,
            is_own=own,
        )
        for key, actions in mentoring.open_actions(list(by_id)).items()
        for action in actions
        if action.owner is owner
    ]


# The address


def feed_of(who: Any) -> CalendarFeed | None:
    return db.session.scalars(select(CalendarFeed).where(CalendarFeed.user_id == who.id)).first()


def make_feed(*, by: Any) -> str:
    """A new address in place of any before; gives its secret, which is shown once."""
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == by.id))
    token = tokens.new_token()
    db.session.add(CalendarFeed(user_id=by.id, token_hash=tokens.hash_token(token), made_at=now()))
    db.session.flush()
    events.publish(events.CalendarFeedMade(actor_id=by.id, user_id=by.id))
    return token


def stop_feed(*, by: Any) -> None:
    """From now on the address opens nothing."""
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == by.id))
    events.publish(events.CalendarFeedStopped(actor_id=by.id, user_id=by.id))


def reader_of(token: str) -> Person | None:
    """The person whose calendar this address opens, with what they reach today; nobody who was suspended."""
    kept = select(CalendarFeed.user_id).where(CalendarFeed.token_hash == tokens.hash_token(token))
    user_id = db.session.scalar(kept)
    found = person(user_id) if user_id is not None else None
    if found is None or found.role is Role.MEMBER:
        return found
    cohort_ids, programme_ids = reach_of(found)
    return found.reaching(cohort_ids=cohort_ids, programme_ids=programme_ids)
