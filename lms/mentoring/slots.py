"""Hours on offer as moments that can be booked, and days that repeat. Pure; safe where clocks change."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MOST_REPEATS = 40


@dataclass(frozen=True, order=True)
class Slot:
    """One session that could be had: when it starts (UTC), how long it is, and which hours offer it."""

    starts_at: datetime
    minutes: int
    hours_id: int
    kind: str

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def key(self) -> str:
        """What a form says of it."""
        return f"{self.hours_id}.{self.starts_at:%Y%m%dT%H%MZ}"


@dataclass(frozen=True)
class Busy:
    """A time that is taken."""

    starts_at: datetime
    minutes: int

    def meets(self, slot: Slot) -> bool:
        ends_at = self.starts_at + timedelta(minutes=self.minutes)
        return self.starts_at < slot.ends_at and slot.starts_at < ends_at


def on_the_wall(day: date, hour: time, time_zone: str) -> datetime | None:
    """That hour of that day as a UTC moment; None for an hour that the change of clocks leaves out."""
    zone = ZoneInfo(time_zone)
    moment = datetime.combine(day, hour, zone).astimezone(UTC)
    there = moment.astimezone(zone)
    return moment if (there.date(), there.time()) == (day, hour) else None


def openings(hours: Any, first: datetime, last: datetime) -> Iterator[Slot]:
    """The slots that these hours offer between two moments, one after the other from opening on."""
    zone = ZoneInfo(hours.time_zone)
    day, end = first.astimezone(zone).date(), last.astimezone(zone).date()
    if hours.day is not None:
        day, end = max(day, hours.day), min(end, hours.day)
    while day <= end:
        if hours.day is not None or day.weekday() == hours.weekday:
            for hour in _starts(hours.opens, hours.closes, hours.minutes):
                moment = on_the_wall(day, hour, hours.time_zone)
                if moment is not None and first <= moment < last:
                    yield Slot(moment, hours.minutes, hours.id, str(hours.kind))
        day += timedelta(days=1)


def _starts(opens: time, closes: time, minutes: int) -> Iterator[time]:
    at, end = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
    while at + minutes <= end:
        yield time(at // 60, at % 60)
        at += minutes


def free(slots: Iterable[Slot], taken: Iterable[Busy]) -> list[Slot]:
    """The slots that meet nothing that is taken, in order, each start once."""
    taken, found = list(taken), {}
    for slot in sorted(slots):
        if slot.starts_at not in found and not any(busy.meets(slot) for busy in taken):
            found[slot.starts_at] = slot
    return list(found.values())


def repeats(first: date, every_weeks: int, until: date) -> list[date]:
    """The days of a series, the first one included; never more than MOST_REPEATS."""
    days: list[date] = []
    while first <= until and len(days) < MOST_REPEATS:
        days.append(first)
        first += timedelta(weeks=every_weeks)
    return days
