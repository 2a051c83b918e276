"""Hours on offer as moments: one after the other, in the hours of the wall, nothing that is taken."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.mentoring.slots import Busy, Slot, free, on_the_wall, openings, repeats

TIJUANA = ZoneInfo("America/Tijuana")


def hours(weekday=None, day=None, opens=time(10), closes=time(12), minutes=45, zone="America/Mexico_City"):
    return SimpleNamespace(
        id=7, kind="call", weekday=weekday, day=day, opens=opens, closes=closes, minutes=minutes,
        time_zone=zone,
    )  # fmt: skip


def moment(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_weekly_hours_give_slots_one_after_the_other_that_end_in_time():
    slots = list(openings(hours(weekday=0), moment(2026, 10, 14), moment(2026, 10, 28)))
    assert [slot.starts_at for slot in slots] == [
        moment(2026, 10, 19, 16), moment(2026, 10, 19, 16, 45),
        moment(2026, 10, 26, 16), moment(2026, 10, 26, 16, 45),
    ]  # fmt: skip


def test_a_single_day_gives_slots_on_that_day_only():
    one = hours(day=date(2026, 10, 20), closes=time(11))
    assert [slot.key for slot in openings(one, moment(2026, 10, 1), moment(2026, 12, 1))] == [
        "7.20261020T1600Z"
    ]
    assert list(openings(one, moment(2026, 10, 21), moment(2026, 12, 1))) == []


def test_slots_before_the_first_and_after_the_last_moment_are_left_out():
    slots = list(openings(hours(weekday=0), moment(2026, 10, 19, 16, 1), moment(2026, 10, 26, 16, 45)))
    assert [slot.starts_at for slot in slots] == [moment(2026, 10, 19, 16, 45), moment(2026, 10, 26, 16)]


def test_the_hour_on_the_wall_stays_where_clocks_change():
    """Tijuana sets its clocks back on 1 November 2026."""
    saturdays = openings(
        hours(weekday=5, closes=time(11), zone="America/Tijuana"), moment(2026, 10, 25), moment(2026, 11, 10)
    )
    starts = [slot.starts_at for slot in saturdays]
    assert starts == [moment(2026, 10, 31, 17), moment(2026, 11, 7, 18)]
    assert {start.astimezone(TIJUANA).time() for start in starts} == {time(10)}


def test_an_hour_that_the_clock_skips_is_not_on_offer():
    """On 14 March 2027 two o'clock becomes three in Tijuana."""
    assert on_the_wall(date(2027, 3, 14), time(2, 30), "America/Tijuana") is None
    night = hours(day=date(2027, 3, 14), opens=time(1), closes=time(4), minutes=60, zone="America/Tijuana")
    found = [
        slot.starts_at.astimezone(TIJUANA).hour
        for slot in openings(night, moment(2027, 3, 1), moment(2027, 4, 1))
    ]
    assert found == [1, 3]


def test_what_touches_is_free_and_what_overlaps_by_a_minute_is_taken():
    slot = Slot(moment(2026, 10, 19, 16), 45, 1, "call")
    assert free([slot], [Busy(moment(2026, 10, 19, 15, 15), 45), Busy(moment(2026, 10, 19, 16, 45), 30)]) == [
        slot
    ]
    assert free([slot], [Busy(moment(2026, 10, 19, 15, 16), 45)]) == []
    assert free([slot], [Busy(moment(2026, 10, 19, 16, 44), 5)]) == []


def test_two_hours_on_offer_that_start_together_are_one_choice():
    slots = [Slot(moment(2026, 10, 19, 16), minutes, 1, "call") for minutes in (60, 45)]
    assert len(free(slots, [])) == 1


def test_days_repeat_until_the_last_one_included():
    assert repeats(date(2026, 10, 19), 2, date(2026, 11, 16)) == [
        date(2026, 10, 19), date(2026, 11, 2), date(2026, 11, 16),
    ]  # fmt: skip
    assert repeats(date(2026, 10, 19), 1, date(2026, 10, 18)) == []
    assert len(repeats(date(2026, 10, 19), 1, date(2036, 1, 1))) == 40


@settings(deadline=None)
@given(
    st.integers(0, 6), st.integers(0, 23), st.integers(1, 23), st.integers(15, 240),
    st.sampled_from(["America/Tijuana", "America/Mexico_City", "America/Cancun", "Europe/Madrid"]),
)  # fmt: skip
def test_slots_never_meet_each_other_and_always_lie_within_their_hours(weekday, opens, length, minutes, zone):
    closes = min(opens + length, 23)
    one = hours(weekday=weekday, opens=time(opens), closes=time(closes, 59), minutes=minutes, zone=zone)
    slots = list(openings(one, moment(2026, 10, 1), moment(2026, 11, 15)))
    assert free(slots, []) == sorted(slots)
    for first, second in zip(slots, slots[1:], strict=False):
        assert not Busy(first.starts_at, minutes).meets(second)
    for slot in slots:
        there = slot.starts_at.astimezone(ZoneInfo(zone))
        assert there.weekday() == weekday and time(opens) <= there.time()
        assert (there.replace(tzinfo=None) + timedelta(minutes=minutes)).time() <= time(closes, 59)
