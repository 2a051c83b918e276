"""Months add up, whatever the year and the time zone."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.sales import months

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))
firsts = days.map(months.first_of)


@given(firsts, st.integers(-600, 600))
def test_going_there_and_back_ends_where_it_began(month, steps):
    there = months.shift(month, steps)
    assert there.day == 1
    assert months.shift(there, -steps) == month
    assert months.distance(month, there) == steps


@given(firsts)
def test_the_month_before_is_the_one_that_this_follows(month):
    assert months.following(months.previous(month)) == month
    assert months.previous(month) < month


@given(firsts)
def test_a_year_ago_is_the_same_month(month):
    before = months.same_month_last_year(month)
    assert (before.year, before.month) == (month.year - 1, month.month)


@given(days, st.integers(1, 36))
def test_the_months_before_a_start_are_whole_and_end_just_before_it(start, number):
    before = months.months_before(start, number)
    assert len(before) == number
    assert before == sorted(set(before))
    assert months.following(before[-1]) == months.first_of(start)
    assert months.first_of(start) not in before


@given(firsts, st.integers(-5, 60))
def test_months_between_hold_both_ends(start, steps):
    between = months.months_between(start, months.shift(start, steps))
    assert len(between) == max(steps + 1, 0)
    if between:
        assert (between[0], between[-1]) == (start, months.shift(start, steps))


@given(firsts)
def test_a_month_reads_as_it_is_written(month):
    assert months.parse_month(months.write_month(month)) == month


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "26-10", "2026-1", "1999-12", "2026-10-01", "ª"]
)
def test_what_is_not_a_month_is_refused(text):
    with pytest.raises(ValueError):
        months.parse_month(text)


def test_a_month_ends_when_it_ends_where_the_firm_is():
    moment = datetime(2026, 10, 1, 6, 30, tzinfo=UTC)
    assert months.month_in(moment, "America/Mexico_City") == date(2026, 10, 1)
    assert months.month_in(moment, "America/Tijuana") == date(2026, 9, 1)
    assert months.month_in(moment, "America/Cancun") == date(2026, 10, 1)
