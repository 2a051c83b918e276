"""Reasons for attention: each holds when it should and clears itself when it is resolved."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lms.cohorts.models import EnrolmentState
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.mentoring.models import HelpRequest, SessionState
from lms.mentoring.services import put_off
from lms.standing import attention, words
from lms.standing.attention import Reason, awake, is_put_off, reasons
from lms.standing.services import standing_of
from lms.standing.shapes import PutOff
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
                reason = attention.Reason(key, TODAY, {"count": number, "days": number, "times": 3})
                assert words.reason_in_words(reason)
        absent = attention.Reason(attention.ABSENT, TODAY, {"count": 2})
        assert words.reason_in_words(absent) == "Faltó a 2 sesiones seguidas"


# What staff put off


def off(reason, **changes):
    kept = {"reason": reason.key, "since": reason.since, "number": reason.number, "until": TODAY + WEEK}
    return PutOff(**kept | changes)


WEEK = timedelta(days=7)
LATE = Reason(attention.OVERDUE, date(2026, 10, 1), {"count": 2})


@pytest.mark.parametrize(
    "reason, day, expected",
    [
        (LATE, TODAY, True),
        (LATE, TODAY + timedelta(days=6), True),
        (LATE, TODAY + WEEK, False),
        (Reason(attention.OVERDUE, LATE.since, {"count": 3}), TODAY, False),
        (Reason(attention.OVERDUE, LATE.since, {"count": 1}), TODAY, True),
        (Reason(attention.OVERDUE, TODAY, {"count": 2}), TODAY, False),
        (Reason(attention.ABSENT, LATE.since, {"count": 2}), TODAY, False),
    ],
)
def test_what_is_put_off_comes_back_on_its_day_or_when_it_gets_worse(reason, day, expected):
    assert is_put_off(reason, [off(LATE)], day) is expected


def test_more_days_of_silence_alone_wake_nobody():
    quiet = Reason(attention.QUIET, date(2026, 10, 1), {"days": 13})
    later = Reason(attention.QUIET, quiet.since, {"days": 16})
    assert is_put_off(later, [off(quiet)], TODAY)


def test_a_reason_that_is_put_off_still_holds_but_does_not_call(cast):
    quiet = next(one for one in reasons(standing_of(cast.enrolment), TODAY) if one.key == attention.QUIET)
    as_it_is = {"reason": quiet.key, "since": quiet.since, "number": quiet.number}
    put_off(cast.enrolment, **as_it_is, until=TODAY + WEEK, note="Feria", by=cast.trainer)
    standing = standing_of(cast.enrolment)
    assert attention.QUIET in [one.key for one in reasons(standing, TODAY)]
    assert attention.QUIET not in [one.key for one in awake(standing, TODAY)]
    assert attention.QUIET in [one.key for one in awake(standing, TODAY + WEEK)]


# Thresholds


def test_each_cohort_has_its_own_thresholds(calm):
    deeds.hold(calm.enrolment, calm.trainer, SessionState.MISSED, first=date(2026, 10, 12))
    assert attention.ABSENT not in keys(calm.enrolment)
    calm.cohort.thresholds = {"absences": 1}
    db.session.flush()
    assert attention.ABSENT in keys(calm.enrolment)
    calm.cohort.thresholds = {"absences": 3}
    db.session.flush()
    assert attention.ABSENT not in keys(calm.enrolment)


def test_silence_is_counted_in_the_days_of_the_cohort(cast):
    cast.cohort.thresholds = {"quiet_days": 40}
    db.session.flush()
    assert attention.QUIET not in keys(cast.enrolment)
    assert attention.QUIET in keys(cast.enrolment, TODAY + timedelta(days=40))


def test_overdue_returned_and_failed_follow_the_cohort_too(cast):
    work = build.submission(cast.enrolment, cast.version.week_rows[0].brief, cast.owner)
    deeds.send_back(work, cast.trainer, times=2)
    for number in (1, 2, 3):
        deeds.attempt(cast.enrolment, cast.owner, cast.version.week_rows[0].quiz, passed=False, number=number)
    assert attention.SENT_BACK in keys(cast.enrolment)
    assert not {attention.QUIZ_FAILED, attention.OVERDUE} & set(keys(cast.enrolment))
    cast.cohort.thresholds = {"times_returned": 3, "times_failed": 3, "overdue": 1}
    db.session.flush()
    assert attention.SENT_BACK not in keys(cast.enrolment)
    assert {attention.QUIZ_FAILED, attention.OVERDUE} <= set(keys(cast.enrolment))
