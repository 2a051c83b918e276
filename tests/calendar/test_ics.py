"""Calendar objects, read back by two readers that know nothing of each other, and a third for time zones."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from lms.foundation.ics import Entry, method_of, write_calendar
from tests.calendar import strict

STAMP = datetime(2026, 10, 14, 18, tzinfo=UTC)
ZONES = ("America/Mexico_City", "America/Tijuana", "America/Cancun", "Europe/Madrid")
MOMENTS = (datetime(2026, 10, 31, 17, tzinfo=UTC), datetime(2027, 3, 15, 17, tzinfo=UTC))


def entry(**changes):
    fields = {"uid": "session-1@example.org", "title": "Sesión", "begins": STAMP, "minutes": 45}
    return Entry(changed_at=STAMP, **(fields | changes))


def both(text):
    """The single event of a calendar, as each reader sees it."""
    (ours,) = strict.events(strict.read(text))
    (theirs,) = Calendar.from_ical(text).walk("VEVENT")
    return ours, theirs


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=200))
def test_both_readers_read_any_title_back(title):
    ours, theirs = both(write_calendar([entry(title=title)], time_zone="America/Mexico_City"))
    assert strict.unescape(strict.values(ours, "SUMMARY")[0]) == title == str(theirs["summary"])


def test_nobody_smuggles_a_property_into_a_title():
    evil = "Hola\r\nATTENDEE:mailto:x@example.org\nEND:VEVENT"
    ours, theirs = both(write_calendar([entry(title=evil, text=evil)], time_zone="America/Mexico_City"))
    assert strict.values(ours, "ATTENDEE") == [] and "attendee" not in theirs


@pytest.mark.parametrize(
    "zone", ["America/Mexico_City", "America/Tijuana", "America/Cancun", "Europe/Madrid"]
)
@pytest.mark.parametrize(
    "moment", [datetime(2026, 10, 31, 17, tzinfo=UTC), datetime(2027, 3, 15, 17, tzinfo=UTC)]
)
def test_the_moment_is_the_same_by_the_zone_that_the_calendar_itself_tells(zone, moment):
    """The third reader believes the VTIMEZONE alone and knows no names of zones."""
    text = write_calendar([entry(begins=moment)], time_zone=zone)
    ours, theirs = both(text)
    local = datetime.strptime(strict.values(ours, "DTSTART")[0], "%Y%m%dT%H%M%S")
    told = tzical(StringIO(text)).get(strict.parameters(ours, "DTSTART")["TZID"])
    assert local.replace(tzinfo=told).astimezone(UTC) == moment
    assert local == moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert theirs.start == moment and theirs.end - theirs.start == timedelta(minutes=45)


def test_a_day_is_a_day_without_a_zone():
    text = write_calendar([entry(begins=date(2026, 10, 18))], time_zone="America/Tijuana")
    ours, theirs = both(text)
    assert strict.parameters(ours, "DTSTART")["VALUE"] == "DATE"
    assert (theirs.start, theirs.end) == (date(2026, 10, 18), date(2026, 10, 19))
    assert "VTIMEZONE" not in text


def test_changes_and_ends_say_so():
    text = write_calendar(
        [
            entry(
                sequence=3,
                is_cancelled=True,
                organizer=("Mario Vega; MX", "avisos@example.org"),
                attendee="l@example.org",
            )
        ],
        time_zone="America/Mexico_City",
        method="CANCEL",
    )
    ours, theirs = both(text)
    assert method_of(text) == "CANCEL"
    assert strict.values(ours, "STATUS") == ["CANCELLED"] and strict.values(ours, "SEQUENCE") == ["3"]
    assert str(theirs["organizer"]) == "mailto:avisos@example.org"
    assert theirs["organizer"].params["CN"] == "Mario Vega; MX"
    assert strict.values(ours, "ATTENDEE") == ["mailto:l@example.org"]
