"""Voice notes and sheets: told by their content, kept as they come, everything else refused by name."""

import contextlib
import io
import zipfile

import pytest

from lms.foundation import contents, uploads
from lms.foundation.errors import Refused

pytestmark = pytest.mark.usefixtures("app")


def box(name: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + name + body


def mp4(*handlers: bytes, brand: bytes = b"mp42") -> bytes:
    """The bones of an MP4: its kind, some sound, and one track for each handler at the end."""
    tracks = b"".join(
        box(b"trak", box(b"hdlr", b"\x00" * 8 + handler + b"\x00" * 12)) for handler in handlers
    )
    return box(b"ftyp", brand + b"\x00" * 4) + box(b"mdat", bytes(range(256)) * 20) + box(b"moov", tracks)


def workbook(*more: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        for name in ("[Content_Types].xml", "xl/workbook.xml", *more):
            packed.writestr(name, "<x/>")
    return kept.getvalue()


ID3 = b"ID3\x04\x00\x00\x00\x00\x01\x00" + b"\x00" * 128
FRAME = b"\xff\xfb\x90\x00" + b"\x00" * 400
WEBM = b"\x1aE\xdf\xa3\x9fB\x82\x84webm"
VOICES = {
    "m4a": (mp4(b"soun", brand=b"M4A "), "audio/mp4"),
    "android.m4a": (mp4(b"soun"), "audio/mp4"),
    "mp3": (FRAME, "audio/mpeg"),
    "titled.mp3": (ID3 + FRAME, "audio/mpeg"),
    "whatsapp.ogg": (b"OggS\x00\x02" + b"\x00" * 22 + b"OpusHead" + b"\x01" * 80, "audio/ogg"),
    "webm": (WEBM + b"\x00" * 40 + b"A_OPUS" + b"\x01" * 80, "audio/webm"),
    "aac": (b"\xff\xf1\x50\x80" + b"\x00" * 90, "audio/aac"),
}
NO_VOICES = {
    "pdf": b"%PDF-1.4\n",
    "page": b"<!doctype html><script>alert(1)</script>",
    "jpeg": b"\xff\xd8\xff\xe0" + b"\x00" * 90,
    "titles-only.mp3": ID3,
    "titles-and-a-page.mp3": ID3 + b"<script>alert(1)</script>",
    "theora.ogg": b"OggS\x00\x02" + b"\x00" * 22 + b"\x80theora" + b"\x01" * 80,
    "matroska": b"\x1aE\xdf\xa3\x9fB\x82\x88matroska" + b"A_OPUS" + b"\x00" * 80,
    "no-track.m4a": mp4(),
    "one-byte": b"\xff",
}
SHEETS = {
    "commas": b"mes,venta\nenero,1200\nfebrero,900\n",
    "semicolons-from-excel": "mes;venta\naño;1\n".encode("cp1252"),
    "tabs": "\ufeffmes\tventa\nenero\t3\n".encode(),
}
NO_SHEETS = {
    "page": b"<html>,</html>\n<b>,</b>\n",
    "script": b"#!/bin/sh\necho a,b\n",
    "letter": b"Hola\nme llamo Lupita, y vendo telas\n",
    "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 90,
    "zip": b"PK\x03\x04" + b"\x00" * 60,
    "broken-workbook": workbook()[:60],
    "pdf": b"%PDF-1.4\na,b\n",
    "zeros": b"a,b\x00\x01\n",
}


@pytest.mark.parametrize("name", VOICES)
def test_a_voice_note_is_kept_as_it_comes(name):
    content, media_type = VOICES[name]
    assert uploads.accept(name, content, "audio") == uploads.Upload(content, media_type, None)


@pytest.mark.parametrize("name", NO_VOICES)
def test_what_is_no_voice_note_is_refused_by_name_with_what_to_do(name):
    with pytest.raises(Refused, match=f"{name}.*WhatsApp"):
        uploads.accept(name, NO_VOICES[name], "audio")


@pytest.mark.parametrize("content", [mp4(b"vide", b"soun"), WEBM + b"V_VP8" + b"A_OPUS" + b"\x00" * 80])
def test_a_film_is_no_voice_note(content):
    with pytest.raises(Refused, match="es un video"):
        uploads.accept("fiesta.mp4", content, "audio")


@pytest.mark.parametrize("name", SHEETS)
def test_a_table_in_text_is_kept_as_it_comes(name):
    assert uploads.accept(name, SHEETS[name], "sheet") == uploads.Upload(SHEETS[name], "text/csv", None)


def test_a_workbook_is_kept_and_one_with_macros_refused():
    content = workbook("xl/worksheets/sheet1.xml")
    assert uploads.accept("ventas.xlsx", content, "sheet").media_type == contents.XLSX
    with pytest.raises(Refused, match="macros"):
        uploads.accept("ventas.xlsx", workbook("xl/vbaProject.bin"), "sheet")


def filled(**parts: bytes) -> bytes:
    """A workbook with these parts besides what it needs."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            packed.writestr(name, parts.pop(name, b"<x/>"))
        for name, content in parts.items():
            packed.writestr(name, content)
    return kept.getvalue()


HOSTILE = {
    "a DTD": {
        "xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x/>'
    },
    "a DTD of two bytes a sign": {"xl/a.xml": "<!doctype x>".encode("utf-16")},
    "a way out": {"xl/../../../tmp/x.xml": b"<x/>"},
    "a way from the root": {"/tmp/x.xml": b"<x/>"},
    "a bomb": {"xl/a.xml": b"<x>" + b" " * (41 << 20)},
    "too many parts": {f"xl/{number}.bin": b"" for number in range(600)},
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_workbook_that_wants_more_than_to_be_a_sheet_is_refused(case):
    with pytest.raises(Refused, match="guárdalo como XLSX"):
        uploads.accept("lista.xlsx", filled(**HOSTILE[case]), "sheet")


def test_a_workbook_that_breaks_off_or_is_locked_is_refused_and_never_a_failure():
    whole = filled(**{"xl/a.xml": bytes(range(256)) * 40})
    assert uploads.accept("lista.xlsx", whole, "sheet").media_type.endswith("sheet")
    for share in range(1, 20):
        with pytest.raises(Refused):
            uploads.accept("lista.xlsx", whole[: len(whole) * share // 20], "sheet")
    for place in range(0, len(whole), 11):
        turned = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        with contextlib.suppress(Refused):
            uploads.accept("lista.xlsx", turned, "sheet")


@pytest.mark.parametrize("name", NO_SHEETS)
def test_what_is_no_sheet_is_refused_by_name_with_what_to_do(name):
    with pytest.raises(Refused, match=f"{name}.*XLSX"):
        uploads.accept(name, NO_SHEETS[name], "sheet")


@pytest.mark.parametrize(("kind", "content", "most"), [("audio", FRAME, 10), ("sheet", b"a,b\n", 5)])
def test_each_kind_has_its_own_limit(kind, content, most):
    size = most * uploads.MEGABYTE
    assert uploads.accept("x", (content * (size // len(content)))[:size], kind)
    with pytest.raises(Refused, match=f"{most} MB"):
        uploads.accept("x", content * (size // len(content) + 1), kind)


def test_a_place_for_one_kind_takes_no_other():
    voice, table = FRAME, SHEETS["commas"]
    for kind, content in (
        ("photo", voice),
        ("file", voice),
        ("sheet", voice),
        ("photo", table),
        ("audio", table),
    ):
        with pytest.raises(Refused):
            uploads.accept("x", content, kind)
