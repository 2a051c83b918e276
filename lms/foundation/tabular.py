"""Tables in and out: CSV rows with their line numbers, and CSV that a spreadsheet cannot mistake for
formulas."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

# A cell that begins with one of these (also in full width) is run as a formula by spreadsheets.
TRIGGERS = tuple("=+-@\t\r\n＝＋－＠")


@dataclass(frozen=True)
class Row:
    """One data row: its line in the file (the header is line 1) and its cells by header."""

    line: int
    cells: dict[str, str]


def decode(content: bytes) -> str:
    """Text of a file from a spreadsheet: strict UTF-8, else Windows-1252 (guessers are wrong for Spanish)."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read_csv(content: bytes) -> Iterator[Row]:
    """Rows of a CSV with a header line; the separator (comma, semicolon or tab) is told by the header.

    Headers are compared in lower case without blanks around. Empty lines are left out.
    """
    text = decode(content).replace("\x00", "")
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    header = [cell.strip().lower() for cell in next(reader, [])]
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield Row(reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=False)))


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV in UTF-8 with a byte-order mark (Excel needs it); text that looks like a formula gets a quote
    before it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([_cell(cell) for cell in header])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, float, Decimal, date)):
        return str(value)
    text = str(value)
    return f"'{text}" if text.lstrip().startswith(TRIGGERS) or text.startswith(TRIGGERS) else text
