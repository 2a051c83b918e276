"""The XML of a workbook taken apart as it comes by: rows with the wanted columns, and texts that cells share.

Rows as every spreadsheet writes them are taken apart by one pattern, eight times as fast as a parser. A row
in which the pattern does not account for every cell, and a file written otherwise, go through the parser.
"""

import re
from collections.abc import Collection, Iterator
from html import unescape
from typing import Any
from xml.parsers import expat

CHUNK = 1 << 20
MOST_COLUMNS = 1000
LONGEST_CELL = 32_767

Raw = list[str | int]  # a cell's text, or the number of a shared one

_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})[0-9]+"(?: s="[0-9]+")?(?: t="([a-zA-Z]+)")?(?:/>|>'
    rb"(?:<f[^>/]*>[^<]*</f>|<f[^>]*/>)?"
    rb"(?:<v>([^<]*)</v>|<is><t(?: xml:space=\"preserve\")?>([^<]*)</t></is>)?</c>)"
)
_SHARED = re.compile(rb'<si><t(?: xml:space="preserve")?(?:/>|>([^<]*)</t>)</si>')


class Malformed(Exception):
    """XML that is broken, or brings a document type along."""


def new_parser() -> Any:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_said: Any) -> None:
        raise Malformed("a document type")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def feed(parser: Any, stream: Any) -> Iterator[None]:
    try:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as broken:
        raise Malformed(str(broken)) from broken


class Rows:
    """Collects the rows of a sheet as its XML comes by."""

    def __init__(self, wanted: Collection[int] | None) -> None:
        self.columns = sorted(wanted) if wanted is not None else None
        self.places = {column: place for place, column in enumerate(self.columns or ())}
        self._beyond = (
            re.compile(rb'<c r="%s[0-9]' % letters_of(self.columns[-1] + 1)) if self.columns else None
        )
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
        self.parser = new_parser()
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
        if self._beyond is not None and (beyond := self._beyond.search(row)):
            # Cells come in the order of their columns: what lies beyond the wanted ones is not looked at.
            row = row[: beyond.start()]
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


def letters_of(column: int) -> bytes:
    """What a column is called: 0 is `A`, 26 is `AA`."""
    letters = b""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = bytes([65 + rest]) + letters
    return letters


def _text(value: bytes) -> str:
    text = value.decode("utf-8", "replace")
    return (unescape(text) if "&" in text else text)[:LONGEST_CELL]


class Texts:
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
        self.parser = new_parser()
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
