"""What an invented firm and its mentor said and promised to each other."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from lms.foundation.clock import DEFAULT_ZONE
from lms.mentoring.models import (
    Action,
    ActionOwner,
    Availability,
    Contact,
    Goal,
    HelpRequest,
    Moment,
    Note,
    PlanStep,
    PracticeCheck,
    Session,
    SessionKind,
    SessionState,
    Visibility,
)
from lms.mentoring.services import usual_plan
from lms.ops.demo_names import AGREEMENTS, GOALS, GROUND_RULES, HELP, INTERNAL_NOTES, SHARED_NOTES
from lms.ops.demo_work import moment_in_week
from lms.standing.attention import KEYS, QUIET
from lms.standing.models import AttentionWeek


def add_mentoring(world: Any, case: Any) -> None:
    """A clinic a week, a visit or call a month with notes and promises, help asked, practices at the
    start."""
    for week in range(1, min(case.weeks_lived, case.plan.weeks_ago) + 1):
        _clinic(world, case, week)
        if week % 4 == 2 and case.is_at_work:
            _one_to_one(world, case, week)
    if case.is_at_work and case.plan.weeks_ago < 16:
        _next_session(world, case)
        _ask(world, case)
    if case.is_at_work and case.enrolment_id % 4:
        _goal(world, case)
    _practices(world, case)


def add_attention_weeks(world: Any, cohort_id: int, plan: Any) -> None:
    """How many firms needed someone in each week since the start, as if it had been counted every Monday."""
    # A chance of its own, so that the rest of the demonstration stays the same.
    chance = Random(cohort_id)
    for weeks_ago in range(plan.weeks_ago, 0, -1):
        monday = world.monday - timedelta(weeks=weeks_ago)
        needing = round(plan.firms * chance.uniform(0.1, 0.25))
        by_reason = {key: chance.randint(0, needing) for key in KEYS}
        by_reason[QUIET] = needing
        world.rows.add(
            AttentionWeek,
            cohort_id=cohort_id,
            week_on=monday,
            taken_at=datetime.combine(monday, time(13), UTC),
            at_work=plan.firms,
            needing=needing,
            by_reason=by_reason,
        )


def add_plan(world: Any, cohort_id: int, trainers: Iterable[int]) -> None:
    """What the mentors of a running cohort do week by week, and the hours they offer."""
    for week, text in usual_plan():
        world.rows.add(PlanStep, cohort_id=cohort_id, week=week, text=text, created_at=world.days_ago(30))
    for trainer in trainers:
        for weekday, opens in ((1, 10), (3, 16)):
            world.rows.add(
                Availability,
                user_id=trainer,
                kind=SessionKind.WHATSAPP if weekday == 1 else SessionKind.CALL,
                minutes=45,
                weekday=weekday,
                opens=time(opens),
                closes=time(opens + 3),
                time_zone=DEFAULT_ZONE,
                created_at=world.days_ago(30),
            )


def _goal(world: Any, case: Any) -> None:
    """Every other one is agreed by both."""
    written_at = world.days_ago(max(case.plan.weeks_ago * 7 - 3, 1))
    is_agreed = case.enrolment_id % 2 == 0
    world.rows.add(
        Goal,
        **case.common,
        text=GOALS[case.enrolment_id % len(GOALS)],
        ground_rules=GROUND_RULES,
        side=ActionOwner.MENTOR,
        written_by_id=case.mentor_id,
        written_at=written_at,
        agreed_by_id=case.people[0] if is_agreed else None,
        agreed_at=written_at if is_agreed else None,
    )


def _clinic(world: Any, case: Any, week: int) -> None:
    draw = world.chance.random()
    attended = draw < 0.35 + 0.65 * case.diligence
    state = SessionState.HELD if attended else SessionState.MADE_UP if draw > 0.97 else SessionState.MISSED
    moment_in_week(world, case, week, 2)  # keeps the draws of everything after it
    at = datetime.combine(case.starts_on + timedelta(days=7 * (week - 1) + 2), time(23), UTC)
    is_over = at + timedelta(hours=1) < world.now
    world.rows.add(
        Session,
        **case.common,
        host_id=case.trainers[0],
        kind=SessionKind.CLINIC,
        starts_at=at,
        minutes=60,
        state=state if is_over else SessionState.PLANNED,
        closed_at=min(at + timedelta(hours=2), world.now) if is_over else None,
    )


def _one_to_one(world: Any, case: Any, week: int) -> None:
    chance = world.chance
    at = moment_in_week(world, case, week, 3)
    session = world.rows.add(
        Session,
        **case.common,
        host_id=case.mentor_id,
        kind=chance.choice((SessionKind.VISIT, SessionKind.CALL, SessionKind.WHATSAPP)),
        starts_at=at,
        minutes=45,
        state=SessionState.HELD,
        closed_at=at + timedelta(hours=1),
    )
    note = {**case.common, "session_id": session, "author_id": case.mentor_id, "written_at": at}
    world.rows.add(Note, **note, visibility=Visibility.SHARED, text=chance.choice(SHARED_NOTES))
    if chance.random() < 0.4:
        world.rows.add(Note, **note, visibility=Visibility.INTERNAL, text=chance.choice(INTERNAL_NOTES))
    for text in chance.sample(AGREEMENTS, chance.randint(1, 3)):
        done = chance.random() < case.diligence * 0.85
        world.rows.add(
            Action,
            **case.common,
            session_id=session,
            owner=ActionOwner.MENTOR if text.startswith("Mandar") else ActionOwner.FIRM,
            text=text,
            due_on=at.date() + timedelta(days=chance.choice((5, 7, 10))),
            created_by_id=case.mentor_id,
            created_at=at,
            done_at=min(at + timedelta(days=chance.randint(1, 6)), world.now) if done else None,
            done_by_id=chance.choice(case.people) if done else None,
        )
    if chance.random() < 0.2:
        world.rows.add(
            Contact,
            **case.common,
            by_id=case.mentor_id,
            channel="whatsapp",
            text="Le recordé la tarea de la semana.",
            made_at=min(at + timedelta(days=2), world.now),
        )


def _next_session(world: Any, case: Any) -> None:
    day = (world.now + timedelta(hours=world.chance.choice((24, 26, 51, 75, 100)))).date()
    # From nine in the morning on, in Mexico.
    hour = time(15 + case.enrolment_id % 8, tzinfo=UTC)
    world.rows.add(
        Session,
        **case.common,
        host_id=case.mentor_id,
        kind=world.chance.choice((SessionKind.CALL, SessionKind.WHATSAPP, SessionKind.VISIT)),
        starts_at=datetime.combine(day, hour),
        minutes=45,
        state=SessionState.PLANNED,
    )


def _ask(world: Any, case: Any) -> None:
    chance = world.chance
    if chance.random() > 0.14:
        return
    answered = chance.random() < 0.5
    lesson = next((week.lessons[0] for week in reversed(case.version.week_rows) if week.lessons), None)
    asked_at = world.days_ago(chance.uniform(0.1, 3))
    world.rows.add(
        HelpRequest,
        **case.common,
        user_id=chance.choice(case.people),
        about_title=lesson.title if lesson else "",
        about_path=f"/lessons/{lesson.id}" if lesson else "",
        text=chance.choice(HELP),
        asked_at=asked_at,
        answer="Sí. Te mando un ejemplo y lo vemos el jueves." if answered else "",
        answered_at=min(asked_at + timedelta(hours=5), world.now) if answered else None,
        answered_by_id=case.mentor_id if answered else None,
    )


def _practices(world: Any, case: Any) -> None:
    moments = [(Moment.START, 0.25, case.plan.weeks_ago * 7)]
    if case.plan.weeks_ago > 16 and case.is_at_work:
        moments.append((Moment.END, 0.35 + 0.5 * case.diligence, (case.plan.weeks_ago - 16) * 7))
    for moment, likely, days in moments:
        for practice in case.version.practices:
            world.rows.add(
                PracticeCheck,
                **case.common,
                user_id=case.people[0],
                practice_id=practice.id,
                moment=moment,
                yes=world.chance.random() < likely,
                answered_at=world.days_ago(days),
            )
