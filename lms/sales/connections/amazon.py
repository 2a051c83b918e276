"""Amazon's totals of orders by month (Sales API). They hold no order, and so nobody who bought."""

from typing import Any

from lms.sales.connections.marketplaces import (
    App,
    Asked,
    Tokens,
    address_with,
    amount_of,
    of_kind,
    tokens_from,
)
from lms.sales.connections.windows import window_of
from lms.sales.connections.wire import Failed, Fault, ask
from lms.sales.importers.amounts import with_vat
from lms.sales.importers.canonical import Batch, Entry, LeftOut, Noted, month_number
from lms.sales.months import last_day_of

MOST_ORDERS = 10**7


class Amazon:
    source = "amazon_api"
    channel = "amazon"
    code = "spapi_oauth_code"
    seller = "selling_partner_id"

    def sign_in_address(self, app: App, back: str, state: str, verifier: str) -> str:
        said = {"application_id": app.application_id, "state": state, "redirect_uri": back}
        return address_with(app.sign_in, said)

    def exchange(self, app: App, code: str, back: str, verifier: str, account: str) -> Tokens:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
        return tokens_from(app, form, account=account)

    def refresh(self, app: App, old: Tokens) -> Tokens:
        form = {"grant_type": "refresh_token", "refresh_token": old.refresh}
        return tokens_from(app, form, refresh=old.refresh, account=old.account)

    def new_batch(self, vat: str) -> Batch:
        batch = Batch(
            source=self.source, channel=self.channel, tier="A", knows=frozenset({"orders", "units"})
        )
        batch.noted[Noted.VAT_ADDED if vat == "added" else Noted.VAT_ASSUMED] = 1
        batch.noted[Noted.RETURNS_NOT_KNOWN] = 1
        return batch

    def read_month(self, app: App, tokens: Tokens, asked: Asked, batch: Batch) -> None:
        start, end = window_of(asked.month, asked.zone)
        answer = ask(
            f"{app.api}/sales/v1/orderMetrics",
            query={
                "marketplaceIds": app.marketplace,
                "interval": f"{start.isoformat(timespec='minutes')}--{end.isoformat(timespec='minutes')}",
                "granularity": "Month",
                "granularityTimeZone": asked.zone,
            },
            headers={"x-amz-access-token": tokens.access},
        )
        for metric in of_kind(answer, "payload", list):
            batch.rows += 1
            if not of_kind(metric, "interval", str).startswith(f"{asked.month:%Y-%m}-01T"):
                # Totals of another month than the one that was asked for would be put in its place.
                raise Failed(Fault.BROKEN)
            _take(metric, asked, batch)
        batch.see_day(asked.month.toordinal())
        batch.see_day(last_day_of(asked.month).toordinal())


def _take(metric: Any, asked: Asked, batch: Batch) -> None:
    total = of_kind(metric, "totalSales", dict)
    if of_kind(total, "currencyCode", str) != "MXN":
        batch.left_out[LeftOut.OTHER_CURRENCY] += 1
        return
    orders, units = of_kind(metric, "orderCount", int), of_kind(metric, "unitCount", int)
    if not (0 <= orders <= MOST_ORDERS and 0 <= units <= MOST_ORDERS):
        raise Failed(Fault.BROKEN)
    gross, net = amount_of(total.get("amount")), None
    if asked.vat == "added":
        net, gross = gross, with_vat(gross)
    number, key = month_number(asked.month.toordinal()), f"month\x1f{asked.month}"
    if key in batch.entries:
        raise Failed(Fault.BROKEN)
    batch.entries[key] = Entry(number, gross, net, orders, units, 0, 0, 0)
