"""Firms that need someone, counted every week: a standing says how it is today and forgets how it was."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from lms.cohorts.models import Cohort, EnrolmentState
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.jobs import every
from lms.standing.attention import reasons
from lms.standing.models import AttentionWeek
from lms.standing.services import Standing, standings_of

WEEKS = 8


@dataclass(frozen=True)
class Count:
    """Firms at work, those that need someone, and how many for each reason (a firm may have several)."""

    at_work: int
    needing: int
    by_reason: Mapping[str, int]


def counted(standings: Iterable[Standing], day: date) -> Count:
    """What is put off counts too: it is so all the same."""
    active = [one for one in standings if one.state == EnrolmentState.ACTIVE]
    found = [reasons(one, day) for one in active]
    keys = Counter(reason.key for of_firm in found for reason in of_firm)
    return Count(len(active), sum(bool(of_firm) for of_firm in found), dict(keys))


def count_today(cohort: Cohort) -> Count:
    return counted(standings_of(cohort), today(cohort.time_zone))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks_before(cohort: Cohort) -> list[AttentionWeek]:
    """What was kept of the last eight weeks, oldest first. A week in which nobody counted is not there."""
    this_week = monday_of(today(cohort.time_zone))
    kept = select(AttentionWeek).where(
        AttentionWeek.cohort_id == cohort.id,
        AttentionWeek.week_on >= this_week - timedelta(weeks=WEEKS),
        AttentionWeek.week_on < this_week,
    )
    return list(db.session.scalars(kept.order_by(AttentionWeek.week_on)))


@every(timedelta(hours=6))
def count_attention() -> None:
    """Keep this week's count of each cohort at work that has none yet, as soon as its Monday has come."""
    running = select(Cohort).where(Cohort.closed_at.is_(None), Cohort.starts_on <= now().date())
    for cohort in db.session.scalars(running.order_by(Cohort.id)).all():
        monday = monday_of(today(cohort.time_zone))
        if monday < cohort.starts_on or _is_counted(cohort, monday):
            continue
        found = count_today(cohort)
        if found.at_work:
            week = AttentionWeek(
                cohort_id=cohort.id,
                week_on=monday,
                taken_at=now(),
                at_work=found.at_work,
                needing=found.needing,
                by_reason=dict(found.by_reason),
            )
            db.session.add(week)
            db.session.flush()


def _is_counted(cohort: Cohort, monday: date) -> bool:
    there = select(AttentionWeek.id).where(
        AttentionWeek.cohort_id == cohort.id, AttentionWeek.week_on == monday
    )
    return db.session.scalar(there) is not None
