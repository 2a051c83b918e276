"""XLSX sheets read as a stream: only the columns asked for, as texts, in little memory.

A library that keeps a sheet as a full rectangle is brought down by one cell in the last row and column; here
a cell costs what its text costs. Texts that cells share are read once, after it is known which ones are
needed, so that what nobody asked for (the names of customers) is never held.

Rows as every spreadsheet writes them are taken apart by one pattern, eight times as fast as a parser.
A row in which the pattern does not account for every cell, and a file that is written in any other way, goes
through the parser.
"""

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from html import unescape
from typing import Any
from xml.parsers import expat

CHUNK = 1 << 20
MOST_COLUMNS = 1000
LONGEST_CELL = 32_767
LONGEST_ROW = 32 << 20
# Shared texts up to this size are read beforehand; above it only those that the wanted columns name.
SMALL = 8 << 20

Raw = list[str | int]  # a cell's text, or the number of a shared one


_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})[0-9]+"(?: s="[0-9]+")?(?: t="([a-zA-Z]+)")?(?:/>|>'
    rb"(?:<f[^>/]*>[^<]*</f>|<f[^>]*/>)?"
    rb"(?:<v>([^<]*)</v>|<is><t(?: xml:space=\"preserve\")?>([^<]*)</t></is>)?</c>)"
)
_SHARED = re.compile(rb'<si><t(?: xml:space="preserve")?(?:/>|>([^<]*)</t>)</si>')


class Malformed(Exception):
    """XML that is broken, or brings a document type along."""


def _parser() -> Any:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_said: Any) -> None:
        raise Malformed("a document type")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def _feed(parser: Any, stream: Any) -> Iterator[None]:
    try:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as broken:
        raise Malformed(str(broken)) from broken


class _Rows:
    """Collects the rows of a sheet as its XML comes by."""

    def __init__(self, wanted: Collection[int] | None) -> None:
        self.columns = sorted(wanted) if wanted is not None else None
        self.places = {column: place for place, column in enumerate(self.columns or ())}
        self.done: list[Raw] = []
        self._numbers: dict[str, int] = {}
        self._row: list[Any] = []
        self._column = -1
        self._place = -1
        self._kind = ""
        self._text: list[str] = []
        self._known: dict[bytes, int] = {}
        self._begin()

    def _begin(self) -> None:
        self._prefix: str | None = None
        self._is_spelling = False
        self.parser = _parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, said: dict[str, str]) -> None:
        if self._prefix is None:
            self._prefix = name[: name.rfind(":") + 1]
        if self._prefix:
            name = name.removeprefix(self._prefix)
        if name == "c":
            self._open_cell(said)
        elif name in ("v", "t"):
            if self._place >= 0 and not self._is_spelling:
                self.parser.CharacterDataHandler = self._write
        elif name == "row":
            self._row = [""] * len(self.columns) if self.columns is not None else []
            self._column = -1
        elif name == "rPh":
            self._is_spelling = True  # how a Japanese text is pronounced is not part of it

    def _write(self, text: str) -> None:
        if sum(map(len, self._text)) < LONGEST_CELL:
            self._text.append(text)

    def _open_cell(self, said: dict[str, str]) -> None:
        name = said.get("r")
        self._column = self._number(name) if name else self._column + 1
        if self.columns is None:
            self._place = self._column if self._column < MOST_COLUMNS else -1
        else:
            self._place = self.places.get(self._column, -1)
        self._kind = said.get("t", "n")
        if self._text:
            self._text.clear()

    def add(self, row: bytes) -> None:
        """Take in a row as it stands in the file, without its end tag."""
        cells = _CELL.findall(row)
        if len(cells) != row.count(b"<c ") or b"<c>" in row:
            self._parse(row)
            return
        found: list[Any] = [""] * len(self.columns) if self.columns is not None else []
        known = self._known
        for letters, kind, value, inline in cells:
            place = known[letters] if letters in known else self._place_of(letters)
            if place < 0 or kind == b"e" or not (value or inline):
                continue
            if self.columns is None and len(found) <= place:
                found.extend([""] * (place + 1 - len(found)))
            found[place] = int(value) if kind == b"s" and value.isdigit() else _text(value or inline)
        self.done.append(found)

    def _place_of(self, letters: bytes) -> int:
        column = self._number(letters.decode())
        if self.columns is None:
            place = column if column < MOST_COLUMNS else -1
        else:
            place = self.places.get(column, -1)
        self._known[letters] = place
        return place

    def _parse(self, row: bytes) -> None:
        for piece in (b"<sheet>", row, b"</row></sheet>"):
            self._feed(piece)
        self._begin()

    def _feed(self, piece: bytes) -> None:
        try:
            self.parser.Parse(piece, False)
        except expat.ExpatError as broken:
            raise Malformed(str(broken)) from broken

    def _number(self, name: str) -> int:
        letters = name.rstrip("0123456789")
        number = self._numbers.get(letters)
        if number is None:
            if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
                return MOST_COLUMNS * 100
            number = 0
            for letter in letters.upper():
                number = number * 26 + ord(letter) - 64
            number = self._numbers[letters] = number - 1
        return number

    def _end(self, name: str) -> None:
        if self._prefix:
            name = name.removeprefix(self._prefix)
        if name in ("v", "t"):
            self.parser.CharacterDataHandler = None
        elif name == "rPh":
            self._is_spelling = False
        elif name == "c":
            if self._place >= 0 and self._text:
                self._close_cell()
        elif name == "row":
            self.done.append(self._row)

    def _close_cell(self) -> None:
        text = self._text[0] if len(self._text) == 1 else "".join(self._text)
        self._text.clear()
        if self._kind == "e":
            return
        if self.columns is None and len(self._row) <= self._place:
            self._row.extend([""] * (self._place + 1 - len(self._row)))
        if self._kind != "s":
            self._row[self._place] = text[:LONGEST_CELL]
        elif text.isascii() and text.isdigit() and len(text) < 10:
            self._row[self._place] = int(text)


def _text(value: bytes) -> str:
    text = value.decode("utf-8", "replace")
    return (unescape(text) if "&" in text else text)[:LONGEST_CELL]


class _Texts:
    """Collects shared texts: all of them, or those with the wanted numbers."""

    def __init__(self, wanted: Collection[int] | None) -> None:
        self.wanted = wanted
        self.found: dict[int, str] = {}
        self._number = -1
        self._begin()

    def add(self, piece: bytes) -> None:
        """Take in whole texts as they stand in the file."""
        texts = _SHARED.findall(piece)
        if len(texts) != piece.count(b"<si"):
            for part in (b"<sst>", piece, b"</sst>"):
                try:
                    self.parser.Parse(part, False)
                except expat.ExpatError as broken:
                    raise Malformed(str(broken)) from broken
            self._begin()
            return
        first = self._number + 1
        self._number += len(texts)
        for number, text in enumerate(texts, first):
            if self.wanted is None or number in self.wanted:
                self.found[number] = _text(text)

    def _begin(self) -> None:
        self._parts: list[str] = []
        self._muted = False
        self.parser = _parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _write(self, text: str) -> None:
        if sum(map(len, self._parts)) < LONGEST_CELL:
            self._parts.append(text)

    @property
    def last(self) -> int:
        return self._number

    def _start(self, name: str, _said: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "si":
            self._number += 1
            self._muted = self.wanted is not None and self._number not in self.wanted
        elif name == "t" and not self._muted:
            self.parser.CharacterDataHandler = self._write
        elif name == "rPh":
            self._muted = True

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "t":
            self.parser.CharacterDataHandler = None
        elif name == "rPh":
            self._muted = False
        elif name == "si" and self._parts:
            self.found[self._number] = "".join(self._parts)[:LONGEST_CELL]
            self._parts.clear()


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
        rows = _Rows(wanted)
        with self._archive.open(self._path) as stream:
            if not _is_plain(stream.read(CHUNK), b"<row"):
                stream.seek(0)
                for _ in _feed(rows.parser, stream):
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
        texts = _Texts(wanted)
        with self._archive.open("xl/sharedStrings.xml") as stream:
            if _is_plain(stream.read(CHUNK), b"<si"):
                stream.seek(0)
                for piece in _pieces(stream, b"</si>"):
                    texts.add(piece[max(piece.find(b"<si>"), 0) :])
                    if wanted and texts.last >= max(wanted):
                        break
            else:
                stream.seek(0)
                for _ in _feed(texts.parser, stream):
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
    parser = _parser()

    def start(name: str, said: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(said)

    parser.StartElementHandler = start
    for _ in _feed(parser, io.BytesIO(content)):
        pass
    return found
