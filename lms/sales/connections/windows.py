"""A month as marketplaces are asked for it: from its first moment in the firm's zone to that of the next."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from lms.sales.months import following


def window_of(month: date, zone: str) -> tuple[datetime, datetime]:
    return _beginning(month, zone), _beginning(following(month), zone)


def halves(start: datetime, end: datetime) -> tuple[tuple[datetime, datetime], tuple[datetime, datetime]]:
    """A window as two, cut at a whole second."""
    middle = (start + (end - start) / 2).replace(microsecond=0)
    return (start, middle), (middle, end)


def _beginning(month: date, zone: str) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=ZoneInfo(zone))
