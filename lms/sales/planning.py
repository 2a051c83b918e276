"""What a file of sales would change: per month what it says, what the books say, and what they would say."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lms.cohorts.models import Enrolment
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.sales import entries, ledger, months
from lms.sales.importers.canonical import Batch, Entry, Row, add_up, as_row, month_of, whole_months
from lms.sales.models import Channel, Figure, SalesSource, Tier

TEN = 10
# What a figure says besides its gross amount.
DETAILS = ("net", "orders", "units", "cancelled", "refunds", "fees")


@dataclass(frozen=True, kw_only=True)
class MonthPlan:
    """One month: `says` is the file, `before` the books of today, `after` what they would say.

    `why` is the reason for which nothing is written into it. `replaces` names what it takes the place of: the
    source of the figure of today, or "typed".
    """

    month: date
    says: Row
    before: Decimal | None
    after: Row
    is_new: bool
    differs: bool
    why: str = ""
    replaces: str = ""
    is_whole: bool | None = None
    below_zero: bool = False

    @property
    def change(self) -> str:
        """`new`, `changed`, `same` or `left_out`."""
        if self.why:
            return "left_out"
        if not self.differs:
            return "same"
        return "new" if self.is_new else "changed"


@dataclass(frozen=True, kw_only=True)
class SheetPlan:
    """What an import would do. Nothing is written until it is carried out."""

    channel: Channel
    source: str
    tier: Tier
    currency: str
    rows: int
    counted: int
    left_out: Mapping[str, int]
    noted: Mapping[str, int]
    statuses: Mapping[str, int]
    columns: Mapping[str, str]
    first_day: date | None
    last_day: date | None
    months: tuple[MonthPlan, ...]
    changed_orders: int

    @property
    def writes(self) -> list[MonthPlan]:
        return [line for line in self.months if line.change in ("new", "changed")]

    @property
    def changes_nothing(self) -> bool:
        return not self.writes and not self.changed_orders


def plan(enrolment: Enrolment, channel: Channel, batch: Batch) -> SheetPlan:
    """What this batch would change in the figures of a channel."""
    source = entries.source_of(enrolment.firm_id, channel, batch.source)
    said = add_up(batch.entries.values())
    kept = entries.sums_of(source)
    figures = ledger.figures_in(enrolment.firm_id, {month_of(month) for month in (*said, *kept)})
    closed = closed_months(enrolment, channel, (*said, *kept), figures)
    number, after = _after(source, batch, said, kept, closed)
    whole = _whole(source, batch)
    lines = []
    for month in sorted({*said, *(one for one in after if after[one] != kept.get(one))}):
        figure = figures.get((channel, month_of(month)))
        entry = said.get(month) or Entry(month, 0, 0, 0, 0, 0, 0, 0)
        lines.append(_line(figure, batch, entry, after.get(month) or entry, closed.get(month, ""), whole))
    return SheetPlan(
        channel=channel,
        source=batch.source,
        tier=Tier(batch.tier),
        currency=batch.currency,
        rows=batch.rows,
        counted=batch.rows - sum(batch.left_out.values()),
        left_out=dict(batch.left_out),
        noted=dict(batch.noted),
        statuses=dict(batch.statuses),
        columns=batch.columns,
        first_day=_day(batch.first_day),
        last_day=_day(batch.last_day),
        months=tuple(lines),
        changed_orders=number,
    )


def closed_months(
    enrolment: Enrolment,
    channel: Channel,
    wanted: Collection[int],
    figures: Mapping[tuple[Channel, date], Figure],
) -> dict[int, str]:
    """Months into which nothing is written, and why: not over yet, frozen, or checked and locked."""
    frozen = ledger.has_baseline(enrolment.id)
    baseline = set(ledger.baseline_months(enrolment)) if frozen else set()
    newest = ledger.last_ended_month(enrolment.firm)
    closed = {}
    for number in set(wanted):
        month = month_of(number)
        figure = figures.get((channel, month))
        if month > newest:
            closed[number] = "month_open"
        elif month in baseline:
            closed[number] = "month_frozen"
        elif figure is not None and figure.is_locked:
            closed[number] = "month_locked"
    return closed


def open_changes(source: SalesSource | None, batch: Batch, closed: Mapping[int, str]) -> Any:
    """The orders of a batch that say something new and touch no closed month."""
    salt = source.salt if source else b"none"
    for key, new, old in entries.differences(source, entries.hashed(batch, salt)):
        if new.month not in closed and (old is None or old.entry.month not in closed):
            yield key, new, old


def _after(
    source: SalesSource | None,
    batch: Batch,
    said: Mapping[int, Entry],
    kept: Mapping[int, Entry],
    closed: Mapping[int, str],
) -> tuple[int, dict[int, Entry]]:
    if source is None or not kept:
        # Nothing is known of this source: everything is new, and the file's own sums are the sums.
        number = sum(1 for entry in batch.entries.values() if entry.month not in closed)
        return number, {month: one for month, one in said.items() if month not in closed}
    number = 0

    def counted() -> Any:
        nonlocal number
        for change in open_changes(source, batch, closed):
            number += 1
            yield change

    after = entries.plus(kept, counted())
    return number, after


def _whole(source: SalesSource | None, batch: Batch) -> Mapping[int, bool]:
    """Which months are surely there as a whole, in this file or with those imported before."""
    return whole_months(batch.first_day, batch.last_day)


def _line(
    figure: Figure | None, batch: Batch, said: Entry, sum_after: Entry, why: str, whole: Mapping[int, bool]
) -> MonthPlan:
    after = as_row(sum_after, batch.knows)
    replaces = ""
    if figure is not None and figure.source != batch.source:
        replaces = figure.source or "typed"
    return MonthPlan(
        month=month_of(said.month),
        says=as_row(said, batch.knows),
        before=figure.gross if figure else None,
        after=after,
        is_new=figure is None,
        differs=figure is None or bool(replaces) or differs(figure, after),
        why=why,
        replaces=replaces,
        is_whole=True if whole.get(said.month) else None,
        below_zero=sum_after.gross < 0,
    )


def differs(figure: Figure, row: Row) -> bool:
    """Whether a figure says something else than a month's sum."""
    return (figure.gross, *details_of(figure)) != (row.gross, *details_in(row))


def details_of(figure: Figure) -> tuple[Any, ...]:
    return tuple(getattr(figure, name) for name in DETAILS)


def details_in(row: Row) -> tuple[Any, ...]:
    return (row.net, row.orders, row.units, row.cancelled, row.refunded, row.fees)


def _day(number: int | None) -> date | None:
    return None if number is None else date.fromordinal(number)


def refuse_empty(plan: SheetPlan) -> None:
    """Raises Refused when nothing in a file can be written at all."""
    if not plan.months:
        raise Refused(_("Nothing in this file counts as a sale. Nothing was changed."))


def as_data(plan: SheetPlan) -> dict[str, Any]:
    """A plan as plain data, for JSON and for the record of an import. Names of files are not in it."""
    return {
        "source": plan.source,
        "channel": plan.channel.value,
        "tier": plan.tier.value,
        "currency": plan.currency,
        "rows": plan.rows,
        "counted": plan.counted,
        "left_out": dict(plan.left_out),
        "noted": dict(plan.noted),
        "statuses": dict(plan.statuses),
        "columns": dict(plan.columns),
        "first_day": plan.first_day.isoformat() if plan.first_day else None,
        "last_day": plan.last_day.isoformat() if plan.last_day else None,
        "changed_orders": plan.changed_orders,
        "months": _months_data(plan),
        # Cancellation of an invoice is not written in a file and was not asked of the SAT.
        "cancellation_checked": False,
    }


def _months_data(plan: SheetPlan) -> list[dict[str, Any]]:
    found, before = [], None
    for line in plan.months:
        found.append(_month_data(line, plan) | {"jump": _jump(before, line)})
        before = line
    return found


def _jump(before: MonthPlan | None, line: MonthPlan) -> str | None:
    """Whether a month is ten times the one before it or a tenth of it: `more`, `less` or None."""
    if before is None or months.following(before.month) != line.month or not before.says.gross:
        return None
    if line.says.gross >= TEN * before.says.gross:
        return "more"
    return "less" if 0 < TEN * line.says.gross <= before.says.gross else None


def _month_data(line: MonthPlan, plan: SheetPlan) -> dict[str, Any]:
    return {
        "month": months.write_month(line.month),
        "channel": plan.channel.value,
        "source": plan.source,
        "currency": plan.currency,
        "pesos": str(line.says.gross),
        "pesos_ex_vat": _text(line.says.net),
        "orders": line.says.orders,
        "units": line.says.units,
        "cancelled": str(line.says.cancelled),
        "refunded": str(line.says.refunded),
        "fees": _text(line.says.fees),
        "before": _text(line.before),
        "after": _text(line.before if line.why else line.after.gross),
        "change": line.change,
        "why": line.why or None,
        "replaces": line.replaces or None,
        "complete": line.is_whole,
        "below_zero": line.below_zero,
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
