"""Dates and amounts as files write them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.sales.importers.amounts import Amounts, count, decimal_sign, order_number, read_amount
from lms.sales.importers.canonical import MILLION, pesos, whole_months
from lms.sales.importers.days import Days

ZONE = "America/Mexico_City"


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("1234.5", "1234.50"),
        ("1,234.50", "1234.50"),
        ("$1,234.50", "1234.50"),
        ("MX$1,234.00", "1234.00"),
        ("-15,874.01", "-15874.01"),
        ("(90.00)", "-90.00"),
        ("−7", "-7.00"),
        ("90-", "-90.00"),
        (" 12 ", "12.00"),
        ("25.419999999999998", "25.42"),
        ("1E-2", "0.01"),
        ("2.5e3", "2500.00"),
        ('="15.00"', "15.00"),
        ("+3", "3.00"),
        ("1,234,567.89 MXN", "1234567.89"),
        ("\u00a012", "12.00"),
    ],
)
def test_amounts(said, amount):
    assert str(pesos(read_amount(said))) == amount


@pytest.mark.parametrize(
    "said",
    [
        "",
        "abc",
        "1,23.4",
        "1.2.3",
        "=1+1",
        "=HYPERLINK()",
        "1e99",
        "99999999999",
        "١٢٣",
        "0x10",
        "NaN",
        "inf",
        "--5",
        "1_000",
        "12,34",
    ],
)
def test_what_is_no_amount_is_not_read(said):
    with pytest.raises(ValueError):
        read_amount(said)


@given(st.decimals(min_value=-9_999_999, max_value=9_999_999, places=2))
def test_an_amount_is_the_same_however_it_is_grouped(amount):
    wanted = int(amount * MILLION)
    for said in (f"{amount}", f"{amount:,}", f"${amount:,}".replace("$-", "-$")):
        assert read_amount(said) == wanted
    comma = f"{amount:,}".translate({44: 46, 46: 44})
    assert read_amount(comma, comma=True) == wanted


def test_an_empty_cell_is_nothing_and_a_blank_too():
    assert Amounts()("") == Amounts()(" ") == 0


def test_decimal_signs_are_told_by_what_leaves_no_doubt():
    assert decimal_sign(["1.234,50", "1.000"]) == ","
    assert decimal_sign(["1,234.50", "1,000"]) == "."
    assert decimal_sign(["1,000", "2"]) is None


def test_counts_and_numbers_of_orders():
    assert [count(text) for text in ("2", "2.0", "", " ", "-3")] == [2, 2, 0, 0, -3]
    assert order_number("2000018220538232.0") == order_number("2.000018220538232E15") == "2000018220538232"
    assert order_number('="0012"') == "0012"
    assert Decimal(1) == 1


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("31 de agosto de 2026 23:59 hs.", date(2026, 8, 31)),
        ("1 jun 2026 12:41:59 a.m. GMT-7", date(2026, 6, 1)),
        ("30 jun 2026 11:30:00 p.m. GMT-7", date(2026, 7, 1)),
        ("Jun 30, 2026 11:30:00 PM PDT", date(2026, 7, 1)),
        ("2025-10-02 17:09:33 -0300", date(2025, 10, 2)),
        ("2025-03-01T00:30:00.000-04:00", date(2025, 2, 28)),
        ("2017-06-17T08:04:21+00:00", date(2017, 6, 17)),
        ("20/12/2025 10:00:00", date(2025, 12, 20)),
        ("2026-08-31T23:30:00Z", date(2026, 8, 31)),
        ("5/7/26", date(2026, 7, 5)),
    ],
)
def test_days_in_the_zone_of_the_firm(said, day):
    assert date.fromordinal(Days(ZONE)(said)) == day


@pytest.mark.parametrize(
    "said",
    [
        "",
        "ayer",
        "31 de agosto",
        "32 de agosto de 2026",
        "1 foo 2026",
        "2026-13-01",
        "0001-01-01",
        "9999-12-31",
        "1 jun 2026 13:00:00 p.m. GMT-7",
        "46054",
        "2026-01-01T00:00:00+99:00",
    ],
)
def test_what_is_no_day_is_not_guessed(said):
    with pytest.raises((ValueError, OverflowError)):
        Days(ZONE)(said)


@given(st.datetimes(min_value=datetime(2010, 1, 1), max_value=datetime(2030, 1, 1)))
def test_a_moment_falls_on_the_day_it_has_there(moment):
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    for zone in (ZONE, "America/Tijuana", "America/Cancun"):
        there = moment.astimezone(ZoneInfo(zone)).date()
        assert Days(zone)(moment.isoformat()) == there.toordinal()
        assert Days(zone)(moment.isoformat(" ").replace("+00:00", "Z")) == there.toordinal()


@given(st.dates(min_value=date(2001, 1, 1), max_value=date(2090, 1, 1)), st.integers(0, 86_399))
def test_day_numbers_of_sheets(day, second):
    number = (day - date(1899, 12, 30)).days + second / 86_400
    assert Days(ZONE, serials=True)(f"{number:.9f}") == day.toordinal()
    from_1904 = (day - date(1904, 1, 1)).days
    if from_1904 >= 10_000:
        assert Days(ZONE, serials=True, from_1904=True)(str(from_1904)) == day.toordinal()


def test_a_month_is_surely_whole_with_sales_around_it():
    first, last = date(2026, 5, 17), date(2026, 8, 31)
    whole = whole_months(first.toordinal(), last.toordinal())
    assert list(whole.values()) == [False, True, True, True]
    assert not any(whole_months(first.toordinal(), (first + timedelta(days=3)).toordinal()).values())
