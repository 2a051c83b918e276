"""Tables in from any spreadsheet, and out without a cell that one would run."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.foundation.tabular import TRIGGERS, Row, decode, read_csv, write_csv

PAYLOADS = [
    '=1+1', '=HYPERLINK("http://x","y")', "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1",
    "\u00a0=1+1",
    "  \u00a0 +cmd|' /C calc'!A0", "＝1+1", "＋1", "－1", "＠x", " ＝1", '"=1+1', "'=1+1",
]  # fmt: skip


def cells_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_rows_are_read_by_header_with_their_line():
    assert list(read_csv(b"Nombre, Correo\nLupita,l@example.org\n\nRosa,r@example.org\n")) == [
        Row(2, {"nombre": "Lupita", "correo": "l@example.org"}),
        Row(4, {"nombre": "Rosa", "correo": "r@example.org"}),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_header_tells_the_separator(separator):
    text = separator.join(("a", "b", "c")) + "\r\n" + separator.join(("1", "2", "3"))
    assert [row.cells for row in read_csv(text.encode())] == [{"a": "1", "b": "2", "c": "3"}]


def test_what_excel_saves_in_mexico_is_read():
    assert decode("Peña".encode("cp1252")) == "Peña"
    assert decode("Peña".encode("utf-8-sig")) == "Peña"
    assert [row.cells for row in read_csv("ñ;o\nPeña;1".encode("cp1252"))] == [{"ñ": "Peña", "o": "1"}]


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"a,b", b"\x00\x00", b"\xff\xfe\x00", b'a,b\n"never closed,1']
)
def test_a_file_of_nothing_or_rubbish_gives_rows_or_none_and_no_failure(content):
    assert all(isinstance(row, Row) for row in read_csv(content))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_is_run_as_a_formula(payload):
    ((cell,),) = cells_of(write_csv([payload], []))
    assert not cell.lstrip(" \u00a0").startswith(TRIGGERS)


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00")),
            min_size=2,
            max_size=2,
        ),
        max_size=5,
    )
)
def test_no_text_whatsoever_is_run_and_all_of_it_is_there(rows):
    written = cells_of(write_csv(["a", "b"], rows))[1:]
    assert len(written) == len(rows)
    for row, texts in zip(written, rows, strict=True):
        for cell, text in zip(row, texts, strict=True):
            assert not cell.lstrip().startswith(TRIGGERS)
            assert cell in (text, f"'{text}")


def test_numbers_stay_numbers_also_below_zero():
    row = [Decimal("-12.50"), -3, 1.5, True, None, date(2026, 10, 14)]
    assert cells_of(write_csv(["x"], [row]))[1] == ["-12.50", "-3", "1.5", "1", "", "2026-10-14"]


def test_excel_is_told_that_it_is_utf_8():
    assert write_csv(["ñ"], []).startswith(b"\xef\xbb\xbf")
