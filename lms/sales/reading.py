"""Files of sales opened and read: which format each one is, and what it says."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from lms.foundation import sheets
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.sheets import Table
from lms.sales import words
from lms.sales.importers import registry
from lms.sales.importers.canonical import Batch, Noted
from lms.sales.importers.layout import Layout, NeedsMonth, Setting
from lms.sales.importers.mapped import (
    MappedTable,
    NoColumn,
    column_names,
    guess,
    header_row,
    named,
    signature,
)

# A sale has a day and an amount; what has not even two columns is another kind of file.
FEWEST_COLUMNS = 2


@dataclass(frozen=True, kw_only=True)
class Columns:
    """A table of no known format: its columns, what its first rows say, what each column seems to mean."""

    names: Sequence[str]
    examples: Sequence[Sequence[str]]
    guessed: Mapping[str, str]
    signature: str

    @property
    def is_certain(self) -> bool:
        """Whether date and amount were found by their names."""
        has_amount = {"pesos", "net"} & set(self.guessed) or {"price", "units"} <= set(self.guessed)
        return "date" in self.guessed and bool(has_amount)


class Unmapped(Exception):
    """Somebody has to say which column means what."""

    def __init__(self, columns: Columns) -> None:
        super().__init__("columns")
        self.columns = columns


class NoMonth(Refused):
    """Somebody has to say which month a report is about."""


def hash_of(stream: BinaryIO) -> str:
    """SHA-256 of a file, read in pieces."""
    stream.seek(0)
    digest = hashlib.sha256()
    while piece := stream.read(1 << 20):
        digest.update(piece)
    stream.seek(0)
    return digest.hexdigest()


def read_sheet(stream: BinaryIO, name: str, setting: Setting) -> Batch:
    """What a table of sales says. Raises Refused, in words, or Unmapped when its columns have to be named."""
    try:
        tables = sheets.open_tables(stream, name)
        if setting.mapping:
            return _read_mapped(tables[0], setting)
        found = registry.recognise(tables)
        if found is None:
            columns = columns_of(tables[0])
            if len(columns.names) < FEWEST_COLUMNS:
                raise sheets.Unreadable(sheets.Fault.NOT_A_TABLE, name)
            raise Unmapped(columns)
        importer, table, layout = found
        return importer.read(table, layout, setting)
    except NeedsMonth as asks:
        raise NoMonth(_("This report does not say which month it is about. Say it.")) from asks
    except sheets.Unreadable as unreadable:
        raise Refused(str(words.FAULTS[unreadable.fault]) % {"name": unreadable.name}) from unreadable


def read_guessing(stream: BinaryIO, name: str, setting: Setting) -> Batch:
    """As `read_sheet`, but columns whose names leave no doubt are taken; that they were guessed is noted."""
    try:
        return read_sheet(stream, name, setting)
    except Unmapped as unmapped:
        if not unmapped.columns.is_certain:
            raise
        stream.seek(0)
        batch = read_sheet(stream, name, replace(setting, mapping=unmapped.columns.guessed))
        batch.noted[Noted.COLUMNS_GUESSED] += 1
        return batch


def columns_of(table: Table) -> Columns:
    """What the columns of a table are called and seem to mean."""
    first = header_row(table)
    names = column_names(table.head[first])
    guessed = {key: names[place] for key, place in guess(names).items()}
    examples = [row[: len(names)] for row in table.head[first + 1 : first + 4]]
    return Columns(names=names, examples=examples, guessed=guessed, signature=signature(table))


def _read_mapped(table: Table, setting: Setting) -> Batch:
    first = header_row(table)
    names = column_names(table.head[first])
    try:
        places = named(names, setting.mapping)
        batch = MappedTable().read(table, Layout(first=first + 1, columns=places), setting)
    except NoColumn as missing:
        if missing.name:
            raise Refused(
                _("There is no column “%(name)s” for “%(key)s”.", name=missing.name, key=missing.key)
            ) from missing
        raise Unmapped(columns_of(table)) from missing
    except ValueError as mixed:
        raise Refused(
            _("The dates are of two kinds: day first and month first. Correct them and try again.")
        ) from mixed
    batch.columns = {key: names[place] for key, place in places.items()}
    return batch
