"""The letter of the morning: what happened since the last one, in one letter, each with its own button."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from lms.accounts.models import Firm, Membership, User
from lms.cohorts.models import AT_WORK, Cohort, Enrolment
from lms.cohorts.quiet import USUAL_FROM, USUAL_UNTIL, QuietHours
from lms.foundation.clock import DEFAULT_ZONE, now
from lms.foundation.db import db
from lms.foundation.jobs import enqueue, every, job
from lms.notifications.kinds import Rhythm, is_time_for_digest
from lms.notifications.letters import Line, speaking, write
from lms.notifications.models import Notice
from lms.notifications.preferences import chosen_by

MOST_LINES = 12


@every(timedelta(hours=1))
def plan_digests() -> None:
    """Ask for the letter of everyone for whom it is morning and something waits: one a day, whatever
    happens."""
    waiting = select(Notice.user_id).where(Notice.in_digest, Notice.read_at.is_(None))
    # Invented people have no mailbox; their letters would only fill the console of who tries the house out.
    real = select(User.id).where(User.id.in_(waiting), User.suspended_at.is_(None), User.invented.is_(False))
    user_ids = list(db.session.scalars(real))
    zones, cohorts = _zones(user_ids), _cohorts(user_ids)
    for user_id in user_ids:
        local = now().astimezone(ZoneInfo(zones.get(user_id, DEFAULT_ZONE)))
        if is_time_for_digest(local) and not _quiet(cohorts.get(user_id), local):
            enqueue(write_digest, key=f"digest:{user_id}:{local.date()}", user_id=user_id)


@job
def write_digest(user_id: int) -> None:
    """One letter with what waits for this person; what they read in the page meanwhile is left out."""
    waiting = (Notice.user_id == user_id) & Notice.in_digest
    notices = list(db.session.scalars(select(Notice).where(waiting).order_by(Notice.id)))
    person, rhythms = db.session.get_one(User, user_id), chosen_by(user_id)
    told = [
        notice
        for notice in notices
        if notice.read_at is None and notice.kind and rhythms[notice.kind] is not Rhythm.NEVER
    ]
    db.session.execute(update(Notice).where(waiting).values(in_digest=False))
    if not told or person.suspended_at is not None:  # suspended after this was planned
        return
    shown = [Line(notice.text, notice.path) for notice in told[-MOST_LINES:]]
    with speaking(person.locale, _zones([user_id]).get(user_id)):
        words = {"name": person.first_name, "count": len(told), "more": len(told) - len(shown)}
        quiet = _cohorts([user_id]).get(user_id)
        write(person.email, "digest", "/notices", words, reader=person, lines=shown, quiet=quiet)


def _quiet(cohort: Cohort | None, local: datetime) -> bool:
    """Whoever is in no cohort, as those who work for the house, is left in peace at the usual hours."""
    usual = QuietHours(USUAL_FROM, USUAL_UNTIL, str(local.tzinfo))
    return (cohort.quiet_hours if cohort else usual).cover(local)


def _cohorts(user_ids: Iterable[int]) -> dict[int, Cohort]:
    """The cohort in which each member's firm is at work, the newest if there are several."""
    rows = db.session.execute(
        select(Membership.user_id, Cohort)
        .join(Enrolment, Enrolment.firm_id == Membership.firm_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Membership.user_id.in_(list(user_ids)),
            Membership.ended_at.is_(None),
            Enrolment.state.in_(AT_WORK),
        )
        .order_by(Enrolment.id)
    )
    return {user_id: cohort for user_id, cohort in rows}


def _zones(user_ids: Iterable[int]) -> dict[int, str]:
    """The time zone of each member's firm; whoever works for the house is not in it."""
    rows = db.session.execute(
        select(Membership.user_id, Firm.time_zone)
        .join(Firm, Firm.id == Membership.firm_id)
        .where(Membership.user_id.in_(list(user_ids)), Membership.ended_at.is_(None))
        .order_by(Membership.id.desc())
    )
    return {row.user_id: row.time_zone for row in rows}
