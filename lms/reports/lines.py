"""Firms as reports see them: how far each came and what it sold, in a fixed number of queries."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import and_, case, func, not_, select

from lms.accounts.models import Firm, Sector, User
from lms.cohorts import schedule
from lms.cohorts.models import Cohort, Enrolment, EnrolmentState
from lms.curriculum.models import CourseVersion
from lms.foundation.clock import today
from lms.foundation.db import db
from lms.graduation.models import Decision, Verdict
from lms.reports import effect
from lms.reports.effect import Effect, Totals, Windows
from lms.reports.evaluation import PRIMARY
from lms.reports.volumes import MonthSold, Volumes, volumes_of
from lms.sales import months
from lms.sales.models import DIGITAL, Baseline, Channel, Figure, Tier
from lms.sales.services import monthly_totals

# From the weakest backing on: a firm's own word, without a document of somebody else.
SELF_REPORTED = (Tier.D_RECORD, Tier.E_RECALL)
# The flow of firms through a programme.
ADMITTED, STARTED, BASELINE, GRADUATED, REPORTED = "admitted", "started", "baseline", "graduated", "reported"
FLOW = (ADMITTED, STARTED, BASELINE, GRADUATED, REPORTED)

_NOTHING = Decimal(0)
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
    firm_ids = {row.firm_id for row in rows}
    totals, sources, frozen = monthly_totals(firm_ids), _sources(firm_ids), _frozen(rows)
    # Each row of the database brings its own objects for the same few months.
    same: dict[date, date] = {}
    for row in rows:
        known = {same.setdefault(month, month): sold for month, sold in totals.get(row.firm_id, {}).items()}
        yield _line(row, known, sources.get(row.firm_id, {}), frozen.get(row.id))


def _frozen(rows: Sequence[Any]) -> dict[int, list[Any]]:
    found = select(Baseline.enrolment_id, Baseline.months).where(
        Baseline.enrolment_id.in_([row.id for row in rows])
    )
    return {key: months_frozen for key, months_frozen in db.session.execute(found)}


@dataclass(frozen=True, slots=True)
class _Source:
    """How well a firm's month is backed: its weakest figure, and whether all of them were checked.

    `sold` is what its channels say; the sum of all invoices is none of them.
    """

    tier: Tier
    verified: bool
    sold: MonthSold


def _sources(firm_ids: Collection[int]) -> dict[int, dict[date, _Source]]:
    channel = not_(and_(Figure.channel == Channel.OTHER, Figure.source == "cfdi"))
    # Nothing sold is nothing ordered, whether or not it was written down.
    orders, units = (
        case((channel & (Figure.gross > 0), count), (channel, func.coalesce(count, 0)))
        for count in (Figure.orders, Figure.units)
    )
    found = (
        select(
            Figure.firm_id,
            Figure.month,
            func.max(Figure.tier),
            func.sum(case((Figure.verified_at.is_(None), 1), else_=0)),
            func.sum(case((channel, Figure.gross))),
            func.sum(case((Figure.channel.in_(DIGITAL), Figure.gross))),
            func.sum(case((channel, 1), else_=0)),
            *(part for count in (orders, units) for part in (func.sum(count), func.count(count))),
        )
        .where(Figure.firm_id.in_(firm_ids), Figure.gross.is_not(None))
        .group_by(Figure.firm_id, Figure.month)
    )
    sources: dict[int, dict[date, _Source]] = {}
    for firm_id, month, tier, left, total, online, channels, *counts in db.session.execute(found):
        orders_sold, orders_told, units_sold, units_told = counts
        sold = MonthSold(
            total=total or _NOTHING,
            online=online or _NOTHING,
            orders=int(orders_sold) if channels and orders_told == channels else None,
            units=int(units_sold) if channels and units_told == channels else None,
        )
        sources.setdefault(firm_id, {})[month] = _Source(Tier(tier), left == 0, sold)
    return sources


def _line(row: Any, totals: Totals, sources: dict[date, _Source], written: list[Any] | None) -> Line:
    day = today(row.time_zone)
    paused = schedule.total_paused_days(row.paused_days, row.paused_on, day)
    when = _windows(row.starts_on, row.weeks, day, paused)
    # Before the course only what was frozen counts: what is remembered later cannot make a rise.
    wanted = {month.isoformat(): month for month in when.before}
    frozen: dict[date, Decimal | None] = {}
    for text, gross in written or []:
        month = wanted.get(text) or date.fromisoformat(text)
        amount = gross and Decimal(gross)
        # The same amount as in the books is the same object: most are.
        frozen[month] = totals[month] if totals.get(month) == amount and amount is not None else amount
    known = {month: totals.get(month) for month in when.after} | frozen
    verified = {month for month, source in sources.items() if source.verified}
    found = effect.effect_of(known, effect.first_months(when, PRIMARY), verified)
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
        known=known,
        other_months={month: sold for month, sold in totals.items() if month not in known},
        effect=found,
        tier_before=_weakest(sources, found.compared),
        tier_after=_weakest(sources, found.months),
        volumes=volumes_of(
            _sold(sources, known),
            [month for month in when.before if known.get(month) is not None],
            found.compared,
            found.months,
        ),
    )


@lru_cache(maxsize=256)
def _windows(starts_on: date, weeks: int, day: date, paused: int) -> Windows:
    """Firms of one cohort share their months."""
    return effect.windows(starts_on, weeks, day, paused)


def _sold(sources: dict[date, _Source], known: Totals) -> dict[date, MonthSold]:
    """The months whose channels still add up to the total that counts, which was frozen or has invoices."""
    return {month: source.sold for month, source in sources.items() if known.get(month) == source.sold.total}


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


def _weakest(sources: dict[date, _Source], over: Iterable[date]) -> Tier | None:
    return max((sources[month].tier for month in over if month in sources), default=None)


def once_per_firm(lines: Iterable[Line]) -> list[Line]:
    """A firm that took part twice is one firm: its newest enrolment with a change, else its newest."""
    best: dict[int, Line] = {}
    for line in sorted(lines, key=lambda one: (one.effect.is_measured, one.enrolment_id)):
        best[line.firm_id] = line
    return list(best.values())
