"""Anybody's monthly figures from a CSV: read strictly, so that a slip is named and never guessed away.

Columns: `firm`, `month` (YYYY-MM), `pesos` (a plain number; empty is unknown, which is not zero), `group`
(`program` or `comparison`). Optional: `start` (YYYY-MM, the first month of that firm's own course) and
`channel` (the channels of a month are added up). Others are left aside and named.
"""

import csv
import re
from array import array
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Any

from lms.foundation.i18n import gettext as _
from lms.reports.evaluation import FirmSales, Group

REQUIRED = ("firm", "month", "pesos", "group")
OPTIONAL = ("start", "channel")
# How often a long reading tells how far it is.
ROWS_TOLD = 250_000

_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-01)?")
_AMOUNT = re.compile(r"\d+(\.\d*)?([eE][+-]?\d{1,2})?")


class Unreadable(Exception):
    """What is wrong with a file, where it is."""

    def __init__(self, reason: str, line: int | None = None, column: str = ""):
        self.reason, self.line, self.column = reason, line, column
        super().__init__(reason)

    def __str__(self) -> str:
        if self.line is None:
            return self.reason
        if not self.column:
            return _("line %(line)s: %(reason)s", line=self.line, reason=self.reason)
        where = {"line": self.line, "column": self.column, "reason": self.reason}
        return _("line %(line)s, column %(column)s: %(reason)s", **where)


@dataclass(frozen=True)
class FiguresFile:
    """What was read: the firms in the order in which they come."""

    firms: list[FirmSales]
    rows: int
    first: date
    last: date
    ignored: tuple[str, ...]


@dataclass
class _Firm:
    name: str
    group: Group
    written_start: str
    start: date | None
    totals: dict[date, Decimal | None] = field(default_factory=dict)
    # Which channels of a month were seen, one bit each.
    seen: dict[date, int] = field(default_factory=dict)


# Nobody's name is empty.
_NOBODY = _Firm("", Group.PROGRAM, "", None)


def parse_month(text: str) -> date:
    """A month as YYYY-MM or as its first day, of any year: old data are as good as new ones."""
    written = _MONTH.fullmatch(text)
    if not written:
        raise ValueError(f"not a month: {text!r}")
    return date(int(written[1]), int(written[2]), 1)


def read_figures(path: Path) -> FiguresFile:
    """The figures of the file at this path. Raises Unreadable with the line and column of the first slip."""
    with opened(path) as rows:
        return _Reading(rows).whole()


class _Met:
    """The firms that went by, in sixteen bytes each: a hash of the name, and the line where it began."""

    def __init__(self) -> None:
        self.hashes, self.lines = array("q"), array("q")

    def meet(self, name: str, line: int) -> None:
        self.hashes.append(hash(name))
        self.lines.append(line)

    def first_again(self) -> int | None:
        """The line where a firm comes back; None where none does."""
        import numpy as np

        _once, first = np.unique(np.asarray(self.hashes), return_index=True)
        again = np.setdiff1d(np.arange(len(self.lines)), first)
        return self.lines[int(again[0])] if len(again) else None


class FiguresInTurn:
    """A file too large for the memory: one firm after the other, each forgotten when the next one begins.

    The rows of a firm stand together. `about` says after the last firm what the whole file held.
    """

    def __init__(self, path: Path, told: Callable[[int, int], None] = lambda _rows, _firms: None):
        self._path, self._told = path, told
        self.about: FiguresFile | None = None

    def __iter__(self) -> Iterator[FirmSales]:
        with opened(self._path) as rows:
            self.about = yield from _Reading(rows).in_turn(self._told)


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The rows of the file at this path."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            stream.seek(0)
            separator = max(",;\t", key=first.count)
            yield csv.reader(stream, delimiter=separator, strict=True)
    except UnicodeDecodeError as wrong:
        raise Unreadable(_("the file is not UTF-8 text (at byte %(byte)s)", byte=wrong.start)) from wrong


class _Reading:
    """One pass over the rows; months, groups and starts repeat, so each spelling is understood once."""

    def __init__(self, rows) -> None:
        self._rows = rows
        self._firms: dict[str, _Firm] = {}
        self._months: dict[str, date] = {}
        self._channels: dict[str, int] = {}
        self._has_channels = False
        self._count = 0
        self._header: list[str] = []

    def whole(self) -> FiguresFile:
        for _name in self._runs():
            pass
        return self._file([self._sales(name, firm) for name, firm in self._firms.items()])

    def in_turn(self, told: Callable[[int, int], None]) -> Generator[FirmSales, None, FiguresFile]:
        """Each firm when the next one begins; `told` hears now and then how many rows and firms went by."""
        firms, current, is_program, told_at = _Met(), "", False, 0
        for name in self._runs():
            if current:
                yield self._sales(current, self._firms.pop(current))
            firms.meet(name, self._rows.line_num)
            is_program = is_program or self._firms[name].group is Group.PROGRAM
            current = name
            if self._count - told_at >= ROWS_TOLD:
                told_at = self._count
                told(told_at, len(firms.lines))
        if current:
            yield self._sales(current, self._firms.pop(current))
        again = firms.first_again()
        if again is not None:
            raise Unreadable(_("the firm was there before: in a large file its rows stand together"), again)
        if not is_program:
            raise self._without_program()
        told(self._count, len(firms.lines))
        return self._file([])

    def _file(self, firms: list[FirmSales]) -> FiguresFile:
        header = self._header
        if firms and not any(firm.group is Group.PROGRAM for firm in firms) or not self._months:
            raise self._without_program()
        return FiguresFile(
            firms=firms,
            rows=self._count,
            first=min(self._months.values()),
            last=max(self._months.values()),
            ignored=tuple(name for name in header if name not in (*REQUIRED, *OPTIONAL)),
        )

    def _without_program(self) -> Unreadable:
        return Unreadable(_("there is no firm of the group “program” in the file"))

    def _sales(self, name: str, firm: _Firm) -> FirmSales:
        return FirmSales(name=name, group=firm.group, totals=firm.totals, start=firm.start)

    def _runs(self) -> Iterator[str]:
        """The firm of each run of rows, when the first of them was taken in."""
        firm, current, last = _NOBODY, "", ("", "", "")
        for name, written, pesos, group, start, channel in self._lines(self._read_header()):
            # Rows of a firm mostly stand together: then it need not be looked up.
            if (name, group, start) != last:
                last = (name, group, start)
                firm = self._firm_of(*map(str.strip, last))
            month = self._months.get(written) or self._new_month(written)
            bit = self._channels.get(channel) or self._new_channel(channel)
            seen = firm.seen.get(month, 0)
            if seen & bit:
                raise self._slip(self._twice(name.strip(), written.strip()), "month")
            firm.seen[month] = seen | bit
            amount = Decimal(pesos) if _AMOUNT.fullmatch(pesos) else self._amount(pesos.strip())
            firm.totals[month] = _added(firm.totals[month], amount) if seen else amount
            self._count += 1
            if firm.name != current:
                current = firm.name
                yield current

    def _read_header(self) -> list[str]:
        cells = next((cells for cells in self._cells() if not _is_blank(cells)), [])
        self._header = [name.strip().lower() for name in cells]
        self._check(self._header)
        self._has_channels = "channel" in self._header
        return self._header

    def _lines(self, header: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The wanted cells of the lines with something in them."""
        width, firm = len(header), header.index("firm")
        # A column that is not there is read from an empty cell behind the last one.
        places = [header.index(name) if name in header else width for name in (*REQUIRED, *OPTIONAL)]
        pick = itemgetter(*places)
        for cells in self._cells():
            if len(cells) == width and cells[firm].strip() or not _is_blank(cells):
                if len(cells) != width:
                    counts = {"have": len(cells), "need": width}
                    raise self._slip(_("%(have)s cells where the header has %(need)s", **counts))
                cells.append("")
                yield pick(cells)

    def _cells(self) -> Iterator[list[str]]:
        try:
            yield from self._rows
        except csv.Error as wrong:
            raise self._slip(_("not a CSV line (%(why)s)", why=str(wrong))) from wrong

    def _check(self, header: Sequence[str]) -> None:
        missing = [name for name in REQUIRED if name not in header]
        if missing:
            raise self._slip(_("these columns are missing: %(names)s", names=", ".join(missing)))
        twice = sorted({name for name in header if header.count(name) > 1})
        if twice:
            raise self._slip(_("these columns are there twice: %(names)s", names=", ".join(twice)))

    def _firm_of(self, name: str, group: str, start: str) -> _Firm:
        firm = self._firms.get(name) or self._new_firm(name, group, start)
        if group != firm.group or start != firm.written_start:
            raise self._other_firm(name, firm, group, start)
        return firm

    def _new_firm(self, name: str, group: str, start: str) -> _Firm:
        if not name or not name.isprintable():
            raise self._slip(_("the firm has no name that can be read"), "firm")
        made = _Firm(name, self._group(group), start, self._month(start, "start") if start else None)
        self._firms[name] = made
        return made

    def _new_month(self, written: str) -> date:
        self._months[written] = self._month(written.strip(), "month")
        return self._months[written]

    def _new_channel(self, written: str) -> int:
        """The bit of a channel; the same one however many spaces are around its name."""
        name = written.strip()
        bit = self._channels.get(name) or 1 << len(set(self._channels.values()))
        self._channels[name] = self._channels[written] = bit
        return bit

    def _other_firm(self, name: str, firm: _Firm, group: str, start: str) -> Unreadable:
        if group != firm.group:
            self._group(group)
            return self._slip(_("the firm %(firm)s was in the other group before", firm=name), "group")
        return self._slip(_("the firm %(firm)s had another start before", firm=name), "start")

    def _twice(self, firm: str, month: str) -> str:
        about = {"firm": firm, "month": month}
        if self._has_channels:
            return _("the firm %(firm)s has %(month)s twice for the same channel", **about)
        return _("the firm %(firm)s has %(month)s twice; name the channels in a column “channel”", **about)

    def _group(self, text: str) -> Group:
        try:
            return Group(text)
        except ValueError as wrong:
            raise self._slip(_("“%(text)s” is not program or comparison", text=text), "group") from wrong

    def _month(self, text: str, column: str) -> date:
        try:
            return parse_month(text)
        except ValueError as wrong:
            raise self._slip(_("“%(text)s” is not a month like 2026-03", text=text), column) from wrong

    def _amount(self, text: str) -> Decimal | None:
        if not text:
            return None
        if not _AMOUNT.fullmatch(text):
            said = _("“%(text)s” is not an amount: digits, with a point before the cents", text=text)
            raise self._slip(said, "pesos")
        return Decimal(text)

    def _slip(self, reason: str, column: str = "") -> Unreadable:
        return Unreadable(reason, self._rows.line_num, column)


def _is_blank(cells: Sequence[str]) -> bool:
    return not "".join(cells).strip()


def _added(so_far: Decimal | None, amount: Decimal | None) -> Decimal | None:
    """A month of which one channel is unknown is unknown as a whole."""
    return None if amount is None or so_far is None else so_far + amount
