"""How an importer knows its file: by the names in its header row, wherever that row stands."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from lms.foundation.sheets import Table
from lms.sales.importers.canonical import Batch

_CURRENCY = re.compile(r"\s*\(([a-z]{3})\)$")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a file cannot say: the firm's time zone, and for some formats the month and the columns."""

    zone: str
    rfc: str = ""
    month: Any = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    vat: str = ""  # "included" or "added"; "" is what the format usually does
    date_order: str = ""
    progress: Callable[[int], None] = lambda rows: None


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where an importer found what it reads: the first row of data, and columns by name."""

    first: int
    columns: Mapping[str, int]
    currency: str = ""


class NeedsMonth(Exception):
    """The file does not say which month it is about: somebody has to."""


Cell: TypeAlias = Callable[[str], str]


class Importer(Protocol):
    """One format. `name` is kept with every import as the source of its figures."""

    name: str
    channel: str
    tier: str

    def find(self, table: Table) -> Layout | None:
        """Where this format's columns are, or None when the table is of another format."""

    def read(self, table: Table, layout: Layout, setting: Setting) -> Batch:
        """Everything the file says that counts."""


def plain(name: str) -> str:
    """A column's name as it is compared: without accents, capitals and double blanks."""
    text = unicodedata.normalize("NFKD", name.replace("\u00a0", " ").lower())
    return " ".join("".join(sign for sign in text if not unicodedata.combining(sign)).split())


def plain_and_currency(name: str) -> tuple[str, str]:
    """A column's name without a currency in parentheses, and that currency."""
    text = plain(name)
    found = _CURRENCY.search(text)
    return (text[: found.start()], found[1].upper()) if found else (text, "")


def find_columns(
    table: Table, wanted: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> tuple[int, dict[str, int]] | None:
    """The header row (its number) and the wanted columns by key, under the first of their names that is
    there.

    Where a name comes twice, the first column of that name counts. None unless all `needed` are in one row.
    """
    for number, row in enumerate(table.head):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            places.setdefault(plain(cell), place)
        found = {
            key: next(places[name] for name in names if name in places)
            for key, names in wanted.items()
            if any(name in places for name in names)
        }
        if all(key in found for key in needed):
            return number, found
    return None


def chosen(layout: Layout, keys: Sequence[str]) -> tuple[list[int], dict[str, int]]:
    """The columns of those keys that are there, and at which place of a row each then comes."""
    there = [key for key in keys if key in layout.columns]
    return [layout.columns[key] for key in there], {key: place for place, key in enumerate(there)}


class Progress:
    """Tells how many rows were read, not too often."""

    STEP = 10_000

    def __init__(self, setting: Setting) -> None:
        self._tell = setting.progress
        self.rows = 0

    def __call__(self) -> None:
        self.rows += 1
        if self.rows % self.STEP == 0:
            self._tell(self.rows)


def cells(row: Sequence[str], at: Mapping[str, int]) -> Cell:
    """The cells of a row by key, without blanks around them; one that is not there is empty."""
    return lambda key: row[at[key]].strip() if key in at else ""
