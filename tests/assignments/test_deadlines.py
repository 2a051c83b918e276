"""The pure rules of dates: what counts, what is late, until when a task is taken."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.assignments.deadlines import day_of, deadline, moved

SUNDAY = date(2026, 9, 20)
DAYS = some.dates(date(2026, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("late_days", "days_after", "late", "closed"),
    [
        (None, 0, False, False),
        (None, 1, True, False),
        (None, 400, True, False),
        (7, 0, False, False),
        (7, 1, True, False),
        (7, 7, True, False),
        (7, 8, True, True),
        (0, 0, False, False),
        (0, 1, True, True),
    ],
)
def test_the_rule_of_the_cohort_says_what_is_late_and_until_when_it_is_taken(
    late_days, days_after, late, closed
):
    due = deadline(SUNDAY, late_days=late_days)
    day = SUNDAY + timedelta(days=days_after)
    assert (due.is_late(day), due.is_closed(day)) == (late, closed)


def test_days_that_were_given_move_everything():
    due = deadline(SUNDAY, date(2026, 9, 25), late_days=2)
    assert due.is_extended and due.usual_on == SUNDAY
    assert not due.is_late(date(2026, 9, 25)) and due.is_late(date(2026, 9, 26))
    assert not due.is_closed(date(2026, 9, 27)) and due.is_closed(date(2026, 9, 28))


@given(usual=DAYS, until=DAYS, late_days=some.none() | some.integers(0, 60), day=DAYS)
def test_more_days_never_make_anything_worse(usual, until, late_days, day):
    without, with_days = deadline(usual, None, late_days), deadline(usual, until, late_days)
    assert with_days.due_on >= without.due_on
    assert without.is_late(day) or not with_days.is_late(day)
    assert without.is_closed(day) or not with_days.is_closed(day)
    assert not with_days.is_closed(day) or with_days.is_late(day)


def test_a_later_pause_moves_a_given_day_too():
    assert moved(SUNDAY, paused_then=3, paused_now=3) == SUNDAY
    assert moved(SUNDAY, paused_then=3, paused_now=10) == date(2026, 9, 27)


def test_the_day_is_the_one_of_the_cohort():
    just_before_midnight = datetime(2026, 9, 21, 5, 59, 59, tzinfo=UTC)
    assert day_of(just_before_midnight, "America/Mexico_City") == SUNDAY
    assert day_of(just_before_midnight, "America/Tijuana") == SUNDAY
    assert day_of(just_before_midnight + timedelta(seconds=1), "America/Mexico_City") == date(2026, 9, 21)
    assert day_of(just_before_midnight, "America/Cancun") == date(2026, 9, 21)
