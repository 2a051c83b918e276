"""Orders, units and online sales before and after: each counted apart from pesos, of the same months.

A firm without orders, units or online sales before has no ratio; it is counted beside those that have one.
Fewer than five firms make no statistic. Pure: months of firms in, numbers out.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from lms.reports.effect import FEWEST_BASELINE_MONTHS, FEWEST_FOR_STATISTICS

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class MonthSold:
    """One month of a firm: pesos of its channels, of those online; orders and units where all were told."""

    total: Decimal
    online: Decimal
    orders: int | None = None
    units: int | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """A firm before or after: means a month, and the part of its sales that was online."""

    orders: float | None = None
    units: float | None = None
    online_share: float | None = None


@dataclass(frozen=True, slots=True)
class Volumes:
    """One firm. `began_online` is None unless it is known that it sold nothing online before."""

    before: Side = Side()
    after: Side = Side()
    began_online: bool | None = None


def volumes_of(
    sold: Mapping[date, MonthSold],
    before: Collection[date],
    compared: Sequence[date],
    after: Sequence[date],
) -> Volumes:
    """What a firm sold in the months that its change compares; `before` are all its known months before."""
    return Volumes(
        before=_side([sold.get(month) for month in compared]),
        after=_side([sold.get(month) for month in after]),
        began_online=_began_online([sold.get(month) for month in before], [sold.get(m) for m in after]),
    )


def summarized(firms: Iterable[Volumes]) -> dict[str, Any]:
    """Many firms, as the document says it."""
    firms = list(firms)
    return {
        "orders": _counted([(one.before.orders, one.after.orders) for one in firms]),
        "units": _counted([(one.before.units, one.after.units) for one in firms]),
        "online_share": _shares([(one.before.online_share, one.after.online_share) for one in firms]),
        "first_online_sale": _first_online([one.began_online for one in firms]),
    }


def _side(months: Sequence[MonthSold | None]) -> Side:
    known = [month for month in months if month is not None]
    if not known or len(known) < len(months):
        return Side()
    total = sum((month.total for month in known), _NOTHING)
    online = sum((month.online for month in known), _NOTHING)
    return Side(
        orders=_mean([month.orders for month in known]),
        units=_mean([month.units for month in known]),
        online_share=float(online / total) if total else None,
    )


def _mean(counts: Sequence[int | None]) -> float | None:
    told = [count for count in counts if count is not None]
    return sum(told) / len(told) if len(told) == len(counts) else None


def _began_online(before: Sequence[MonthSold | None], after: Sequence[MonthSold | None]) -> bool | None:
    known = [month for month in before if month is not None]
    if len(known) < max(FEWEST_BASELINE_MONTHS, len(before)) or any(month.online for month in known):
        return None
    told = [month for month in after if month is not None]
    return any(month.online for month in told) if told else None


def _counted(pairs: Sequence[tuple[float | None, float | None]]) -> dict[str, Any]:
    """Orders or units: the firms that had some before, and apart those that had none."""
    known = [(before, after) for before, after in pairs if before is not None and after is not None]
    some = [(before, after) for before, after in known if before]
    found: dict[str, Any] = {
        "firms": len(some),
        "none_before": len(known) - len(some),
        "before": None,
        "after": None,
        "sum_ratio": None,
        "median_ratio": None,
    }
    if len(some) >= FEWEST_FOR_STATISTICS:
        sums = [sum(side) for side in zip(*some, strict=True)]
        found |= {"before": sums[0], "after": sums[1], "sum_ratio": sums[1] / sums[0]}
        found["median_ratio"] = median(after / before for before, after in some)
    return found


def _shares(pairs: Sequence[tuple[float | None, float | None]]) -> dict[str, Any]:
    """The part sold online, in the middle firm; the change is of each firm before it is of the middle."""
    known = [(before, after) for before, after in pairs if before is not None and after is not None]
    found: dict[str, Any] = {"firms": len(known), "before": None, "after": None, "change": None}
    if len(known) >= FEWEST_FOR_STATISTICS:
        found["before"] = median(before for before, _after in known)
        found["after"] = median(after for _before, after in known)
        found["change"] = median(after - before for before, after in known)
    return found


def _first_online(firms: Sequence[bool | None]) -> dict[str, Any]:
    could = [began for began in firms if began is not None]
    enough = len(could) >= FEWEST_FOR_STATISTICS
    return {
        "without_online_sales_before": len(could),
        "sold_online_after": sum(could),
        "rate": sum(could) / len(could) if enough else None,
    }
