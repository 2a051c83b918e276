"""Weeks, due dates and months of a firm, with and without pauses."""

from datetime import date

import pytest

from lms.cohorts.schedule import due_on, ends_on, opens_on, programme_months, total_paused_days, week_of

MONDAY = date(2026, 9, 14)


@pytest.mark.parametrize(
    ("today", "paused", "week"),
    [
        (date(2026, 9, 13), 0, 0), (MONDAY, 0, 1), (date(2026, 9, 20), 0, 1), (date(2026, 9, 21), 0, 2),
        (date(2026, 10, 14), 0, 5), (date(2026, 10, 14), 7, 4), (date(2026, 10, 14), 6, 4),
        (date(2026, 9, 15), 9, 1),
        (date(2027, 3, 1), 0, 25),
    ],
)  # fmt: skip
def test_the_week_of_a_day(today, paused, week):
    assert week_of(MONDAY, today, paused) == week


def test_work_is_due_on_sundays_and_pauses_move_it():
    assert due_on(MONDAY, 1) == date(2026, 9, 20)
    assert due_on(MONDAY, 16) == ends_on(MONDAY, 16) == date(2027, 1, 3)
    assert due_on(MONDAY, 5, 10) == date(2026, 10, 28)
    assert opens_on(MONDAY, 1) == MONDAY and opens_on(MONDAY, 5, 10) == date(2026, 10, 22)
    assert due_on(MONDAY, 0) == date(2026, 9, 13)


def test_a_running_pause_counts_until_today():
    assert total_paused_days(3, None, date(2026, 10, 14)) == 3
    assert total_paused_days(3, date(2026, 10, 4), date(2026, 10, 14)) == 13
    assert total_paused_days(3, date(2026, 10, 14), date(2026, 10, 14)) == 3


def test_the_months_a_course_touches():
    assert programme_months(date(2026, 8, 3), 16) == tuple(date(2026, m, 1) for m in (8, 9, 10, 11))
    assert programme_months(date(2026, 11, 30), 4) == (date(2026, 11, 1), date(2026, 12, 1))
    assert programme_months(MONDAY, 16, 60)[-1] == date(2027, 3, 1)
