"""Files of Amazon: transactions by date range, all orders, and the business report of one period.

Amazon writes product sales without tax and the tax in a column of its own; the two together are what was
sold.
"""

from collections import Counter

from lms.foundation.sheets import Table
from lms.sales.importers.amounts import Amounts, count, order_number, with_vat
from lms.sales.importers.canonical import Batch, Entry, LeftOut, Noted, month_number, together
from lms.sales.importers.days import Days
from lms.sales.importers.layout import (
    Cell,
    Layout,
    NeedsMonth,
    Progress,
    Setting,
    cells,
    chosen,
    find_columns,
    plain,
)
from lms.sales.importers.statuses import Fate, in_general
from lms.sales.months import last_day_of


class Transactions:
    """Rows of money by date: orders add, refunds subtract in the month in which they were paid back.

    A row never changes, so that each is an entry of its own and overlapping files are put together row by
    row.
    """

    name = "amazon_transactions"
    channel = "amazon"
    tier = "B"

    _WANTED = {
        "date": ("fecha/hora", "date/time"),
        "type": ("tipo", "type"),
        "order": ("id. del pedido", "order id"),
        "gross": ("ventas de productos", "product sales"),
        "tax": ("impuesto de ventas de productos", "product sales tax"),
        "units": ("cantidad", "quantity"),
        "sku": ("sku",),
        "fee_1": ("tarifas de venta", "selling fees"),
        "fee_2": ("tarifas fba", "fba fees"),
        "fee_3": ("tarifas de otra transaccion", "other transaction fees"),
    }
    _SALE = ("pedido", "order")
    _RETURN = ("reembolso", "refund")

    def find(self, table: Table) -> Layout | None:
        found = find_columns(table, self._WANTED, ("date", "type", "order", "gross", "tax"))
        return Layout(first=found[0] + 1, columns=found[1]) if found else None

    def read(self, table: Table, layout: Layout, setting: Setting) -> Batch:
        batch = Batch(source=self.name, channel=self.channel, tier=self.tier)
        columns, at = chosen(layout, list(self._WANTED))
        amount, day_of, progress = Amounts(), _days(table, setting), Progress(setting)
        seen: Counter[str] = Counter()
        orders: set[str] = set()
        for row in table.rows(layout.first, columns):
            progress()
            cell = cells(row, at)
            kind = plain(cell("type"))
            if kind not in self._SALE + self._RETURN:
                batch.left_out[LeftOut.NOT_A_SALE if any(row) else LeftOut.EMPTY_ROW] += 1
                continue
            try:
                day = day_of(cell("date"))
            except (ValueError, OverflowError):
                batch.left_out[LeftOut.NO_DATE] += 1
                continue
            try:
                net, tax = amount(cell("gross")), amount(cell("tax"))
                fees = -sum(amount(cell(f"fee_{number}")) for number in (1, 2, 3))
                units = abs(count(cell("units")))
            except ValueError:
                batch.left_out[LeftOut.NO_AMOUNT] += 1
                continue
            batch.see_day(day)
            order = order_number(cell("order"))
            is_sale = kind in self._SALE
            entry = _transaction(day, net, net + tax, units, fees, is_sale, order not in orders)
            if is_sale:
                orders.add(order)
            key = "\x1f".join((kind, order, cell("date"), cell("sku"), str(net)))
            seen[key] += 1
            batch.entries[f"{key}\x1f{seen[key]}"] = entry
        batch.rows = progress.rows
        return batch


def _transaction(
    day: int, net: int, gross: int, units: int, fees: int, is_sale: bool, is_first: bool
) -> Entry:
    month = month_number(day)
    if is_sale:
        return Entry(month, gross, net, int(is_first), units, 0, 0, fees)
    return Entry(month, gross, net, 0, -units, 0, -gross, fees)


class AllOrders:
    """One row for each item of an order, in its newest state."""

    name = "amazon_orders"
    channel = "amazon"
    tier = "B"

    _WANTED = {
        "order": ("amazon-order-id",),
        "date": ("purchase-date",),
        "status": ("order-status",),
        "item_status": ("item-status",),
        "sold_at": ("sales-channel",),
        "units": ("quantity",),
        "currency": ("currency",),
        "price": ("item-price",),
        "tax": ("item-tax",),
    }

    def find(self, table: Table) -> Layout | None:
        found = find_columns(table, self._WANTED, ("order", "date", "status", "price"))
        return Layout(first=found[0] + 1, columns=found[1]) if found else None

    def read(self, table: Table, layout: Layout, setting: Setting) -> Batch:
        batch = Batch(source=self.name, channel=self.channel, tier=self.tier)
        batch.knows = frozenset({"orders", "units"})
        columns, at = chosen(layout, list(self._WANTED))
        amount, day_of, progress = Amounts(), _days(table, setting), Progress(setting)
        for row in table.rows(layout.first, columns):
            progress()
            cell = cells(row, at)
            reason = self._take(batch, cell, amount, day_of)
            if reason is not None:
                batch.left_out[reason] += 1
        batch.rows = progress.rows
        return batch

    def _take(self, batch: Batch, cell: Cell, amount: Amounts, day_of: Days) -> LeftOut | None:
        order = order_number(cell("order"))
        if not order:
            return LeftOut.EMPTY_ROW
        if plain(cell("sold_at")).startswith("non-amazon"):
            return LeftOut.OTHER_CHANNEL
        if cell("currency") not in ("", "MXN"):
            return LeftOut.OTHER_CURRENCY
        try:
            day = day_of(cell("date"))
        except (ValueError, OverflowError):
            return LeftOut.NO_DATE
        try:
            price, tax, units = amount(cell("price")), amount(cell("tax")), count(cell("units"))
        except ValueError:
            return LeftOut.NO_AMOUNT
        batch.see_day(day)
        fate = self._fate(batch, cell("status"), cell("item_status"))
        if fate is Fate.UNPAID:
            return LeftOut.NOT_PAID
        net = price if cell("tax") else None
        month = month_number(day)
        if fate is Fate.CANCELLED:
            entry = Entry(month, 0, 0, 0, 0, price + tax, 0, 0)
        elif not cell("price"):
            return LeftOut.NO_AMOUNT
        else:
            entry = Entry(month, price + tax, net, 1, units, 0, 0, 0)
        batch.entries[order] = together(batch.entries.get(order), entry)
        return LeftOut.CANCELLED if fate is Fate.CANCELLED else None

    def _fate(self, batch: Batch, status: str, item_status: str) -> Fate:
        """Pending is not a sale yet; an item may be cancelled in an order that is not."""
        if in_general(item_status) is Fate.CANCELLED:
            return Fate.CANCELLED
        fate = in_general(status)
        if fate is Fate.UNKNOWN:
            batch.note_status(status)
        return fate


class BusinessReport:
    """Sales by product in one period, or by day. Where no column says which month it is, somebody has to."""

    name = "amazon_report"
    channel = "amazon"
    tier = "B"

    _WANTED = {
        "gross": ("ventas de productos pedidos", "ordered product sales"),
        "units": ("unidades pedidas", "units ordered"),
        "date": ("fecha", "date"),
    }

    def find(self, table: Table) -> Layout | None:
        found = find_columns(table, self._WANTED, ("gross", "units"))
        return Layout(first=found[0] + 1, columns=found[1]) if found else None

    def read(self, table: Table, layout: Layout, setting: Setting) -> Batch:
        """Raises NeedsMonth."""
        batch = Batch(source=self.name, channel=self.channel, tier=self.tier)
        batch.knows = frozenset({"units"})
        columns, at = chosen(layout, list(self._WANTED))
        if "date" not in at and setting.month is None:
            raise NeedsMonth
        amount, day_of, progress = Amounts(), _days(table, setting), Progress(setting)
        month = setting.month
        if month is not None and "date" not in at:
            batch.see_day(month.toordinal())
            batch.see_day(last_day_of(month).toordinal())
        for row in table.rows(layout.first, columns):
            progress()
            cell = cells(row, at)
            if not cell("gross"):
                batch.left_out[LeftOut.NO_AMOUNT if any(row) else LeftOut.EMPTY_ROW] += 1
                continue
            try:
                day = day_of(cell("date")) if "date" in at else month.toordinal()
            except (ValueError, OverflowError):
                batch.left_out[LeftOut.NO_DATE] += 1
                continue
            try:
                gross, units = amount(cell("gross")), count(cell("units"))
            except ValueError:
                batch.left_out[LeftOut.NO_AMOUNT] += 1
                continue
            batch.see_day(day)
            net = None
            if setting.vat == "added":
                net, gross = gross, with_vat(gross)
            key = f"day\x1f{day}" if "date" in at else f"month\x1f{month}"
            entry = Entry(month_number(day), gross, net, 0, units, 0, 0, 0)
            batch.entries[key] = together(batch.entries.get(key), entry)
        batch.rows = progress.rows
        batch.noted[Noted.VAT_ADDED if setting.vat == "added" else Noted.VAT_ASSUMED] += 1
        return batch


def _days(table: Table, setting: Setting) -> Days:
    return Days(
        setting.zone,
        order=setting.date_order or "dmy",
        serials=not table.is_text,
        from_1904=table.days_from_1904,
    )
