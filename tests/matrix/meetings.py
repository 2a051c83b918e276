"""What a firm and its mentor said, promised, planned and offered: one of each, in words of that firm."""

from datetime import date, time, timedelta
from typing import Any

from flask import current_app

from lms.calendar.models import CalendarFeed
from lms.cohorts.models import Enrolment
from lms.foundation import tokens
from lms.foundation.clock import now
from lms.mentoring.door import make_code
from lms.mentoring.models import (
    Action,
    ActionOwner,
    Availability,
    Contact,
    Goal,
    HelpRequest,
    MeetingSeries,
    Moment,
    Note,
    PlanStep,
    PracticeCheck,
    Session,
    SessionKind,
    Snooze,
    Visibility,
)
from tests.build import add

UNTIL = date(2026, 9, 1)


def mentored(by: dict, whose: dict, enrolment: Enrolment, version, words, cast) -> dict[str, Any]:
    host_id = enrolment.mentor_id or cast.other_trainer.id
    planned = add(
        Session(**whose, host_id=host_id, kind=SessionKind.CALL, starts_at=now() + timedelta(days=1))
    )
    held = add(Session(**whose, host_id=host_id, kind=SessionKind.CALL, starts_at=now() - timedelta(days=7)))
    for visibility, text in ((Visibility.SHARED, words.work), (Visibility.INTERNAL, words.internal)):
        for session in (planned, held):
            add(
                Note(
                    **whose,
                    session_id=session.id,
                    author_id=host_id,
                    visibility=visibility,
                    text=text,
                    written_at=now(),
                )
            )
    action = add(
        Action(
            **whose,
            session_id=held.id,
            owner=ActionOwner.FIRM,
            text=words.work,
            due_on=now().date(),
            created_by_id=host_id,
            created_at=now(),
        )
    )
    asked = add(
        HelpRequest(**by, about_title=words.work, about_path="/course", text=words.work, asked_at=now())
    )
    add(Contact(**whose, by_id=host_id, channel="whatsapp", text=words.work, made_at=now()))
    snooze = add(
        Snooze(
            **whose,
            reason="quiet",
            since=now().date(),
            until=now().date() + timedelta(days=5),
            note=words.work,
            made_by_id=host_id,
            made_at=now(),
        )
    )
    goal = Goal(
        **whose,
        text=words.work,
        ground_rules=words.work,
        side=ActionOwner.FIRM,
        written_by_id=by["user_id"],
        written_at=now(),
    )
    for practice in version.practices:
        add(PracticeCheck(**by, practice_id=practice.id, moment=Moment.START, yes=True, answered_at=now()))
    hours = Availability(
        user_id=host_id,
        kind=SessionKind.CALL,
        minutes=60,
        weekday=0,
        opens=time(10),
        closes=time(11),
        time_zone="America/Mexico_City",
        created_at=now(),
    )
    series = MeetingSeries(
        **whose,
        host_id=host_id,
        kind=SessionKind.CALL,
        minutes=45,
        every_weeks=1,
        until=UNTIL,
        created_at=now(),
    )
    feed = tokens.hash_token(f"calendar-of-{by['user_id']}")
    add(CalendarFeed(user_id=by["user_id"], token_hash=feed, made_at=now()))
    step = add(PlanStep(cohort_id=enrolment.cohort_id, week=0, text="Llamar", created_at=now()))
    # Nobody but this firm is in it, so that each place has a door of its own.
    at_door = add(
        Session(**whose, host_id=host_id, kind=SessionKind.CLINIC, starts_at=now() - timedelta(minutes=10))
    )
    secret = current_app.config["SECRET_KEY"]
    return {
        "mentoring.arrive code": make_code(secret, at_door.id, now()),
        "calendar.read_feed token": f"calendar-of-{by['user_id']}",
        "plan_step_id": step.id,
        "step_id": step.id,
        "availability_id": add(hours).id,
        "meeting_series_id": add(series).id,
        "session_id": planned.id,
        "action_id": action.id,
        "help_request_id": asked.id,
        "goal_id": add(goal).id,
        "snooze_id": snooze.id,
    }
