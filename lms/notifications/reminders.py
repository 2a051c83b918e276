"""Reminders: what a firm would be sorry to miss, told once, some days before."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from lms.cohorts.models import Cohort, Enrolment, EnrolmentState
from lms.cohorts.schedule import programme_months
from lms.curriculum.models import Brief, Week
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.jobs import enqueue, every, job
from lms.mentoring.models import Session, SessionState
from lms.notifications.kinds import FIRST_HOUR, LAST_HOUR
from lms.notifications.letters import path_to
from lms.notifications.telling import people_of, tell
from lms.sales.models import Figure
from lms.sales.months import previous, write_month
from lms.standing.attention import report_due_on
from lms.standing.services import Standing, standings_of

# Two days leave a working day before a Sunday; five leave time to ask the shop for its figures.
DAYS_BEFORE_TASK = 2
DAYS_BEFORE_MONTH = 5
NOT_SENT = ("", "draft")


@every(timedelta(hours=1))
def plan_reminders() -> None:
    """Ask for the reminders of each cohort at work, an hour before the letters of the morning are written."""
    at_work = select(Enrolment.cohort_id).where(Enrolment.state == EnrolmentState.ACTIVE)
    for cohort in db.session.scalars(select(Cohort).where(Cohort.id.in_(at_work))):
        local = now().astimezone(ZoneInfo(cohort.time_zone))
        if FIRST_HOUR - 1 <= local.hour <= LAST_HOUR:
            day = local.date().isoformat()
            enqueue(remind, key=f"remind:{cohort.id}:{day}", cohort_id=cohort.id, day=day)


@job
def remind(cohort_id: int, day: str) -> None:
    """Tell the firms of a cohort what is near on that day: tasks, sessions, the month to write down."""
    cohort, today = db.session.get_one(Cohort, cohort_id), date.fromisoformat(day)
    standings = [row for row in standings_of(cohort) if row.state == EnrolmentState.ACTIVE]
    enrolments = {
        row.id: row for row in db.session.scalars(select(Enrolment).where(Enrolment.cohort_id == cohort_id))
    }
    briefs = _required_briefs(cohort)
    for standing in standings:
        _remind_of_tasks(standing, enrolments[standing.enrolment_id], briefs, today)
    _remind_of_sessions(cohort, today)
    _remind_of_month(cohort, [enrolments[row.enrolment_id] for row in standings], today)


def _required_briefs(cohort: Cohort) -> dict[int, Brief]:
    """The required task of each week, by the week's number."""
    rows = db.session.execute(
        select(Week.number, Brief)
        .join(Brief, Brief.week_id == Week.id)
        .where(Week.version_id == cohort.course_version_id, Brief.required)
    )
    return {number: brief for number, brief in rows}


def _remind_of_tasks(standing: Standing, enrolment: Enrolment, briefs: dict[int, Brief], today: date) -> None:
    for cell in standing.per_week:
        near = cell.due_on == today + timedelta(days=DAYS_BEFORE_TASK)
        if near and cell.brief_state in NOT_SENT and cell.number in briefs:
            brief = briefs[cell.number]
            words = {"title": brief.title, "day": cell.due_on}
            path = path_to("assignments.show_brief", brief_id=brief.id)
            tell(people_of(standing.firm_id), "task_due", path, words, enrolment=enrolment)


def _remind_of_sessions(cohort: Cohort, today: date) -> None:
    begin = datetime.combine(today + timedelta(days=1), time(), ZoneInfo(cohort.time_zone))
    tomorrow = (
        select(Session)
        .join(Session.enrolment)
        .where(
            Enrolment.cohort_id == cohort.id,
            Session.state == SessionState.PLANNED,
            Session.starts_at >= begin,
            Session.starts_at < begin + timedelta(days=1),
        )
        .order_by(Session.starts_at, Session.id)
    )
    for session in db.session.scalars(tomorrow):
        path = path_to("mentoring.agreements")
        told = {"session": session}
        tell(people_of(session.firm_id), "session_tomorrow", path, told, enrolment=session.enrolment)


def _remind_of_month(cohort: Cohort, enrolments: list[Enrolment], today: date) -> None:
    """On one day of the month: whoever wrote nothing for the one before, not even "I do not know"."""
    month = previous(today.replace(day=1))
    due_on = report_due_on(month)
    if today != due_on - timedelta(days=DAYS_BEFORE_MONTH):
        return
    answered = set(
        db.session.scalars(
            select(Figure.firm_id)
            .join(Enrolment, Enrolment.firm_id == Figure.firm_id)
            .where(Enrolment.cohort_id == cohort.id, Figure.month == month)
        )
    )
    weeks = cohort.course_version.weeks
    for enrolment in enrolments:
        months = programme_months(cohort.starts_on, weeks, enrolment.paused_days)
        if month in months and enrolment.firm_id not in answered:
            words = {"month": month, "due_on": due_on}
            path = path_to("sales.report", month=write_month(month))
            tell(people_of(enrolment.firm_id), "month_due", path, words, enrolment=enrolment)
