"""Orders of a firm's own shop: Shopify, Tiendanube and WooCommerce."""

from lms.foundation.sheets import Table
from lms.sales.importers.amounts import Amounts, count, order_number, with_vat
from lms.sales.importers.canonical import MILLION, Batch, Entry, LeftOut, Noted, month_number, together
from lms.sales.importers.days import Days
from lms.sales.importers.layout import Cell, Layout, Progress, Setting, cells, chosen, find_columns
from lms.sales.importers.statuses import Fate, in_general

CENTAVO = MILLION // 100


class _ShopFile:
    """What the three files have in common: rows of orders, read one after the other."""

    name = ""
    channel = "own_shop"
    tier = "B"
    knows = frozenset({"orders", "units"})
    wanted: dict[str, tuple[str, ...]] = {}
    needed: tuple[str, ...] = ()
    comma = False

    def find(self, table: Table) -> Layout | None:
        found = find_columns(table, self.wanted, self.needed)
        return Layout(first=found[0] + 1, columns=found[1]) if found else None

    def read(self, table: Table, layout: Layout, setting: Setting) -> Batch:
        batch = Batch(source=self.name, channel=self.channel, tier=self.tier)
        batch.knows = self.knows
        columns, at = chosen(layout, list(self.wanted))
        amount, progress = Amounts(comma=self.comma), Progress(setting)
        day_of = Days(
            setting.zone,
            order=setting.date_order or "dmy",
            serials=not table.is_text,
            from_1904=table.days_from_1904,
        )
        for row in table.rows(layout.first, columns):
            progress()
            if not any(row):
                batch.left_out[LeftOut.EMPTY_ROW] += 1
                continue
            try:
                reason = self.take(batch, cells(row, at), amount, day_of, setting)
            except _NoDate:
                reason = LeftOut.NO_DATE
            except ValueError:
                reason = LeftOut.NO_AMOUNT
            if reason is not None:
                batch.left_out[reason] += 1
        batch.rows = progress.rows
        return batch

    def take(
        self, batch: Batch, cell: Cell, amount: Amounts, day_of: Days, setting: Setting
    ) -> LeftOut | None:
        """Add a row. Raises ValueError for an amount that cannot be read, and _NoDate."""
        raise NotImplementedError

    def fate(self, batch: Batch, *statuses: str) -> Fate:
        """The worst of what the statuses of an order say; the unknown and the unpaid are noted."""
        fates = [in_general(status) for status in statuses]
        for fate in (Fate.CANCELLED, Fate.RETURNED, Fate.UNPAID):
            if fate in fates:
                break
        else:
            fate = Fate.VALID
        if fate is Fate.UNPAID:
            batch.noted[Noted.UNPAID] += 1
        for one, status in zip(fates, statuses, strict=True):
            if one is Fate.UNKNOWN:
                batch.note_status(status)
        return fate


class _NoDate(Exception):
    pass


def _day(batch: Batch, day_of: Days, text: str) -> int:
    try:
        day = day_of(text)
    except (ValueError, OverflowError):
        raise _NoDate from None
    batch.see_day(day)
    return day


def _more_units(batch: Batch, order: str, units: int) -> None:
    """A further row of an order whose first row was counted: only its pieces are new."""
    entry = batch.entries[order]
    if entry.orders:
        batch.entries[order] = entry._replace(units=entry.units + units)


class Shopify(_ShopFile):
    """One row for each line of an order; what is said of the order stands in its first row only."""

    name = "shopify_orders"
    wanted = {
        "order": ("name",),
        "date": ("created at",),
        "paid": ("financial status",),
        "cancelled": ("cancelled at",),
        "currency": ("currency",),
        "subtotal": ("subtotal",),
        "shipping": ("shipping",),
        "taxes": ("taxes",),
        "total": ("total",),
        "refunded": ("refunded amount",),
        "units": ("lineitem quantity",),
    }
    needed = ("order", "date", "paid", "subtotal", "units")

    def take(
        self, batch: Batch, cell: Cell, amount: Amounts, day_of: Days, setting: Setting
    ) -> LeftOut | None:
        order, units = order_number(cell("order")), count(cell("units"))
        if not order:
            return LeftOut.NO_ORDER
        if not cell("subtotal"):
            if order in batch.entries:
                _more_units(batch, order, units)
                return None
            return LeftOut.NO_AMOUNT
        if order in batch.entries:
            _more_units(batch, order, units)
            return None
        if cell("currency") not in ("", "MXN"):
            return LeftOut.OTHER_CURRENCY
        month = month_number(_day(batch, day_of, cell("date")))
        gross, net = self._gross_and_net(cell, amount)
        fate = Fate.CANCELLED if cell("cancelled") else self.fate(batch, cell("paid"))
        if fate is Fate.CANCELLED:
            batch.entries[order] = Entry(month, 0, 0, 0, 0, gross, 0, 0)
            return LeftOut.CANCELLED
        refunded = min(amount(cell("refunded")), gross)
        if fate is Fate.RETURNED and not cell("refunded"):
            refunded = gross
        if refunded:
            # Which part of it was tax is not in the file, except when it is all.
            net = 0 if refunded == gross else None
        is_kept = refunded < gross or not gross
        batch.entries[order] = Entry(
            month, gross - refunded, net, int(is_kept), units if is_kept else 0, 0, refunded, 0
        )
        return None

    def _gross_and_net(self, cell: Cell, amount: Amounts) -> tuple[int, int | None]:
        """Products with and without VAT. Whether prices include it shows in what the total is made of."""
        subtotal, shipping, taxes = (amount(cell(key)) for key in ("subtotal", "shipping", "taxes"))
        total = amount(cell("total")) if cell("total") else subtotal + shipping
        adds_tax = taxes and abs(subtotal + shipping + taxes - total) < CENTAVO
        if adds_tax:
            return subtotal + taxes, subtotal
        return subtotal, subtotal - taxes if cell("taxes") and not shipping else None


class Tiendanube(_ShopFile):
    """One row for each product of an order; the order's amounts stand in its first row, or in all of them."""

    name = "tiendanube_sales"
    comma = True
    wanted = {
        "order": ("numero de orden", "numero de pedido"),
        "date": ("fecha",),
        "status": ("estado de la orden", "estado del pedido"),
        "paid": ("estado del pago",),
        "currency": ("moneda",),
        "subtotal": ("subtotal de productos",),
        "discount": ("descuento",),
        "units": ("cantidad del producto",),
        "cancelled": ("fecha y hora de cancelacion",),
    }
    needed = ("order", "date", "status", "subtotal")

    def take(
        self, batch: Batch, cell: Cell, amount: Amounts, day_of: Days, setting: Setting
    ) -> LeftOut | None:
        order, units = order_number(cell("order")), count(cell("units"))
        if not order:
            return LeftOut.NO_ORDER
        if order in batch.entries:
            _more_units(batch, order, units)
            return None
        if cell("currency") not in ("", "MXN"):
            return LeftOut.OTHER_CURRENCY
        if not cell("subtotal"):
            return LeftOut.NO_AMOUNT
        month = month_number(_day(batch, day_of, cell("date")))
        gross = amount(cell("subtotal")) - abs(amount(cell("discount")))
        fate = self.fate(batch, cell("status"), cell("paid"))
        if cell("cancelled"):
            fate = Fate.CANCELLED
        if fate is Fate.CANCELLED:
            batch.entries[order] = Entry(month, 0, 0, 0, 0, gross, 0, 0)
            return LeftOut.CANCELLED
        if fate is Fate.RETURNED:
            batch.entries[order] = Entry(month, 0, 0, 0, 0, 0, gross, 0)
            return None
        batch.entries[order] = Entry(month, gross, None, 1, units, 0, 0, 0)
        return None


class WooCommerce(_ShopFile):
    """The orders of its analytics: net revenue, which is without tax, shipping and refunds."""

    name = "woocommerce_orders"
    wanted = {
        "order": ("order #", "pedido #", "n.º de pedido", "no de pedido", "pedido n.º", "# pedido"),
        "date": ("date", "fecha"),
        "status": ("status", "estado"),
        "units": ("items sold", "articulos vendidos", "productos vendidos"),
        "net": ("n. revenue", "net sales", "net revenue", "ingresos netos", "ventas netas", "n. ingresos"),
    }
    needed = ("order", "date", "status", "units", "net")

    def take(
        self, batch: Batch, cell: Cell, amount: Amounts, day_of: Days, setting: Setting
    ) -> LeftOut | None:
        order, units = order_number(cell("order")), count(cell("units"))
        if not order:
            return LeftOut.NO_ORDER
        if not cell("net"):
            return LeftOut.NO_AMOUNT
        month, net = month_number(_day(batch, day_of, cell("date"))), amount(cell("net"))
        gross, known = (net, None) if setting.vat == "included" else (with_vat(net), net)
        batch.noted[Noted.VAT_ADDED if known is not None else Noted.VAT_ASSUMED] = 1
        fate = self.fate(batch, cell("status"))
        if net < 0:
            # A refund is a row of its own, below zero.
            entry = Entry(month, gross, known, 0, -abs(units), 0, -gross, 0)
            order = f"{order}\x1frefund\x1f{cell('date')}"
        elif fate is Fate.CANCELLED:
            entry = Entry(month, 0, 0, 0, 0, gross, 0, 0)
        elif fate is Fate.RETURNED:
            entry = Entry(month, 0, 0, 0, 0, 0, gross, 0)
        else:
            entry = Entry(month, gross, known, 1, units, 0, 0, 0)
        batch.entries[order] = together(batch.entries.get(order), entry)
        return LeftOut.CANCELLED if fate is Fate.CANCELLED and net >= 0 else None
