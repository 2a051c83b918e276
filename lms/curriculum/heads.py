"""The TOML heads of course files: read key by key, with the file and line of everything that is wrong."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import tomli

from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import lazy_gettext as _l

Path = tuple[str | int, ...]
Lines = dict[Path, tuple[str, int]]

_TABLE = re.compile(r"\s*(\[\[|\[)\s*([\w.\-]+)\s*\]")
_KEY = re.compile(r"\s*([\w\-]+)\s*=(.*)")
_WHERE = re.compile(r"\s*\(at line (\d+), column \d+\)$")
_REQUIRED: Any = object()

# What a value has to be, for the message about one that is not.
_TEXT = _l('"%(key)s" must be text, for example %(key)s = "..."')
_WHOLE = _l('"%(key)s" must be a whole number, for example %(key)s = 8.')
_NUMBER = _l('"%(key)s" must be a number, for example %(key)s = 8.')
_FLAG = _l('"%(key)s" must be true or false.')
_DATE = _l('"%(key)s" must be a date, for example %(key)s = 2026-01-31.')
_LIST = _l('"%(key)s" must be a list of texts, for example %(key)s = ["...", "..."]')
_ONE_TABLE = _l('"%(key)s" must be a table that begins with [%(key)s].')
_TABLES = _l('"%(key)s" must be a list of tables, each beginning with [[%(key)s]].')


@dataclass(frozen=True, order=True)
class Problem:
    """Something an author has to put right, with where it is and what to do."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Places:
    """Where each key of a head was written: `places.of("slots", 0)` is file and line of the first slot.

    `stub` is the file that only takes a core file, when there is one. The lines are looked up when somebody
    first asks for one, since most files have no problem to tell.
    """

    file: str
    lines: Callable[[], Lines] = dict
    prefix: Path = ()
    stub: str = ""

    @property
    def own(self) -> tuple[str, int]:
        """The course's own file, also when its text is in the core."""
        return self.stub or self.file, 1

    def of(self, *path: str | int) -> tuple[str, int]:
        """The nearest known place: the key itself, else the table around it, else the first line."""
        whole, lines = (*self.prefix, *path), self.lines()
        while whole:
            for known in (whole, (*whole, 0)):
                if known in lines:
                    return lines[known]
            whole = whole[:-1]
        return self.file, 1

    def problem(self, message: str, *path: str | int) -> Problem:
        return Problem(*self.of(*path), message)

    def within(self, *path: str | int) -> "Places":
        return Places(self.file, self.lines, (*self.prefix, *path), self.stub)

    def under(self, over: "Places", keys: set[str]) -> "Places":
        """These places where the top-level `keys` are written in another file instead."""

        def lines() -> Lines:
            kept = {path: place for path, place in self.lines().items() if path[0] not in keys}
            return kept | over.lines()

        return Places(self.file, cache(lines), stub=over.file)


def parse(text: str, file: str, first_line: int) -> tuple[dict[str, Any], Places, list[Problem]]:
    """The values of a head, where they stand, and why it could not be read."""
    try:
        values = tomli.loads(text)
    except tomli.TOMLDecodeError as fault:
        where = _WHERE.search(str(fault))
        line = first_line + int(where[1]) - 1 if where else first_line
        reason = _WHERE.sub("", str(fault))
        return (
            {},
            Places(file),
            [Problem(file, line, _("This is not valid TOML: %(reason)s.", reason=reason))],
        )
    return values, Places(file, cache(lambda: _lines_of_keys(text, file, first_line))), []


def _lines_of_keys(text: str, file: str, first_line: int) -> Lines:
    """The parser tells no lines, so they are found by reading the headings and keys once more."""
    found: Lines = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    in_long_text = False
    for number, line in enumerate(text.split("\n"), first_line):
        heading, key = _TABLE.match(line), _KEY.match(line)
        if in_long_text:
            pass
        elif heading:
            table = _enter(heading[2].split("."), heading[1] == "[[", counts)
            found[table] = (file, number)
        elif key:
            found.setdefault((*table, key[1]), (file, number))
        if (line.count('"""') + line.count("'''")) % 2:
            in_long_text = not in_long_text
    return found


def _enter(names: list[str], repeated: bool, counts: dict[Path, int]) -> Path:
    path: Path = ()
    for position, name in enumerate(names):
        path = (*path, name)
        if position == len(names) - 1 and repeated:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


class Reader:
    """Takes typed values out of one table of a head, and notes what is missing, wrong or unknown."""

    def __init__(
        self,
        values: dict[str, Any],
        places: Places,
        problems: list[Problem],
        fill: Callable[[str, tuple[str, int]], str],
    ):
        self.places = places
        self._values = values
        self._problems = problems
        self._fill = fill
        self._taken: set[str] = set()

    def text(self, key: str, default: str = _REQUIRED) -> str:
        value = self._take(key, str, _TEXT, default, "")
        if default is _REQUIRED and key in self._values and isinstance(value, str) and not value.strip():
            self._note(_('"%(key)s" is empty: write its text.', key=key), key)
        return self._filled(value, key)

    def whole(self, key: str, default: int | None = _REQUIRED) -> int:
        return self._take(key, int, _WHOLE, default, 0)

    def number(self, key: str, default: float | None = _REQUIRED) -> float:
        return self._take(key, (int, float), _NUMBER, default, 0)

    def flag(self, key: str, default: bool = _REQUIRED) -> bool:
        return self._take(key, bool, _FLAG, default, False)

    def day(self, key: str) -> date | None:
        return self._take(key, date, _DATE, _REQUIRED, None)

    def texts(self, key: str, default: Sequence[str] = _REQUIRED) -> tuple[str, ...]:
        values = self._take(key, list, _LIST, default, [])
        if not all(isinstance(value, str) and value.strip() for value in values):
            self._note(_('Every entry of "%(key)s" must be a text that is not empty.', key=key), key)
        return tuple(self._filled(value, key) for value in values if isinstance(value, str))

    def table(self, key: str) -> "Reader | None":
        values = self._take(key, dict, _ONE_TABLE, None, None)
        return None if values is None else Reader(values, self.places.within(key), self._problems, self._fill)

    def tables(self, key: str) -> "list[Reader]":
        rows = self._take(key, list, _TABLES, [], [])
        if not all(isinstance(row, dict) for row in rows):
            self._note(str(_TABLES) % {"key": key}, key)
        return [
            Reader(row, self.places.within(key, position), self._problems, self._fill)
            for position, row in enumerate(rows)
            if isinstance(row, dict)
        ]

    @property
    def keys(self) -> list[str]:
        """The names in this table, in the order of their writing, where any name may stand."""
        return list(self._values)

    def done(self) -> None:
        """Everything known has been taken: what is left is a slip of the pen."""
        for key in self._values.keys() - self._taken:
            known = ", ".join(sorted(self._taken))
            self._note(
                _(
                    '"%(key)s" is no key of this head: take it out or correct it. Known: %(known)s.',
                    key=key,
                    known=known,
                ),
                key,
            )

    def _take(self, key: str, kind: type | tuple, wanted: Any, default: Any, instead: Any) -> Any:
        self._taken.add(key)
        if key not in self._values:
            if default is _REQUIRED:
                self._note(_('"%(key)s" is missing: add it to the head.', key=key))
                return instead
            return default
        value = self._values[key]
        # To Python, true is a whole number too; to an author it is not.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self._note(str(wanted) % {"key": key}, key)
            return instead if default is _REQUIRED else default
        return value

    def _filled(self, text: str, key: str) -> str:
        # Where it stands matters only to a text that names a fact.
        return (self._fill(text, self.places.of(key)) if "fact" in text else text).strip()

    def _note(self, message: str, *path: str) -> None:
        self._problems.append(self.places.problem(message, *path))
