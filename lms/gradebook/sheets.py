"""The chosen marks as files: a CSV, and a workbook with a second sheet of who answered what.

Marks are numbers of their own, never "4/5", which a spreadsheet takes for a date; texts stay texts.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lms.foundation.i18n import gettext as _
from lms.foundation.tabular import write_csv
from lms.gradebook import words
from lms.gradebook.choice import BRIEF, QUIZ, TEST
from lms.gradebook.people import PersonAtQuiz
from lms.gradebook.services import Book, Cell, Column, Line

SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def as_csv(book: Book) -> bytes:
    return write_csv(_head(book), _rows(book))


def as_workbook(book: Book, people: Sequence[PersonAtQuiz]) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    file = xlsxwriter.Workbook(buffer, SAFE)
    bold = file.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    _sheet(file, bold, _("Firms"), _head(book), _rows(book))
    head = [_("Firm"), _("Person"), _("Week"), _("Quiz"), _("Tries"), _("Best, in percent"), _("Passed")]
    _sheet(file, bold, _("People"), head, (_person(one) for one in people))
    file.close()
    return buffer.getvalue()


def _sheet(file: Any, bold: Any, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = file.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, len(head) - 1, 16)
    for at, title in enumerate(head):
        sheet.write_string(0, at, title, bold)
    for line, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(line, at, value)
            elif value:
                sheet.write_string(line, at, value)


def _head(book: Book) -> list[str]:
    titles = [_("Firm"), _("State"), _("Mentor")]
    for column in book.columns:
        where = _("Week %(number)s", number=column.week)
        named = f"{where} · {words.column_title(column)}"
        titles += [f"{named} · {what}" for what in _parts(column)]
    return titles


def _parts(column: Column) -> tuple[str, ...]:
    if column.kind == TEST:
        return (_("people who sent it"),)
    return (_("state"), _("percent")) if column.kind == QUIZ else (_("state"), _("points"), _("most points"))


def _rows(book: Book) -> Iterator[list[Any]]:
    said, firm_states = words.states(), words.firm_states()
    firm_states["active"] = firm_states["at_work"]
    for line in book.lines:
        yield [line.firm_name, firm_states[line.state], line.mentor_name, *_cells(line, said)]


def _cells(line: Line, said: dict[str, str]) -> Iterator[Any]:
    for cell in line.cells:
        if cell.kind == TEST:
            yield cell.have or 0
        else:
            yield from (_state(cell, said), *_marks(cell))


def _state(cell: Cell, said: dict[str, str]) -> str:
    return _("exempt") if cell.excused else said[cell.state]


def _marks(cell: Cell) -> tuple[int | None, ...]:
    return (cell.have, cell.most) if cell.kind == BRIEF else (words.percent(cell),)


def _person(one: PersonAtQuiz) -> list[Any]:
    passed = _("yes") if one.passed else _("no")
    return [one.firm_name, one.name, one.week, one.title, one.tries, one.best, passed]
