"""Calendar months: arithmetic on their first days, and which month it is for people in a time zone."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"(\d{4})-(\d{2})")


def first_of(day: date) -> date:
    """The first day of that day's month, which is how a month is kept."""
    return date(day.year, day.month, 1)


def shift(month: date, months: int) -> date:
    """The month so many months later (earlier when negative)."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def previous(month: date) -> date:
    return shift(month, -1)


def following(month: date) -> date:
    return shift(month, 1)


def last_day_of(month: date) -> date:
    return following(month) - timedelta(days=1)


def same_month_last_year(month: date) -> date:
    return shift(month, -12)


def distance(start: date, end: date) -> int:
    """How many months `end` lies after `start`; negative when it lies before."""
    return (end.year - start.year) * 12 + end.month - start.month


def months_between(start: date, end: date) -> list[date]:
    """Every month from the month of `start` to that of `end`, both included; none when `end` is earlier."""
    return [shift(start, step) for step in range(distance(start, end) + 1)]


def months_before(start: date, number: int) -> list[date]:
    """The `number` whole months before the month of `start`, oldest first."""
    return [shift(start, -step) for step in range(number, 0, -1)]


def month_in(moment: datetime, time_zone: str) -> date:
    """The month it is at that moment for people in `time_zone` (an IANA name)."""
    return first_of(moment.astimezone(ZoneInfo(time_zone)).date())


def parse_month(text: str) -> date:
    """Read `2026-10`. Raises ValueError for anything else and for years before 2000."""
    written = _WRITTEN.fullmatch(text.strip())
    if not written or int(written[1]) < 2000:
        raise ValueError(f"not a month: {text!r}")
    return date(int(written[1]), int(written[2]), 1)


def write_month(month: date) -> str:
    """`2026-10`, as in addresses and files."""
    return f"{month.year:04d}-{month.month:02d}"
