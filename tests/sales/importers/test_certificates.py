"""Certificates of platforms: what counts, and what only looks like one."""

from datetime import date
from pathlib import Path

import pytest

from lms.sales.importers.canonical import canonical_rows
from lms.sales.importers.certificates import batch_of, read
from tests.sales.invoice import RFC, cfdi
from tests.sales.sheets import certificate

SAMPLES = Path(__file__).parent.parent / "samples"


def rows(*contents: bytes):
    found = [one for one in map(read, contents) if one is not None]
    return batch_of(found, RFC, "mercado_libre")


def test_a_certificate_is_sales_with_and_without_tax_operations_and_fees():
    batch = rows(certificate(net="1000.10", vat="160.02", operations="7", fees="130.5"))
    (row,) = canonical_rows(batch)
    assert (row.month, str(row.net), str(row.gross)) == (date(2026, 9, 1), "1000.10", "1160.12")
    assert (row.orders, row.units, str(row.fees), batch.tier) == (7, None, "130.50", "A")


def test_who_issued_it_tells_the_channel():
    assert read(certificate()).channel == "mercado_libre"
    assert read(certificate(name="Servicios Comerciales Amazon México")).channel == "amazon"
    assert read(certificate(name="Otra plataforma")).channel == ""


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"rfc": "XAXX010101000"}, "other_firm"),
        ({"last": "10"}, "not_one_month"),
        ({"month": "13"}, "not_one_month"),
        ({"service": "01"}, "other_service"),
        ({"net": "-5"}, "no_amount"),
        ({"net": "1e9"}, "no_amount"),
        ({"operations": "muchas"}, "no_amount"),
        ({"stamp": None}, "not_stamped"),
        ({"stamp": "abc"}, "not_stamped"),
    ],
)
def test_what_does_not_count_says_why(said, reason):
    batch = rows(certificate(**said))
    assert batch.left_out == {reason: 1} and not batch.entries


def test_of_two_of_the_same_month_the_one_issued_last_counts_in_any_order():
    older, newer = certificate(net="1"), certificate(net="2", issued="2026-10-09T10:00:00")
    assert rows(older, newer).entries == rows(newer, older).entries == rows(newer).entries
    assert rows(older, newer).left_out == {"older": 1}


@pytest.mark.parametrize(
    "content", [b"", b"<a/>", cfdi(), certificate(kind="14"), b"PlataformasTecnologicas"]
)
def test_anything_else_is_none(content):
    assert read(content) is None


@pytest.mark.parametrize("name", ["cfdiutils_retenciones20.xml", "satcfdi_retenciones20-ejemplo.xml"])
def test_withholdings_of_another_kind_are_none(name):
    assert read((SAMPLES / name).read_bytes()) is None


def test_a_document_type_is_refused_whatever_it_declares():
    trap = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    assert read(certificate(before=trap)) is None


def test_a_stamp_outside_the_complement_is_none():
    content = certificate(stamp=None).replace(
        b"</r:Retenciones>",
        b'<r:Addenda><t:TimbreFiscalDigital xmlns:t="http://www.sat.gob.mx/TimbreFiscalDigital" '
        b'UUID="6f35d3b5-3651-5370-bc2c-14cdbe384cd7"/></r:Addenda></r:Retenciones>',
    )
    assert rows(content).left_out == {"not_stamped": 1}
