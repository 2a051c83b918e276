"""There is one clock, in UTC; a day is the day of the people it is spoken to."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.foundation import clock
from lms.foundation.db import UtcDateTime


def test_the_present_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2026, 10, 15, 3, 0, tzinfo=UTC), "America/Mexico_City", "2026-10-14"),
        (datetime(2026, 10, 15, 6, 0, tzinfo=UTC), "America/Mexico_City", "2026-10-15"),
        (datetime(2026, 10, 15, 6, 30, tzinfo=UTC), "America/Tijuana", "2026-10-14"),
        (datetime(2027, 1, 1, 5, 59, tzinfo=UTC), "America/Mexico_City", "2026-12-31"),
        (datetime(2028, 3, 1, 4, 0, tzinfo=UTC), "America/Hermosillo", "2028-02-29"),
    ],
)
def test_today_is_the_day_of_that_place(stopped_clock, moment, zone, day):
    stopped_clock(moment)
    assert clock.today(zone).isoformat() == day


def test_a_moment_comes_back_from_the_database_in_utc_whatever_the_driver_forgot():
    kind = UtcDateTime()
    moment = datetime(2026, 10, 14, 12, 0, tzinfo=UTC)
    assert kind.process_result_value(datetime(2026, 10, 14, 12, 0), None) == moment
    elsewhere = moment.astimezone(clock.ZoneInfo("America/Tijuana"))
    assert kind.process_bind_param(elsewhere, None) == moment
    assert kind.process_result_value(elsewhere, None).utcoffset() == timedelta(0)
    assert kind.process_result_value(None, None) is None and kind.process_bind_param(None, None) is None
