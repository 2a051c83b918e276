"""What waits for a trainer or mentor as one list: rows of one shape, their order, what is shown of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Why something is on the list, in the order in which to act."""

    HELP = "help"
    REVIEW = "review"
    DAYS = "days"
    PROMISE = "promise"
    ATTENTION = "attention"
    SESSION = "session"
    ATTENDANCE = "attendance"


_PLACE = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing to do: for which firm and whom, why and since when, and the page that opens it.

    `enrolment_id` is None for a group of firms. `since` is a day or a moment (of a session: when it begins).
    Of two rows of one kind the one with more `weight` comes first, then the older one.
    """

    kind: Kind
    cohort_id: int
    enrolment_id: int | None
    firm: str
    person: str = ""
    reasons: tuple[str, ...]
    since: date | datetime
    opens: str
    values: Mapping[str, Any]
    detail: str = ""
    flags: tuple[str, ...] = ()
    weight: int = 0
    contacted_at: datetime | None = None


@dataclass(frozen=True)
class Filters:
    """What a person chose to see; nothing chosen is everything."""

    kind: Kind | None = None
    cohort_id: int = 0

    def __bool__(self) -> bool:
        return self.kind is not None or self.cohort_id != 0


@dataclass(frozen=True)
class Shown:
    """The rows that are shown. Each count is the length of the list that its filter would show."""

    rows: list[Row]
    filters: Filters
    kinds: dict[Kind, int] = field(default_factory=dict)
    of_cohort: int = 0
    all: int = 0

    @property
    def groups(self) -> list[tuple[Kind, list[Row]]]:
        """The same rows in the same order, those of one kind under one heading."""
        kinds = dict.fromkeys(row.kind for row in self.rows)
        return [(kind, [row for row in self.rows if row.kind is kind]) for kind in kinds]


def read_filters(kind: str, cohort: str) -> Filters:
    """Filters out of an address or a cookie: what means nothing chooses nothing."""
    known = kind in {one.value for one in Kind}
    return Filters(
        Kind(kind) if known else None, int(cohort) if cohort.isdecimal() and len(cohort) < 10 else 0
    )


def ordered(rows: Iterable[Row]) -> list[Row]:
    return sorted(
        rows, key=lambda row: (_PLACE[row.kind], -row.weight, _moment(row.since), row.firm, str(row.values))
    )


def _moment(since: date | datetime) -> datetime:
    return since if isinstance(since, datetime) else datetime.combine(since, time(), UTC)


def show(rows: Iterable[Row], filters: Filters, cohort_ids: Iterable[int]) -> Shown:
    """The list as it is chosen. A cohort that is not this person's any more is no filter."""
    everything = ordered(rows)
    if filters.cohort_id not in set(cohort_ids):
        filters = Filters(filters.kind)
    here = [row for row in everything if filters.cohort_id in (0, row.cohort_id)]
    shown = [row for row in here if filters.kind in (None, row.kind)]
    counted = Counter(row.kind for row in here)
    kinds = {kind: counted[kind] for kind in Kind if counted[kind] or kind is filters.kind}
    return Shown(shown, filters, kinds, len(here), len(everything))
