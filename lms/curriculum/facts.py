"""Dated figures in published texts: the parameters stay open until a text is read."""

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

# Told apart from what an author may write by signs that no keyboard has.
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


def _shown(value: str | None) -> Markup:
    return UNKNOWN if value is None else escape(value)
