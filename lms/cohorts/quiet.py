"""The hours in which a cohort is left in peace by letters that can wait. Pure.

They are hours on the wall of the cohort's time zone, usually across midnight.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

USUAL_FROM, USUAL_UNTIL = time(21), time(8)
# A longer night would leave no time for the letters of the day.
LONGEST = timedelta(hours=14)


@dataclass(frozen=True)
class QuietHours:
    """From when until when; the same hour twice means that there are none."""

    begins: time
    ends: time
    zone: str

    @property
    def length(self) -> timedelta:
        day = date(2000, 1, 1)
        length = datetime.combine(day, self.ends) - datetime.combine(day, self.begins)
        return length if length >= timedelta() else length + timedelta(days=1)

    def cover(self, moment: datetime) -> bool:
        return self.over(moment) > moment

    def over(self, moment: datetime) -> datetime:
        """The first moment from this one on that is not quiet."""
        local = moment.astimezone(ZoneInfo(self.zone))
        if not self._hold_at(local.time()):
            return moment
        day = local.date() if local.time() < self.ends else local.date() + timedelta(days=1)
        end = datetime.combine(day, self.ends, ZoneInfo(self.zone))
        # When clocks change, that hour may come twice or not at all: the later reading is never too early.
        return max(end.replace(fold=fold).astimezone(UTC) for fold in (0, 1))

    def _hold_at(self, clock: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends
