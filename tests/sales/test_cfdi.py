"""Which invoices are sales of a firm, on real samples, on generated ones, and on hostile ones."""

import time
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.sales.cfdi import Reason, judge, judge_all, read, zone_of_place
from tests.sales.invoice import RFC, STAMP, cfdi

SAMPLES = Path(__file__).parent / "samples"
ZONE = "America/Mexico_City"
UUID = "6F35D3B5-3651-5370-BC2C-14CDBE384CD7"


def sample(name: str, rfc: str):
    return judge(read((SAMPLES / f"{name}.xml").read_bytes()), rfc, set(), ZONE)


# Real samples

COUNTED = [
    ("cfdiutils_cfdi40-valid", "EKU9003173C9", "3327.01", "2868.11", date(2025, 2, 1)),
    ("satcfdi_HE951128469_ingreso_iva16_stamped", "H&E951128469", "17852.75", "15390.30", date(2020, 1, 1)),
    ("satcfdi_cfdv33-multiples-tasas", "ACO560518KW7", "300.00", "286.21", date(2017, 11, 1)),
    ("satcfdi_cfdv33-signed-tfd", "AAA010101AAA", "1500.00", "1000.00", date(2017, 5, 1)),
]

LEFT_OUT = [
    ("cfdiutils_created-cfdi40-pago20-valid", "EKU9003173C9", Reason.PAYMENT),
    ("cfdiutils_created-with-discounts-40", "EKU9003173C9", Reason.NOT_STAMPED),
    ("cfdiutils_retenciones20", "EKU9003173C9", Reason.WITHHOLDING),
    ("satcfdi_cfdv40-ejemplo-signed-tfd", "AAA010101AAA", Reason.PAYMENT),
    ("satcfdi_cfdv40-min", "AAA010101AAA", Reason.NOT_STAMPED),
    ("satcfdi_cfdv40-pagos20", "AAA010101AAA", Reason.PAYMENT),
    ("satcfdi_retenciones20-ejemplo", "AAAA010101AAA", Reason.WITHHOLDING),
]


@pytest.mark.parametrize(("name", "rfc", "gross", "net", "month"), COUNTED)
def test_a_stamped_sale_of_the_firm_counts(name, rfc, gross, net, month):
    verdict = sample(name, rfc)
    assert (verdict.count, verdict.reason, verdict.sign) == (True, Reason.SALE, 1)
    assert (verdict.gross, verdict.net, verdict.month) == (Decimal(gross), Decimal(net), month)


@pytest.mark.parametrize(("name", "rfc", "reason"), LEFT_OUT)
def test_what_is_no_sale_is_left_out_by_name(name, rfc, reason):
    verdict = sample(name, rfc)
    assert (verdict.count, verdict.reason, verdict.gross) == (False, reason, None)


@pytest.mark.parametrize("name", [row[0] for row in COUNTED])
def test_nobody_counts_the_sales_of_another_firm(name):
    assert sample(name, "XYZ010101AB1").reason is Reason.OTHER_ISSUER


def test_every_sample_is_tried():
    tried = {row[0] for row in (*COUNTED, *LEFT_OUT)}
    assert tried == {path.stem for path in SAMPLES.glob("*.xml")}


# Generated documents

amounts = st.decimals(min_value=0, max_value=9_999_999, places=2)
uuids = st.uuids().map(str)
moments = st.datetimes(min_value=datetime(2015, 1, 1), max_value=datetime(2030, 12, 31)).map(
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S")
)


@given(
    total=amounts,
    subtotal=amounts,
    kind=st.sampled_from("IE"),
    issued=moments,
    stamp=uuids,
    upper=st.booleans(),
    version=st.sampled_from(["4.0", "3.3"]),
    blanks=st.sampled_from(["", " ", "  \t"]),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
def test_sales_add_and_returns_subtract_exactly(
    total, subtotal, kind, issued, stamp, upper, version, blanks, mark
):
    content = mark + cfdi(
        total=str(total),
        subtotal=str(subtotal),
        kind=kind,
        issued=issued,
        stamp=stamp.upper() if upper else stamp,
        version=version,
        rfc=f"{blanks}{RFC.lower()}{blanks}",
    )
    verdict = judge(read(content), f" {RFC}", set(), ZONE)
    sign = 1 if kind == "I" else -1
    assert verdict.count
    assert (verdict.gross, verdict.net) == (sign * total, sign * subtotal)
    assert verdict.uuid == stamp
    assert verdict.month == date.fromisoformat(issued[:7] + "-01")


@given(total=amounts, rate=st.decimals(min_value=Decimal("0.01"), max_value=100, places=4))
def test_another_currency_is_converted_by_its_rate(total, rate):
    content = cfdi(total=str(total), subtotal=str(total), currency="USD", rate=str(rate))
    verdict = judge(read(content), RFC, set(), ZONE)
    assert verdict.count
    assert abs(verdict.gross - total * rate) <= Decimal("0.005")


@given(st.lists(uuids, max_size=8), st.data())
def test_every_document_counts_once_however_often_and_however_written(stamps, data):
    written = [data.draw(st.sampled_from([stamp, stamp.upper()])) for stamp in stamps for _ in range(2)]
    documents = [read(cfdi(stamp=stamp)) for stamp in written]
    verdicts = judge_all(documents, RFC, set(), ZONE)
    assert sum(verdict.count for verdict in verdicts) == len(set(stamps))
    again = judge_all(documents, RFC, {verdict.uuid for verdict in verdicts}, ZONE)
    assert not any(verdict.count for verdict in again)


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail(content):
    assert read(content).fault is not None


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20), st.text(max_size=12))
def test_odd_attributes_are_judged_not_raised(issued, total, currency, rate):
    said = {"issued": issued, "total": total, "currency": currency, "rate": rate}
    document = read(
        cfdi(**{name: "".join(c for c in text if c.isprintable()) for name, text in said.items()})
    )
    verdict = judge(document, RFC, set(), ZONE)
    assert verdict.count == (verdict.month is not None)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"kind": "P"}, Reason.PAYMENT),
        ({"kind": "T"}, Reason.TRANSFER),
        ({"kind": "N"}, Reason.PAYROLL),
        ({"kind": "Z"}, Reason.INCOMPLETE),
        ({"stamp": None}, Reason.NOT_STAMPED),
        ({"stamp": "no-uuid"}, Reason.NOT_STAMPED),
        ({"currency": "USD"}, Reason.NO_RATE),
        ({"currency": "USD", "rate": "0"}, Reason.NO_RATE),
        ({"currency": ""}, Reason.NO_RATE),
        ({"total": "-5"}, Reason.INCOMPLETE),
        ({"total": "1e9"}, Reason.INCOMPLETE),
        ({"total": "NaN"}, Reason.INCOMPLETE),
        ({"total": "99999999999"}, Reason.INCOMPLETE),
        ({"discount": "2000"}, Reason.INCOMPLETE),
        ({"issued": "ayer"}, Reason.INCOMPLETE),
        ({"version": "3.2"}, Reason.OLD_VERSION),
    ],
)
def test_each_rule_says_its_own_reason(said, reason):
    assert judge(read(cfdi(**said)), RFC, set(), ZONE).reason is reason


def test_something_else_in_xml_is_not_an_invoice():
    assert read(b"<html/>").fault is Reason.NOT_CFDI


def test_a_stamp_in_an_addenda_stamps_nothing():
    forged = f'<c:Addenda><t:TimbreFiscalDigital xmlns:t="{STAMP}" UUID="{UUID}"/></c:Addenda>'
    assert judge(read(cfdi(stamp=None, inside=forged)), RFC, set(), ZONE).reason is Reason.NOT_STAMPED


def test_an_issuer_in_an_addenda_issues_nothing():
    forged = f'<c:Addenda><c:Emisor Rfc="{RFC}"/></c:Addenda>'
    assert (
        judge(read(cfdi(rfc="XYZ010101AB1", inside=forged)), RFC, set(), ZONE).reason is Reason.OTHER_ISSUER
    )


# Months and zones


def test_an_invoice_of_tijuana_late_in_the_month_is_of_the_next_month_in_mexico_city():
    late = read(cfdi(issued="2026-09-30T23:30:00", place="22000"))
    assert judge(late, RFC, set(), "America/Tijuana").month == date(2026, 9, 1)
    assert judge(late, RFC, set(), "America/Mexico_City").month == date(2026, 10, 1)


@pytest.mark.parametrize("place", ["", "2200", "32000", "abcde", "88000", "²2000"])
def test_where_the_place_is_not_known_the_time_is_the_firms(place):
    assert zone_of_place(place) is None
    late = read(cfdi(issued="2026-09-30T23:59:59", place=place))
    assert judge(late, RFC, set(), "America/Cancun").month == date(2026, 9, 1)


# Hostile files

DTD = '<!DOCTYPE c:Comprobante [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    "<!DOCTYPE lolz ["
    + '<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)


@pytest.mark.parametrize(
    "content",
    [
        cfdi(before=DTD, inside="<c:Addenda>&x;</c:Addenda>"),
        cfdi(before=DTD, inside="<c:Addenda>&x;</c:Addenda>")
        .decode()
        .replace("UTF-8", "UTF-16")
        .encode("utf-16"),
        cfdi(before=LAUGHS, inside="<c:Addenda>&a9;</c:Addenda>"),
        cfdi(before='<!DOCTYPE c SYSTEM "http://127.0.0.1:9/x.dtd">'),
        cfdi(inside="<c:Addenda>&unknown;</c:Addenda>"),
        cfdi()[:-20],
    ],
    ids=["file entity", "in UTF-16", "billion laughs", "remote DTD", "unknown entity", "cut off"],
)
def test_documents_with_entities_or_cut_off_are_broken_and_read_at_once(content):
    started = time.process_time()
    assert read(content).fault is Reason.BROKEN
    assert time.process_time() - started < 1


def test_an_include_is_not_followed():
    include = '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    document = read(cfdi(inside=f"<c:Addenda>{include}</c:Addenda>"))
    assert document.fault is None
    assert "root:" not in repr(document)


@pytest.mark.parametrize(
    "inside", ["<a>" * 100_000 + "</a>" * 100_000, "<a/>" * 100_000], ids=["100,000 deep", "100,000 wide"]
)
def test_documents_beyond_any_invoice_are_not_read_to_their_end(inside):
    started = time.process_time()
    assert read(cfdi(inside=inside)).fault is Reason.TOO_LARGE
    assert time.process_time() - started < 2


def test_a_document_of_more_than_two_megabytes_is_not_opened():
    assert read(cfdi(inside=f"<!--{'x' * 2_100_000}-->")).fault is Reason.TOO_LARGE
