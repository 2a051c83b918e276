"""The hours without letters: over midnight, in the cohort's time zone, when the clocks change."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.cohorts.quiet import QuietHours

NIGHT = QuietHours(time(21), time(8), "America/Mexico_City")  # six hours behind, all year
TIJUANA = QuietHours(time(21), time(8), "America/Tijuana")  # changes its clocks with California


def utc(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "over"),
    [
        (utc(15, 2, 59), utc(15, 2, 59)),  # 20:59
        (utc(15, 3, 0), utc(15, 14, 0)),  # 21:00 waits for eight
        (utc(15, 5, 59), utc(15, 14, 0)),  # 23:59
        (utc(15, 6, 0), utc(15, 14, 0)),  # midnight: the same morning
        (utc(15, 13, 59), utc(15, 14, 0)),  # 7:59
        (utc(15, 14, 0), utc(15, 14, 0)),  # 8:00
        (utc(15, 18, 0), utc(15, 18, 0)),  # noon
    ],
)
def test_a_night_goes_over_midnight(moment, over):
    assert NIGHT.over(moment) == over and NIGHT.cover(moment) is (moment != over)


def test_the_same_moment_is_night_in_one_place_and_day_in_another():
    moment = utc(15, 3, 30)  # 21:30 in Mexico City, 20:30 in Tijuana
    assert NIGHT.cover(moment) and not TIJUANA.cover(moment)


def test_eight_stays_eight_when_the_clocks_change_at_night():
    # In the night of the first of November Tijuana goes from seven hours behind to eight.
    assert TIJUANA.over(utc(1, 5, month=11)) == utc(1, 16, month=11)
    assert TIJUANA.over(utc(31, 5)) == utc(31, 15)
    # And in the night of the eighth of March back to seven.
    assert TIJUANA.over(utc(8, 6, month=3)) == utc(8, 15, month=3)


def test_an_end_that_comes_twice_or_not_at_all_is_never_too_early():
    until = QuietHours(time(21), time(1, 30), "America/Tijuana")
    first, second = utc(1, 8, 30, month=11), utc(1, 9, 30, month=11)  # half past one, twice
    assert until.over(utc(1, 8, 10, month=11)) == second != first
    left_out = QuietHours(time(21), time(2, 30), "America/Tijuana")
    assert left_out.over(utc(8, 9, month=3)) == utc(8, 10, 30, month=3)  # half past three


def test_hours_of_one_day_and_none_at_all():
    lunch = QuietHours(time(13), time(15), "America/Mexico_City")
    assert lunch.over(utc(15, 20)) == utc(15, 21) and not lunch.cover(utc(15, 21))
    assert not QuietHours(time(8), time(8), "America/Mexico_City").cover(utc(15, 14))


def test_how_long_they_are():
    assert NIGHT.length == timedelta(hours=11)
    assert QuietHours(time(13), time(15), "UTC").length == timedelta(hours=2)


@given(
    st.times(), st.times(), st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    st.sampled_from(["America/Mexico_City", "America/Tijuana", "America/Cancun", "America/Ojinaga"]),
)  # fmt: skip
def test_what_comes_after_is_never_before_and_less_than_a_day_and_an_hour_away(begins, ends, moment, zone):
    hours, moment = QuietHours(begins, ends, zone), moment.replace(tzinfo=UTC)
    over = hours.over(moment)
    assert moment <= over <= moment + timedelta(hours=25)
