"""What the books say: figures by firm and month, their totals, and the frozen months before the start."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, case, func, not_, select
from sqlalchemy.orm import joinedload, selectinload

from lms.accounts.models import Firm
from lms.cohorts.models import Cohort, Enrolment
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.sales import months, words
from lms.sales.models import Baseline, Channel, Figure, FigureRevision

BASELINE_LENGTH = 12
# With fewer months than this a firm's season cannot be told from its growth; that is said, not forbidden.
BASELINE_ENOUGH = 6

# Asked of a firm of which nothing is known yet.
USUAL = (Channel.COUNTER, Channel.SOCIAL, Channel.MERCADO_LIBRE, Channel.WHOLESALE, Channel.OWN_SHOP)


def last_ended_month(firm: Firm) -> date:
    """The newest month that is over for people where the firm is."""
    return months.previous(months.month_in(now(), firm.time_zone))


def start_month(enrolment: Enrolment) -> date:
    """The month in which the course starts."""
    return months.first_of(enrolment.cohort.starts_on)


def baseline_months(enrolment: Enrolment) -> list[date]:
    """The twelve whole months before the month in which the course starts, oldest first."""
    return months.months_before(enrolment.cohort.starts_on, BASELINE_LENGTH)


# Figures


def figures_of(firm_id: int) -> list[Figure]:
    """Every figure of a firm, oldest month first, with its changes, who checked it and its evidence."""
    found = select(Figure).where(Figure.firm_id == firm_id).order_by(Figure.month, Figure.id)
    with_all = found.options(
        joinedload(Figure.evidence),
        joinedload(Figure.verified_by),
        selectinload(Figure.revisions).joinedload(FigureRevision.by),
    )
    return list(db.session.scalars(with_all))


def figures_of_month(firm_id: int, month: date) -> dict[Channel, Figure]:
    """The figures of one month by channel."""
    found = select(Figure).where(Figure.firm_id == firm_id, Figure.month == month)
    return {figure.channel: figure for figure in db.session.scalars(found)}


def figures_in(firm_id: int, wanted: Collection[date]) -> dict[tuple[Channel, date], Figure]:
    """The figures of several months by channel and month."""
    found = select(Figure).where(Figure.firm_id == firm_id, Figure.month.in_(wanted))
    return {(figure.channel, figure.month): figure for figure in db.session.scalars(found)}


def history_of(firm_id: int, channel: Channel, month: date) -> list[FigureRevision]:
    """Everything that was ever said about a figure, newest first; also of one that an undo took away."""
    found = (
        select(FigureRevision)
        .where(
            FigureRevision.firm_id == firm_id,
            FigureRevision.channel == channel,
            FigureRevision.month == month,
        )
        .options(joinedload(FigureRevision.by))
        .order_by(FigureRevision.id.desc())
    )
    return list(db.session.scalars(found))


def by_month(figures: Iterable[Figure]) -> dict[date, list[Figure]]:
    """Figures put together by month, newest month first, channels in the order of the pages."""
    order = list(words.CHANNELS)
    months_of_figures: dict[date, list[Figure]] = {}
    for figure in sorted(figures, key=lambda one: (one.month, -order.index(one.channel)), reverse=True):
        months_of_figures.setdefault(figure.month, []).append(figure)
    return months_of_figures


# Totals


def is_all_invoices(figure: Figure) -> bool:
    """Whether this is the sum of all invoices, which holds every channel and is never added to them."""
    return figure.channel is Channel.OTHER and figure.source == "cfdi"


def combine(known: Decimal | None, unknown: int, invoices: Decimal | None) -> Decimal | None:
    """A month's total: what the channels sold, unless some channel is unknown.

    The sum of all invoices stands for the whole month; more may have been sold without invoice, never less.
    """
    if invoices is not None:
        return max(invoices, known or Decimal(0))
    return None if unknown else known


def total_of(figures: Iterable[Figure]) -> Decimal | None:
    """The total of one month's figures; None when it is not known."""
    figures = list(figures)
    channels = [figure.gross for figure in figures if not is_all_invoices(figure)]
    invoices = next((figure.gross for figure in figures if is_all_invoices(figure)), None)
    return combine(known_part(figures), channels.count(None), invoices)


def known_part(figures: Iterable[Figure]) -> Decimal | None:
    """What the channels are known to have sold at least, or None when nothing is known."""
    amounts = [one.gross for one in figures if one.gross is not None and not is_all_invoices(one)]
    return sum(amounts, Decimal(0)) if amounts else None


def monthly_totals(firm_ids: Collection[int]) -> dict[int, dict[date, Decimal | None]]:
    """The total of every reported month of many firms, in one query; an unknown total is None."""
    all_invoices = and_(Figure.channel == Channel.OTHER, Figure.source == "cfdi")
    of_channels = not_(all_invoices)
    sums = (
        select(
            Figure.firm_id,
            Figure.month,
            func.sum(case((of_channels, Figure.gross))).label("known"),
            func.sum(case((and_(of_channels, Figure.gross.is_(None)), 1), else_=0)).label("unknown"),
            func.max(case((all_invoices, Figure.gross))).label("invoices"),
        )
        .where(Figure.firm_id.in_(firm_ids))
        .group_by(Figure.firm_id, Figure.month)
        .order_by(Figure.firm_id, Figure.month)
    )
    totals: dict[int, dict[date, Decimal | None]] = {}
    for row in db.session.execute(sums):
        totals.setdefault(row.firm_id, {})[row.month] = combine(row.known, row.unknown, row.invoices)
    return totals


# Months


def months_missing(enrolment: Enrolment, before: date) -> list[date]:
    """The months since the start of the course and before that month of which nothing was reported."""
    asked = months.months_between(start_month(enrolment), months.previous(before))
    reported = set(
        db.session.scalars(select(Figure.month).where(Figure.firm_id == enrolment.firm_id).distinct())
    )
    return [month for month in asked if month not in reported]


def months_reported(enrolment_ids: Collection[int]) -> dict[int, list[date]]:
    """The months since the start of which each enrolment wrote down (or imported) an amount, in one query."""
    found = (
        select(Enrolment.id, Cohort.starts_on, Figure.month)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Figure, Figure.enrolment_id == Enrolment.id)
        .where(Enrolment.id.in_(enrolment_ids), Figure.gross.is_not(None))
        .distinct()
        .order_by(Enrolment.id, Figure.month)
    )
    reported: dict[int, list[date]] = {}
    for enrolment_id, starts_on, month in db.session.execute(found):
        if month >= months.first_of(starts_on):
            reported.setdefault(enrolment_id, []).append(month)
    return reported


def channels_in_use(figures: Iterable[Figure]) -> tuple[list[Channel], list[Channel]]:
    """The channels to ask about: those with figures, filled up to five; and the others."""
    used = {figure.channel for figure in figures if not is_all_invoices(figure)}
    for channel in USUAL:
        if len(used) < len(USUAL):
            used.add(channel)
    return [c for c in words.CHANNELS if c in used], [c for c in words.CHANNELS if c not in used]


def why_closed(enrolment: Enrolment, month: date) -> str | None:
    """Why nothing may be written into a month: `month_open` (not over yet), `month_frozen`, or None."""
    if month > last_ended_month(enrolment.firm):
        return "month_open"
    if month in baseline_months(enrolment) and has_baseline(enrolment.id):
        return "month_frozen"
    return None


def first_open_month(enrolment: Enrolment) -> date:
    """The earliest month that may be written: of the baseline, or once that is frozen of the course."""
    return start_month(enrolment) if has_baseline(enrolment.id) else baseline_months(enrolment)[0]


def has_open_month(enrolment: Enrolment) -> bool:
    """Whether a month may be written now: none may from freezing to the end of the course's first month."""
    return first_open_month(enrolment) <= last_ended_month(enrolment.firm)


# The frozen months


def baseline_of(enrolment_id: int) -> Baseline | None:
    """The frozen baseline, or None while it is open."""
    return db.session.scalars(select(Baseline).where(Baseline.enrolment_id == enrolment_id)).first()


def baselines_of(enrolment_ids: Collection[int]) -> dict[int, Baseline]:
    """The frozen baselines of many enrolments in one query."""
    found = select(Baseline).where(Baseline.enrolment_id.in_(enrolment_ids))
    return {baseline.enrolment_id: baseline for baseline in db.session.scalars(found)}


def has_baseline(enrolment_id: int) -> bool:
    """Whether the months before the start are frozen."""
    return db.session.scalar(select(Baseline.id).where(Baseline.enrolment_id == enrolment_id)) is not None


def months_of(baseline: Baseline) -> list[tuple[date, Decimal | None]]:
    """What a baseline holds, as months and amounts."""
    return [
        (date.fromisoformat(month), None if gross is None else Decimal(gross))
        for month, gross in baseline.months
    ]


def known_months(baseline: Baseline) -> int:
    """Of how many months the total is known."""
    return sum(1 for _month, gross in months_of(baseline) if gross is not None)
