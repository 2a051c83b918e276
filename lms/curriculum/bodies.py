"""The Markdown below a head, before it is rendered: facts put in, inserts of other sectors taken out."""

import datetime
import re
from dataclasses import dataclass, field
from functools import cached_property

from lms.curriculum.facts import open_parameter
from lms.curriculum.heads import Places, Problem
from lms.foundation.i18n import gettext as _
from lms.foundation.markdown import BLOCKS

# Hidden fields serve the checks; they are no part of what people read.
HIDDEN = {"hidden": True}

_FACT = re.compile(r"\{\s*fact\b([^}\n]*)\}?")
_FENCE = re.compile(r":::[ \t]*(\S*)[ \t]*(.*)")
_PICTURE = re.compile(r'!\[([^\]]*)\]\(\s*([^)\s]*)(?:\s+"[^"]*")?\s*\)')

Line = tuple[int, str]


@dataclass(frozen=True)
class FactSource:
    """A dated figure from outside, kept in one place so that it can be reviewed in one place.

    A parameter is a figure that no public source gives: it has no value of its own, each programme writes
    one. `hint` tells the programme where to look.
    """

    key: str
    label: str
    value: str
    number: float | None
    unit: str
    source: str
    date: datetime.date | None
    mark: str
    review: datetime.date | None
    parameter: bool
    hint: str
    places: Places = field(metadata=HIDDEN, repr=False)


@dataclass(frozen=True)
class Body:
    """A text with the facts in it, and the line of its file on which each of its lines was written."""

    text: str
    facts: tuple[str, ...] = ()
    file: str = field(default="", metadata=HIDDEN)
    numbers: tuple[int, ...] = field(default=(), metadata=HIDDEN, repr=False)

    @cached_property
    def lines(self) -> list[Line]:
        return list(zip(self.numbers, self.text.split("\n"), strict=False))

    @cached_property
    def pictures(self) -> list[tuple[int, str, str]]:
        """Line, alternative text and file name of every picture."""
        return [
            (number, alternative.strip(), name)
            for number, line in self.lines
            if "![" in line
            for alternative, name in _PICTURE.findall(line)
        ]

    def problem(self, line: int, message: str) -> Problem:
        return Problem(self.file, line, message)


class Facts:
    """Puts facts into texts and remembers which were used."""

    def __init__(self, known: dict[str, FactSource], problems: list[Problem]):
        self._known = known
        self._problems = problems
        self._used: dict[str, FactSource] = {}

    @property
    def used(self) -> tuple[FactSource, ...]:
        return tuple(self._used[key] for key in sorted(self._used))

    def fill(self, text: str, place: tuple[str, int]) -> str:
        """A text of a head, which never changes once it is published: it may hold facts, no parameter."""
        return self._filled(text, place, in_body=False)

    def fill_line(self, text: str, place: tuple[str, int]) -> str:
        """A line of a body, where a parameter stays open until somebody reads it."""
        return self._filled(text, place, in_body=True)

    def keys(self, text: str) -> list[str]:
        """The known facts that a text names."""
        return [key for found in _FACT.finditer(text) if (key := _key(found)) in self._known]

    def _filled(self, text: str, place: tuple[str, int], in_body: bool) -> str:
        return _FACT.sub(lambda found: self._value(found, place, in_body), text)

    def _value(self, found: re.Match, place: tuple[str, int], in_body: bool) -> str:
        key = _key(found)
        fact = self._known.get(key)
        if not found[0].startswith("{fact:") or not found[0].endswith("}"):
            self._problems.append(Problem(*place, _("Write a fact as {fact:%(key)s}.", key=key or "key")))
        elif fact is None:
            message = _('There is no fact "%(key)s": add it to facts.toml or correct the key.', key=key)
            self._problems.append(Problem(*place, message))
        elif fact.parameter and not in_body:
            message = _(
                '"%(key)s" is a parameter: it may stand in the text below a head, not in the head.', key=key
            )
            self._problems.append(Problem(*place, message))
        else:
            self._used[key] = fact
            return open_parameter(key) if fact.parameter else fact.value
        return found[0]


def _key(found: re.Match) -> str:
    return found[1].strip().removeprefix(":").strip()


def resolve(lines: list[Line], file: str, sector: str, facts: Facts, problems: list[Problem]) -> Body:
    """The body as the learners of one sector read it."""
    kept = _Inserts(file, sector, problems).resolve(lines)
    named = dict.fromkeys(key for _number, line in kept if "fact" in line for key in facts.keys(line))
    filled = [
        (number, facts.fill_line(line, (file, number)) if "fact" in line else line) for number, line in kept
    ]
    while filled and not filled[0][1].strip():
        filled.pop(0)
    while filled and not filled[-1][1].strip():
        filled.pop()
    text, numbers = "\n".join(line for _number, line in filled), tuple(number for number, _line in filled)
    return Body(text, tuple(named), file, numbers)


class _Inserts:
    """Reads the `:::` blocks of one text: keeps one insert of each group, and tells what does not close."""

    def __init__(self, file: str, sector: str, problems: list[Problem]):
        self._file = file
        self._sector = sector
        self._problems = problems
        self._open: list[tuple[int, str, str]] = []
        self._group: dict[str, int] = {}
        self._kept: list[Line] = []

    def resolve(self, lines: list[Line]) -> list[Line]:
        for number, line in lines:
            fence = _FENCE.match(line) if line.startswith(":::") else None
            if fence is None:
                self._read_text(number, line)
            elif fence[1]:
                self._read_opening(number, line, fence[1], fence[2].strip())
            else:
                self._read_closing(number, line)
        for number, kind, _name in self._open:
            self._note(
                number, _('The block "%(kind)s" is never closed: end it with a line ":::".', kind=kind)
            )
        self._end_group()
        return self._kept

    def _read_text(self, number: int, line: str) -> None:
        if self._group and line.strip() and not self._in_insert():
            self._end_group()
        if not self._open or self._is_for_us():
            self._kept.append((number, line))

    def _read_opening(self, number: int, line: str, kind: str, name: str) -> None:
        if kind == "sector":
            self._open_insert(number, name)
        else:
            if kind not in BLOCKS:
                known = ", ".join((*BLOCKS, "sector"))
                self._note(
                    number, _('There is no block "%(kind)s". Use one of: %(known)s.', kind=kind, known=known)
                )
            self._read_text(number, line)
        self._open.append((number, kind, name))

    def _open_insert(self, number: int, sector: str) -> None:
        if not sector:
            self._note(number, _('Name the sector of the insert, for example "::: sector fashion".'))
        elif self._in_insert():
            self._note(
                number, _("An insert cannot stand inside another insert: close the first one before it.")
            )
        elif sector in self._group:
            self._note(number, _('This group has two inserts for "%(sector)s": keep one.', sector=sector))
        self._group.setdefault(sector, number)

    def _read_closing(self, number: int, line: str) -> None:
        if not self._open:
            self._note(number, _('This ":::" closes nothing: take it out, or open a block before it.'))
            return
        kept = self._is_for_us()
        _number, kind, _name = self._open.pop()
        if kind != "sector" and not self._in_insert():
            self._end_group()
        if kept:
            self._kept.append((number, "" if kind == "sector" else line))

    def _in_insert(self) -> bool:
        return any(kind == "sector" for _number, kind, _name in self._open)

    def _is_for_us(self) -> bool:
        return all(kind != "sector" or name == self._sector for _number, kind, name in self._open)

    def _end_group(self) -> None:
        if self._group and self._sector not in self._group:
            first = min(self._group.values())
            self._note(
                first, _('These inserts have none for the sector "%(sector)s": add one.', sector=self._sector)
            )
        self._group = {}

    def _note(self, line: int, message: str) -> None:
        self._problems.append(Problem(self._file, line, message))
