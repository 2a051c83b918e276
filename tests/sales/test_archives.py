"""What may be uploaded, and what is not opened."""

import io
import time
import zipfile

import pytest

from lms.sales.archives import Problem, Unsafe, open_all, pack, show_name, unpack
from tests.sales.invoice import cfdi, zipped


def problems(*files):
    return [(entry.name, entry.problem) for entry in open_all(files)]


def test_xml_files_and_zips_of_them_come_out_alike():
    one, two = cfdi(), cfdi()
    entries = open_all([("a.xml", one), ("many.zip", zipped(("b.xml", two), ("c.XML", one)))])
    assert [(entry.name, entry.content) for entry in entries] == [
        ("a.xml", one),
        ("b.xml", two),
        ("c.XML", one),
    ]


def test_folders_and_what_computers_add_are_passed_over():
    content = zipped(
        ("2026/", b""), ("__MACOSX/._a.xml", b"x"), ("2026/.DS_Store", b"x"), ("2026/a.xml", cfdi())
    )
    assert problems(("z.zip", content)) == [("2026/a.xml", None)]


def test_other_files_in_a_zip_are_named_and_left_shut():
    content = zipped(("a.pdf", b"%PDF-1.4"), ("in.zip", zipped(("a.xml", cfdi()))))
    assert problems(("z.zip", content)) == [("a.pdf", Problem.NOT_XML), ("in.zip", Problem.NESTED)]


def test_a_zip_in_a_zip_is_told_by_its_content():
    content = zipped(("harmless.xml", zipped(("a.xml", cfdi()), compression=zipfile.ZIP_STORED)))
    assert problems(("z.zip", content)) == [("harmless.xml", Problem.NESTED)]


@pytest.mark.parametrize(
    "name", ["../../../../tmp/evil.xml", "C:\\evil.xml", "/etc/evil.xml", "~/evil.xml", "a/../b.xml"]
)
def test_names_that_climb_are_only_shown(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert problems(("z.zip", zipped((name, cfdi())))) == [(name, None)]
    assert not list(tmp_path.iterdir())


def test_a_shown_name_is_one_line_and_ends():
    assert show_name("a\nb\u202egpj.xml\x00") == "a b gpj.xml"
    assert len(show_name("x" * 5000)) == 121


def test_a_bomb_is_refused_by_its_claim():
    started = time.process_time()
    with pytest.raises(Unsafe) as refused:
        open_all([("bomb.zip", zipped(("a.xml", b"\0" * 20_000_000)))])
    assert refused.value.problem is Problem.BOMB
    assert time.process_time() - started < 2


def test_a_bomb_that_lies_about_its_size_is_stopped_while_reading():
    honest = zipped(("a.xml", b"\0" * 1_500_000))
    lying = honest.replace((1_500_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    entries = open_all([("bomb.zip", lying)])
    assert [(entry.problem, entry.content) for entry in entries] == [(Problem.DAMAGED_ENTRY, b"")]


def test_entries_that_share_their_bytes_are_refused():
    content = bytearray(
        zipped(*[(f"{n}.xml", cfdi(stamp=None)) for n in range(2)], compression=zipfile.ZIP_STORED)
    )
    second = content.rindex(b"PK\x01\x02")
    # The second entry of the directory points into the first one's bytes.
    content[second + 42 : second + 46] = (8).to_bytes(4, "little")
    with pytest.raises(Unsafe) as refused:
        open_all([("overlap.zip", bytes(content))])
    assert refused.value.problem is Problem.BOMB


def test_too_many_files_are_refused():
    many = zipped(*[(f"{n}.xml", b"<a/>") for n in range(2001)], compression=zipfile.ZIP_STORED)
    with pytest.raises(Unsafe) as refused:
        open_all([("many.zip", many)])
    assert refused.value.problem is Problem.TOO_MANY
    with pytest.raises(Unsafe):
        open_all([(f"{n}.xml", b"<a/>") for n in range(2001)])


def test_more_than_fifty_megabytes_are_refused():
    part = b"<a>" + b"x" * 1_990_000
    with pytest.raises(Unsafe) as refused:
        open_all([(f"{n}.xml", part) for n in range(30)])
    assert refused.value.problem is Problem.TOO_MUCH


def test_a_damaged_zip_is_named():
    content = zipped(("a.xml", cfdi()))
    with pytest.raises(Unsafe) as refused:
        open_all([("half.zip", content[: len(content) // 2])])
    assert (refused.value.problem, refused.value.name) == (Problem.DAMAGED_ZIP, "half.zip")


def test_a_damaged_entry_does_not_spoil_the_others():
    good = cfdi()
    content = bytearray(zipped(("bad.xml", b"z" * 300), ("good.xml", good), compression=zipfile.ZIP_STORED))
    content[60] ^= 0xFF
    assert problems(("z.zip", bytes(content))) == [("bad.xml", Problem.DAMAGED_ENTRY), ("good.xml", None)]


def test_a_locked_entry_is_named():
    content = bytearray(zipped(("a.xml", cfdi())))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert problems(("z.zip", bytes(content))) == [("a.xml", Problem.LOCKED_ENTRY)]


def test_packed_files_come_back_as_they_were():
    files = [("mayo & junio.xml", cfdi()), ("mayo & junio.xml", b""), ("../ñ.zip", zipped(("a.xml", cfdi())))]
    assert unpack(pack(files)) == files
    assert zipfile.ZipFile(io.BytesIO(pack(files))).namelist() == ["names", "0", "1", "2"]
