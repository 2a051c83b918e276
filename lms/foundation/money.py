"""Pesos as exact decimals: reading what a person types, and writing what a page shows."""

import re
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

CENT = Decimal("0.01")
LARGEST = Decimal("9999999999.99")

_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d{1,2})?")
_PLAIN = re.compile(r"\d+(\.\d{1,2})?")


def parse_money(text: str) -> Decimal:
    """Read pesos as people write them: `12400`, `12,400`, `$12,400.50`, with spaces.

    Raises ValueError for anything else, for negative amounts and for more than ten digits of pesos.
    """
    bare = re.sub(r"[\s\u00a0$]|MXN|mxn", "", text)
    if not (_GROUPED.fullmatch(bare) or _PLAIN.fullmatch(bare)):
        raise ValueError(f"not an amount: {text!r}")
    try:
        amount = Decimal(bare.replace(",", "")).quantize(CENT)
    except InvalidOperation as too_long:
        raise ValueError(f"too many digits: {text!r}") from too_long
    if amount > LARGEST:
        raise ValueError(f"too large: {text!r}")
    return amount


def round_to_cents(amount: Decimal) -> Decimal:
    """An amount with two decimals, halves to even."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)


def format_money(amount: Decimal | int | None) -> str:
    """Whole pesos with thousands: `$58,400`; a fall reads `−$1,200`; unknown reads `—`."""
    if amount is None:
        return "—"
    whole = int(Decimal(amount).to_integral_value(rounding=ROUND_HALF_EVEN))
    return f"{'−' if whole < 0 else ''}${abs(whole):,}"
