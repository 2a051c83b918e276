"""Dates as files write them, read as a day in the firm's time zone. What cannot be read is never guessed."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 2000, 2100
# Mercado Libre's files name no zone; times are those of the centre of the country.
CENTRE = "America/Mexico_City"

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "ene enero jan january", "feb febrero february", "mar marzo march", "abr abril apr april",
            "may mayo", "jun junio june", "jul julio july", "ago agosto aug august",
            "sep sept septiembre setiembre september", "oct octubre october", "nov noviembre november",
            "dic diciembre dec december",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_ZONES = {"utc": 0, "gmt": 0, "z": 0, "pst": -8, "pdt": -7, "cst": -6, "cdt": -5, "mst": -7}

_SPANISH = re.compile(
    r"(\d{1,2}) de ([a-z]+)(?: de (\d{4}))?(?:,? (\d{1,2}):(\d{2})(?::\d{2})?)?(?: ?h(?:rs?|s)?\.?)?"
)
_NAMED = re.compile(
    r"(?:(\d{1,2})[ /-]([a-z]+)\.?|([a-z]+)\.? (\d{1,2}),?)[ /-](\d{4}),?"
    r"(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?(?: ?([ap])\.? ?m\.?)?(?: ([a-z]+)? ?([+-]\d{1,2})?(?::?(\d{2}))?)?"
)
_ISO = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*"
    r"(Z|UTC|[+-]\d{2}:?\d{2})?"
)
_NUMERIC_START = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{2}")
_NUMERIC = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:,? +(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([ap])\.? ?m\.?)?)?"
)
_MONTH_NAMED = re.compile(r"([a-z]+)\.?(?: de)?[ /-](\d{4})")
_COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_MONTH_ONLY = re.compile(r"(\d{4})-(\d{1,2})")


class Days:
    """Reads the dates of one column as days (`date.toordinal`) in `zone`.

    `order` says what `03/04/2026` means: "dmy" or "mdy". `source_zone` is where a time without zone was
    written down; without it that is the firm's own. Not readable, or of a year that cannot be: ValueError.
    """

    MOST_KNOWN = 50_000

    def __init__(
        self,
        zone: str,
        *,
        source_zone: str | None = None,
        order: str = "dmy",
        serials: bool = False,
        from_1904: bool = False,
    ) -> None:
        self._zone = ZoneInfo(zone)
        self._source = ZoneInfo(source_zone) if source_zone and source_zone != zone else None
        self._order = order
        self._serials = serials
        self._epoch = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
        # What was read once: callers with many rows look here first.
        self.known: dict[str, int] = {}
        # Whether a date came along that only makes sense in the other order.
        self.is_mixed = False

    def __call__(self, text: str) -> int:
        day = self.known.get(text)
        if day is None:
            day = self._read(text)
            if len(self.known) < self.MOST_KNOWN:
                self.known[text] = day
        return day

    def _read(self, text: str) -> int:
        text = text.strip().strip("'")
        if self._serials and _SERIAL.fullmatch(text):
            days, _, part = text.partition(".")
            there = datetime.combine(self._epoch, datetime.min.time()) + timedelta(days=int(days))
            # Half a second is added: a day number is a fraction, and 0:00 may be written as 23:59:59.9999.
            there += timedelta(seconds=float(f"0.{part or 0}") * 86_400 + 0.5)
            return self._day(there, None)
        for pattern, read in (
            (_ISO, _iso), (_NUMERIC, self._numeric), (_SPANISH, _spanish), (_NAMED, _named),
            (_MONTH_ONLY, _month_only), (_COMPACT, _compact), (_MONTH_NAMED, _month_named),
        ):  # fmt: skip
            found = pattern.fullmatch(text if pattern is _ISO else _plain(text))
            if found:
                there, offset = read(found)
                return self._day(there, offset)
        raise ValueError(f"not a date: {text[:40]!r}")

    def _numeric(self, found: re.Match[str]) -> tuple[datetime, None]:
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        day, month = (first, second) if self._order == "dmy" else (second, first)
        year += 2000 if year < 100 else 0
        self.is_mixed = self.is_mixed or (month > 12 >= day)
        return datetime(year, month, day, *_clock(found[4], found[5], found[6], found[7])), None

    def _day(self, there: datetime, offset: timedelta | None) -> int:
        if not FIRST_YEAR <= there.year <= LAST_YEAR:
            raise ValueError(f"not a year of sales: {there.year}")
        if offset is not None:
            there = there.replace(tzinfo=timezone(offset)).astimezone(self._zone)
        elif self._source is not None:
            there = there.replace(tzinfo=self._source).astimezone(self._zone)
        return there.toordinal()


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.lower())
    return " ".join("".join(sign for sign in text if not unicodedata.combining(sign)).split())


def _clock(
    hour: str | None, minute: str | None, second: str | None, half: str | None
) -> tuple[int, int, int]:
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError("not an hour")
        hours = hours % 12 + (12 if half == "p" else 0)
    return hours, int(minute or 0), min(int(second or 0), 59)


def _iso(found: re.Match[str]) -> tuple[datetime, timedelta | None]:
    there = datetime(int(found[1]), int(found[2]), int(found[3]), *_clock(found[4], found[5], found[6], None))
    said = found[7]
    if not said:
        return there, None
    if said in ("Z", "UTC"):
        return there, timedelta(0)
    return there, _offset(said[:3], said[-2:])


def _offset(hours: str, minutes: str | None) -> timedelta:
    sign = -1 if hours.startswith("-") else 1
    if abs(int(hours)) > 14:
        raise ValueError("not a time zone")
    return sign * timedelta(hours=abs(int(hours)), minutes=int(minutes or 0))


def _month(name: str) -> int:
    if name not in _MONTHS:
        raise ValueError(f"not a month: {name!r}")
    return _MONTHS[name]


def _spanish(found: re.Match[str]) -> tuple[datetime, None]:
    if not found[3]:
        raise ValueError("a date without its year")
    return datetime(
        int(found[3]), _month(found[2]), int(found[1]), int(found[4] or 0), int(found[5] or 0)
    ), None


def _named(found: re.Match[str]) -> tuple[datetime, timedelta | None]:
    month, day = (found[2], found[1]) if found[1] else (found[3], found[4])
    there = datetime(int(found[5]), _month(month), int(day), *_clock(found[6], found[7], found[8], found[9]))
    zone, hours, minutes = found[10], found[11], found[12]
    if zone and zone not in _ZONES:
        raise ValueError(f"not a time zone: {zone!r}")
    if hours:
        return there, _offset(hours, minutes)
    return there, timedelta(hours=_ZONES[zone]) if zone else None


def _month_only(found: re.Match[str]) -> tuple[datetime, None]:
    return datetime(int(found[1]), int(found[2]), 1), None


def _month_named(found: re.Match[str]) -> tuple[datetime, None]:
    return datetime(int(found[2]), _month(found[1]), 1), None


def _compact(found: re.Match[str]) -> tuple[datetime, None]:
    return datetime(int(found[1]), int(found[2]), int(found[3])), None


def is_serial(text: str) -> bool:
    """Whether a sheet's cell holds a day as a number (or nothing)."""
    return not text or _SERIAL.fullmatch(text) is not None


def order_of(texts: Iterable[str]) -> tuple[str, bool]:
    """What `03/04/2026` means in these cells, "dmy" or "mdy", and whether any cell tells.

    Raises ValueError when some can only be read one way and some only the other.
    """
    firsts = seconds = 0
    for text in {text[:10] for text in texts}:
        found = _NUMERIC_START.match(text.strip())
        if found:
            firsts += int(found[1]) > 12
            seconds += int(found[2]) > 12
    if firsts and seconds:
        raise ValueError("dates of two kinds")
    return ("mdy" if seconds else "dmy"), bool(firsts or seconds)
