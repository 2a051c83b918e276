"""The formats that are known, and which of them a table is: told by its columns, never by its name."""

from collections.abc import Sequence

from lms.foundation.sheets import Table
from lms.sales.importers.amazon import AllOrders, BusinessReport, Transactions
from lms.sales.importers.layout import Importer, Layout
from lms.sales.importers.mercado_libre import MercadoLibreSales
from lms.sales.importers.shops import Shopify, Tiendanube, WooCommerce

IMPORTERS: tuple[Importer, ...] = (
    MercadoLibreSales(),
    Transactions(),
    AllOrders(),
    BusinessReport(),
    Shopify(),
    Tiendanube(),
    WooCommerce(),
)
BY_NAME = {importer.name: importer for importer in IMPORTERS}


def recognise(tables: Sequence[Table]) -> tuple[Importer, Table, Layout] | None:
    """The first importer that knows one of these tables, with the place of its columns."""
    for importer in IMPORTERS:
        for table in tables:
            layout = importer.find(table)
            if layout is not None:
                return importer, table, layout
    return None
