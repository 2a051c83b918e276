"""Firms as reports see them: how far each came and what it sold, in a fixed number of queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
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


@dataclass(frozen=True, kw_only=True)
class Line:
    """One firm in a report: who it is, how far it came, and what its sales did.

    `books` are all its months; `known` those that count for itself: the frozen ones before its course and
    those after it. `effect` is the one of the primary window.
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
    books: Totals
    known: Totals
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
    def books_before_start(self) -> Totals:
        """What it sold before its own course began: so long it can be compared with others."""
        start = months.first_of(self.starts_on)
        return {month: sold for month, sold in self.books.items() if month < start}


def lines_of(*conditions: Any) -> list[Line]:
    """A line for every enrolment that meets the conditions, by the firm's name."""
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
            Baseline.months.label("frozen"),
            Decision.verdict,
            Decision.exception,
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(CourseVersion, CourseVersion.id == Cohort.course_version_id)
        .join(Firm, Firm.id == Enrolment.firm_id)
        .outerjoin(User, User.id == Enrolment.mentor_id)
        .outerjoin(Baseline, Baseline.enrolment_id == Enrolment.id)
        .outerjoin(Decision, and_(Decision.enrolment_id == Enrolment.id, Decision.replaced_at.is_(None)))
        .where(*conditions)
        .order_by(Firm.name, Enrolment.id)
    ).all()
    firm_ids = {row.firm_id for row in rows}
    totals, sources = monthly_totals(firm_ids), _sources(firm_ids)
    return [_line(row, totals.get(row.firm_id, {}), sources.get(row.firm_id, {})) for row in rows]


@dataclass(frozen=True)
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


def _line(row: Any, totals: Totals, sources: dict[date, _Source]) -> Line:
    day = today(row.time_zone)
    paused = schedule.total_paused_days(row.paused_days, row.paused_on, day)
    when = effect.windows(row.starts_on, row.weeks, day, paused)
    # Before the course only what was frozen counts: what is remembered later cannot make a rise.
    frozen = {date.fromisoformat(month): gross and Decimal(gross) for month, gross in row.frozen or []}
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
        stages=_stages(row, found),
        windows=when,
        books={**totals, **frozen},
        known=known,
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


def _sold(sources: dict[date, _Source], known: Totals) -> dict[date, MonthSold]:
    """The months whose channels still add up to the total that counts, which was frozen or has invoices."""
    return {month: source.sold for month, source in sources.items() if known.get(month) == source.sold.total}


def _stages(row: Any, found: Effect) -> frozenset[str]:
    reached = {
        ADMITTED: True,
        STARTED: row.started_at is not None,
        BASELINE: row.frozen is not None,
        GRADUATED: row.verdict is Verdict.GRADUATED,
        REPORTED: bool(found.months),
    }
    return frozenset(stage for stage, yes in reached.items() if yes)


def _weakest(sources: dict[date, _Source], over: Iterable[date]) -> Tier | None:
    return max((sources[month].tier for month in over if month in sources), default=None)


def once_per_firm(lines: Iterable[Line]) -> list[Line]:
    """A firm that took part twice is one firm: its newest enrolment with a change, else its newest."""
    best: dict[int, Line] = {}
    for line in sorted(lines, key=lambda one: (one.effect.is_measured, one.enrolment_id)):
        best[line.firm_id] = line
    return list(best.values())
