"""Dated figures in published texts: the parameters stay open until a text is read."""

import re
from collections.abc import Mapping
from decimal import Decimal

from markupsafe import Markup, escape

# Told apart from what an author may write by signs that no keyboard has.
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_PARAMETER = re.compile(r"⟦([a-z0-9_]+)⟧")

# Part of the lessons, and therefore in their language.
UNKNOWN = Markup("<em>pregunta a tu capacitador</em>")


def fill(html: str, values: Mapping[str, str]) -> Markup:
    """A published text with the programme's own figures in it; who does not know one yet is told to ask."""
    if not has_parameters(html):
        return Markup(html)
    return Markup(_PARAMETER.sub(lambda found: _shown(values.get(found[1])), html))


def open_parameter(key: str) -> str:
    """How a published text keeps the place of a parameter."""
    return f"⟦{key}⟧"


def has_parameters(html: str) -> bool:
    return "⟦" in html


def number_in(value: str) -> Decimal | None:
    """The first number in what somebody wrote ("5,000 cm³ por kilo" is 5000), if there is one."""
    found = _NUMBER.search(value)
    return Decimal(found[0].replace(",", "")) if found else None


def _shown(value: str | None) -> Markup:
    return UNKNOWN if value is None else escape(value)
