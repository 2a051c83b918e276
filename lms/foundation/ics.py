"""Calendar objects that other programs read (RFC 5545), and how changes of them travel by mail (RFC 5546)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

PRODUCT = "-//Pespunte//Calendar//ES"
_METHOD = re.compile(r"^METHOD:([A-Z]+)\s*$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing in a calendar: a day, or a moment with its minutes. `sequence` rises with every change.

    `organizer` is a name and an address; `attendee` the address of who is invited.
    """

    uid: str
    title: str
    begins: datetime | date
    changed_at: datetime
    minutes: int = 0
    text: str = ""
    url: str = ""
    sequence: int = 0
    is_cancelled: bool = False
    organizer: tuple[str, str] | None = None
    attendee: str = ""


def write_calendar(
    entries: Sequence[Entry], *, time_zone: str, name: str = "", method: str = "PUBLISH"
) -> str:
    """The calendar object, with the rules of its time zone where an hour needs them."""
    # Imported here: few requests write calendars.
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", method)
    if name:
        made.add("x-wr-calname", name)
    for entry in entries:
        made.add_component(_event(entry, ZoneInfo(time_zone)))
    days = [_day(entry.begins) for entry in entries if isinstance(entry.begins, datetime)]
    if days:
        year = timedelta(days=366)
        made.add_missing_timezones(first_date=min(days) - year, last_date=max(days) + year)
    return made.to_ical().decode()


def _event(entry: Entry, zone: ZoneInfo) -> Any:
    from icalendar import Event, vCalAddress, vText

    made = Event()
    made.add("uid", entry.uid)
    made.add("dtstamp", entry.changed_at.astimezone(UTC))
    made.add("sequence", entry.sequence)
    made.add("summary", entry.title)
    made.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    if isinstance(entry.begins, datetime):
        made.add("dtstart", entry.begins.astimezone(zone))
        made.add("dtend", (entry.begins + timedelta(minutes=entry.minutes)).astimezone(zone))
    else:
        made.add("dtstart", entry.begins)
        made.add("dtend", entry.begins + timedelta(days=1))
        made.add("transp", "TRANSPARENT")
    if entry.text:
        made.add("description", entry.text)
    if entry.url:
        made.add("url", entry.url)
    if entry.organizer:
        name, address = entry.organizer
        organizer = vCalAddress(f"mailto:{address}")
        organizer.params["cn"] = vText(name)
        made["organizer"] = organizer
    if entry.attendee:
        attendee = vCalAddress(f"mailto:{entry.attendee}")
        attendee.params["rsvp"] = vText("FALSE")
        attendee.params["partstat"] = vText("ACCEPTED")
        made.add("attendee", attendee, encode=False)
    return made


def method_of(calendar: str) -> str:
    """The method that a calendar object names; mail programs want it beside the type of the attachment."""
    found = _METHOD.search(calendar)
    return found[1] if found else "PUBLISH"


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
