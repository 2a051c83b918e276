"""Reasons for attention: each holds when it should and clears itself when it is resolved."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lms.cohorts.models import EnrolmentState
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.mentoring.models import HelpRequest, SessionState
from lms.standing import attention, words
from lms.standing.attention import reasons
from lms.standing.services import standing_of
from tests import build
from tests.standing import deeds

TODAY = date(2026, 10, 14)


def keys(enrolment, today=TODAY):
    return [reason.key for reason in reasons(standing_of(enrolment), today)]


@pytest.fixture
def calm(cast):
    """A firm that did all its work and needs nobody."""
    deeds.meet_every_rule(cast)
    assert keys(cast.enrolment) == []
    return cast


def test_a_call_for_help_holds_until_it_is_answered(calm):
    deeds.ask(calm.enrolment, calm.owner)
    assert keys(calm.enrolment) == [attention.ASKED_FOR_HELP]
    db.session.query(HelpRequest).one().answered_at = now()
    db.session.flush()
    assert keys(calm.enrolment) == []


def test_a_firm_is_quiet_after_seven_days_without_a_sign(cast):
    deeds.read(cast.enrolment, cast.owner, cast.version.week_rows[0].lessons[0])
    assert attention.QUIET not in keys(cast.enrolment, TODAY + timedelta(days=6))
    after_a_week = reasons(standing_of(cast.enrolment), TODAY + timedelta(days=7))
    quiet = next(reason for reason in after_a_week if reason.key == attention.QUIET)
    assert quiet.since == TODAY and quiet.numbers == {"days": 7}


def test_a_firm_that_has_finished_is_not_quiet(calm):
    assert keys(calm.enrolment, TODAY + timedelta(days=60)) == []


def test_two_overdue_tasks_are_a_reason_and_one_is_not(cast):
    assert attention.OVERDUE in keys(cast.enrolment)
    build.submission(cast.enrolment, cast.version.week_rows[0].brief, cast.owner)
    assert attention.OVERDUE not in keys(cast.enrolment)


def test_work_sent_back_twice_is_a_reason_until_it_is_handed_in_again(cast):
    work = build.submission(cast.enrolment, cast.version.week_rows[0].brief, cast.owner)
    deeds.send_back(work, cast.trainer)
    db.session.flush()
    assert attention.SENT_BACK not in keys(cast.enrolment)
    deeds.send_back(work, cast.trainer)
    db.session.flush()
    assert attention.SENT_BACK in keys(cast.enrolment)
    work.state = "handed_in"
    db.session.flush()
    assert attention.SENT_BACK not in keys(cast.enrolment)


def test_four_failed_attempts_are_a_reason_until_somebody_of_the_firm_passes(cast):
    quiz = cast.version.week_rows[0].quiz
    for number in (1, 2, 3):
        deeds.attempt(cast.enrolment, cast.owner, quiz, passed=False, number=number)
    assert attention.QUIZ_FAILED not in keys(cast.enrolment)
    deeds.attempt(cast.enrolment, cast.son, quiz, passed=False)
    assert attention.QUIZ_FAILED in keys(cast.enrolment)
    deeds.attempt(cast.enrolment, cast.owner, quiz, passed=True, number=4)
    assert attention.QUIZ_FAILED not in keys(cast.enrolment)


def test_two_absences_in_a_row_are_a_reason_until_one_attends(cast):
    deeds.hold(cast.enrolment, cast.trainer, SessionState.HELD, SessionState.MISSED, SessionState.MISSED)
    assert attention.ABSENT in keys(cast.enrolment)
    deeds.hold(cast.enrolment, cast.trainer, SessionState.HELD, first=date(2026, 10, 12))
    assert attention.ABSENT not in keys(cast.enrolment)


def test_missing_figures_are_a_reason_until_they_are_there(cast):
    assert {attention.BASELINE_MISSING, attention.MONTHS_MISSING} <= set(keys(cast.enrolment))
    deeds.freeze(cast.enrolment, cast.owner)
    deeds.figure(cast.enrolment, cast.owner, date(2026, 9, 1), gross=None)
    assert not {attention.BASELINE_MISSING, attention.MONTHS_MISSING} & set(keys(cast.enrolment))


def test_before_the_course_begins_nothing_is_missing_yet(cast, stopped_clock):
    stopped_clock(datetime(2026, 9, 1, 18, tzinfo=UTC))
    assert keys(cast.enrolment, date(2026, 9, 1)) == []


@pytest.mark.parametrize("state", [state for state in EnrolmentState if state is not EnrolmentState.ACTIVE])
def test_only_firms_at_work_need_anybody(cast, state):
    deeds.ask(cast.enrolment, cast.owner)
    assert keys(cast.enrolment)
    cast.enrolment.state = state
    db.session.flush()
    assert keys(cast.enrolment) == []


def test_every_reason_has_a_sentence(house):
    with house.test_request_context():
        for key in attention.KEYS:
            for number in (1, 3):
                reason = attention.Reason(key, TODAY, {"count": number, "days": number})
                assert words.reason_in_words(reason)
        absent = attention.Reason(attention.ABSENT, TODAY, {"count": 2})
        assert words.reason_in_words(absent) == "Faltó a 2 sesiones seguidas"
