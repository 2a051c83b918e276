"""Which milestones a firm's figures prove by themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from lms.sales.months import following, months_between, shift


class Definition(Protocol):
    """What is asked of a milestone definition (curriculum.models)."""

    @property
    def proof(self) -> str: ...

    @property
    def orders(self) -> int | None: ...

    @property
    def months_after(self) -> int | None: ...


@dataclass(frozen=True, kw_only=True)
class Sold:
    """One figure as the rules see it."""

    month: date
    is_digital: bool
    gross: Decimal | None
    orders: int | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    """What is known of an enrolment: `start` and `end` are the months in which its course begins and ends."""

    start: date
    end: date
    sold: tuple[Sold, ...] = ()
    baseline_months: int = 0
    """How many months of the frozen baseline are known; 0 while there is none."""


@dataclass(frozen=True)
class Proof:
    """`month` is the one whose figures completed it, None for the baseline."""

    month: date | None
    amount: Decimal | int | None = None


def proven(definition: Definition, record: Record) -> Proof | None:
    """The proof of a milestone, or None when figures do not (or cannot) prove it."""
    rule = _RULES.get(definition.proof)
    return rule(definition, record) if rule else None


def _baseline(definition: Definition, record: Record) -> Proof | None:
    return Proof(None, record.baseline_months) if record.baseline_months else None


def _first_sale(definition: Definition, record: Record) -> Proof | None:
    """The first month since the start with anything sold in a digital channel."""
    for one in _online(record):
        if (one.gross or 0) > 0 or (one.orders or 0) > 0:
            return Proof(one.month, one.gross)
    return None


def _orders(definition: Definition, record: Record) -> Proof | None:
    """The month in which the orders of digital channels, added up since the start, reached the number."""
    total = 0
    for one in _online(record):
        total += one.orders or 0
        if definition.orders and total >= definition.orders:
            return Proof(one.month, total)
    return None


def _follow_up(definition: Definition, record: Record) -> Proof | None:
    """Every month after the end of the course, up to that many, has an amount in at least one channel."""
    if not definition.months_after:
        return None
    last = shift(record.end, definition.months_after)
    known = {one.month for one in record.sold if one.gross is not None}
    wanted = months_between(following(record.end), last)
    return Proof(last, len(wanted)) if known.issuperset(wanted) else None


def _online(record: Record) -> Iterable[Sold]:
    since = (one for one in record.sold if one.is_digital and one.month >= record.start)
    return sorted(since, key=lambda one: one.month)


_RULES = {"baseline": _baseline, "first_sale": _first_sale, "orders": _orders, "followup": _follow_up}
