"""The sales file of Mercado Libre (“Ventas MX”): packages, returned sales, names that come three times.

What counts is `Ingresos por productos` (VAT included) of sales that were neither cancelled nor returned. A
package is one order: its row has the money, the rows after it have the pieces.
"""

import re

from lms.foundation.sheets import Table
from lms.sales.importers.amounts import Amounts, count, order_number
from lms.sales.importers.canonical import Batch, Entry, LeftOut, Noted, month_number, together
from lms.sales.importers.days import CENTRE, Days
from lms.sales.importers.layout import Layout, Progress, Setting, chosen, plain, plain_and_currency
from lms.sales.importers.statuses import Fate, of_mercado_libre

_PACKAGE = re.compile(r"paquete de (\d{1,3}) productos?")

# Key: the group it stands in (where the file has groups) and its names.
_WANTED = {
    "order": ("ventas", ("# de venta", "numero de venta", "n.º de venta")),
    "date": ("ventas", ("fecha de venta",)),
    "status": ("ventas", ("estado",)),
    "units": ("ventas", ("unidades",)),
    "gross": ("ventas", ("ingresos por productos",)),
    "fees": ("ventas", ("cargo por venta e impuestos", "cargo por venta")),
    "refunds": ("ventas", ("anulaciones y reembolsos",)),
}
_NEEDED = ("order", "date", "status", "gross")


class MercadoLibreSales:
    name = "mercado_libre_ventas"
    channel = "mercado_libre"
    tier = "B"

    def find(self, table: Table) -> Layout | None:
        for number, row in enumerate(table.head):
            names = [plain_and_currency(cell) for cell in row]
            if not any(name in _WANTED["order"][1] for name, _currency in names):
                continue
            groups = _groups(table.head[number - 1] if number else [], len(row))
            columns = {}
            for key, (group, wanted) in _WANTED.items():
                place = _place(names, groups, group, wanted)
                if place is not None:
                    columns[key] = place
            if all(key in columns for key in _NEEDED):
                return Layout(first=number + 1, columns=columns, currency=names[columns["gross"]][1] or "MXN")
        return None

    def read(self, table: Table, layout: Layout, setting: Setting) -> Batch:
        batch = Batch(source=self.name, channel=self.channel, tier=self.tier, currency=layout.currency)
        _Reading(batch, table, layout, setting).go()
        return batch


def _groups(above: list[str], width: int) -> list[str]:
    """The group of each column: a name stands over its first column, those after it belong to it."""
    if "ventas" not in {plain(cell) for cell in above}:
        return [""] * width
    found, last = [], ""
    for place in range(width):
        last = (plain(above[place]) if place < len(above) else "") or last
        found.append(last)
    return found


def _place(
    names: list[tuple[str, str]], groups: list[str], group: str, wanted: tuple[str, ...]
) -> int | None:
    """The first column of that name in its group; without groups the first of that name, and no later one."""
    for place, (name, _currency) in enumerate(names):
        if name in wanted and groups[place] in ("", group):
            return place
    return None


class _Reading:
    """Goes row by row and keeps what belongs to the package that was opened last."""

    def __init__(self, batch: Batch, table: Table, layout: Layout, setting: Setting) -> None:
        self.batch = batch
        self.amount = Amounts()
        self.day = Days(
            setting.zone,
            source_zone=CENTRE,
            serials=not table.is_text,
            from_1904=table.days_from_1904,
        )
        self.progress = Progress(setting)
        columns, self.at = chosen(layout, list(_WANTED))
        self.rows = table.rows(layout.first, columns)
        self.package = ""
        self.children: list[tuple[Fate, int]] = []
        self.left = 0

    def go(self) -> None:
        for row in self.rows:
            self.progress()
            self._take(row)
        self._close_package()
        self.batch.rows = self.progress.rows

    def _cell(self, row: tuple[str, ...], key: str) -> str:
        return row[self.at[key]].strip() if key in self.at else ""

    def _take(self, row: tuple[str, ...]) -> None:
        batch, number, status = self.batch, order_number(self._cell(row, "order")), self._cell(row, "status")
        if not number:
            batch.left_out[LeftOut.EMPTY_ROW if not any(map(str.strip, row)) else LeftOut.NO_ORDER] += 1
            return
        try:
            units = count(self._cell(row, "units"))
        except ValueError:
            units = 0
        money = self._cell(row, "gross")
        if self.left and not money:
            self.left -= 1
            self.children.append((of_mercado_libre(status), units))
            return
        self._close_package()
        if batch.currency != "MXN":
            batch.left_out[LeftOut.OTHER_CURRENCY] += 1
            return
        try:
            day = self.day(self._cell(row, "date"))
            batch.see_day(day)
        except (ValueError, OverflowError):
            batch.left_out[LeftOut.NO_DATE] += 1
            return
        try:
            gross, fees = self.amount(money), -self.amount(self._cell(row, "fees"))
            refunds = self.amount(self._cell(row, "refunds"))
        except ValueError:
            batch.left_out[LeftOut.NO_AMOUNT] += 1
            return
        self._keep(number, day, status, (gross, fees, refunds), units, has_money=bool(money))

    def _keep(
        self, number: str, day: int, status: str, money: tuple[int, int, int], units: int, *, has_money: bool
    ) -> None:
        batch, fate = self.batch, of_mercado_libre(status)
        gross, fees, refunds = money
        if fate is Fate.UNKNOWN:
            batch.note_status(status)
        if fate is Fate.VALID and refunds < 0 and "dinero" not in plain(status):
            batch.noted[Noted.PARTIAL_REFUND] += 1
        entry = _entry(month_number(day), fate, gross, fees, units)
        if not has_money:
            # Products of a package that was cancelled as a whole come without money: no orders of their own.
            entry = entry._replace(orders=0)
        batch.entries[number] = together(batch.entries.get(number), entry)
        if fate is Fate.CANCELLED:
            batch.left_out[LeftOut.CANCELLED] += 1
        package = _PACKAGE.match(plain(status))
        if package:
            self.package, self.left, self.children = number, int(package[1]), []

    def _close_package(self) -> None:
        """Give a package the pieces of its products; its fate is theirs when they share one."""
        if self.package and self.children:
            entry = self.batch.entries[self.package]
            fates = {fate for fate, _units in self.children}
            lost = fates & {Fate.CANCELLED, Fate.RETURNED}
            if lost and len(fates) > 1:
                self.batch.noted[Noted.MIXED_PACKAGE] += 1
            units = entry.units + sum(
                units for fate, units in self.children if fate not in lost or len(fates) == 1
            )
            fate = fates.pop() if len(fates) == 1 else Fate.VALID
            self.batch.entries[self.package] = _entry(entry.month, fate, entry.gross, entry.fees, units)
        self.package, self.left, self.children = "", 0, []


def _entry(month: int, fate: Fate, gross: int, fees: int, units: int) -> Entry:
    if fate is Fate.CANCELLED:
        return Entry(month, 0, None, 0, 0, gross, 0, 0)
    if fate is Fate.RETURNED:
        return Entry(month, 0, None, 0, 0, 0, gross, 0)
    return Entry(month, gross, None, 1, units, 0, 0, fees)
