"""Tables that people bring (CSV, TSV, XLSX, XLS, ODS): told by content, opened with care, read as streams."""

import codecs
import csv
import io
import shutil
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from lms.foundation import old_sheets, xlsx, zips

HEAD = 40
MOST_COLUMNS = 1000
MOST_ROWS = 3_000_000
MOST_SHEETS = 20
MOST_ENTRIES = 2000
MOST_UNPACKED = 1 << 30
LARGEST_OLD = 32 << 20
LONGEST_LINE = 2 << 20
SEPARATORS = ",;\t|"
LONGEST_NAME = 120

csv.field_size_limit(1 << 17)


class Fault(StrEnum):
    """Why a file is not read as a table."""

    EMPTY = "empty"
    BOMB = "bomb"
    TOO_MUCH = "too_much"
    TOO_MANY = "too_many_files"
    TOO_WIDE = "too_wide"
    TOO_LONG = "too_long"
    LOCKED = "locked"
    BROKEN = "broken_sheet"
    NESTED = "nested_zip"
    WEB_PAGE = "web_page"
    NOT_A_TABLE = "not_a_table"


class Unreadable(Exception):
    """This file is not read: which one, and why."""

    def __init__(self, fault: Fault, name: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.name = show_name(name)


class Table(Protocol):
    """One sheet. Rows are those that are there, in their order, as texts; the first one has the number 0."""

    title: str
    name: str
    head: list[list[str]]
    is_text: bool  # dates are written out; in a sheet they may be day numbers
    days_from_1904: bool

    def rows(self, first: int, columns: Sequence[int]) -> Iterator[tuple[str, ...]]:
        """From the row `first` on, these columns; a cell that is not there is an empty text."""


def show_name(name: str) -> str:
    """A file's name made safe to show: one line, no characters that turn text around, not endless."""
    clean = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in name).strip()
    return clean if len(clean) <= LONGEST_NAME else f"{clean[:LONGEST_NAME]}…"


def open_tables(stream: BinaryIO, name: str) -> list[Table]:
    """The tables in a file, told by what is in it. Raises Unreadable."""
    beginning = stream.read(1 << 16)
    stream.seek(0)
    if not beginning.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise Unreadable(Fault.EMPTY, name)
    if beginning.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _open_old(stream, name)
    if beginning.startswith(b"PK"):
        return _open_zip(stream, name)
    marked = beginning.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if marked.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        raise Unreadable(Fault.WEB_PAGE, name)
    if marked.startswith((b"<", b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"{", b"[{")):
        raise Unreadable(Fault.NOT_A_TABLE, name)
    return [_Text(stream, name)]


# Text


class _Text:
    is_text = True
    days_from_1904 = False

    def __init__(self, stream: BinaryIO, name: str, title: str = "", *, is_text: bool = True) -> None:
        self.name, self.title, self.is_text = show_name(name), title, is_text
        self._stream = stream
        self._encoding, self._has_zeros = _look_through(stream, name)
        beginning = "".join(islice(self._lines(), HEAD))
        if not beginning.isprintable() and _is_binary(beginning):
            raise Unreadable(Fault.NOT_A_TABLE, name)
        self._skipped = int(beginning[:4].lower() == "sep=")
        first = beginning.split("\n", 1)[-1] if self._skipped else beginning
        self._separator = max(SEPARATORS, key=lambda sign: _widest(first, sign))
        with self._faults():
            self.head = list(islice(self._reader(), HEAD))
        if max(map(len, self.head), default=0) > MOST_COLUMNS:
            raise Unreadable(Fault.TOO_WIDE, name)

    def rows(self, first: int, columns: Sequence[int]) -> Iterator[tuple[str, ...]]:
        most = max(columns) + 1
        # With one column it would give the cell and not a row.
        pick = itemgetter(*columns) if len(columns) > 1 else lambda row: (row[columns[0]],)
        with self._faults():
            reader = self._reader()
            for row in islice(reader, first, MOST_ROWS):
                if len(row) < most:
                    row += [""] * (most - len(row))
                yield pick(row)
            if next(reader, None) is not None:
                raise Unreadable(Fault.TOO_LONG, self.name)

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(islice(self._lines(), self._skipped, None), delimiter=self._separator)

    def _lines(self) -> Iterator[str]:
        self._stream.seek(0)
        text = io.TextIOWrapper(io.BufferedReader(_Kept(self._stream)), self._encoding, "replace", newline="")
        return (line.replace("\x00", "") for line in text) if self._has_zeros else iter(text)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except csv.Error as broken:
            raise Unreadable(Fault.BROKEN, self.name) from broken


class _Kept(io.RawIOBase):
    """A stream that stays open when the text reader on top of it goes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._stream.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _look_through(stream: BinaryIO, name: str) -> tuple[str, bool]:
    """The encoding of a text, and whether there are zeros in it.

    Strict UTF-8, else Windows-1252: guessers are wrong for Spanish. UTF-16 says so at its beginning. Raises
    Unreadable for a line that never ends, before anything waits for its end.
    """
    stream.seek(0)
    is_utf_16 = stream.read(2) in (b"\xff\xfe", b"\xfe\xff")
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf_8, has_zeros, without_end = True, False, 0
    while chunk := stream.read(1 << 20):
        has_zeros = has_zeros or b"\x00" in chunk
        without_end = 0 if b"\n" in chunk or b"\r" in chunk else without_end + 1
        if without_end > LONGEST_LINE >> 20:
            raise Unreadable(Fault.TOO_WIDE, name)
        if is_utf_8:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                is_utf_8 = False
    if is_utf_16:
        return "utf-16", False
    try:
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        is_utf_8 = False
    return ("utf-8-sig" if is_utf_8 else "cp1252"), has_zeros


def _is_binary(text: str) -> bool:
    strange = sum(1 for sign in text[:4000] if sign < " " and sign not in "\t\r\n\f")
    return strange > len(text[:4000]) / 20


def _widest(text: str, separator: str) -> tuple[int, int]:
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error:
        return (0, 0)
    most = max(widths, default=0)
    return (most, widths.count(most))


# Workbooks


class _Workbook:
    is_text = False

    def __init__(self, sheet: xlsx.Sheet, name: str) -> None:
        self.name, self.title = show_name(name), show_name(sheet.name)
        self.days_from_1904 = sheet.days_from_1904
        self._sheet = sheet
        with _Faults(name):
            self.head = sheet.head(HEAD)

    def rows(self, first: int, columns: Sequence[int]) -> Iterator[tuple[str, ...]]:
        with _Faults(self.name):
            yield from islice(self._sheet.rows(columns), first, None)


class _Faults:
    """What goes wrong inside a workbook, said as why it is not read."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, problem: Any, _trace: Any) -> None:
        broken = (
            xlsx.Malformed, zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, OSError,
        )  # fmt: skip
        if kind is not None and issubclass(kind, broken):
            raise Unreadable(Fault.BROKEN, self.name) from problem
        # What zipfile says when an entry asks for a password.
        if kind is RuntimeError:
            raise Unreadable(Fault.LOCKED, self.name) from problem


def _open_zip(stream: BinaryIO, name: str) -> list[Table]:
    with _Faults(name):
        archive = zipfile.ZipFile(stream)
        infos = archive.infolist()
        size = stream.seek(0, io.SEEK_END)
        danger = zips.danger_of(infos, size, most_entries=MOST_ENTRIES, most_bytes=MOST_UNPACKED)
        if danger:
            raise Unreadable(Fault(danger.value), name)
        names = set(archive.namelist())
        if any(info.flag_bits & 1 for info in infos):
            raise Unreadable(Fault.LOCKED, name)
        if "xl/workbook.xml" in names:
            return _not_empty([_Workbook(one, name) for one in xlsx.sheets_of(archive)[:MOST_SHEETS]], name)
        if "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype")[:100]:
            return _open_old(stream, name)
        inside = [info for info in infos if not info.is_dir() and not info.filename.startswith("__MACOSX/")]
        if len(inside) == 1:
            return _open_inside(archive, inside[0], name)
    raise Unreadable(Fault.NOT_A_TABLE, name)


def _open_inside(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> list[Table]:
    """The one file in a ZIP; a ZIP in it is opened only when it is a workbook."""
    kept = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as the tables that read it
    with archive.open(info) as packed:
        shutil.copyfileobj(packed, kept)
    kept.seek(0)
    if kept.read(2) == b"PK":
        kept.seek(0)
        if "xl/workbook.xml" not in zipfile.ZipFile(kept).namelist():
            raise Unreadable(Fault.NESTED, name)
    kept.seek(0)
    return open_tables(kept, info.filename)


def _open_old(stream: BinaryIO, name: str) -> list[Table]:
    stream.seek(0)
    content = stream.read(LARGEST_OLD + 1)
    if len(content) > LARGEST_OLD:
        raise Unreadable(Fault.TOO_MUCH, name)
    # A workbook with a password is an encrypted package inside the old container.
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Unreadable(Fault.LOCKED, name)
    folder = tempfile.TemporaryDirectory(prefix="pespunte-sheet-")
    source = Path(folder.name) / "source"
    source.write_bytes(content)
    try:
        found = old_sheets.convert(source, Path(folder.name))
        source.unlink()
        tables = [
            _Text(path.open("rb"), name, show_name(title), is_text=False)
            for title, path in found
            if path.stat().st_size
        ]
    except old_sheets.Unopened as problem:
        raise Unreadable(Fault.LOCKED if "assword" in str(problem) else Fault.BROKEN, name) from problem
    finally:
        folder.cleanup()  # what is open stays readable until it is let go
    return _not_empty(tables, name)


def _not_empty(tables: Sequence[Any], name: str) -> list[Table]:
    found = [table for table in tables if any(any(cell.strip() for cell in row) for row in table.head)]
    if not found:
        raise Unreadable(Fault.EMPTY, name)
    return found
