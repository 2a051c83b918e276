"""Mercado Libre's orders. Of each order only what a month's sum needs is looked at; its buyer never is."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from lms.sales.connections.marketplaces import (
    App,
    Asked,
    Tokens,
    address_with,
    amount_of,
    challenge_of,
    of_kind,
    tokens_from,
)
from lms.sales.connections.windows import halves, window_of
from lms.sales.connections.wire import Failed, Fault, ask
from lms.sales.importers.canonical import Batch, Entry, LeftOut, Noted, month_number, together
from lms.sales.importers.days import Days
from lms.sales.months import last_day_of

PAGE = 50
# An offset from here on is refused: more orders are asked for in two windows.
MOST_OFFSET = 10_000
SHORTEST = timedelta(seconds=2)
# A month that takes longer is left for later: the worker has letters to send too, and its lease ends.
LONGEST = 240.0


class _Fate(StrEnum):
    SOLD = "sold"
    NOT_PAID = "not_paid"
    CANCELLED = "cancelled"


_FATES = {
    "paid": _Fate.SOLD,
    "partially_refunded": _Fate.SOLD,
    "confirmed": _Fate.NOT_PAID,
    "payment_required": _Fate.NOT_PAID,
    "payment_in_process": _Fate.NOT_PAID,
    "partially_paid": _Fate.NOT_PAID,
    "cancelled": _Fate.CANCELLED,
    "invalid": _Fate.CANCELLED,
}


class MercadoLibre:
    source = "mercado_libre_api"
    channel = "mercado_libre"
    code = "code"
    seller = ""

    def sign_in_address(self, app: App, back: str, state: str, verifier: str) -> str:
        said = {
            "response_type": "code", "client_id": app.client_id, "redirect_uri": back, "state": state,
            "code_challenge": challenge_of(verifier), "code_challenge_method": "S256",
        }  # fmt: skip
        return address_with(app.sign_in, said)

    def exchange(self, app: App, code: str, back: str, verifier: str, account: str) -> Tokens:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
        tokens = tokens_from(app, {**form, "code_verifier": verifier})
        if not tokens.account:
            # Without the seller's number no order can be asked for.
            raise Failed(Fault.BROKEN)
        return tokens

    def refresh(self, app: App, old: Tokens) -> Tokens:
        """New tokens; the old refresh token has been used up by this."""
        form = {"grant_type": "refresh_token", "refresh_token": old.refresh}
        return tokens_from(app, form, refresh=old.refresh, account=old.account)

    def new_batch(self, vat: str) -> Batch:
        # `sale_fee` is not said to be of a piece or of a line, so fees are not known.
        return Batch(source=self.source, channel=self.channel, tier="A", knows=frozenset({"orders", "units"}))

    def read_month(self, app: App, tokens: Tokens, asked: Asked, batch: Batch) -> None:
        """Every order made in the month. One that comes twice, at the edge of a page, counts once."""
        day_of, wanted = Days(asked.zone), month_number(asked.month.toordinal())
        seen: set[int] = set()
        orders = _Orders(app, tokens)
        for order in orders.between(*window_of(asked.month, asked.zone)):
            number, day = _number(order), _day(order, day_of)
            if number in seen or (day is not None and month_number(day) != wanted):
                # Moments are theirs (-04:00), months the firm's: what lies over the edge is another's.
                continue
            batch.rows += 1
            if number is None or day is None:
                batch.left_out[LeftOut.NO_ORDER if number is None else LeftOut.NO_DATE] += 1
                continue
            seen.add(number)
            reason = _take(order, number, day, batch)
            if reason:
                batch.left_out[reason] += 1
        batch.see_day(asked.month.toordinal())
        batch.see_day(last_day_of(asked.month).toordinal())


def _number(order: Any) -> int | None:
    number = order.get("id") if isinstance(order, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _day(order: Any, day_of: Days) -> int | None:
    try:
        return day_of(of_kind(order, "date_created", str))
    except (Failed, ValueError, OverflowError):
        return None


class _Orders:
    """Orders page by page, within the time that a month may take."""

    def __init__(self, app: App, tokens: Tokens) -> None:
        self.app = app
        self.tokens = tokens
        self.until = time.monotonic() + LONGEST

    def between(self, start: datetime, end: datetime) -> Iterator[Any]:
        first, total = self._page(start, end, 0)
        if total > MOST_OFFSET:
            if end - start < SHORTEST:
                raise Failed(Fault.BROKEN)
            for part in halves(start, end):
                yield from self.between(*part)
            return
        yield from first
        got = len(first)
        while first and got < total:
            first, total = self._page(start, end, got)
            if got + len(first) > MOST_OFFSET + PAGE:
                raise Failed(Fault.BROKEN)
            yield from first
            got += len(first)
        if got < total:
            # A page with nothing on it before the last one: a sum would be short without anybody knowing.
            raise Failed(Fault.BROKEN)

    def _page(self, start: datetime, end: datetime, offset: int) -> tuple[list[Any], int]:
        if time.monotonic() > self.until:
            raise Failed(Fault.BUSY)
        answer = ask(
            f"{self.app.api}/orders/search",
            query={
                "seller": self.tokens.account,
                "order.date_created.from": start.isoformat(timespec="milliseconds"),
                "order.date_created.to": end.isoformat(timespec="milliseconds"),
                "sort": "date_desc",
                "limit": str(PAGE),
                "offset": str(offset),
            },
            headers={"Authorization": f"Bearer {self.tokens.access}"},
        )
        total = of_kind(of_kind(answer, "paging", dict), "total", int)
        if total < 0:
            raise Failed(Fault.BROKEN)
        return of_kind(answer, "results", list), total


def _take(order: Any, number: int, day: int, batch: Batch) -> LeftOut | None:
    """Keep an order, or say why not. What lacks a field is counted and never guessed."""
    currency, status = order.get("currency_id"), order.get("status")
    if isinstance(currency, str) and currency != "MXN":
        return LeftOut.OTHER_CURRENCY
    status = status[:60] if isinstance(status, str) else ""
    fate = _FATES.get(status)
    if fate is _Fate.NOT_PAID:
        return LeftOut.NOT_PAID
    try:
        of_kind(order, "currency_id", str)
        entry = _entry(month_number(day), fate is _Fate.CANCELLED, order)
    except Failed:
        return LeftOut.NO_AMOUNT
    # Orders of one cart are one order, as in the files of Mercado Libre.
    pack = order.get("pack_id")
    key = f"pack {pack}" if isinstance(pack, int | str) and pack else str(number)
    batch.entries[key] = together(batch.entries.get(key), entry)
    if fate is None:
        batch.note_status(status)
    elif status == "partially_refunded":
        batch.noted[Noted.PARTIAL_REFUND] += 1
    return LeftOut.CANCELLED if fate is _Fate.CANCELLED else None


def _entry(month: int, is_cancelled: bool, order: Any) -> Entry:
    amount = amount_of(order.get("total_amount"))
    if is_cancelled:
        return Entry(month, 0, None, 0, 0, amount, 0, 0)
    if _is_given_back(order):
        return Entry(month, 0, None, 0, 0, 0, amount, 0)
    pieces = sum(of_kind(item, "quantity", int) for item in of_kind(order, "order_items", list))
    if not 0 <= pieces <= 10**6:
        raise Failed(Fault.BROKEN)
    return Entry(month, amount, None, 1, pieces, 0, 0, 0)


def _is_given_back(order: Any) -> bool:
    """Whether every payment of an order went back to who paid it."""
    payments = order.get("payments")
    if not isinstance(payments, list) or not payments:
        return False
    return all(isinstance(one, dict) and one.get("status") == "refunded" for one in payments)
