"""Orders of Shopify, Tiendanube and WooCommerce, as their columns are known."""

import io
from datetime import date
from decimal import Decimal

from lms.foundation import sheets
from lms.sales.importers import registry
from lms.sales.importers.canonical import canonical_rows
from lms.sales.importers.layout import Setting
from tests.sales.sheets import SETTING, text

SHOPIFY = [
    "Name",
    "Email",
    "Financial Status",
    "Paid at",
    "Currency",
    "Subtotal",
    "Shipping",
    "Taxes",
    "Total",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Billing Name",
    "Cancelled at",
    "Refunded Amount",
    "Id",
]
TIENDANUBE = [
    "Número de orden",
    "Email",
    "Fecha",
    "Estado de la orden",
    "Estado del pago",
    "Estado del envío",
    "Moneda",
    "Subtotal de productos",
    "Descuento",
    "Costo de envío",
    "Total",
    "Nombre del comprador",
    "Cantidad del producto",
    "SKU",
    "Código de tracking del envío",
    "Fecha y hora de cancelación",
]
WOO = [
    "Date",
    "Order #",
    "N. Revenue (formatted)",
    "Status",
    "Customer",
    "Customer type",
    "Product(s)",
    "Items sold",
    "Coupon(s)",
    "N. Revenue",
]


def read(rows, name: str, separator: str = ",", encoding: str = "utf-8", setting: Setting = SETTING):
    found = registry.recognise(sheets.open_tables(io.BytesIO(text(rows, separator, encoding)), "archivo"))
    assert found is not None
    importer, table, layout = found
    assert importer.name == name
    return importer.read(table, layout, setting)


def shopify(name: str, **said: str) -> list[str]:
    row = dict.fromkeys(SHOPIFY, "") | {
        "Name": name,
        "Email": "secreto@example.org",
        "Billing Name": "Secreto",
    }
    row |= {key.replace("_", " "): value for key, value in said.items()}
    return [row[column] for column in SHOPIFY]


def order(name: str, **said: str) -> list[str]:
    usual = {
        "Financial_Status": "paid",
        "Currency": "MXN",
        "Subtotal": "100.00",
        "Shipping": "50.00",
        "Taxes": "0.00",
        "Total": "150.00",
        "Created_at": "2026-06-02 17:09:33 -0600",
        "Lineitem_quantity": "1",
    }
    return shopify(name, **(usual | said))


def test_an_order_of_several_lines_counts_once_without_shipping():
    batch = read(
        [SHOPIFY, order("#1", Lineitem_quantity="2"), shopify("#1", Lineitem_quantity="3"), order("#2")],
        "shopify_orders",
    )
    (row,) = canonical_rows(batch)
    assert (row.month, row.gross, row.orders, row.units) == (date(2026, 6, 1), 200, 2, 6)
    assert "ecreto" not in repr(batch)


def test_tax_on_top_of_prices_is_part_of_a_sale():
    batch = read(
        [
            SHOPIFY,
            order("#1", Taxes="16.00", Total="166.00"),
            order("#2", Taxes="13.79", Shipping="0", Total="100"),
        ],
        "shopify_orders",
    )
    first, second = batch.entries.values()
    assert (first.gross, first.net) == (116_000_000, 100_000_000)
    assert (second.gross, second.net) == (100_000_000, 86_210_000)


def test_cancelled_voided_and_refunded_orders_of_shopify():
    batch = read(
        [
            SHOPIFY,
            order("#1", Cancelled_at="2026-06-03 10:00:00 -0600"),
            order("#2", Financial_Status="voided"),
            order("#3", Financial_Status="partially_refunded", Refunded_Amount="30.00"),
            order("#4", Financial_Status="refunded", Refunded_Amount="150.00"),
            order("#5", Financial_Status="pending"),
            order("#6", Currency="USD"),
        ],
        "shopify_orders",
    )
    (row,) = canonical_rows(batch)
    assert (row.gross, row.cancelled, row.refunded, row.orders) == (170, 200, 130, 2)
    assert batch.left_out == {"cancelled": 2, "other_currency": 1}
    assert batch.noted["unpaid"] == 1


def test_the_month_of_an_order_is_that_of_the_firm():
    (row,) = canonical_rows(
        read([SHOPIFY, order("#1", Created_at="2026-07-01 01:30:00 -0300")], "shopify_orders")
    )
    assert row.month == date(2026, 6, 1)


def tiendanube(number: str, **said: str) -> list[str]:
    row = dict.fromkeys(TIENDANUBE, "") | {
        "Número de orden": number,
        "Fecha": "20/12/2025 10:00:00",
        "Estado de la orden": "Cerrada",
        "Estado del pago": "Recibido",
        "Moneda": "MXN",
        "Subtotal de productos": "1.000,00",
        "Descuento": "100,00",
        "Total": "980,00",
        "Cantidad del producto": "1",
        "Nombre del comprador": "Secreto Comprador",
        "Código de tracking del envío": '="TRACK123"',
    }
    return [(row | said)[column] for column in TIENDANUBE]


def test_tiendanube_in_its_own_writing_counts_orders_once_less_their_discount():
    again = {"Subtotal de productos": "", "Descuento": "", "Total": ""}
    rows = [TIENDANUBE, tiendanube("10"), tiendanube("10", **again), tiendanube("11"), tiendanube("11")]
    batch = read(rows, "tiendanube_sales", ";", "latin-1")
    (row,) = canonical_rows(batch)
    assert (row.month, row.gross, row.orders, row.units) == (date(2025, 12, 1), 1800, 2, 4)
    assert "Secreto" not in repr(batch)


def test_tiendanube_cancelled_unpaid_and_foreign():
    rows = [
        TIENDANUBE,
        tiendanube("1", **{"Estado de la orden": "Cancelada"}),
        tiendanube("2", **{"Estado del pago": "Pendiente"}),
        tiendanube("3", Moneda="ARS"),
        tiendanube("4", **{"Estado del pago": "Reembolsado"}),
    ]
    batch = read(rows, "tiendanube_sales", ";", "latin-1")
    (row,) = canonical_rows(batch)
    assert (row.gross, row.cancelled, row.refunded, row.orders) == (900, 900, 900, 1)
    assert batch.left_out == {"cancelled": 1, "other_currency": 1}
    assert batch.noted == {"unpaid": 1}


def woo(number: str, status: str, net: str, items: str = "1") -> list[str]:
    return ["2026-06-03 10:00:00", number, f"${net}", status, "Secreto", "new", "1× Bolsa", items, "", net]


def test_woocommerce_gives_amounts_without_tax():
    batch = read(
        [
            WOO,
            woo("1", "completed", "100"),
            woo("2", "cancelled", "50"),
            woo("3", "refunded", "20"),
            woo("1", "completed", "-30"),
        ],
        "woocommerce_orders",
    )
    (row,) = canonical_rows(batch)
    assert (row.net, row.gross, row.orders) == (70, Decimal("81.20"), 1)
    assert (row.cancelled, row.refunded) == (58, Decimal("58.00"))
    assert batch.noted == {"vat_added": 1}


def test_woocommerce_in_spanish_and_with_prices_that_include_tax():
    header = [
        "Fecha",
        "Pedido #",
        "Ventas netas (formateado)",
        "Estado",
        "Cliente",
        "Tipo",
        "Productos",
        "Artículos vendidos",
        "Cupones",
        "Ventas netas",
    ]
    setting = Setting(zone=SETTING.zone, vat="included")
    batch = read(
        [header, woo("1", "Completado", "100"), woo("2", "Fallido", "1")],
        "woocommerce_orders",
        setting=setting,
    )
    (row,) = canonical_rows(batch)
    assert (row.gross, row.net, row.orders) == (100, None, 1)
