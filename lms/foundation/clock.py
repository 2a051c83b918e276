"""The only clock in the house, so that tests can stop it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "America/Mexico_City"


def now() -> datetime:
    """The present moment, aware and in UTC."""
    return _system_time()


def today(time_zone: str = DEFAULT_ZONE) -> date:
    """The calendar day it is now for people in `time_zone` (an IANA name)."""
    return now().astimezone(ZoneInfo(time_zone)).date()


def _system_time() -> datetime:
    return datetime.now(UTC)
