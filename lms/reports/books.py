"""What firms sold month by month, and how well each month is backed: one question for some hundreds of firms.

The database adds the channels up. The sum of all invoices is no channel: it holds all of them and is asked
for apart, so that the question for everybody stays a short one.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, String, and_, case, func, not_, select, type_coerce

from lms.foundation.db import db
from lms.reports.effect import Totals
from lms.reports.volumes import MonthSold
from lms.sales.models import DIGITAL, Channel, Figure, Tier
from lms.sales.services import combine

_ALL_INVOICES = and_(Figure.channel == Channel.OTHER, Figure.source == "cfdi")


class Entry(NamedTuple):
    """One month of a firm's channels: how many there are, how many are known, and what these say.

    Amounts are centavos. `tier` is the weakest backing, `left` how many staff has not checked.
    """

    channels: int = 0
    known: int = 0
    gross: int | None = None
    online: int | None = None
    tier: str | None = None
    left: int = 0
    orders: int | None = None
    orders_told: int = 0
    units: int | None = None
    units_told: int = 0

    def sold(self, total: Decimal) -> MonthSold:
        return MonthSold(
            total=total,
            online=_pesos(self.online or 0),
            orders=self.orders if self.known and self.orders_told == self.known else None,
            units=self.units if self.known and self.units_told == self.known else None,
        )


class Invoices(NamedTuple):
    """The sum of all invoices of a month."""

    gross: Decimal | None
    tier: Tier
    is_verified: bool


@dataclass(slots=True)
class Book:
    """One firm's months: the total of each, its channels, and its invoices where it gave them."""

    totals: dict[date, Decimal | None] = field(default_factory=dict)
    entries: dict[date, Entry] = field(default_factory=dict)
    invoices: dict[date, Invoices] = field(default_factory=dict)

    def take(self, month: date, entry: Entry) -> None:
        self.entries[month] = entry
        self.totals[month] = _pesos(entry.gross or 0) if entry.known == entry.channels else None

    def take_invoices(self, month: date, invoices: Invoices) -> None:
        """A sum of invoices whose amount is not known says nothing."""
        entry = self.entries.setdefault(month, Entry())
        known = _pesos(entry.gross or 0) if entry.known else None
        self.totals[month] = combine(known, entry.channels - entry.known, invoices.gross)
        if invoices.gross is not None:
            self.invoices[month] = invoices

    def verified(self) -> set[date]:
        """The months of which staff checked every amount."""
        return {
            month
            for month, entry in self.entries.items()
            if not entry.left and (entry.known or month in self.invoices) and self._invoices_hold(month)
        }

    def _invoices_hold(self, month: date) -> bool:
        return month not in self.invoices or self.invoices[month].is_verified

    def weakest(self, over: Iterable[date]) -> Tier | None:
        return max(self._tiers(over), default=None)

    def _tiers(self, over: Iterable[date]) -> Iterator[Tier]:
        for month in over:
            entry = self.entries.get(month)
            if entry is not None and entry.tier is not None:
                yield _TIERS[entry.tier]
            if month in self.invoices:
                yield self.invoices[month].tier

    def sold(self, known: Totals, over: Iterable[date]) -> dict[date, MonthSold]:
        """The months whose channels still add up to the total that counts: it was frozen, or has invoices."""
        found = {}
        for month in over:
            entry = self.entries.get(month)
            if entry is not None and (entry.known or month in self.invoices):
                total = self._of_channels(month, entry)
                if known.get(month) == total:
                    found[month] = entry.sold(total)
        return found

    def _of_channels(self, month: date, entry: Entry) -> Decimal:
        total = None if month in self.invoices else self.totals[month]
        return _pesos(entry.gross or 0) if total is None else total


_TIERS = {tier.value: tier for tier in Tier}


def books_of(firm_ids: Collection[int]) -> dict[int, Book]:
    """The books of these firms; who has none is not among them."""
    books: dict[int, Book] = {}
    # Each row of the database brings its own objects for the same few months.
    same: dict[date, date] = {}
    for firm_id, month, *counts in db.session.execute(_of_channels(firm_ids)):
        book = books.get(firm_id) or books.setdefault(firm_id, Book())
        book.take(same.setdefault(month, month), Entry._make(counts))
    for figure in db.session.execute(_of_invoices(firm_ids)):
        book = books.setdefault(figure.firm_id, Book())
        invoices = Invoices(figure.gross, figure.tier, figure.verified_at is not None)
        book.take_invoices(same.setdefault(figure.month, figure.month), invoices)
    return books


def _of_channels(firm_ids: Collection[int]) -> Any:
    is_known = Figure.gross.is_not(None)
    return (
        select(
            Figure.firm_id,
            Figure.month,
            func.count(),
            func.count(Figure.gross),
            type_coerce(func.sum(Figure.gross), BigInteger),
            type_coerce(func.sum(case((Figure.channel.in_(DIGITAL), Figure.gross))), BigInteger),
            type_coerce(func.max(case((is_known, Figure.tier))), String),
            func.sum(case((and_(is_known, Figure.verified_at.is_(None)), 1), else_=0)),
            *(part for count in (Figure.orders, Figure.units) for part in _told(count)),
        )
        .where(Figure.firm_id.in_(firm_ids), not_(_ALL_INVOICES))
        .group_by(Figure.firm_id, Figure.month)
    )


def _told(count: Any) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The sum of a count, and how many channels told it. Nothing sold is nothing ordered, told or not."""
    counted = case((Figure.gross > 0, count), (Figure.gross == 0, func.coalesce(count, 0)))
    return func.sum(counted), func.count(counted)


def _of_invoices(firm_ids: Collection[int]) -> Any:
    return select(Figure.firm_id, Figure.month, Figure.gross, Figure.tier, Figure.verified_at).where(
        Figure.firm_id.in_(firm_ids), _ALL_INVOICES
    )


def _pesos(centavos: int) -> Decimal:
    return Decimal(centavos).scaleb(-2)
