"""The three files of Amazon, as their columns are known."""

import io
from datetime import date
from decimal import Decimal

import pytest

from lms.foundation import sheets
from lms.sales.importers import registry
from lms.sales.importers.canonical import canonical_rows
from lms.sales.importers.layout import NeedsMonth, Setting
from tests.sales.sheets import SETTING, amazon_row, amazon_table, text, xlsx

ORDERS = [
    "amazon-order-id",
    "merchant-order-id",
    "purchase-date",
    "last-updated-date",
    "order-status",
    "fulfillment-channel",
    "sales-channel",
    "order-channel",
    "url",
    "ship-service-level",
    "product-name",
    "sku",
    "asin",
    "item-status",
    "quantity",
    "currency",
    "item-price",
    "item-tax",
    "shipping-price",
    "ship-city",
]


def read(content: bytes, name: str, setting: Setting = SETTING):
    found = registry.recognise(sheets.open_tables(io.BytesIO(content), "archivo"))
    assert found is not None
    importer, table, layout = found
    assert importer.name == name
    return importer.read(table, layout, setting)


def order(number: str, day: str, status: str = "Shipped", **more: str) -> list[str]:
    said = dict.fromkeys(ORDERS, "") | {
        "amazon-order-id": number,
        "purchase-date": day,
        "order-status": status,
        "quantity": "1",
        "currency": "MXN",
        "item-price": "100.00",
        "item-tax": "16.00",
        "sales-channel": "Amazon.com.mx",
        "ship-city": "Ciudad Secreta",
    }
    said |= {key.replace("_", "-"): value for key, value in more.items()}
    return [said[name] for name in ORDERS]


@pytest.mark.parametrize("columns", [29, 31])
def test_transactions_are_product_sales_with_their_tax_and_refunds_subtract(columns):
    table = amazon_table(
        [
            amazon_row(
                "1 jun 2026 12:41:59 a.m. GMT-7", "Pedido", "701-1", "15,874.01", "2,539.84", "2", "-100"
            ),
            amazon_row("1 jun 2026 12:41:59 a.m. GMT-7", "Pedido", "701-1", "10.00", "1.60"),
            amazon_row("15 jun 2026 1:00:00 p.m. GMT-7", "Reembolso", "701-1", "-10.00", "-1.60", fee="5"),
            amazon_row("16 jun 2026 1:00:00 p.m. GMT-7", "Trasferir", "", "0", "0"),
            amazon_row("16 jun 2026 1:00:00 p.m. GMT-7", "Tarifa de servicio", "", "0", "0"),
            amazon_row("16 jun 2026 1:00:00 p.m. GMT-7", "Ajuste", "", "0", "0"),
        ],
        columns,
    )
    batch = read(text(table, encoding="utf-8-sig"), "amazon_transactions")
    (row,) = canonical_rows(batch)
    assert (row.month, row.gross, row.net) == (date(2026, 6, 1), Decimal("18413.85"), Decimal("15874.01"))
    assert (row.orders, row.units, row.refunded, row.fees) == (1, 2, Decimal("11.60"), 95)
    assert batch.left_out == {"not_a_sale": 3}
    assert "Secreta" not in repr(batch)


def test_overlapping_transactions_are_the_same_entries():
    days = [f"{day} jun 2026 1:00:00 p.m. GMT-7" for day in (1, 2, 3)]
    rows = [amazon_row(day, "Pedido", f"701-{number}", "100", "16") for number, day in enumerate(days)]
    first = read(text(amazon_table(rows[:2])), "amazon_transactions")
    second = read(text(amazon_table(rows[1:])), "amazon_transactions")
    whole = read(text(amazon_table(rows)), "amazon_transactions")
    assert first.entries | second.entries == whole.entries


def test_two_equal_rows_of_one_file_are_two_sales():
    row = amazon_row("1 jun 2026 1:00:00 p.m. GMT-7", "Pedido", "701-1", "100", "16")
    (month,) = canonical_rows(read(text(amazon_table([row, row])), "amazon_transactions"))
    assert (month.gross, month.orders, month.units) == (232, 1, 2)


def test_the_month_is_that_of_the_firm_and_not_of_the_file():
    """Half past eleven at night at seven hours from Greenwich is the next month at six."""
    row = amazon_row("30 jun 2026 11:30:00 p.m. GMT-7", "Pedido", "701-1", "100", "16")
    (month,) = canonical_rows(read(text(amazon_table([row])), "amazon_transactions"))
    assert month.month == date(2026, 7, 1)


def test_orders_are_put_together_from_their_items():
    rows = [
        order("702-1", "2026-06-17T08:04:21+00:00", quantity="2"),
        order("702-1", "2026-06-17T08:04:21+00:00", item_price="50.00", item_tax="8.00"),
        order("702-2", "2026-06-18T08:04:21+00:00", "Cancelled", quantity="0", item_price="", item_tax=""),
        order("702-3", "2026-06-18T08:04:21+00:00", "Cancelled"),
        order("702-4", "2026-06-18T08:04:21+00:00", "Pending"),
        order("702-5", "2026-06-18T08:04:21+00:00", currency="USD"),
        order("702-6", "2026-06-18T08:04:21+00:00", sales_channel="Non-Amazon"),
        order("702-7", "2026-07-01T05:30:00+00:00"),
    ]
    batch = read(text([ORDERS, *rows], "\t"), "amazon_orders")
    (june,) = canonical_rows(batch)
    # 5:30 in Greenwich on the first of July is still June here.
    assert (june.month, june.gross, june.net, june.orders) == (date(2026, 6, 1), 290, 250, 2)
    assert (june.units, june.cancelled, june.fees) == (4, 116, None)
    assert batch.left_out == {"cancelled": 2, "not_paid": 1, "other_currency": 1, "other_channel": 1}


def test_the_state_of_an_order_that_nobody_knows_counts_and_is_named():
    batch = read(text([ORDERS, order("1", "2026-06-18T08:04:21Z", "Teleported")], "\t"), "amazon_orders")
    assert batch.statuses == {"Teleported": 1}
    assert canonical_rows(batch)[0].gross == 116


REPORT = [
    [
        "SKU",
        "ASIN (secundario)",
        "Unidades pedidas",
        "Ventas de productos pedidos",
        "Ventas de productos pedidos - B2B",
        "Total de artículos del pedido",
    ],
    ["A", "B0", "3", "MX$1,234.00", "MX$234.00", "2"],
    ["B", "B1", "1", "MX$100.50", "MX$0.00", "1"],
]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_a_business_report_asks_for_its_month(encoding):
    content = text(REPORT, encoding=encoding)
    with pytest.raises(NeedsMonth):
        read(content, "amazon_report")
    batch = read(content, "amazon_report", Setting(zone=SETTING.zone, month=date(2026, 6, 1)))
    (row,) = canonical_rows(batch)
    assert (row.month, row.gross, row.net, row.units) == (date(2026, 6, 1), Decimal("1334.50"), None, 4)
    assert row.orders is None and batch.noted == {"vat_assumed": 1}


def test_a_business_report_without_tax_gets_it():
    setting = Setting(zone=SETTING.zone, month=date(2026, 6, 1), vat="added")
    (row,) = canonical_rows(read(xlsx(REPORT), "amazon_report", setting))
    assert (row.net, row.gross) == (Decimal("1334.50"), Decimal("1548.02"))
