"""Pesos of one month's prices: amounts divided by the consumer price index. Pure.

Real pesos are said only where every month that counts has an index: a report half in real pesos is neither.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal

from lms.reports.effect import Effect, Totals

Index = Mapping[date, Decimal]


def needed_months(effects: Iterable[Effect]) -> set[date]:
    """The months on which the changes of these firms rest."""
    return {month for one in effects if one.is_measured for month in (*one.compared, *one.months)}


def missing_months(needed: Collection[date], index: Index) -> list[date]:
    return sorted(month for month in needed if month not in index)


def deflate(totals: Totals, index: Index, base: date) -> Totals:
    """The months that have an index, in pesos of the base month; others are left out."""
    return {
        month: None if sold is None else sold * index[base] / index[month]
        for month, sold in totals.items()
        if month in index
    }
