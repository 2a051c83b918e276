"""How enrolments are doing: the one place that counts, so that phone, list, certificate and report agree."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from lms.accounts.models import Firm, Membership, User
from lms.assignments.deadlines import moved
from lms.assignments.models import SubmissionState
from lms.cohorts import schedule
from lms.cohorts.models import Cohort, Enrolment, EnrolmentState
from lms.cohorts.thresholds import Thresholds
from lms.curriculum.models import CourseVersion
from lms.foundation import clock
from lms.foundation.db import db, rows_of
from lms.mentoring.models import Contact, HelpRequest, SessionState
from lms.sales.milestones import Record, proven
from lms.sales.models import Baseline
from lms.sales.months import first_of
from lms.standing.attention import report_due_on
from lms.standing.facts import (
    Facts,
    Given,
    Reported,
    facts_of,
    figures_of,
    sessions_by_week,
    week_of_session,
    work_of,
)
from lms.standing.shapes import Progress, Standing, WeekCell
from lms.standing.taught import Taught, TaughtWeek, taught_in

__all__ = [
    "Progress",
    "Standing",
    "WeekCell",
    "progress_of",
    "standing_of",
    "standings_of",
    "standings_of_enrolments",
    "week_of_session",
]

HANDED_OVER = (SubmissionState.HANDED_IN, SubmissionState.ACCEPTED)


@dataclass(frozen=True)
class Dates:
    """What the days of one firm are counted from: its cohort's start, today, and its pauses."""

    starts_on: date
    today: date
    paused: int

    @property
    def week_now(self) -> int:
        return schedule.week_of(self.starts_on, self.today, self.paused)

    def moved(self, given: Given) -> date:
        return moved(given.until, given.paused_days, self.paused)


def standings_of(cohort: Cohort) -> list[Standing]:
    """Every enrolment of the cohort, whatever its state, by firm name; queries do not grow with them."""
    return _gather(rows_of(_enrolments(Enrolment.cohort_id == cohort.id)).all())


def standings_of_enrolments(enrolment_ids: Iterable[int] | Select[int]) -> list[Standing]:
    """The same for these enrolments, of one cohort or of several; keys, or a query that finds them."""
    if isinstance(enrolment_ids, Select):
        return _gather(rows_of(_enrolments(Enrolment.id.in_(enrolment_ids))).all())
    wanted = list(enrolment_ids)
    return _gather(rows_of(_enrolments(Enrolment.id.in_(wanted))).all()) if wanted else []


def progress_of(cohort: Cohort) -> list[Progress]:
    """The weeks of every firm that began, by name: what the grid shows, without what only standings need."""
    rows = db.session.execute(
        select(
            Enrolment.id,
            Enrolment.state,
            Enrolment.paused_on,
            Enrolment.paused_days,
            Firm.name.label("firm_name"),
        )
        .join(Firm, Firm.id == Enrolment.firm_id)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.state != EnrolmentState.INVITED)
        .order_by(Firm.name, Enrolment.id)
    ).all()
    taught = taught_in([cohort.course_version_id])[cohort.course_version_id]
    ids, today = [row.id for row in rows], clock.today(cohort.time_zone)
    facts, met = work_of(ids), sessions_by_week(ids, cohort, taught.weeks[-1].number)
    found = []
    for row in rows:
        paused = schedule.total_paused_days(row.paused_days, row.paused_on, today)
        dates = Dates(cohort.starts_on, today, paused)
        asked = taught.without(facts[row.id].excused_in_effect)
        cells = tuple(_cell(week, row.state, facts[row.id], dates) for week in asked.weeks)
        waiting = _to_review(taught, facts[row.id])
        found.append(Progress(row.id, row.firm_name, cells, waiting, met[row.id]))
    return found


def _to_review(taught: Taught, facts: Facts) -> dict[int, int]:
    """The work that waits for a review, by its week."""
    briefs = ((week.number, facts.briefs.get(week.brief or "")) for week in taught.weeks)
    return {
        number: work.submission_id
        for number, work in briefs
        if work and work.state is SubmissionState.HANDED_IN
    }


def standing_of(enrolment: Enrolment) -> Standing:
    return _gather(rows_of(_one_enrolment(), {"enrolment": enrolment.id}).all())[0]


@cache
def _one_enrolment() -> Select:
    return _enrolments(Enrolment.id == bindparam("enrolment"))


def _gather(rows: Sequence[Any]) -> list[Standing]:
    if not rows:
        return []
    taught = taught_in({row.course_version_id for row in rows})
    facts = facts_of([row.id for row in rows])
    figures = figures_of({row.firm_id for row in rows}, first_of(min(row.starts_on for row in rows)))
    return [
        _standing(row, taught[row.course_version_id], facts[row.id], figures[row.firm_id]) for row in rows
    ]


def _enrolments(wanted: ColumnElement[bool]):
    """The enrolments with what is one value each: baseline, open calls for help, last contact."""
    open_help = (HelpRequest.enrolment_id == Enrolment.id) & HelpRequest.answered_at.is_(None)
    asked = select(func.count()).where(open_help).scalar_subquery()
    asked_since = select(func.min(HelpRequest.asked_at)).where(open_help).scalar_subquery()
    is_contact = Contact.enrolment_id == Enrolment.id
    contacted = select(func.max(Contact.made_at)).where(is_contact).scalar_subquery()
    first_member = (
        select(User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.firm_id == Enrolment.firm_id, Membership.ended_at.is_(None))
        .order_by(Membership.id)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Enrolment.id,
            Enrolment.cohort_id,
            Enrolment.firm_id,
            Enrolment.mentor_id,
            Enrolment.state,
            Enrolment.started_at,
            Enrolment.paused_on,
            Enrolment.paused_days,
            Enrolment.last_activity_at,
            Firm.name.label("firm_name"),
            first_member.label("person"),
            Firm.sector,
            Firm.state.label("state_code"),
            Cohort.name.label("cohort_name"),
            Cohort.course_version_id,
            Cohort.starts_on,
            Cohort.time_zone,
            Cohort.thresholds,
            CourseVersion.weeks,
            CourseVersion.final_quiz_slug,
            Baseline.frozen_at,
            asked.label("open_help"),
            asked_since.label("open_help_since"),
            contacted.label("last_contact_at"),
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Firm, Firm.id == Enrolment.firm_id)
        .join(CourseVersion, CourseVersion.id == Cohort.course_version_id)
        .outerjoin(Baseline, Baseline.enrolment_id == Enrolment.id)
        .where(wanted)
        .order_by(Firm.name, Enrolment.id)
    )


def _standing(row: Any, taught: Taught, facts: Facts, figures: Reported) -> Standing:
    today = clock.today(row.time_zone)
    paused = schedule.total_paused_days(row.paused_days, row.paused_on, today)
    dates = Dates(row.starts_on, today, paused)
    week_now = min(dates.week_now, row.weeks)
    excused = facts.excused_in_effect
    taught = taught.without(excused)
    cells = tuple(_cell(week, row.state, facts, dates) for week in taught.weeks)
    limits = Thresholds.from_json(row.thresholds)
    facts.seen(row.last_activity_at)
    own = {month for month in figures.own if month >= first_of(row.starts_on)}
    passed = facts.passed
    return Standing(
        enrolment_id=row.id,
        cohort_id=row.cohort_id,
        cohort_name=row.cohort_name,
        firm_id=row.firm_id,
        firm_name=row.firm_name,
        person=row.person or "",
        sector=row.sector,
        state_code=row.state_code,
        state=row.state,
        mentor_id=row.mentor_id,
        time_zone=row.time_zone,
        starts_on=row.starts_on,
        ends_on=schedule.ends_on(row.starts_on, row.weeks, paused),
        started_at=row.started_at,
        weeks=row.weeks,
        week_now=week_now,
        lessons_done=len(facts.read & taught.lessons),
        lessons_total=len(taught.lessons),
        quizzes_passed=len(passed & taught.quizzes),
        quizzes_total=len(taught.quizzes),
        briefs_accepted=len(facts.accepted & taught.briefs),
        briefs_required=len(taught.briefs),
        own_figure_months=len(own),
        milestones=_milestones(row, taught, facts, figures, paused),
        final_quiz_passed=row.final_quiz_slug in passed,
        final_quiz_excused=row.final_quiz_slug in excused,
        baseline_frozen=row.frozen_at is not None,
        last_activity_at=facts.last_at,
        last_contact_at=row.last_contact_at,
        open_help=row.open_help,
        open_help_since=row.open_help_since,
        missing_months=_missing_months(row, figures, paused, today),
        per_week=cells,
        done=frozenset(facts.read | passed),
        work={slug: work.state.value for slug, work in facts.briefs.items()},
        given={slug: dates.moved(given) for slug, given in facts.given.items()},
        excused=excused,
        to_confirm=facts.to_confirm,
        thresholds=limits,
        put_off=tuple(facts.put_off),
        **_overdue(cells, today),
        **_stuck(taught, facts, limits),
        **_attendance(facts),
    )


def _cell(week: TaughtWeek, state: EnrolmentState, facts: Facts, dates: Dates) -> WeekCell:
    tries, work = facts.quizzes.get(week.quiz or ""), facts.briefs.get(week.brief or "")
    quiz = None if week.quiz is None else tries is not None and tries.passed
    brief_state = None if week.brief is None else work.state if work else ""
    read = len(week.lessons & facts.read)
    due_on = schedule.due_on(dates.starts_on, week.number, dates.paused)
    given = facts.given.get(week.brief or "")
    brief_due_on = max(due_on, dates.moved(given)) if given else due_on
    firm_did_all = read == len(week.lessons) and quiz is not False and brief_state in (None, *HANDED_OVER)
    if firm_did_all and not week.is_empty:
        mark = "part" if brief_state == SubmissionState.HANDED_IN else "done"
    elif week.is_excused:
        mark = "exempt"
    elif state is EnrolmentState.PAUSED:
        mark = "pause"
    elif week.is_empty or week.number > dates.week_now:
        mark = "part" if read or quiz or brief_state else "ahead"
    else:
        # While only the task is left, its own date counts.
        only_brief_left = read == len(week.lessons) and quiz is not False
        mark = "late" if (brief_due_on if only_brief_left else due_on) < dates.today else "now"
    return WeekCell(
        number=week.number,
        read=read,
        lessons=len(week.lessons),
        quiz=quiz,
        brief_state=brief_state,
        due_on=due_on,
        brief_due_on=brief_due_on,
        mark=mark,
    )


def _milestones(row: Any, taught: Taught, facts: Facts, figures: Reported, paused: int) -> frozenset[str]:
    """The codes that staff verified, that figures prove, and those that are a state: frozen, graduated."""
    record = Record(
        start=first_of(row.starts_on),
        end=first_of(schedule.ends_on(row.starts_on, row.weeks, paused)),
        sold=tuple(figures.sold),
    )
    is_state = {
        "baseline": row.frozen_at is not None,
        "graduation": row.state is EnrolmentState.GRADUATED,
    }
    reached = set(facts.verified)
    for definition in taught.milestones:
        if is_state.get(definition.proof) or proven(definition, record):
            reached.add(definition.code)
    return frozenset(reached)


def _missing_months(row: Any, figures: Reported, paused: int, today: date) -> tuple[date, ...]:
    months = schedule.programme_months(row.starts_on, row.weeks, paused)
    return tuple(month for month in months if report_due_on(month) < today and month not in figures.answered)


def _overdue(cells: Collection[WeekCell], today: date) -> dict[str, Any]:
    """Required work whose day has passed and that was never handed in; what was sent back was on time."""
    waited_for = [cell.brief_due_on for cell in cells if cell.brief_state in ("", SubmissionState.DRAFT)]
    late = [due_on for due_on in waited_for if due_on < today]
    return {"overdue_briefs": len(late), "overdue_since": min(late, default=None)}


def _stuck(taught: Taught, facts: Facts, limits: Thresholds) -> dict[str, Any]:
    """Work that is with the firm again, sent back too often, and quizzes not passed in too many attempts."""
    back = [
        work.returned_at
        for slug in taught.briefs & facts.briefs.keys()
        if (work := facts.briefs[slug]).state is SubmissionState.RETURNED
        and work.times_returned >= limits.times_returned
    ]
    failed = [
        tries.last_at
        for slug in taught.quizzes & facts.quizzes.keys()
        if not (tries := facts.quizzes[slug]).passed and tries.failed >= limits.times_failed
    ]
    return {
        "returned_often": len(back),
        "returned_since": _earliest(back),
        "failed_often": len(failed),
        "failed_since": _earliest(failed),
    }


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def _attendance(facts: Facts) -> dict[str, Any]:
    """What was held or made up of all that counted, and the absences at the end of the row."""
    missed: list[datetime] = []
    for starts_at, state in facts.sessions:
        missed = [*missed, starts_at] if state is SessionState.MISSED else []
    absences = sum(state is SessionState.MISSED for _starts_at, state in facts.sessions)
    return {
        "attended": len(facts.sessions) - absences,
        "counted_sessions": len(facts.sessions),
        "missed_in_a_row": len(missed),
        "missed_since": missed[-1] if missed else None,
    }
