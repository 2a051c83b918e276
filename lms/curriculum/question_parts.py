"""One question of a course out of its table, kind by kind."""

from collections.abc import Callable
from typing import Any

from lms.curriculum.heads import Reader
from lms.curriculum.shapes import MistakeSource, OptionSource, QuestionSource


def question(table: Reader) -> QuestionSource:
    """An unknown kind is read no further: the checks name it, and its keys would all be complained of."""
    kind = table.text("kind", "single")
    prompt, objective = table.text("prompt"), table.text("objective", "")
    parts = _PARTS[kind](table) if kind in _PARTS else {"options": ()}
    if kind in _PARTS:
        table.done()
    return QuestionSource(kind=kind, prompt=prompt, objective=objective, places=table.places, **parts)


def _choices(table: Reader) -> dict[str, Any]:
    options = []
    for row in table.tables("options"):
        options.append(OptionSource(row.text("text"), row.flag("right", False), row.text("reason")))
        row.done()
    return {"options": tuple(options)}


def _photos(table: Reader) -> dict[str, Any]:
    options = []
    for row in table.tables("options"):
        picture, alt = row.text("picture"), row.text("alt")
        right, reason = row.flag("right", False), row.text("reason")
        options.append(OptionSource(right=right, reason=reason, picture=picture, alt=alt))
        row.done()
    return {"options": tuple(options)}


def _number(table: Reader) -> dict[str, Any]:
    numbers = {"value": table.number("value"), "tolerance": table.number("tolerance")}
    mistakes = tuple(_mistake(row, row.number("value")) for row in table.tables("mistakes"))
    return {"options": (), "unit": table.text("unit"), "mistakes": mistakes, **numbers, **_reasons(table)}


def _order(table: Reader) -> dict[str, Any]:
    return {"options": _texts(table, "items"), **_reasons(table)}


def _match(table: Reader) -> dict[str, Any]:
    pairs = []
    for row in table.tables("pairs"):
        pairs.append(OptionSource(row.text("text"), partner=row.text("partner")))
        row.done()
    return {"options": tuple(pairs), **_reasons(table)}


def _text(table: Reader) -> dict[str, Any]:
    mistakes = tuple(_mistake(row, row.text("text")) for row in table.tables("mistakes"))
    return {"options": _texts(table, "accepted"), "mistakes": mistakes, **_reasons(table)}


def _texts(table: Reader, key: str) -> tuple[OptionSource, ...]:
    return tuple(OptionSource(text) for text in table.texts(key))


def _reasons(table: Reader) -> dict[str, str]:
    return {key: table.text(key) for key in ("if_right", "if_wrong")}


def _mistake(row: Reader, answer: float | str) -> MistakeSource:
    made = MistakeSource(answer, row.text("reason"))
    row.done()
    return made


_PARTS: dict[str, Callable[[Reader], dict[str, Any]]] = {
    "single": _choices,
    "multiple": _choices,
    "photo": _photos,
    "number": _number,
    "order": _order,
    "match": _match,
    "text": _text,
}
