"""Tables that people bring, and files that only want to look like one."""

import io
import os
import resource
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.foundation import old_sheets, sheets, xlsx
from lms.foundation.sheets import Fault, Unreadable
from tests.sales.sheets import text
from tests.sales.sheets import xlsx as workbook

SHEET = "xl/worksheets/sheet1.xml"


def tables(content: bytes, name: str = "archivo") -> list:
    return sheets.open_tables(io.BytesIO(content), name)


def rows(content: bytes, *columns: int) -> list[tuple[str, ...]]:
    return list(tables(content)[0].rows(0, columns or (0, 1)))


def fault(content: bytes) -> Fault:
    with pytest.raises(Unreadable) as refused:
        for table in tables(content):
            list(table.rows(0, (0, 1)))
    return refused.value.fault


def again(content: bytes, changes: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook with some of its parts put in the place of others."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", compression) as new:
        for info in old.infolist():
            if info.filename not in changes:
                new.writestr(info.filename, old.read(info.filename))
        for name, part in changes.items():
            new.writestr(name, part)
    return buffer.getvalue()


def sheet_xml(inside: str, before: str = "", prefix: str = "", encoding: str = "UTF-8") -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    name = f"{prefix}:" if prefix else ""
    declared = f' xmlns:{prefix}="{main}"' if prefix else f' xmlns="{main}"'
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>{before}<{name}worksheet{declared}><{name}sheetData>'
        f"{inside}</{name}sheetData></{name}worksheet>"
    ).encode("utf-16" if encoding == "UTF-16" else "utf-8")


SIMPLE = workbook([["a", "b"], ["1", 2.5]])


def test_text_and_workbook_give_the_same_texts():
    table = [["Día", "Total"], ["1", "2.5"], ["ñ & <b>", "x"]]
    assert rows(workbook(table)) == rows(text(table)) == [tuple(row) for row in table]


@pytest.mark.parametrize("constant", [True, False])
def test_numbers_come_as_they_are_written_and_columns_in_the_order_asked_for(constant):
    content = workbook([["n", "t", "f"], [0.1 + 0.25, "x", 7]], constant=constant)
    assert rows(content, 2, 0) == [("f", "n"), ("7", "0.35")]


def test_only_the_wanted_shared_texts_are_held(monkeypatch):
    monkeypatch.setattr(xlsx, "SMALL", 0)
    content = workbook([["a", "secreto"], ["b", "secreto dos"], ["c", "secreto"]])
    assert rows(content, 0) == [("a",), ("b",), ("c",)]


@pytest.mark.parametrize(
    "inside",
    [
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1"><v>1</v></c></row>',
        '<row r="1"><c t="inlineStr" r="A1"><is><r><t>a</t></r></is></c><c r="B1" t="n"><v>1</v></c></row>',
        "<row><c t='inlineStr'><is><t>a</t></is></c><c><v>1</v></c></row>",
        '<row r="1"><c r="A1" t="str"><f>"a"</f><v>a</v></c><c r="B1"><f si="0"/><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve">a</t><rPh sb="0"><t>x</t></rPh>'
        '</is></c><c r="B1" ><v>1</v></c><c r="C1" s="2"/></row>',
        '<!-- c --><row r="1"><c r="A1" t="str"><v><![CDATA[a]]></v></c><c r="B1"><v>1</v></c></row>',
    ],
)
def test_cells_are_read_however_they_are_written(inside):
    assert rows(again(SIMPLE, {SHEET: sheet_xml(inside)})) == [("a", "1")]


@pytest.mark.parametrize(("prefix", "encoding"), [("x", "UTF-8"), ("", "UTF-16")])
def test_other_ways_to_write_the_same_xml(prefix, encoding):
    name = f"{prefix}:" if prefix else ""
    inside = (
        f'<{name}row r="1"><{name}c r="A1" t="str"><{name}v>a</{name}v></{name}c>'
        f'<{name}c r="B1"><{name}v>1</{name}v></{name}c></{name}row>'
    )
    assert rows(again(SIMPLE, {SHEET: sheet_xml(inside, prefix=prefix, encoding=encoding)})) == [("a", "1")]


cells = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20)


@settings(max_examples=60)
@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=8))
def test_a_workbook_gives_back_what_was_written(table):
    found = rows(workbook([["x", "x"], *table]))[1:]
    assert [row for row in found if any(row)] == [tuple(row) for row in table if any(row)]


@settings(max_examples=60)
@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=8))
def test_the_pattern_and_the_parser_agree(table):
    content = workbook([["x", "x"], *table])
    plain = rows(content)
    slow = again(
        content, {SHEET: zipfile.ZipFile(io.BytesIO(content)).read(SHEET).replace(b"?>", b"?><!-- -->", 1)}
    )
    assert [row for row in rows(slow) if any(row)] == [row for row in plain if any(row)]


# Files that want something else


def test_one_cell_at_the_far_end_costs_one_cell():
    inside = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    content = again(SIMPLE, {SHEET: sheet_xml(inside)})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert rows(content) == [("1", ""), ("", "")]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


@pytest.mark.parametrize(
    "doctype",
    ['<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "<!DOCTYPE a>",
     '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'],
)  # fmt: skip
@pytest.mark.parametrize(
    "part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]
)
def test_a_document_type_is_refused_in_every_part(doctype, part):
    old = zipfile.ZipFile(io.BytesIO(SIMPLE)).read(part)
    declared, _, rest = old.partition(b"?>")
    assert fault(again(SIMPLE, {part: declared + b"?>" + doctype.encode() + rest})) is Fault.BROKEN


def test_a_bomb_is_told_before_it_is_opened():
    huge = sheet_xml('<row r="1"><c r="A1" t="str"><v>' + "a" * 30_000_000 + "</v></c></row>")
    assert fault(again(SIMPLE, {SHEET: huge})) is Fault.BOMB


def test_endless_rows_and_columns_are_refused():
    assert fault(b"x," * 1_000_000) is Fault.TOO_WIDE
    assert fault(b"a,b\n" + b"x" * 5_000_000) is Fault.TOO_WIDE
    assert fault(b'a,b\n1,"' + b"x" * 200_000) is Fault.BROKEN
    wide = "".join(f"<c><v>{number}</v></c>" for number in range(5000))
    (table,) = tables(again(SIMPLE, {SHEET: sheet_xml(f'<row r="1">{wide}</row>')}))
    assert len(table.head[0]) == sheets.MOST_COLUMNS


def test_nested_archives_and_archives_of_many_are_no_tables():
    def packed(*files: tuple[str, bytes]) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files:
                archive.writestr(name, content)
        return buffer.getvalue()

    assert rows(packed(("a.csv", b"a,b\n1,2\n"))) == [("a", "b"), ("1", "2")]
    assert rows(packed(("a.xlsx", SIMPLE))) == [("a", "b"), ("1", "2.5")]
    assert fault(packed(("a.zip", packed(("b.zip", packed(("c.csv", b"a"))))))) is Fault.NESTED
    assert fault(packed(("a.csv", b"a"), ("b.csv", b"b"))) is Fault.NOT_A_TABLE
    assert fault(packed(*((f"{number}.csv", b"a") for number in range(2001)))) is Fault.TOO_MANY


def test_locked_workbooks_are_refused_by_what_they_are():
    encrypted = bytearray(SIMPLE)
    for at in (encrypted.find(b"PK\x03\x04"), encrypted.find(b"PK\x01\x02")):
        encrypted[at + (6 if encrypted[at + 2] == 3 else 8)] |= 1
    assert fault(bytes(encrypted)) is Fault.LOCKED
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le")
    assert fault(container) is Fault.LOCKED


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Fault.EMPTY), (b"\xef\xbb\xbf \n", Fault.EMPTY), (b"PK\x03\x04nothing", Fault.BROKEN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1nothing", Fault.BROKEN), (b"<html><table>", Fault.WEB_PAGE),
        (b"%PDF-1.4", Fault.NOT_A_TABLE), (b"\x89PNG\r\n\x1a\n", Fault.NOT_A_TABLE),
        (bytes(range(1, 32)) * 200, Fault.NOT_A_TABLE),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_what_it_is(content, reason):
    assert fault(content) is reason


def test_zeros_in_a_text_do_not_count():
    assert rows(b"a,b\r\n1\x00,2\x00\r\n") == [("a", "b"), ("1", "2")]


def test_half_a_workbook_is_broken():
    assert fault(SIMPLE[: len(SIMPLE) // 2]) is Fault.BROKEN
    whole = zipfile.ZipFile(io.BytesIO(SIMPLE)).read(SHEET)
    for cut in range(120, len(whole), 40):
        try:
            rows(again(SIMPLE, {SHEET: whole[:cut]}))
        except Unreadable as refused:
            assert refused.fault in (Fault.BROKEN, Fault.EMPTY)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"a,b\n1,2\n", b"<?xml"]))
def test_any_bytes_are_read_or_refused(content, beginning):
    try:
        for table in tables(beginning + content):
            list(table.rows(0, (0, 1)))
    except Unreadable:
        pass


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_workbook_with_a_flipped_byte_is_read_or_refused(data):
    broken = bytearray(SIMPLE)
    broken[data.draw(st.integers(0, len(broken) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        for table in tables(bytes(broken)):
            list(table.rows(0, (0, 1)))
    except Unreadable:
        pass


# The old formats


def test_an_open_document_is_read_in_a_process_of_its_own(tmp_path):
    content = open_document([["Fecha", "Total"], ["2026-09-03", "10.5"]])
    (table,) = tables(content)
    assert table.title == "Hoja"
    assert list(table.rows(0, (0, 1))) == [("Fecha", "Total"), ("2026-09-03", "10.5")]


def test_an_open_document_that_repeats_itself_for_ever_is_refused():
    content = open_document([["a", "b"]], repeated='table:number-rows-repeated="1048576"', columns=16_384)
    assert fault(content) in (Fault.BROKEN, Fault.BOMB)


def test_a_process_that_dies_leaves_nothing_behind(tmp_path):
    source = tmp_path / "source"
    source.write_bytes(b"\xd0\xcf\x11\xe0" + os.urandom(2000))
    with pytest.raises(old_sheets.Unopened):
        old_sheets.convert(source, tmp_path)
    assert [path.name for path in Path(tmp_path).iterdir()] == ["source"]


def open_document(table: list[list[str]], repeated: str = "", columns: int = 1) -> bytes:
    """An ODS as small as it may be."""
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    lines = "".join(
        f"<table:table-row {repeated}>"
        + "".join(
            f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string">'
            f"<text:p>{cell}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in table
    )
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{office}office:1.0" '
        f'xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Hoja">{lines}</table:table></office:spreadsheet>'
        f"</office:body></office:document-content>"
    )
    manifest = (
        f'<?xml version="1.0"?><m:manifest xmlns:m="{office}manifest:1.0" m:version="1.2"><m:file-entry '
        f'm:full-path="/" m:media-type="application/vnd.oasis.opendocument.spreadsheet"/><m:file-entry '
        f'm:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", xml)
        archive.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()
