"""The one form that every file of sales is read into: entries of orders or days, added up by month.

Amounts are whole millionths of a peso while they are added up, so that no sum is ever rounded on its way; a
month is rounded to centavos once. A month is a number (`year * 12 + month - 1`), a day `date.toordinal`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from lms.foundation.money import LARGEST, round_to_cents

MILLION = 1_000_000
LARGEST_AMOUNT = int(LARGEST * MILLION)
# Of statuses that nobody knows, so many are named.
MOST_STATUSES = 20


class LeftOut(StrEnum):
    """Why a row adds nothing to a month."""

    CANCELLED = "cancelled"
    NOT_A_SALE = "not_a_sale"
    NOT_PAID = "not_paid"
    NO_DATE = "no_date"
    NO_AMOUNT = "no_amount"
    OTHER_CURRENCY = "other_currency"
    OTHER_CHANNEL = "other_channel"
    EMPTY_ROW = "empty_row"
    NO_ORDER = "no_order"
    # Of certificates.
    OTHER_FIRM = "other_firm"
    NOT_ONE_MONTH = "not_one_month"
    OTHER_SERVICE = "other_service"
    OLDER = "older"
    NOT_STAMPED = "not_stamped"


class Noted(StrEnum):
    """What is counted and worth a look."""

    UNKNOWN_STATUS = "unknown_status"
    UNPAID = "unpaid"
    MIXED_PACKAGE = "mixed_package"
    PARTIAL_REFUND = "partial_refund"
    VAT_ADDED = "vat_added"
    VAT_ASSUMED = "vat_assumed"
    DAY_FIRST = "day_first"
    COLUMNS_GUESSED = "columns_guessed"
    NO_ORDER_NUMBERS = "no_order_numbers"
    RETURNS_NOT_KNOWN = "returns_not_known"


class Entry(NamedTuple):
    """What one order (or one day, where orders have no number) adds to a month; pesos in millionths.

    `gross` and `net` are what is left after cancellations and returns; `net` None is not known.
    """

    month: int
    gross: int
    net: int | None
    orders: int
    units: int
    cancelled: int
    refunded: int
    fees: int


class Row(NamedTuple):
    """A canonical row: one month of one file, in pesos."""

    month: date
    gross: Decimal
    net: Decimal | None
    orders: int | None
    units: int | None
    cancelled: Decimal
    refunded: Decimal
    fees: Decimal | None


@dataclass(kw_only=True)
class Batch:
    """What a file says. Nothing in it names a buyer; `entries` go by the number of an order, which is hashed
    before it is kept."""

    source: str
    channel: str
    tier: str = "B"
    currency: str = "MXN"
    entries: dict[str, Entry] = field(default_factory=dict)
    rows: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    first_day: int | None = None
    last_day: int | None = None
    # What the format cannot say is not taken for zero.
    knows: frozenset[str] = frozenset({"orders", "units", "fees"})
    columns: dict[str, str] = field(default_factory=dict)

    def note_status(self, status: str) -> None:
        self.noted[Noted.UNKNOWN_STATUS] += 1
        if status in self.statuses or len(self.statuses) < MOST_STATUSES:
            self.statuses[status] += 1

    def see_day(self, day: int) -> None:
        if self.first_day is None or day < self.first_day:
            self.first_day = day
        if self.last_day is None or day > self.last_day:
            self.last_day = day


def together(one: Entry | None, other: Entry) -> Entry:
    """Two rows of the same order as one entry, in the month of the first."""
    if one is None:
        return other
    return Entry(
        one.month,
        one.gross + other.gross,
        None if one.net is None or other.net is None else one.net + other.net,
        max(one.orders, other.orders),
        one.units + other.units,
        one.cancelled + other.cancelled,
        one.refunded + other.refunded,
        one.fees + other.fees,
    )


@cache
def month_number(day: int) -> int:
    """The month of a day; one number for all orders of a day."""
    there = date.fromordinal(day)
    return there.year * 12 + there.month - 1


def month_of(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def pesos(millionths: int) -> Decimal:
    """Millionths as pesos with centavos, halves to even."""
    return round_to_cents(Decimal(millionths) / MILLION)


def add_up(entries: Iterable[Entry]) -> dict[int, Entry]:
    """Entries added up by month."""
    sums: dict[int, list[int]] = {}
    unknown_net = set()
    for month, gross, net, orders, units, cancelled, refunded, fees in entries:
        row = sums.get(month)
        if row is None:
            row = sums[month] = [0, 0, 0, 0, 0, 0, 0]
        row[0] += gross
        if net is None:
            unknown_net.add(month)
        else:
            row[1] += net
        row[2] += orders
        row[3] += units
        row[4] += cancelled
        row[5] += refunded
        row[6] += fees
    return {
        month: Entry(month, row[0], None if month in unknown_net else row[1], *row[2:])
        for month, row in sorted(sums.items())
    }


def as_row(entry: Entry, knows: Iterable[str]) -> Row:
    """A month's sum as a canonical row: below zero is nothing sold, what no column says is unknown."""
    knows = set(knows)
    return Row(
        month=month_of(entry.month),
        gross=max(pesos(entry.gross), Decimal(0)),
        net=None if entry.net is None else max(pesos(entry.net), Decimal(0)),
        orders=entry.orders if "orders" in knows else None,
        units=max(entry.units, 0) if "units" in knows else None,
        cancelled=pesos(entry.cancelled),
        refunded=pesos(entry.refunded),
        fees=pesos(entry.fees) if "fees" in knows else None,
    )


def canonical_rows(batch: Batch) -> list[Row]:
    """What a file says month by month."""
    return [as_row(entry, batch.knows) for entry in add_up(batch.entries.values()).values()]


def whole_months(first_day: int | None, last_day: int | None) -> Mapping[int, bool]:
    """For each month that a file touches whether it surely holds all of it: sales lie before and after."""
    if first_day is None or last_day is None:
        return {}
    first, last = month_number(first_day), month_number(last_day)
    starts_early = date.fromordinal(first_day).day == 1
    ends_late = month_number(last_day + 1) != last
    return {
        month: (month > first or starts_early) and (month < last or ends_late)
        for month in range(first, last + 1)
    }
