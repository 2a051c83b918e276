"""Pesos are exact: what a person types is read as it is meant, and what a page shows says the same."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from lms.foundation.db import Money
from lms.foundation.money import LARGEST, format_money, parse_money, round_to_cents

amounts = st.integers(0, int(LARGEST * 100)).map(lambda centavos: Decimal(centavos).scaleb(-2))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12400", "12400"),
        ("12,400", "12400"),
        (" $12,400.50 ", "12400.50"),
        ("$ 1,234,567.8", "1234567.80"),
        ("12 400", "12400"),
        ("12\u00a0400 MXN", "12400"),
        ("0", "0"),
        ("0.05", "0.05"),
        ("9999999999.99", "9999999999.99"),
    ],
)
def test_pesos_are_read_as_people_write_them(typed, meant):
    assert parse_money(typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-5",
        "−5",
        "12.345",
        "1,2",
        "12,40",
        "1,23,456",
        "12.400,50",
        "1e3",
        "0x10",
        "NaN",
        "Infinity",
        "1_000",
        "12 pesos",
        "=2+3",
        "10000000000",
        "9" * 400,
        "1,000" + ",000" * 60,
        ".5",
        "5.",
        "--",
        "1..2",
    ],
)
def test_what_is_no_amount_is_refused_with_its_kind_of_error(typed):
    with pytest.raises(ValueError):
        parse_money(typed)


@given(st.text(max_size=40))
def test_any_text_is_an_amount_of_at_least_nothing_or_refused(typed):
    try:
        amount = parse_money(typed)
    except ValueError:
        return
    assert Decimal(0) <= amount <= LARGEST
    assert amount == amount.quantize(Decimal("0.01"))


@given(amounts)
def test_an_amount_is_read_back_with_and_without_its_commas(amount):
    assert parse_money(f"{amount}") == amount
    assert parse_money(f"${amount:,}") == amount


@given(amounts)
def test_what_a_page_shows_is_within_half_a_peso_and_is_read_back(amount):
    shown = format_money(amount)
    if amount < LARGEST - 1:
        assert abs(parse_money(shown) - amount) <= Decimal("0.5")


@given(st.decimals(-(10**9), 10**9, places=6))
def test_rounding_to_cents_moves_at_most_half_a_cent(amount):
    assert abs(round_to_cents(amount) - amount) <= Decimal("0.005")


def test_an_amount_reads_with_thousands_a_fall_with_a_minus_and_the_unknown_as_a_dash():
    assert format_money(Decimal("58400")) == "$58,400"
    assert format_money(Decimal("-1200")) == "−$1,200"
    assert format_money(None) == "—"
    assert format_money(0) == "$0"


@given(amounts)
def test_centavos_survive_the_database_type(amount):
    stored = Money().process_bind_param(amount, None)
    assert isinstance(stored, int)
    assert Money().process_result_value(stored, None) == amount


def test_the_database_keeps_centavos_exactly(app):
    from lms.foundation.db import db

    awkward = Decimal("9007199254740.93")  # a float would lose this one's centavos
    kept = Money().process_bind_param(awkward, None)
    asked = db.session.scalar(text("SELECT CAST(:n AS BIGINT)"), {"n": kept})
    assert Money().process_result_value(asked, None) == awkward
