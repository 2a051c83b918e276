"""What each role's first page shows, gathered from the rooms that know; each list is one call, filtered by
who looks."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from lms.accounts.models import User
from lms.assignments import services as assignments
from lms.assignments.summaries import feedback_to_act_on, waiting_by_cohort
from lms.cohorts import schedule
from lms.cohorts import services as cohorts
from lms.cohorts.models import AT_WORK, Cohort, Enrolment, EnrolmentState, Programme
from lms.curriculum import services as curriculum
from lms.curriculum.models import CourseVersion
from lms.followups import services as followups
from lms.followups.models import FollowUp
from lms.foundation.clock import today
from lms.foundation.db import db
from lms.graduation import services as graduation
from lms.graduation.criteria import Criterion, evaluate
from lms.learning import services as learning
from lms.learning.outline import first_open
from lms.mentoring import services as mentoring
from lms.mentoring.models import Action, Note, Session
from lms.standing import services as standing
from lms.standing.attention import Reason, awake, reasons
from lms.standing.services import Standing


@dataclass(frozen=True, kw_only=True)
class MemberHome:
    """A member's page: the one next step, this week, who goes with them and what is agreed."""

    enrolment: Enrolment
    next_item: Any
    week: Any
    standing: Standing
    criteria: list[Criterion]
    mentor: User | None
    session: Session | None
    actions: list[Action]
    feedback: Any
    more_days: list[Any]
    to_confirm: list[Any]
    follow_up: FollowUp | None


@dataclass(frozen=True)
class Row:
    """One firm, why it needs someone, and whether there are reasons that were put off."""

    standing: Standing
    reasons: tuple[Reason, ...]
    has_put_off: bool


@dataclass(frozen=True, kw_only=True)
class CohortLine:
    """One cohort in a lead's summary."""

    cohort: Cohort
    week: int
    weeks: int
    firms: int
    states: Counter[str]
    needing: int
    waiting: int
    oldest_wait: datetime | None
    reached: list[tuple[str, int]]

    @property
    def active(self) -> int:
        return self.states[EnrolmentState.ACTIVE]

    @property
    def paused(self) -> int:
        return self.states[EnrolmentState.PAUSED]

    @property
    def graduated(self) -> int:
        return self.states[EnrolmentState.GRADUATED]

    @property
    def decided(self) -> int:
        return self.graduated + self.states[EnrolmentState.NOT_GRADUATED]


def member_home(person: Any) -> MemberHome | None:
    """The page of a member whose firm is in a cohort; None when it is in none."""
    enrolment = cohorts.current_enrolment(person.firm_id)
    if enrolment is None:
        return None
    current = standing.standing_of(enrolment)
    weeks = learning.course_plan(
        enrolment, person, current.work, dict.fromkeys(current.done, "done"), current.given, current.excused
    )
    feedback = feedback_to_act_on(enrolment)
    return MemberHome(
        enrolment=enrolment,
        next_item=first_open(item for week in weeks for item in week.items),
        week=next((week for week in weeks if week.is_current and week.items), None)
        or _last_with_items(weeks),
        standing=current,
        criteria=evaluate(graduation.rules_of(enrolment.cohort), current),
        mentor=mentoring.mentor_of(enrolment),
        session=mentoring.next_session(enrolment),
        actions=mentoring.open_actions([enrolment.id])[enrolment.id],
        feedback=feedback if feedback and feedback.submission.brief.slug not in current.excused else None,
        to_confirm=assignments.work_to_confirm(enrolment) if current.to_confirm else [],
        follow_up=followups.open_for(enrolment),
        more_days=[item for week in weeks for item in week.items if item.given_until and item.is_open],
    )


def _last_with_items(weeks: list[Any]) -> Any:
    """When the present week has nothing yet, the last one that has: there may be work left in it."""
    past = [week for week in weeks if week.items and not week.is_ahead]
    return next((week for week in past if week.done < len(week.counting)), past[-1] if past else None)


def attention_of(person: Any) -> list[Row]:
    """Every firm at work that this person may see, with its reasons (maybe none), by name."""
    visible = cohorts.enrolments_visible_to(person).where(Enrolment.state.in_(AT_WORK))
    standings = standing.standings_of_enrolments(db.session.scalars(visible.with_only_columns(Enrolment.id)))
    return [_row(one, today(one.time_zone)) for one in standings]


def _row(one: Standing, day: date) -> Row:
    found = awake(one, day)
    return Row(one, found, len(reasons(one, day)) > len(found))


def programmes_led_by(person: Any) -> list[Programme]:
    return list(
        db.session.scalars(
            select(Programme).where(Programme.id.in_(person.programme_ids)).order_by(Programme.name)
        )
    )


def cohort_lines(programme: Programme) -> list[CohortLine]:
    """The cohorts of a programme, newest first, each with how it is going."""
    waits = waiting_by_cohort([cohort.id for cohort in programme.cohorts])
    return [_cohort_line(cohort, waits.get(cohort.id, (0, None))) for cohort in programme.cohorts]


def _cohort_line(cohort: Cohort, waits: tuple[int, datetime | None]) -> CohortLine:
    standings = standing.standings_of(cohort)
    day = today(cohort.time_zone)
    waiting, oldest = waits
    weeks = cohort.course_version.weeks
    titles = graduation.milestone_titles(cohort.course_version_id)
    at_work = [one for one in standings if one.state in AT_WORK]
    return CohortLine(
        cohort=cohort,
        week=min(schedule.week_of(cohort.starts_on, day), weeks),
        weeks=weeks,
        firms=len(standings),
        states=Counter(one.state for one in standings),
        needing=sum(bool(awake(one, day)) for one in standings),
        waiting=waiting,
        oldest_wait=oldest,
        reached=[(title, sum(code in one.milestones for one in at_work)) for code, title in titles.items()],
    )


def trainers_of(programme: Programme) -> list[tuple[User, int]]:
    """The mentors of a programme's running cohorts and how many firms each goes with."""
    load = (
        select(User, func.count(Enrolment.id))
        .join(Enrolment, Enrolment.mentor_id == User.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.programme_id == programme.id, Enrolment.state.in_(AT_WORK))
        .group_by(User.id)
        .order_by(User.name)
    )
    return [(user, count) for user, count in db.session.execute(load)]


def cohorts_of(person: Any) -> list[Cohort]:
    """The cohorts whose grid this person may open."""
    return list(db.session.scalars(cohorts.cohorts_visible_to(person)))


def cohort_names(rows: list[Row]) -> list[tuple[int, str]]:
    """The cohorts that these firms are in, for a filter."""
    ids = {row.standing.cohort_id for row in rows}
    named = select(Cohort.id, Cohort.name).where(Cohort.id.in_(ids)).order_by(Cohort.name)
    return [(key, name) for key, name in db.session.execute(named)]


def notes_by_session(person: Any, enrolment: Enrolment) -> dict[int, list[Note]]:
    """The notes this person may read, by session."""
    found: dict[int, list[Note]] = defaultdict(list)
    for note in mentoring.notes_visible_to(person, enrolment):
        found[note.session_id].append(note)
    return found


def newest_courses() -> list[CourseVersion]:
    """The newest version of every course, for people who do not know us yet."""
    return [course.versions[0] for course in curriculum.courses() if course.versions]


def public_reports() -> list[Programme]:
    """Programmes that publish their results."""
    return list(db.session.scalars(select(Programme).where(Programme.report_public).order_by(Programme.name)))
