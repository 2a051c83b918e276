"""XLSX sheets read as a stream: only the columns asked for, as texts, in little memory.

A library that keeps a sheet as a full rectangle is brought down by one cell in the last row and column; here
a cell costs what its text costs. Texts that cells share are read once, after it is known which ones are
needed, so that what nobody asked for (the names of customers) is never held.
"""

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from lms.foundation.xlsx_parts import CHUNK, Malformed, Raw, Rows, Texts, feed, new_parser

__all__ = ["Malformed", "Sheet", "sheets_of"]

LONGEST_ROW = 32 << 20
# Shared texts up to this size are read beforehand; above it only those that the wanted columns name.
SMALL = 8 << 20


class Sheet:
    """One sheet of a workbook."""

    def __init__(self, archive: zipfile.ZipFile, name: str, path: str, days_from_1904: bool) -> None:
        self.name = name
        self.days_from_1904 = days_from_1904
        self._archive = archive
        self._path = path
        self._known: dict[int, str] = {}

    def head(self, number: int) -> list[list[str]]:
        """The first rows that have something written, with all their columns."""
        rows: list[Raw] = []
        for row in self._raw(None):
            rows.append(row)
            if len(rows) == number:
                break
        return [list(row) for row in self._resolved(rows, self._texts({c for r in rows for c in r}))]

    def rows(self, columns: Sequence[int]) -> Iterator[tuple[str, ...]]:
        """Every row with these columns, in the order asked for; a missing cell is an empty text."""
        wanted = sorted(set(columns))
        order = [wanted.index(column) for column in columns]
        raw = self._raw(wanted)
        if self._size_of_texts() <= SMALL:
            self._known = self._known or self._texts(None)
            texts = self._known
        else:
            kept = list(raw)
            texts = self._texts({cell for row in kept for cell in row if type(cell) is int})
            raw = iter(kept)
        for row in self._resolved(raw, texts):
            yield tuple([row[place] for place in order])

    def _raw(self, wanted: Collection[int] | None) -> Iterator[Raw]:
        rows = Rows(wanted)
        with self._archive.open(self._path) as stream:
            if not _is_plain(stream.read(CHUNK), b"<row"):
                stream.seek(0)
                for _ in feed(rows.parser, stream):
                    yield from rows.done
                    rows.done.clear()
                return
            stream.seek(0)
            for piece in _pieces(stream, b"</row>"):
                for row in piece.split(b"</row>"):
                    if (start := row.find(b"<row")) >= 0:
                        rows.add(row[start:])
                yield from rows.done
                rows.done.clear()

    def _resolved(self, rows: Any, texts: dict[int, str]) -> Iterator[list[str]]:
        for row in rows:
            yield [texts.get(cell, "") if type(cell) is int else cell for cell in row]

    def _size_of_texts(self) -> int:
        try:
            return self._archive.getinfo("xl/sharedStrings.xml").file_size
        except KeyError:
            return 0

    def _texts(self, wanted: Collection[Any] | None) -> dict[int, str]:
        if not self._size_of_texts():
            return {}
        if wanted is not None:
            wanted = {one for one in wanted if type(one) is int}
        texts = Texts(wanted)
        with self._archive.open("xl/sharedStrings.xml") as stream:
            if _is_plain(stream.read(CHUNK), b"<si"):
                stream.seek(0)
                for piece in _pieces(stream, b"</si>"):
                    texts.add(piece[max(piece.find(b"<si>"), 0) :])
                    if wanted and texts.last >= max(wanted):
                        break
            else:
                stream.seek(0)
                for _ in feed(texts.parser, stream):
                    pass
        return texts.found


def _is_plain(beginning: bytes, first: bytes) -> bool:
    """Whether a file is written as spreadsheets write it: UTF-8, no prefixes, nothing declared."""
    declared = re.match(rb"<\?xml[^>]*encoding=[\"'](?!utf-8[\"'])", beginning, re.IGNORECASE)
    marked = beginning.startswith((b"\xff\xfe", b"\xfe\xff"))
    return first in beginning and b"<!" not in beginning and not declared and not marked


def _pieces(stream: Any, end: bytes) -> Iterator[bytes]:
    """The file in pieces that end where an element ends."""
    rest = b""
    while chunk := stream.read(CHUNK):
        whole = rest + chunk
        if b"<!" in whole:
            # A comment could hide an element from a pattern, and a document type is refused.
            raise Malformed("a declaration or comment")
        cut = whole.rfind(end)
        if cut < 0:
            if len(whole) > LONGEST_ROW:
                raise Malformed("an endless row")
            rest = whole
            continue
        rest = whole[cut + len(end) :]
        yield whole[: cut + len(end)]
    if rest.strip() and b"</" not in rest:
        raise Malformed("cut off")


def sheets_of(archive: zipfile.ZipFile) -> list[Sheet]:
    """The sheets of a workbook in their order. Raises Malformed, or KeyError when it is none."""
    targets = _attributes(archive.read("xl/_rels/workbook.xml.rels"), "Relationship")
    paths = {one.get("Id", ""): _path(one.get("Target", "")) for one in targets}
    workbook = archive.read("xl/workbook.xml")
    properties = _attributes(workbook, "workbookPr")
    from_1904 = bool(properties) and properties[0].get("date1904") in ("1", "true")
    names = set(archive.namelist())
    found = []
    for one in _attributes(workbook, "sheet"):
        key = next((value for name, value in one.items() if name.endswith(":id")), "")
        path = paths.get(key, "")
        if path in names:
            found.append(Sheet(archive, one.get("name", ""), path, from_1904))
    return found


def _path(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _attributes(content: bytes, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    parser = new_parser()

    def start(name: str, said: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(said)

    parser.StartElementHandler = start
    for _ in feed(parser, io.BytesIO(content)):
        pass
    return found
