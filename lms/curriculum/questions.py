"""The kinds of questions: what each needs, how an answer is marked, and what it says to whoever gave it.

A question is asked with the same few parts whatever its kind: a prompt, `options` and `terms`.

| kind | options | terms | an answer |
|---|---|---|---|
| single, photo | text (or picture and alt), right, reason | | the place of one option |
| multiple | text, right, reason | | the places of some options, in order |
| number | | value, tolerance, unit, mistakes, if_right, if_wrong | the text as it was typed |
| order | text, written in the right order | if_right, if_wrong | the places of the items as they were put |
| match | text and its partner | if_right, if_wrong | for each text the place of the chosen partner |
| text | text, each of them accepted | mistakes, if_right, if_wrong | the text as it was typed |
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, Protocol, TypeAlias

KINDS = ("single", "multiple", "number", "order", "match", "text", "photo")
CHOICES = ("single", "multiple", "photo")
ONE_CHOICE = ("single", "photo")

Given: TypeAlias = Any
"""What somebody answered, as it is kept: a number, a text or a list of numbers."""

_AMOUNT = re.compile(r"([-−]?)\s*\$?\s*(\d[\d,. ]*)(.*)", re.DOTALL)
_GROUPED = re.compile(r"[1-9]\d{0,2}(,\d{3})+")
_SAME_UNIT = {
    "$": ("peso", "pesos", "mxn", "mn"),
    "kg": ("kgs", "kilo", "kilos", "kilogramo", "kilogramos"),
    "%": ("porciento", "por ciento"),
}
LONGEST_NUMBER = 20


class AnyQuestion(Protocol):
    """What can be asked: a published question, or one that is still being written."""

    @property
    def kind(self) -> str: ...
    @property
    def prompt(self) -> str: ...
    @property
    def options(self) -> Sequence[Mapping[str, Any]]: ...
    @property
    def terms(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Asked:
    """A question that is no row of its own: the one at the end of a lesson, or one of the preview."""

    kind: str
    prompt: str
    options: Sequence[Mapping[str, Any]] = ()
    terms: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def kept(cls, check: Mapping[str, Any]) -> "Asked":
        """As a lesson keeps it. Lessons published before there were kinds ask for a single choice."""
        return cls(check.get("kind", "single"), check["prompt"], check["options"], check.get("terms", {}))


@dataclass(frozen=True)
class Mark:
    right: bool
    reason: str


def mark(question: AnyQuestion, given: Given) -> Mark:
    """Whether an answer is right, and what its author says to whoever gives it."""
    if question.kind in CHOICES:
        return _mark_choice(question, [given] if question.kind in ONE_CHOICE else given)
    right = _is_right(question, given)
    terms = question.terms
    if right:
        return Mark(True, terms["if_right"])
    foreseen = (row["reason"] for row in terms.get("mistakes", ()) if _is_mistake(question, given, row))
    return Mark(False, next(foreseen, terms["if_wrong"]))


def is_possible(question: AnyQuestion, given: Given) -> bool:
    """Whether this can be an answer to the question at all, right or wrong."""
    count = len(question.options)
    if question.kind in ONE_CHOICE:
        return isinstance(given, int) and 0 <= given < count
    if question.kind == "multiple":
        return bool(given) and list(given) == sorted(set(given)) and given[0] >= 0 and given[-1] < count
    if question.kind in ("order", "match"):
        return sorted(given) == list(range(count))
    if question.kind == "number":
        return number_in(given, question.terms["unit"]) is not None
    return bool(plain(given))


def solution(question: AnyQuestion) -> Given:
    """One right answer."""
    if question.kind in CHOICES:
        right = [place for place, option in enumerate(question.options) if option["right"]]
        return right[0] if question.kind in ONE_CHOICE else right
    if question.kind in ("order", "match"):
        return list(range(len(question.options)))
    return (
        shown_number(question.terms["value"], question.terms["unit"])
        if question.kind == "number"
        else question.options[0]["text"]
    )


def ranks(texts: Sequence[str]) -> list[int]:
    """The places of these texts in the order of the alphabet.

    A page names an option by its rank here, never by its place: where the author wrote an option may tell
    which one is right, and in a question of order it is the very answer.
    """
    return sorted(range(len(texts)), key=lambda place: texts[place])


def mixed(count: int, seed: str) -> list[int]:
    """So many ranks in an order that depends on the seed alone."""
    found = list(range(count))
    Random(seed).shuffle(found)
    return found


def plain(text: str) -> str:
    """A text without what is forgiven: accents, capitals, punctuation, spaces around and between words."""
    # Twice, as the Unicode standard compares without case (D146): what comes apart can be a capital.
    letters = text
    for _again in range(2):
        letters = unicodedata.normalize("NFKD", letters.casefold())
    kept = "".join(" " if sign.isspace() else sign for sign in letters if sign.isalnum() or sign.isspace())
    return " ".join(kept.split())


def number_in(typed: str, unit: str) -> Decimal | None:
    """The number in what somebody typed: `1,250.50`, `$1250.5`, `1250,5`, the unit behind it or not.

    None when it is no number, or one of another unit.
    """
    found = _AMOUNT.fullmatch(re.sub(r"\s+", " ", typed).strip())
    if found is None or not _is_unit(found[3], unit) or ("$" in typed and unit != "$"):
        return None
    digits = found[2].replace(" ", "").rstrip(",.")
    if len(digits) > LONGEST_NUMBER:
        return None
    whole, sign, part = _parts(digits)
    if not (whole.isdecimal() and (part.isdecimal() or not sign)):
        return None
    return Decimal(f"{'-' if found[1] else ''}{whole}.{part or 0}")


def shown_number(value: float, unit: str) -> str:
    """A number with its unit as a page writes it: `$1,250.50`, `4.8 kg`, `24 piezas`."""
    number = Decimal(str(value))
    if unit == "$":
        whole = number == number.to_integral_value()
        return f"{'−' if number < 0 else ''}${abs(number):,.{0 if whole else 2}f}"
    text = f"{number:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}{'' if unit == '%' else ' '}{unit}"


def _parts(digits: str) -> tuple[str, str, str]:
    """What stands before and behind the sign of the decimals, and that sign.

    The point is the sign in Mexico; a comma that cannot group thousands is one too.
    """
    last = max(",.", key=digits.rfind)
    if last not in digits:
        return digits, "", ""
    if last == "," and "." not in digits and _GROUPED.fullmatch(digits):
        return digits.replace(",", ""), "", ""
    whole, sign, part = digits.rpartition(last)
    groups = whole.replace(".", ",")
    if "," in groups:
        if not _GROUPED.fullmatch(groups) or last in whole:
            return "", sign, ""
        whole = groups.replace(",", "")
    return whole or "0", sign, part


def _is_unit(written: str, unit: str) -> bool:
    bare = plain(written) or written.strip()
    if not bare or bare == unit:
        return True
    wanted = plain(unit)
    return bare in (wanted, f"{wanted}s", wanted.removesuffix("s"), *_SAME_UNIT.get(unit, ()))


def _mark_choice(question: AnyQuestion, chosen: Sequence[int]) -> Mark:
    """All the right options and no other; otherwise the reasons of those that were taken or left wrongly."""
    options = question.options
    wrong = [option for place, option in enumerate(options) if option["right"] != (place in chosen)]
    if question.kind in ONE_CHOICE:
        return Mark(not wrong, options[chosen[0]]["reason"])
    told = wrong or [option for option in options if option["right"]]
    return Mark(not wrong, " ".join(option["reason"] for option in told))


def _is_right(question: AnyQuestion, given: Given) -> bool:
    if question.kind == "number":
        return _is_near(given, question.terms["value"], question.terms)
    if question.kind == "text":
        return plain(given) in {plain(option["text"]) for option in question.options}
    return given == solution(question)


def _is_mistake(question: AnyQuestion, given: Given, mistake: Mapping[str, Any]) -> bool:
    if question.kind == "number":
        return _is_near(given, mistake["value"], question.terms)
    return plain(given) == plain(mistake["text"])


def _is_near(given: str, value: float, terms: Mapping[str, Any]) -> bool:
    number = number_in(given, terms["unit"])
    return number is not None and abs(number - Decimal(str(value))) <= Decimal(str(terms["tolerance"]))
