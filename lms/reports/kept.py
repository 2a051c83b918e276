"""The months of very many firms in few bytes: centavos in an array, and the months themselves shared. Pure.

A dictionary of decimals takes three kilobytes for each firm, which is most of the memory of a large report.
"""

from array import array
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from lms.reports.effect import Totals

_UNKNOWN = -1
_NONE: Totals = {}


class Kept(Mapping[date, Decimal | None]):
    """Totals as they were, read only. Who asks for many months makes a dictionary of them first."""

    __slots__ = ("_centavos", "_places")

    def __init__(self, places: dict[date, int], centavos: array):
        self._places, self._centavos = places, centavos

    def __getitem__(self, month: date) -> Decimal | None:
        return _pesos(self._centavos[self._places[month]])

    def __iter__(self) -> Iterator[date]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def kept(totals: Totals) -> Totals:
    """The same in few bytes; what such an array cannot say stays as it is."""
    if not totals:
        return _NONE
    centavos = array("q", (_UNKNOWN if sold is None else int(sold.scaleb(2)) for sold in totals.values()))
    found = Kept(_places(tuple(totals)), centavos)
    return found if found == totals else totals


@lru_cache(maxsize=4096)
def _places(months: tuple[date, ...]) -> dict[date, int]:
    return {month: at for at, month in enumerate(months)}


def _pesos(centavos: int) -> Decimal | None:
    return None if centavos == _UNKNOWN else Decimal(centavos).scaleb(-2)
