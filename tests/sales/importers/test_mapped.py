"""Any other table: columns named by a person or told by their names, amounts exact, dates never guessed."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.foundation.errors import Refused
from lms.sales import reading
from lms.sales.importers.canonical import canonical_rows
from lms.sales.importers.layout import Setting
from tests.sales.sheets import SETTING, ZONE, text, xlsx

UCI = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
]


def read(content: bytes, **mapping: str):
    setting = Setting(zone=ZONE, mapping=mapping) if mapping else SETTING
    return reading.read_guessing(io.BytesIO(content), "pedidos.csv", setting)


def sums(batch) -> dict:
    return {row.month: row.gross for row in canonical_rows(batch)}


def test_pieces_times_price_add_up_and_cancelled_invoices_subtract():
    content = text(
        [
            UCI,
            ["536365", "85123A", "HOLDER", "6", "12/1/2010 8:26", "2.55", "17850", "United Kingdom"],
            ["536365", "71053", "LANTERN", "6", "12/1/2010 8:26", "3.39", "17850", "United Kingdom"],
            ["C536379", "D", "Discount", "-1", "12/31/2010 9:41", "27.50", "14527", "United Kingdom"],
            ["536370", "22728", "CLOCK", "24", "1/13/2011 8:45", "0.001", "12583", "France"],
        ]
    )
    batch = read(content)
    (december, january) = canonical_rows(batch)
    assert (december.month, december.gross, december.refunded) == (
        date(2010, 12, 1),
        Decimal("8.14"),
        Decimal("27.50"),
    )
    assert (december.orders, december.units) == (1, 11)
    assert (january.gross, january.orders) == (Decimal("0.02"), 1)
    assert batch.columns == {
        "date": "InvoiceDate",
        "price": "UnitPrice",
        "units": "Quantity",
        "order": "InvoiceNo",
    }
    assert batch.noted["columns_guessed"] == 1


def test_columns_are_named_by_name_or_number():
    content = text([["Día", "Algo", "Cuánto"], ["3/9/2026", "x", "1,200.50"], ["14/9/2026", "y", "$300"]])
    for mapping in ({"date": "dia", "pesos": "CUANTO"}, {"date": "1", "pesos": "3"}):
        assert sums(read(content, **mapping)) == {date(2026, 9, 1): Decimal("1500.50")}


def test_a_column_that_is_not_there_is_refused_by_name():
    content = text([["a", "b"], ["3/9/2026", "1"]])
    with pytest.raises(Refused, match="Fecha"):
        read(content, date="Fecha", pesos="b")
    with pytest.raises(Refused, match="colour"):
        read(content, colour="a")
    with pytest.raises(reading.Unmapped):
        read(content, date="a")
    with pytest.raises(reading.Unmapped):
        read(content)


@pytest.mark.parametrize(
    ("days", "month"),
    [
        (["01/02/2026", "13/02/2026"], date(2026, 2, 1)),
        (["01/02/2026", "01/13/2026"], date(2026, 1, 1)),
        (["2026-02-01"], date(2026, 2, 1)),
        (["01/02/2026"], date(2026, 2, 1)),
        (["1-feb-2026"], date(2026, 2, 1)),
        (["20260201"], date(2026, 2, 1)),
        (["2026-02"], date(2026, 2, 1)),
        (["febrero 2026"], date(2026, 2, 1)),
        (["Feb 1, 2026 3:00 PM"], date(2026, 2, 1)),
    ],
)
def test_what_a_date_means_is_told_by_all_dates_together(days, month):
    content = text([["Fecha", "Total"], *[[day, "10"] for day in days]])
    assert list(sums(read(content))) == [month]


def test_dates_that_tell_nothing_are_read_day_first_and_that_is_said():
    assert read(text([["Fecha", "Total"], ["01/02/2026", "10"]])).noted["day_first"] == 1
    assert "day_first" not in read(text([["Fecha", "Total"], ["13/02/2026", "10"]])).noted


def test_dates_of_two_kinds_are_refused():
    with pytest.raises(Refused, match="two kinds"):
        read(text([["Fecha", "Total"], ["13/02/2026", "10"], ["02/13/2026", "10"]]))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separators_and_encodings(separator, encoding):
    content = text([["Fecha", "Año", "Total"], ["13/02/2026", "ñ", "10"]], separator, encoding)
    assert sums(read(content)) == {date(2026, 2, 1): 10}


def test_decimal_commas_are_told_by_the_column():
    content = text([["Fecha", "Total"], ["13/02/2026", "1.234,50"], ["13/02/2026", "1.000"]], ";")
    assert sums(read(content)) == {date(2026, 2, 1): Decimal("2234.50")}


def test_a_workbook_with_day_numbers_and_fractions_says_the_same_as_text():
    content = xlsx([["Fecha", "Total"], [46054.999, 0.1], [46054, 0.2], [46055, 25.419999999999998]], "Hoja1")
    assert sums(read(content)) == {date(2026, 2, 1): Decimal("25.72")}


def test_statuses_currency_refunds_and_fees_where_there_are_columns():
    content = text(
        [
            ["Fecha", "Total", "Estatus", "Moneda", "Reembolso", "Comisión", "Folio"],
            ["13/02/2026", "100", "Pagado", "MXN", "", "10", "1"],
            ["13/02/2026", "100", "Cancelado", "MXN", "", "", "2"],
            ["13/02/2026", "100", "Devuelto", "MXN", "", "", "3"],
            ["13/02/2026", "100", "Pagado", "USD", "", "", "4"],
            ["13/02/2026", "100", "Marciano", "", "30", "", "5"],
        ]
    )
    batch = read(content)
    (row,) = canonical_rows(batch)
    assert (row.gross, row.cancelled, row.refunded, row.fees, row.orders) == (170, 100, 130, 10, 2)
    assert batch.left_out == {"cancelled": 1, "other_currency": 1}
    assert batch.statuses == {"Marciano": 1}


def test_amounts_without_tax_get_it_and_that_is_said():
    batch = read(text([["Fecha", "Importe sin IVA"], ["13/02/2026", "100"]]))
    (row,) = canonical_rows(batch)
    assert (row.net, row.gross, batch.noted["vat_added"]) == (100, 116, 1)


def test_titles_above_and_totals_below_do_not_count():
    content = text(
        [
            ["Reporte de ventas"],
            [],
            ["Fecha", "Folio", "Total"],
            ["13/02/2026", "1", "10"],
            ["", "Total", "10"],
        ]
    )
    batch = read(content)
    assert sums(batch) == {date(2026, 2, 1): 10}
    assert batch.left_out == {"no_date": 1}


def test_formulas_are_texts():
    content = text(
        [
            ["Fecha", "Folio", "Total"],
            ["13/02/2026", '="0012"', "10"],
            ["13/02/2026", "=cmd|'/c calc'!A1", "=1+1"],
        ]
    )
    batch = read(content)
    assert batch.left_out == {"no_amount": 1}
    assert len(batch.entries) == 1


amounts = st.decimals(min_value=-99_999, max_value=99_999, places=2)
days = st.dates(min_value=date(2010, 1, 1), max_value=date(2026, 9, 30))


@given(st.lists(st.tuples(days, amounts), min_size=1, max_size=40))
def test_months_are_exactly_the_sum_of_their_rows(rows):
    content = text([["Fecha", "Total"], *[[day.isoformat(), f"{amount:,}"] for day, amount in rows]])
    wanted: dict[date, Decimal] = {}
    for day, amount in rows:
        month = day.replace(day=1)
        wanted[month] = wanted.get(month, Decimal(0)) + amount
    assert sums(read(content)) == {month: max(total, Decimal(0)) for month, total in wanted.items()}


@given(st.lists(st.tuples(days, amounts), min_size=2, max_size=30), st.integers(1, 29))
def test_overlapping_halves_are_the_whole(rows, cut):
    table = [
        [(day + timedelta(days=0)).isoformat(), str(number), f"{amount}"]
        for number, (day, amount) in enumerate(rows)
    ]
    header = ["Fecha", "Folio", "Total"]
    whole = read(text([header, *table]))
    first, second = read(text([header, *table[: cut + 1]])), read(text([header, *table[cut // 2 :]]))
    assert first.entries | second.entries == whole.entries
