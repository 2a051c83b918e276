"""The sales file of Mercado Libre, as its columns and statuses are known."""

import io
from datetime import date
from decimal import Decimal

import pytest

from lms.foundation import sheets
from lms.sales.importers import registry
from lms.sales.importers.canonical import canonical_rows
from lms.sales.importers.layout import Setting
from lms.sales.importers.statuses import Fate, of_mercado_libre
from tests.sales.sheets import SETTING, ml_row, ml_table, text, xlsx

AUGUST, SEPTEMBER = "31 de agosto de 2026 23:59 hs.", "3 de septiembre de 2026 10:00 hs."


def read(content: bytes, setting: Setting = SETTING):
    found = registry.recognise(sheets.open_tables(io.BytesIO(content), "ventas.xlsx"))
    assert found is not None
    importer, table, layout = found
    assert importer.name == "mercado_libre_ventas"
    return importer.read(table, layout, setting)


def months(content: bytes, setting: Setting = SETTING) -> dict:
    return {row.month: row for row in canonical_rows(read(content, setting))}


def test_a_month_is_the_income_of_valid_sales_with_pieces_and_fees():
    rows = months(
        xlsx(
            ml_table(
                [
                    ml_row("2000018220538232", AUGUST, "Entregado", 450.5, 2, fee=-80.25),
                    ml_row("2000018220538233", SEPTEMBER, "En camino", 100, 1, fee=-15),
                ]
            )
        )
    )
    august = rows[date(2026, 8, 1)]
    assert (august.gross, august.net) == (Decimal("450.50"), None)
    assert (august.orders, august.units, august.fees) == (1, 2, Decimal("80.25"))
    assert rows[date(2026, 9, 1)].gross == 100


@pytest.mark.parametrize("preamble", [0, 1, 4])
@pytest.mark.parametrize("groups", [True, False])
def test_the_header_is_found_wherever_it_stands_and_the_first_of_names_that_repeat_counts(preamble, groups):
    (row,) = months(
        xlsx(ml_table([ml_row("1", AUGUST, "Entregado", 10, 3)], preamble=preamble, groups=groups))
    ).values()
    # Not the 7 of claims, and not “Jalisco” as the status.
    assert (row.gross, row.units, row.orders) == (10, 3, 1)


def test_a_package_is_one_order_whose_products_bring_the_pieces():
    batch = read(
        xlsx(
            ml_table(
                [
                    ml_row("1", AUGUST, "Paquete de 2 productos", 300),
                    ml_row("2", AUGUST, "Entregado", " ", 1),
                    ml_row("3", AUGUST, "Entregado", " ", 4),
                    ml_row("4", AUGUST, "Entregado", 50, 1),
                ]
            )
        )
    )
    (row,) = canonical_rows(batch)
    assert (row.gross, row.orders, row.units) == (350, 2, 6)
    assert set(batch.entries) == {"1", "4"}


def test_a_package_shares_the_fate_of_all_its_products_and_a_mixed_one_is_looked_at():
    batch = read(
        xlsx(
            ml_table(
                [
                    ml_row("1", AUGUST, "Paquete de 2 productos", 300),
                    ml_row("2", AUGUST, "Cancelaste la venta", " ", 1),
                    ml_row("3", AUGUST, "Venta cancelada", " ", 1),
                    ml_row("4", AUGUST, "Paquete de 2 productos", 200),
                    ml_row("5", AUGUST, "Entregado", " ", 1),
                    ml_row("6", AUGUST, "Cancelaste la venta", " ", 1),
                ]
            )
        )
    )
    (row,) = canonical_rows(batch)
    assert (row.gross, row.cancelled, row.orders, row.units) == (200, 300, 1, 1)
    assert batch.noted["mixed_package"] == 1


def test_cancelled_and_returned_sales_are_told_apart_and_none_counts():
    batch = read(
        xlsx(
            ml_table(
                [
                    ml_row("1", AUGUST, "Cancelada por el comprador", 100, 1),
                    ml_row("2", AUGUST, "Devolución finalizada con reembolso al comprador", 70, 1, back=-70),
                    ml_row("3", AUGUST, "Devolución finalizada. Te dimos el dinero.", 30, 1, back=-30),
                    ml_row("4", AUGUST, "Algo que nadie conoce", 5, 1),
                ]
            )
        )
    )
    (row,) = canonical_rows(batch)
    assert (row.gross, row.cancelled, row.refunded, row.orders) == (35, 100, 70, 2)
    assert batch.left_out == {"cancelled": 1}
    assert batch.statuses == {"Algo que nadie conoce": 1}


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        ("Entregado", Fate.VALID),
        ("Paquete de 3 productos", Fate.VALID),
        ("No entregado", Fate.VALID),
        ("Cancelada por el comprador", Fate.CANCELLED),
        ("Cancelaste la venta", Fate.CANCELLED),
        ("Venta cancelada. No despaches.", Fate.CANCELLED),
        ("Paquete cancelado por Mercado Libre", Fate.CANCELLED),
        ("Devolución en camino", Fate.VALID),
        ("Devolución no entregada. Te dimos el dinero.", Fate.VALID),
        ("Devuelto el 3 de septiembre", Fate.RETURNED),
        ("En devolución", Fate.RETURNED),
        ("Reclamo abierto para resolver", Fate.VALID),
        ("Reclamo cerrado con reembolso al comprador", Fate.RETURNED),
        ("Mediación finalizada con reembolso al comprador", Fate.RETURNED),
        ("Mediación finalizada. Te dimos el dinero.", Fate.VALID),
        ("Le devolvimos el dinero al comprador", Fate.RETURNED),
        ("Tu comprador solicita cancelar", Fate.VALID),
        ("Cobro devuelto", Fate.UNKNOWN),
    ],
)
def test_statuses_are_told_by_rule(status, fate):
    assert of_mercado_libre(status) is fate
    assert of_mercado_libre(status.upper()) is fate


def test_times_are_of_the_centre_of_the_country():
    """The last half hour of August there is still August in Tijuana, the first one of September too."""
    content = xlsx(ml_table([ml_row("1", "1 de septiembre de 2026 00:30 hs.", "Entregado", 10, 1)]))
    assert list(months(content)) == [date(2026, 9, 1)]
    assert list(months(content, Setting(zone="America/Tijuana"))) == [date(2026, 8, 1)]


def test_buyers_are_nowhere_in_what_was_read():
    batch = read(xlsx(ml_table([ml_row("1", AUGUST, "Entregado", 10, 1)])))
    assert "Secreto" not in repr(batch) and "SECR" not in repr(batch) and "Jalisco" not in repr(batch)


def test_rows_that_cannot_be_read_are_counted_by_reason():
    batch = read(
        xlsx(
            ml_table(
                [
                    ml_row("1", "ayer", "Entregado", 10, 1),
                    ml_row("2", "31 de agosto", "Entregado", 10, 1),
                    ml_row("3", AUGUST, "Entregado", "=1+1", 1),
                    ml_row(" ", AUGUST, "Entregado", 10, 1),
                    [" "] * 5,
                    ml_row("4", AUGUST, "Entregado", 10, 1),
                ]
            )
        )
    )
    assert batch.left_out == {"no_date": 2, "no_amount": 1, "no_order": 1, "empty_row": 1}
    assert (batch.rows, len(batch.entries)) == (6, 1)


def test_the_number_of_a_sale_is_the_same_as_text_and_as_number():
    as_text = read(xlsx(ml_table([ml_row("2000018220538232", AUGUST, "Entregado", 10, 1)])))
    as_number = read(xlsx(ml_table([ml_row(2000018220538232, AUGUST, "Entregado", 10, 1)])))  # type: ignore[arg-type]
    assert as_text.entries == as_number.entries


def test_another_country_is_left_out_by_its_currency():
    table = ml_table([ml_row("1", AUGUST, "Entregado", 10, 1)])
    table[5] = [name.replace("MXN", "CLP") for name in table[5]]
    batch = read(xlsx(table))
    assert (batch.currency, batch.left_out, batch.entries) == ("CLP", {"other_currency": 1}, {})


def test_the_same_file_as_text_says_the_same():
    table = ml_table([ml_row("1", AUGUST, "Entregado", "1,450.50", "2")])
    assert read(text(table)).entries == read(xlsx(table)).entries
