"""Amounts and counts as files write them, read exactly: whole millionths of a peso, never through a float."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

from lms.sales.importers.canonical import LARGEST_AMOUNT, MILLION

# `="123"` is how some programs keep Excel from touching a cell.
_WRAPPED = re.compile(r'="?([^"=]*)"?')
_MARKS = re.compile(r"MX\$|MXN|[$\s\u00a0\u202f]", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]{1,15}(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?")
_USUAL = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)\.[0-9]{2}")
_NO_MARKS = {ord(","): None, ord("."): None}
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,18})?")

_COMMA_IS_DECIMAL = re.compile(r"-?[0-9.]*,[0-9]{1,2}|-?[0-9]{4,},[0-9]{3,}")
_POINT_IS_DECIMAL = re.compile(r"-?[0-9,]*\.([0-9]{1,2}|[0-9]{4,})|-?[0-9]{4,}\.[0-9]+")


def bare(text: str) -> str:
    """A cell without what keeps a spreadsheet from touching it, and without blanks around it."""
    text = text.strip()
    if text[:1] == "=":
        wrapped = _WRAPPED.fullmatch(text)
        return wrapped[1].strip() if wrapped else text
    return text[1:] if text[:1] == "'" else text


def read_amount(text: str, *, comma: bool = False) -> int:
    """An amount in millionths: `1,234.50`, `$1,234.50`, `-15,874.01`, `(90.00)`; `comma`: `1.234,50`.

    Raises ValueError for what is none (also for formulas), and for more pesos than a figure may have.
    """
    if text.isdigit() and text.isascii() and len(text) < 11:
        return int(text) * MILLION
    # With centavos, as nearly all are; the marks between thousands are where they belong.
    if not comma and len(text) < 12 and _USUAL.fullmatch(text):
        return int(text.translate(_NO_MARKS)) * (MILLION // 100)
    if comma:
        text = text.translate({44: 46, 46: 44})
    sign = 1
    bared = _MARKS.sub("", bare(text)).replace("\u2212", "-")
    if bared[:1] == "(" and bared[-1:] == ")":
        sign, bared = -1, bared[1:-1]
    if bared[:1] == "-" or bared[-1:] == "-":
        sign, bared = -sign, bared.removeprefix("-").removesuffix("-")
    elif bared[:1] == "+":
        bared = bared[1:]
    if _GROUPED.fullmatch(bared):
        bared = bared.replace(",", "")
    elif not _PLAIN.fullmatch(bared):
        raise ValueError(f"not an amount: {text[:40]!r}")
    amount = Decimal(bared)
    if amount > LARGEST_AMOUNT // MILLION:
        raise ValueError(f"too large: {text[:40]!r}")
    return sign * int((amount * MILLION).to_integral_value(ROUND_HALF_EVEN))


class Amounts(dict[str, int]):
    """Reads the amounts of one column, in millionths; an empty cell is nothing. What was read once is known.

    Raises ValueError for what is no amount.
    """

    MOST_KNOWN = 100_000

    def __init__(self, *, comma: bool = False) -> None:
        super().__init__({"": 0, " ": 0})
        self.comma = comma

    def __call__(self, text: str) -> int:
        return self[text]

    def __missing__(self, text: str) -> int:
        amount = read_amount(text, comma=self.comma) if text.strip() else 0
        if len(self) < self.MOST_KNOWN:
            self[text] = amount
        return amount


def count(text: str) -> int:
    """A number of pieces: whole, or written as `2.0`. Nothing for an empty cell. Raises ValueError."""
    if text.isdigit() and text.isascii() and len(text) < 10:
        return int(text)
    if not text.strip():
        return 0
    amount = read_amount(text)
    # Half a metre of cloth is sold too; pieces are counted whole.
    return round(amount / MILLION)


# The general rate, for amounts of which it is known that they are without VAT.
VAT_PERCENT = 16


def with_vat(amount: int) -> int:
    """An amount without VAT, in millionths, with it."""
    return (amount * (100 + VAT_PERCENT) + 50) // 100


def decimal_sign(texts: "list[str]") -> str | None:
    """Which sign stands before centavos in these cells: `,` or `.`; None when none of them tells."""
    comma = point = 0
    for text in texts:
        bared = _MARKS.sub("", bare(text)).strip("()")
        if _COMMA_IS_DECIMAL.fullmatch(bared):
            comma += 1
        elif _POINT_IS_DECIMAL.fullmatch(bared):
            point += 1
    if comma == point:
        return None
    return "," if comma > point else "."


def order_number(text: str) -> str:
    """The number of an order as it is compared: `2000018220538232`, also where a sheet made it a number."""
    text = bare(text)
    if text.isdigit() or not text[:1].isdigit():
        return text
    if re.fullmatch(r"[0-9]{1,20}(\.0+)?", text):
        return text.partition(".")[0]
    if re.fullmatch(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,2}", text):
        whole = Decimal(text)
        return str(int(whole)) if whole == whole.to_integral_value() else text
    return text
