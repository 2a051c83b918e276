"""What a marketplace is to a connection: where it is, who we are there, what leave from a firm looks like."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import urlencode

from lms.sales.connections.wire import Failed, Fault, ask
from lms.sales.importers.amounts import read_amount
from lms.sales.importers.canonical import Batch

LONGEST_TOKEN = 4096


@dataclass(frozen=True, kw_only=True)
class App:
    """How this installation is registered at a marketplace. All of it comes from the settings."""

    client_id: str
    client_secret: str
    sign_in: str  # where a person says yes
    token: str  # where a code becomes tokens, and an old token a new one
    api: str
    marketplace: str = ""
    # What Amazon calls the application when it asks the person; often not the client's id.
    application_id: str = ""

    def __repr__(self) -> str:
        return f"App({self.client_id})"


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """Leave to read: a token for some hours, and one to get the next. `account` is the seller's number."""

    access: str
    refresh: str
    lasts: int
    account: str

    def __repr__(self) -> str:
        return "Tokens(…)"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One month that is asked for, in the firm's time zone."""

    month: date
    zone: str
    vat: str = ""


class Marketplace(Protocol):
    """One marketplace. `source` names figures that come over its connection, as the name of a format does."""

    source: str
    channel: str
    # What its answer to a yes calls the code, and the seller if it names one.
    code: str
    seller: str

    def sign_in_address(self, app: App, back: str, state: str, verifier: str) -> str: ...

    def exchange(self, app: App, code: str, back: str, verifier: str, account: str) -> Tokens: ...

    def refresh(self, app: App, old: Tokens) -> Tokens: ...

    def new_batch(self, vat: str) -> Batch:
        """What months are read into."""

    def read_month(self, app: App, tokens: Tokens, asked: Asked, batch: Batch) -> None:
        """Add a month to a batch. Raises Failed."""


def address_with(address: str, query: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def challenge_of(verifier: str) -> str:
    """The S256 challenge of PKCE (RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def tokens_from(app: App, form: Mapping[str, str], *, refresh: str = "", account: str = "") -> Tokens:
    """Tokens for a code or for an older token; what the answer does not say anew stays. Raises Failed."""
    answer = ask(
        app.token, form={"client_id": app.client_id, "client_secret": app.client_secret, **dict(form)}
    )
    lasts = of_kind(answer, "expires_in", int)
    if not 0 < lasts <= 10**8:
        raise Failed(Fault.BROKEN)
    return Tokens(
        access=_token(of_kind(answer, "access_token", str)),
        refresh=_token(answer.get("refresh_token") or refresh),
        lasts=lasts,
        account=_number(answer.get("user_id")) or account,
    )


def of_kind(holder: Any, name: str, kind: type) -> Any:
    """A field that has to be there, of this kind. Raises Failed."""
    value = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Failed(Fault.BROKEN)
    return value


def amount_of(said: Any) -> int:
    """An amount of JSON, a number or a text, in millionths of a peso. Raises Failed."""
    if isinstance(said, bool) or not isinstance(said, int | Decimal | str):
        raise Failed(Fault.BROKEN)
    try:
        amount = read_amount(f"{said:f}" if isinstance(said, Decimal) else str(said))
    except (ValueError, ArithmeticError) as strange:
        raise Failed(Fault.BROKEN) from strange
    if amount < 0:
        raise Failed(Fault.BROKEN)
    return amount


def _token(value: Any) -> str:
    # It travels in a header: nothing that could begin another one.
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TOKEN:
        raise Failed(Fault.BROKEN)
    if not value.isascii() or not value.isprintable() or " " in value:
        raise Failed(Fault.BROKEN)
    return value


def _number(value: Any) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and value > 0 else ""
