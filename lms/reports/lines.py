"""Firms as reports see them: how far each came and what it sold, in a fixed number of queries."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import and_, select

from lms.accounts.models import Firm, Sector, User
from lms.cohorts import schedule
from lms.cohorts.models import Cohort, Enrolment, EnrolmentState
from lms.curriculum.models import CourseVersion
from lms.foundation.clock import today
from lms.foundation.db import db
from lms.graduation.models import Decision, Verdict
from lms.reports import effect
from lms.reports.books import Book, books_of
from lms.reports.effect import Effect, Totals, Windows
from lms.reports.evaluation import PRIMARY
from lms.reports.kept import kept
from lms.reports.volumes import Volumes, volumes_of
from lms.sales import months
from lms.sales.models import Baseline, Tier

# From the weakest backing on: a firm's own word, without a document of somebody else.
SELF_REPORTED = (Tier.D_RECORD, Tier.E_RECALL)
# The flow of firms through a programme.
ADMITTED, STARTED, BASELINE, GRADUATED, REPORTED = "admitted", "started", "baseline", "graduated", "reported"
FLOW = (ADMITTED, STARTED, BASELINE, GRADUATED, REPORTED)

# So many firms' figures are in memory at a time.
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One firm in a report: who it is, how far it came, and what its sales did.

    `known` are the months that count for itself: the frozen ones before its course and those after it;
    `other_months` the rest of its books. `effect` is the one of the primary window.
    """

    enrolment_id: int
    firm_id: int
    cohort_id: int
    starts_on: date
    name: str
    sector: Sector
    state: str
    city: str
    status: EnrolmentState
    mentor: str
    verdict: Verdict | None
    by_exception: bool
    stages: frozenset[str]
    windows: Windows
    known: Totals
    other_months: Totals
    effect: Effect
    tier_before: Tier | None
    tier_after: Tier | None
    volumes: Volumes

    @property
    def is_self_reported(self) -> bool:
        return any(tier in SELF_REPORTED for tier in (self.tier_before, self.tier_after))

    @property
    def changed_source(self) -> bool:
        """Whether one side rests on documents and the other on the firm's word; it may be only on paper."""
        if self.tier_before is None or self.tier_after is None:
            return False
        return (self.tier_before in SELF_REPORTED) != (self.tier_after in SELF_REPORTED)

    @property
    def months_missing(self) -> tuple[date, ...]:
        """The months after the course of which nothing is known."""
        return tuple(month for month in self.windows.after if self.known.get(month) is None)

    @property
    def books(self) -> Totals:
        """All its months."""
        return {**self.other_months, **self.known}

    @property
    def books_before_start(self) -> Totals:
        """What it sold before its own course began: so long it can be compared with others."""
        start = months.first_of(self.starts_on)
        return {month: sold for month, sold in self.books.items() if month < start}


def lines_of(*conditions: Any, told: Callable[[int], None] = lambda _firms: None) -> list[Line]:
    """A line for every enrolment that meets the conditions, by the firm's name.

    Figures are read for some hundreds of firms at a time: of many thousands they would fill the memory.
    `told` hears how many firms were read so far.
    """
    rows = db.session.execute(
        select(
            Enrolment.id,
            Enrolment.firm_id,
            Enrolment.cohort_id,
            Enrolment.state.label("status"),
            Enrolment.started_at,
            Enrolment.paused_days,
            Enrolment.paused_on,
            Cohort.starts_on,
            Cohort.time_zone,
            CourseVersion.weeks,
            Firm.name,
            Firm.sector,
            Firm.state,
            Firm.city,
            User.name.label("mentor"),
            Decision.verdict,
            Decision.exception,
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(CourseVersion, CourseVersion.id == Cohort.course_version_id)
        .join(Firm, Firm.id == Enrolment.firm_id)
        .outerjoin(User, User.id == Enrolment.mentor_id)
        .outerjoin(Decision, and_(Decision.enrolment_id == Enrolment.id, Decision.replaced_at.is_(None)))
        .where(*conditions)
        .order_by(Firm.name, Enrolment.id)
    ).all()
    found: list[Line] = []
    for at in range(0, len(rows), AT_ONCE):
        found += _some_lines(rows[at : at + AT_ONCE])
        told(len(found))
    return found


def _some_lines(rows: Sequence[Any]) -> Iterator[Line]:
    books, frozen = books_of({row.firm_id for row in rows}), _frozen(rows)
    nothing = Book()
    for row in rows:
        yield _line(row, books.get(row.firm_id, nothing), frozen.get(row.id))


def _frozen(rows: Sequence[Any]) -> dict[int, list[Any]]:
    found = select(Baseline.enrolment_id, Baseline.months).where(
        Baseline.enrolment_id.in_([row.id for row in rows])
    )
    return {key: months_frozen for key, months_frozen in db.session.execute(found)}


def _line(row: Any, book: Book, written: list[Any] | None) -> Line:
    day, totals = today(row.time_zone), book.totals
    paused = schedule.total_paused_days(row.paused_days, row.paused_on, day)
    when = _windows(row.starts_on, row.weeks, day, paused)
    # Before the course only what was frozen counts: what is remembered later cannot make a rise.
    frozen = _amounts(written or (), _written(when.before), totals)
    known = {**{month: totals.get(month) for month in when.after}, **frozen}
    found = effect.effect_of(known, effect.first_months(when, PRIMARY), book.verified())
    before = [month for month in when.before if known.get(month) is not None]
    return Line(
        enrolment_id=row.id,
        firm_id=row.firm_id,
        cohort_id=row.cohort_id,
        starts_on=row.starts_on,
        name=row.name,
        sector=row.sector,
        state=row.state,
        city=row.city,
        status=row.status,
        mentor=row.mentor or "",
        verdict=row.verdict,
        by_exception=bool(row.exception) and row.verdict is Verdict.GRADUATED,
        stages=_stages(row, found, written is not None),
        windows=when,
        known=kept(known),
        other_months=kept({month: sold for month, sold in totals.items() if month not in known}),
        effect=found,
        tier_before=book.weakest(found.compared),
        tier_after=book.weakest(found.months),
        volumes=volumes_of(book.sold(known, (*before, *found.months)), before, found.compared, found.months),
    )


def _amounts(
    written: Iterable[Any], as_written: dict[str, date], totals: Totals
) -> dict[date, Decimal | None]:
    """The frozen months. The same amount as in the books is the same object: most are."""
    frozen: dict[date, Decimal | None] = {}
    for text, gross in written:
        month = as_written.get(text) or date.fromisoformat(text)
        amount = gross and Decimal(gross)
        frozen[month] = totals[month] if totals.get(month) == amount and amount is not None else amount
    return frozen


@lru_cache(maxsize=256)
def _written(before: tuple[date, ...]) -> dict[str, date]:
    return {month.isoformat(): month for month in before}


@lru_cache(maxsize=256)
def _windows(starts_on: date, weeks: int, day: date, paused: int) -> Windows:
    """Firms of one cohort share their months."""
    return effect.windows(starts_on, weeks, day, paused)


def _stages(row: Any, found: Effect, has_baseline: bool) -> frozenset[str]:
    reached = {
        ADMITTED: True,
        STARTED: row.started_at is not None,
        BASELINE: has_baseline,
        GRADUATED: row.verdict is Verdict.GRADUATED,
        REPORTED: bool(found.months),
    }
    return _same_stages(tuple(stage for stage, yes in reached.items() if yes))


@cache
def _same_stages(stages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stages)


def once_per_firm(lines: Iterable[Line]) -> list[Line]:
    """A firm that took part twice is one firm: its newest enrolment with a change, else its newest."""
    best: dict[int, Line] = {}
    for line in sorted(lines, key=lambda one: (one.effect.is_measured, one.enrolment_id)):
        best[line.firm_id] = line
    return list(best.values())
