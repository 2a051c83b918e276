"""What the reports are made of, read in a fixed number of queries however many firms there are."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Firm, Sector, User
from lms.cohorts import schedule
from lms.cohorts import services as cohorts
from lms.cohorts.models import AT_WORK, Cohort, Enrolment, EnrolmentState, Programme, Purpose
from lms.curriculum.models import CourseVersion, Practice
from lms.foundation.clock import today
from lms.foundation.db import db
from lms.graduation.models import Decision, Verdict
from lms.mentoring.models import Moment, PracticeCheck
from lms.reports import disclosure, effect
from lms.reports.disclosure import PublicFirm, PublicView
from lms.reports.effect import Effect, Kind, Summary, Windows
from lms.sales.models import Baseline, Figure, Tier
from lms.sales.services import monthly_totals

# From the weakest backing on: a firm's own word, without a document of somebody else.
SELF_REPORTED = (Tier.D_RECORD, Tier.E_RECALL)
# The flow of firms through a programme, and the stages of it that the public page tells where it may.
ADMITTED, STARTED, BASELINE, GRADUATED, REPORTED = "admitted", "started", "baseline", "graduated", "reported"
FLOW = (ADMITTED, STARTED, BASELINE, GRADUATED, REPORTED)
PUBLIC_STAGES = (ADMITTED, GRADUATED)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One firm in a report: who it is, how far it came, and what its sales did."""

    enrolment_id: int
    firm_id: int
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
    effect: Effect
    tier_before: Tier | None
    tier_after: Tier | None

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
        return tuple(month for month in self.windows.after if month not in self.effect.months)


@dataclass(frozen=True, kw_only=True)
class Group:
    """The firms of one sector or state."""

    key: str
    summary: Summary


@dataclass(frozen=True, kw_only=True)
class PracticeLine:
    """How many firms had a practice at the start and at the end, of those that answered both times."""

    text: str
    asked: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """A cohort's report for those who may see its firms.

    `admitted` has everyone, `lines` those who started: whoever leaves stays in the count, whoever never
    came does not.
    """

    cohort: Cohort
    ends_on: date
    windows: Windows
    admitted: tuple[Line, ...]
    lines: tuple[Line, ...]
    summary: Summary
    sectors: tuple[Group, ...]
    states: tuple[Group, ...]
    practices: tuple[PracticeLine, ...]

    @property
    def measured(self) -> list[Line]:
        """The firms with a change, the largest rise first."""
        found = [line for line in self.lines if line.effect.is_measured]
        return sorted(found, key=lambda line: (-(line.effect.ratio or 0), line.name))

    @property
    def missing(self) -> list[Line]:
        """The firms without a figure on one side, by name."""
        return [line for line in self.lines if line.effect.kind in effect.MISSING]

    @property
    def is_a_year_apart(self) -> bool:
        return all(line.effect.is_a_year_apart for line in self.measured)

    @property
    def is_adjusted(self) -> bool:
        return all(line.effect.adjusted for line in self.measured)

    def stage(self, name: str) -> int:
        """How many firms came to this stage of the flow."""
        return sum(name in line.stages for line in self.admitted)

    @property
    def graduated(self) -> int:
        return sum(line.verdict is Verdict.GRADUATED for line in self.lines)

    @property
    def by_exception(self) -> int:
        return sum(line.by_exception for line in self.lines)

    @property
    def not_graduated(self) -> int:
        return sum(line.verdict is Verdict.NOT_GRADUATED for line in self.lines)

    @property
    def undecided(self) -> int:
        return sum(line.verdict is None and line.status in AT_WORK for line in self.lines)

    @property
    def withdrawn(self) -> int:
        return sum(line.status is EnrolmentState.WITHDRAWN for line in self.lines)

    @property
    def self_reported(self) -> int:
        return sum(line.is_self_reported for line in self.measured)

    @property
    def changed_source(self) -> int:
        return sum(line.changed_source for line in self.measured)


@dataclass(frozen=True, kw_only=True)
class PublicReport:
    """A programme's results for strangers: what may be shown, and when the cohorts took place."""

    programme: Programme
    view: PublicView
    first_start: date | None
    last_end: date | None
    adjusted: bool


def cohort_report(cohort: Cohort) -> Report:
    """Everything the report of one cohort says."""
    admitted = lines_of(Enrolment.cohort_id == cohort.id)
    lines = tuple(line for line in admitted if STARTED in line.stages)
    version = CourseVersion.id == cohort.course_version_id
    weeks = db.session.scalars(select(CourseVersion.weeks).where(version)).one()
    return Report(
        cohort=cohort,
        ends_on=schedule.ends_on(cohort.starts_on, weeks),
        windows=effect.windows(cohort.starts_on, weeks, today(cohort.time_zone)),
        admitted=tuple(admitted),
        lines=lines,
        summary=effect.summarize(line.effect for line in lines),
        sectors=_groups(lines, "sector"),
        states=_groups(lines, "state"),
        practices=tuple(_practices(Enrolment.cohort_id == cohort.id)),
    )


def public_report(programme: Programme) -> PublicReport:
    """What strangers may read of a programme's cohorts.

    Sales are those of firms whose owner agreed to the study of results; who only learns is counted in the
    flow alone.
    """
    begun = and_(Cohort.programme_id == programme.id, Cohort.starts_on <= today())
    lines = lines_of(begun)
    agreed = cohorts.firms_granting({line.firm_id for line in lines}, Purpose.IMPACT_STUDY)
    firms = [_as_public(line, line.firm_id in agreed) for line in _once_per_firm(lines)]
    dates = db.session.execute(
        select(Cohort.starts_on, CourseVersion.weeks)
        .join(CourseVersion, CourseVersion.id == Cohort.course_version_id)
        .where(begun)
    ).all()
    return PublicReport(
        programme=programme,
        view=disclosure.publish(firms, PUBLIC_STAGES),
        first_start=min((row.starts_on for row in dates), default=None),
        last_end=max((schedule.ends_on(row.starts_on, row.weeks) for row in dates), default=None),
        adjusted=all(firm.effect.adjusted for firm in firms if firm.effect.is_measured),
    )


def lines_of(condition: Any) -> list[Line]:
    """A line for every enrolment that meets the condition, by the firm's name."""
    rows = db.session.execute(
        select(
            Enrolment.id,
            Enrolment.firm_id,
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
        .where(condition)
        .order_by(Firm.name, Enrolment.id)
    ).all()
    firm_ids = {row.firm_id for row in rows}
    totals, sources = monthly_totals(firm_ids), _sources(firm_ids)
    return [_line(row, totals.get(row.firm_id, {}), sources.get(row.firm_id, {})) for row in rows]


@dataclass(frozen=True)
class _Source:
    """How well a firm's month is backed: its weakest figure, and whether all of them were checked."""

    tier: Tier
    verified: bool


def _sources(firm_ids: Collection[int]) -> dict[int, dict[date, _Source]]:
    unchecked = func.sum(case((Figure.verified_at.is_(None), 1), else_=0))
    found = (
        select(Figure.firm_id, Figure.month, func.max(Figure.tier), unchecked)
        .where(Figure.firm_id.in_(firm_ids), Figure.gross.is_not(None))
        .group_by(Figure.firm_id, Figure.month)
    )
    sources: dict[int, dict[date, _Source]] = {}
    for firm_id, month, tier, left in db.session.execute(found):
        sources.setdefault(firm_id, {})[month] = _Source(Tier(tier), left == 0)
    return sources


def _line(row: Any, totals: effect.Totals, sources: dict[date, _Source]) -> Line:
    day = today(row.time_zone)
    paused = schedule.total_paused_days(row.paused_days, row.paused_on, day)
    when = effect.windows(row.starts_on, row.weeks, day, paused)
    # Before the course only what was frozen counts: what is remembered later cannot make a rise.
    known: dict[date, Decimal | None] = {month: totals.get(month) for month in when.after}
    known |= {date.fromisoformat(month): gross and Decimal(gross) for month, gross in row.frozen or []}
    verified = {month for month, source in sources.items() if source.verified}
    found = effect.effect_of(known, when, verified)
    return Line(
        enrolment_id=row.id,
        firm_id=row.firm_id,
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
        effect=found,
        tier_before=_weakest(sources, found.compared),
        tier_after=_weakest(sources, found.months),
    )


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


def _groups(lines: Sequence[Line], attribute: str) -> tuple[Group, ...]:
    """The firms by sector or state, those with most measured firms first."""
    keys = {getattr(line, attribute) for line in lines}
    groups = [
        Group(
            key=key,
            summary=effect.summarize(line.effect for line in lines if getattr(line, attribute) == key),
        )
        for key in keys
    ]
    return tuple(sorted(groups, key=lambda group: (-group.summary.measured, -group.summary.firms, group.key)))


def _practices(condition: Any) -> list[PracticeLine]:
    first, last = aliased(PracticeCheck), aliased(PracticeCheck)
    same = and_(
        last.enrolment_id == first.enrolment_id,
        last.practice_id == first.practice_id,
        last.moment == Moment.END,
    )
    found = (
        select(
            Practice.text,
            func.count().label("asked"),
            func.sum(case((first.yes, 1), else_=0)).label("start"),
            func.sum(case((last.yes, 1), else_=0)).label("end"),
        )
        .join(first, and_(first.practice_id == Practice.id, first.moment == Moment.START))
        .join(last, same)
        .join(Enrolment, Enrolment.id == first.enrolment_id)
        .where(condition)
        .group_by(Practice.id, Practice.text, Practice.position)
        .order_by(Practice.position, Practice.id)
    )
    rows = db.session.execute(found)
    return [PracticeLine(text=row.text, asked=row.asked, start=row.start, end=row.end) for row in rows]


def _once_per_firm(lines: Iterable[Line]) -> list[Line]:
    """A firm that took part twice is one firm: its newest enrolment with a change, else its newest."""
    best: dict[int, Line] = {}
    for line in sorted(lines, key=lambda one: (one.effect.is_measured, one.enrolment_id)):
        best[line.firm_id] = line
    return list(best.values())


def _as_public(line: Line, agreed: bool) -> PublicFirm:
    return PublicFirm(
        number=line.firm_id,
        sector=line.sector.value,
        state=line.state,
        effect=line.effect if agreed else Effect(kind=Kind.NO_AFTER),
        stages=line.stages,
    )
