"""Any other table, read by saying which column means what.

Every row adds its amount (or its pieces times its price) to the month of its date; what is below zero is a
return. With a column of order numbers, rows of one order and day are one entry; without it a day is.
"""

import hashlib
from collections.abc import Mapping, Sequence
from itertools import islice

from lms.foundation.sheets import Table
from lms.sales.importers.amounts import Amounts, decimal_sign, order_number, with_vat
from lms.sales.importers.canonical import (
    MILLION,
    Batch,
    Entry,
    LeftOut,
    Noted,
    month_number,
    together,
)
from lms.sales.importers.days import Days, is_serial, order_of
from lms.sales.importers.layout import Layout, Setting, chosen, plain
from lms.sales.importers.statuses import Fate, in_general

KEYS = ("date", "pesos", "net", "price", "units", "order", "status", "refunded", "fees", "currency")
SAMPLE = 20_000
STEP = 10_000

# Names by which a column is guessed, the best first.
_NAMES: Mapping[str, Sequence[str]] = {
    "date": (
        "fecha de venta", "fecha de la venta", "fecha del pedido", "fecha de compra", "fecha", "invoicedate",
        "invoice date", "order date", "order_date", "orderdate", "purchase date", "purchase-date",
        "sale date", "sale_date", "transaction date", "created at", "created_at",
        "order_purchase_timestamp", "date",
        "dia", "fecha y hora", "timestamp", "mes", "month",
    ),
    "pesos": (
        "total con iva", "importe con iva", "venta con iva", "total de la venta", "importe total",
        "monto total",
        "total amount", "total_amount", "total", "importe", "monto", "ventas", "venta", "ingresos", "ingreso",
        "sales", "revenue", "amount", "pesos", "cuanto", "payment_value", "total price", "total_price",
    ),
    "net": ("importe sin iva", "total sin iva", "venta sin iva", "subtotal", "venta neta", "net sales"),
    "price": (
        "precio unitario", "unitprice", "unit price", "unit_price", "precio", "price", "valor unitario",
    ),
    "units": ("cantidad", "unidades", "piezas", "quantity", "qty", "units", "pzas"),
    "order": (
        "numero de orden", "numero de pedido", "no. de pedido", "pedido", "orden", "folio", "invoiceno",
        "invoice no", "invoice", "invoice_no", "order id", "order_id", "orderid", "order number",
        "no. de venta",
        "order", "ticket", "factura", "venta #", "transaction_id", "transaction id",
    ),
    "status":
    (
        "estado de la venta", "estado del pedido", "estatus", "status", "order status", "order_status",
        "estado",
    ),
    "refunded": ("reembolso", "reembolsado", "refunded amount", "devoluciones", "refund"),
    "fees": ("comision", "comisiones", "fee", "fees"),
    "currency": ("moneda", "currency", "divisa"),
}  # fmt: skip


class NoColumn(ValueError):
    """A column was named that is not there, or the needed ones are not named."""

    def __init__(self, key: str, name: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.name = name


class MappedTable:
    name = "mapped"
    channel = "other"
    # Anybody can write a list: it is a record of the firm's own, not what a platform says.
    tier = "D"

    def find(self, table: Table) -> Layout | None:
        """Where the columns seem to be, by their names; any table has some header."""
        first = header_row(table)
        names = column_names(table.head[first])
        return Layout(first=first + 1, columns=guess(names))

    def read(self, table: Table, layout: Layout, setting: Setting) -> Batch:
        """Read with the columns of the layout. Raises NoColumn, or ValueError for dates of two kinds."""
        columns = layout.columns
        if "date" not in columns:
            raise NoColumn("date")
        if not {"pesos", "net"} & set(columns) and not {"price", "units"} <= set(columns):
            raise NoColumn("pesos")
        batch = Batch(source=f"{self.name}:{signature(table)[:12]}", channel=self.channel, tier=self.tier)
        batch.knows = frozenset(
            known
            for known, key in (("orders", "order"), ("units", "units"), ("fees", "fees"))
            if key in columns
        )
        _Reading(batch, table, layout, setting).go()
        return batch


def header_row(table: Table) -> int:
    """The row that names the columns: the first one as wide as the table that is made of words."""
    widest = max((sum(1 for cell in row if cell.strip()) for row in table.head), default=0)
    for number, row in enumerate(table.head):
        cells = [cell.strip() for cell in row if cell.strip()]
        if len(cells) >= max(2, widest * 0.6) and sum(map(_is_word, cells)) >= len(cells) * 0.7:
            return number
    return 0


def _is_word(cell: str) -> bool:
    return any(sign.isalpha() for sign in cell) and not cell[0].isdigit()


def column_names(header: Sequence[str]) -> list[str]:
    """The names of columns, each its own: a second `Total` is `Total #2`, one without name `Column 3`."""
    seen: dict[str, int] = {}
    names = []
    for place, cell in enumerate(header):
        name = " ".join(cell.split())[:80] or f"Column {place + 1}"
        seen[plain(name)] = seen.get(plain(name), 0) + 1
        names.append(name if seen[plain(name)] == 1 else f"{name} #{seen[plain(name)]}")
    return names


def guess(names: Sequence[str]) -> dict[str, int]:
    """Which column seems to mean what, by its name."""
    plain_names = [plain(name) for name in names]
    found: dict[str, int] = {}
    for key, wanted in _NAMES.items():
        place = next((plain_names.index(name) for name in wanted if name in plain_names), None)
        if place is not None and place not in found.values():
            found[key] = place
    if "pesos" in found:
        # An amount of the whole row is better than one that has to be computed.
        found.pop("price", None)
    elif {"price", "units"} <= set(found):
        found.pop("net", None)
    elif "price" in found and "net" not in found:
        found["pesos"] = found.pop("price")
    return found


def named(names: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """Columns by what they mean, from their names (or numbers, the first is 1). Raises NoColumn."""
    plain_names = [plain(name) for name in names]
    found = {}
    for key, name in mapping.items():
        if key not in KEYS:
            raise NoColumn(key, name)
        if plain(name) in plain_names:
            found[key] = plain_names.index(plain(name))
        elif name.isdigit() and 0 < int(name) <= len(names):
            found[key] = int(name) - 1
        else:
            raise NoColumn(key, name)
    return found


def signature(table: Table) -> str:
    """What files with the same columns have in common."""
    header = table.head[header_row(table)]
    return hashlib.sha256("\x1f".join(plain(name) for name in header).encode()).hexdigest()


class _Reading:
    """Reads row by row; sums are kept as lists until the end, because most rows only add to one."""

    def __init__(self, batch: Batch, table: Table, layout: Layout, setting: Setting) -> None:
        self.batch = batch
        columns, self.at = chosen(layout, KEYS)
        self._open = lambda: table.rows(layout.first, columns)
        self._setting = setting
        self._sample = list(islice(self._open(), SAMPLE))
        self._by_price = "pesos" not in self.at and "net" not in self.at
        self._adds_vat = "pesos" not in self.at and "net" in self.at or setting.vat == "added"
        order, tells = self._date_order(is_text=table.is_text)
        if not tells and any("/" in row[self.at["date"]] for row in self._sample[:50]):
            batch.noted[Noted.DAY_FIRST] += 1
        self.day = Days(setting.zone, order=order, serials=not table.is_text, from_1904=table.days_from_1904)
        self._days = self.day.known
        amount = "price" if self._by_price else "pesos" if "pesos" in self.at else "net"
        self._amount_at = self.at[amount]
        self._amounts = Amounts(comma=self._comma(amount))
        self._units = Amounts(comma="units" in self.at and self._comma("units"))
        self._other = Amounts(comma=self._amounts.comma)
        self._has_less = "refunded" in self.at or "fees" in self.at
        self._date_at = self.at["date"]
        places = (self.at.get(key) for key in ("units", "currency", "status", "order"))
        self._units_at, self._currency_at, self._status_at, self._order_at = places
        self.entries: dict[tuple[str, int], list[int]] = {}
        self.statuses: dict[str, Fate] = {}
        self._seen: set[int] = set()

    def _date_order(self, *, is_text: bool) -> tuple[str, bool]:
        """What the dates together tell: mostly a sample does. In a sheet most dates are numbers."""
        if self._setting.date_order:
            return self._setting.date_order, True
        place = self.at["date"]
        sample = [row[place] for row in self._sample]
        if not is_text and all(map(is_serial, sample)):
            return "dmy", True
        order, tells = order_of(sample)
        return (
            (order, tells) if tells or len(sample) < SAMPLE else order_of(row[place] for row in self._open())
        )

    def _comma(self, key: str) -> bool:
        place = self.at[key]
        return decimal_sign([row[place] for row in self._sample]) == ","

    def go(self) -> None:
        """Raises ValueError for dates of two kinds."""
        self._sample.clear()
        batch, take, rows = self.batch, self._take, self._open()
        while chunk := list(islice(rows, STEP)):
            for reason in map(take, chunk):
                if reason is not None:
                    batch.left_out[reason] += 1
            batch.rows += len(chunk)
            self._setting.progress(batch.rows)
        if self.day.is_mixed:
            raise ValueError("dates of two kinds")
        if self._adds_vat:
            batch.noted[Noted.VAT_ADDED] += 1
        if "order" not in self.at:
            batch.noted[Noted.NO_ORDER_NUMBERS] += 1
        self._finish()

    def _take(self, row: tuple[str, ...]) -> LeftOut | None:
        try:
            text = row[self._date_at]
            day = self._days.get(text) or self.day(text)
        except (ValueError, OverflowError):
            return LeftOut.EMPTY_ROW if not any(cell.strip() for cell in row) else LeftOut.NO_DATE
        try:
            amount = self._of_price(row) if self._by_price else self._amounts[row[self._amount_at]]
            units = 0 if self._units_at is None else self._units[row[self._units_at]]
            refunded, fees = self._less(row) if self._has_less else (0, 0)
        except ValueError:
            return LeftOut.NO_AMOUNT
        if amount is None or not amount and not self._by_price and not row[self._amount_at].strip():
            return LeftOut.NO_AMOUNT
        at = self._currency_at
        if at is not None and (said := row[at].strip().upper()) and said != "MXN":
            return LeftOut.OTHER_CURRENCY
        fate = Fate.VALID if self._status_at is None else self._fate(row[self._status_at])
        self._add(
            ("" if self._order_at is None else row[self._order_at], day), amount, units, refunded, fees, fate
        )
        return LeftOut.CANCELLED if fate is Fate.CANCELLED else None

    def _of_price(self, row: tuple[str, ...]) -> int | None:
        """Price times pieces, None where one of them is not there. Raises ValueError."""
        price, units = row[self._amount_at], row[self.at["units"]]
        if not price.strip() or not units.strip():
            return None
        amount, rest = divmod(self._units[units] * self._amounts[price], MILLION)
        return amount + (rest * 2 >= MILLION)

    def _less(self, row: tuple[str, ...]) -> tuple[int, int]:
        """What was given back, and the fees."""
        at = self.at
        refunded = self._other(row[at["refunded"]]) if "refunded" in at else 0
        return abs(refunded), abs(self._other(row[at["fees"]])) if "fees" in at else 0

    def _fate(self, status: str) -> Fate:
        fate = self.statuses.get(status)
        if fate is Fate.VALID:
            return fate
        if fate is None:
            fate = self.statuses[status] = in_general(status)
        if fate is Fate.UNKNOWN:
            self.batch.note_status(status.strip())
        elif fate is Fate.UNPAID:
            self.batch.noted[Noted.UNPAID] += 1
        return fate

    def _add(
        self, key: tuple[str, int], amount: int, units: int, refunded: int, fees: int, fate: Fate
    ) -> None:
        sums = self.entries.get(key)
        if sums is None:
            self._seen.add(key[1])
            if fate is Fate.VALID and amount >= 0 == refunded:
                # What nearly all are: the one sale of its order.
                self.entries[key] = [amount, 1, units, 0, 0, fees]
                return
            sums = self.entries[key] = [0, 0, 0, 0, 0, 0]
        if fate is Fate.CANCELLED:
            sums[3] += amount
        elif amount < 0 or fate is Fate.RETURNED:
            # A return is written below zero in its own row, or as the status of its sale.
            if amount < 0:
                sums[0] += amount
                sums[2] += units
            sums[4] += abs(amount)
        else:
            refunded = min(refunded, amount)
            sums[0] += amount - refunded
            sums[1] = 1
            sums[2] += units
            sums[4] += refunded
            sums[5] += fees

    def _finish(self) -> None:
        has_orders = "order" in self.at
        has_net = "net" in self.at and "pesos" not in self.at
        for day in self._seen:
            self.batch.see_day(day)
        written, entries = self.batch.entries, self.entries
        month_of_day = {day: month_number(day) for day in self._seen}
        # Taken out one by one: of half a million orders there is no room for two copies.
        for key in list(entries):
            order, day = key
            gross, orders, units, cancelled, refunded, fees = entries.pop(key)
            net = gross if has_net or self._adds_vat else None
            if self._adds_vat:
                gross, cancelled, refunded = (with_vat(one) for one in (gross, cancelled, refunded))
            number = f"{order_number(order)}\x1f{day}" if has_orders else f"day\x1f{day}"
            entry = Entry(
                month_of_day[day], gross, net, orders if has_orders else 0, (units + MILLION // 2) // MILLION,
                cancelled, refunded, fees,
            )  # fmt: skip
            known = written.get(number)
            written[number] = entry if known is None else together(known, entry)
