"""Reminders: near tasks, sessions of tomorrow and the month to write down, each told once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lms.assignments.models import SubmissionState
from lms.cohorts import schedule
from lms.cohorts import services as cohorts
from lms.foundation.db import db
from lms.foundation.jobs import run_due
from lms.mentoring.models import SessionState
from lms.notifications.models import Notice
from tests import build
from tests.notifications.test_letters import plan
from tests.standing.deeds import figure


@pytest.fixture
def reminded(stopped_clock):
    """What the firm's owner is reminded of when the jobs of that day are done."""

    def told(person, day: date, hour: int = 14):
        stopped_clock(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))
        db.session.commit()
        run_due()
        of_person = db.session.query(Notice).filter_by(user_id=person.id, kind="reminders")
        return [notice.text for notice in of_person.order_by(Notice.id)]

    return told


def two_days_before(cast, week: int) -> date:
    return schedule.due_on(cast.cohort.starts_on, week, cast.enrolment.paused_days) - timedelta(days=2)


def test_a_task_that_was_not_handed_in_is_remembered_two_days_before_and_once(cast, reminded):
    day = two_days_before(cast, 1)
    assert reminded(cast.owner, day) == ["“Tarea 1” se entrega este domingo"]
    assert reminded(cast.owner, day, hour=16) == ["“Tarea 1” se entrega este domingo"]
    assert len(reminded(cast.son, day, hour=17)) == 1, "everybody of the firm is told"


def test_who_handed_it_in_is_left_in_peace(cast, reminded):
    brief = next(row.brief for row in cast.version.week_rows if row.number == 1)
    build.submission(cast.enrolment, brief, cast.owner, state=SubmissionState.HANDED_IN)
    assert reminded(cast.owner, two_days_before(cast, 1)) == []


def test_a_firm_that_pauses_is_left_in_peace(cast, reminded):
    day = two_days_before(cast, 1)
    cohorts.pause(cast.enrolment, reason="Temporada", by=cast.lead)
    assert reminded(cast.owner, day) == []


def test_before_dawn_nothing_is_told(cast, reminded):
    assert reminded(cast.owner, two_days_before(cast, 1), hour=9) == []


def test_a_session_is_remembered_the_day_before(cast, reminded, stopped_clock):
    session = plan(cast, timedelta(days=3))
    day = session.starts_at.date() - timedelta(days=1)
    told = [text for text in reminded(cast.owner, day) if "sesión" in text]
    assert told == [f"Mañana a las 12:00 p. m.: sesión con {cast.mentor.first_name}"]


def test_a_session_that_was_called_off_is_not(cast, reminded):
    session = plan(cast, timedelta(days=3))
    session.state = SessionState.CANCELLED
    day = session.starts_at.date() - timedelta(days=1)
    assert not [text for text in reminded(cast.owner, day) if "sesión" in text]


def test_the_month_is_asked_for_five_days_before_it_is_missing(cast, reminded):
    told = [text for text in reminded(cast.owner, date(2026, 11, 5)) if "octubre" in text]
    assert told == ["Anota tus ventas de octubre de 2026 a más tardar el martes 10 de noviembre"]


def test_a_month_that_somebody_answered_is_not(cast, reminded):
    figure(cast.enrolment, cast.son, date(2026, 10, 1))
    assert not [text for text in reminded(cast.owner, date(2026, 11, 5)) if "octubre" in text]
