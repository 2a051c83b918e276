"""Course folders read into plain, frozen descriptions: no database, no pages, only the format."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms.curriculum import bodies, heads, parts
from lms.curriculum.bodies import Facts, FactSource
from lms.curriculum.heads import Places, Problem, Reader
from lms.curriculum.pictures import MEDIA_TYPES
from lms.curriculum.shapes import (
    BriefSource,
    CourseSource,
    FigureSource,
    ItemSource,
    LessonSource,
    QuizSource,
    TestSource,
    WeekSource,
    WordSource,
    questions_of,
)
from lms.foundation.glossary import first_uses
from lms.foundation.i18n import gettext as _

_HEAD = re.compile(r"\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_ITEM_FILE = re.compile(r"(?:\d\d-)?([a-z0-9]+(?:-[a-z0-9]+)*)\.md")
_PICTURE_FILE = re.compile(r"figures/[a-z0-9-]+\.(?:svg|png|webp|jpg)")
_WEEK_FOLDER = re.compile(r"week-(\d\d)")


def read_all(courses: Path) -> list[CourseSource]:
    """Every course below `courses`; the folder `core` is shared by them and is no course."""
    folders = sorted(path.parent for path in courses.glob("*/course.toml") if path.parent.name != "core")
    shelf = _Shelf(courses / "core", courses / "facts.toml")
    return [_CourseReader(folder, shelf).read() for folder in folders]


def read_below(path: Path) -> list[CourseSource]:
    """The one course in the folder `path`, else every course below it."""
    if (path / "course.toml").is_file():
        return [read(path, path.parent / "core", path.parent / "facts.toml")]
    return read_all(path)


def read(folder: Path, core: Path, facts: Path) -> CourseSource:
    """One course as its folder says it; what could not be read is in its `problems`."""
    return _CourseReader(folder, _Shelf(core, facts)).read()


@dataclass(frozen=True)
class _Document:
    """A file of the course, the core file that it takes already put under it."""

    values: dict[str, Any]
    places: Places
    file: str
    lines: list[bodies.Line]


class _Shelf:
    """What the courses share, each file read once: the texts of the core, and the facts."""

    def __init__(self, core: Path, facts: Path):
        self.core = core
        self.facts, self.problems = _read_facts(facts)
        self.words, wrong = _read_words(core.parent / "glossary.toml")
        self.problems += wrong
        self._texts: dict[Path, tuple[_Document | None, list[Problem]]] = {}

    def text(self, path: Path) -> tuple[_Document | None, list[Problem]]:
        if path not in self._texts:
            self._texts[path] = _split(path)
        return self._texts[path]


class _CourseReader:
    def __init__(self, folder: Path, shelf: _Shelf):
        self._folder = folder
        self._shelf = shelf
        self._problems: list[Problem] = [*shelf.problems]
        self._facts = Facts(shelf.facts, self._problems)
        self._sector = ""

    def read(self) -> CourseSource:
        path = self._folder / "course.toml"
        text, unreadable = _text_of(path)
        values, places, problems = heads.parse(text, path.as_posix(), 1)
        self._problems += unreadable + problems
        if problems:
            return _unreadable(places, tuple(self._problems))
        head = self._reader(values, places)
        self._sector = head.text("sector")
        items = self._items_of_weeks()
        head_values: dict[str, Any] = {
            "slug": head.text("slug"),
            "title": head.text("title"),
            "summary": head.text("summary"),
            "hours": head.whole("hours"),
            "weeks": head.whole("weeks"),
            "final_quiz": head.text("final_quiz"),
            "week_rows": tuple(self._week(row, items) for row in head.tables("week")),
            "milestones": tuple(parts.milestone(row) for row in head.tables("milestones")),
            "practices": tuple(parts.practice(row) for row in head.tables("practices")),
            "objectives": tuple(parts.objective(row) for row in head.tables("objectives")),
            "tests": tuple(self._tests()),
        }
        head.done()
        for number, (_taught, file) in items.items():
            self._problems.append(
                Problem(file, 1, _("course.toml names no [[week]] with number = %(number)s.", number=number))
            )
        taught = [item for week in head_values["week_rows"] for item in week.items]
        shown = [_pictures(item) for item in (*taught, *head_values["tests"])]
        return CourseSource(
            sector=self._sector,
            figures=tuple(self._figures(set().union(*shown))),
            facts=self._facts.used,
            words=tuple(self._words(head_values["week_rows"])),
            glossary=self._shelf.words,
            problems=tuple(sorted(set(self._problems))),
            places=places,
            **head_values,
        )

    def _reader(self, values: dict[str, Any], places: Places) -> Reader:
        return Reader(values, places, self._problems, self._facts.fill)

    def _week(self, row: Reader, items: dict[int, tuple[list[ItemSource], str]]) -> WeekSource:
        number = row.whole("number")
        words = {key: row.text(key) for key in ("title", "summary", "title_en", "summary_en")}
        row.done()
        taught, _file = items.pop(number, ([], ""))
        return WeekSource(
            number=number,
            **words,
            lessons=tuple(item for item in taught if isinstance(item, LessonSource)),
            quiz=self._only(QuizSource, taught),
            brief=self._only(BriefSource, taught),
            places=row.places,
        )

    def _only(self, kind: type, items: list[ItemSource]) -> Any:
        found = [item for item in items if isinstance(item, kind)]
        for item in found[1:]:
            message = _('A week has one of these: "%(slug)s" is it already.', slug=found[0].slug)
            self._problems.append(Problem(*item.places.own, message))
        return found[0] if found else None

    def _items_of_weeks(self) -> dict[int, tuple[list[ItemSource], str]]:
        weeks: dict[int, tuple[list[ItemSource], str]] = {}
        for folder in sorted(
            path for path in self._folder.iterdir() if path.is_dir() and path.name != "figures"
        ):
            name = _WEEK_FOLDER.fullmatch(folder.name)
            if name is None:
                self._problems.append(
                    Problem(folder.as_posix(), 1, _('Name the folder of a week "week-01".'))
                )
                continue
            read = [self._item(path, folder.name) for path in sorted(folder.glob("*.md"))]
            items = [item for item in read if item is not None and not isinstance(item, TestSource)]
            if items:
                weeks[int(name[1])] = items, items[0].places.own[0]
            for item in read:
                if isinstance(item, TestSource):
                    message = _("A test belongs to the whole course: move it beside course.toml.")
                    self._problems.append(Problem(*item.places.own, message))
        return weeks

    def _tests(self) -> Iterator[TestSource]:
        for path in sorted(self._folder.glob("test-*.md")):
            item = self._item(path, "")
            if isinstance(item, TestSource):
                yield item
            elif item is not None:
                self._problems.append(
                    item.places.problem(_('A file of this name has kind = "test".'), "kind")
                )

    def _item(self, path: Path, week: str) -> ItemSource | TestSource | None:
        name = _ITEM_FILE.fullmatch(path.name)
        if name is None:
            message = _("Rename the file: two digits, small letters and hyphens, like 01-fotos-con-luz.md.")
            self._problems.append(Problem(path.as_posix(), 1, message))
            return None
        document = self._document(path)
        if document is None:
            return None
        head = self._reader(document.values, document.places)
        kind = head.text("kind")
        build = parts.KINDS.get(kind)
        if build is None:
            known = ", ".join(parts.KINDS)
            self._problems.append(
                head.places.problem(
                    _('There is no kind "%(kind)s". Use one of: %(known)s.', kind=kind, known=known), "kind"
                )
            )
            return None
        body = bodies.resolve(document.lines, document.file, self._sector, self._facts, self._problems)
        item = build(f"{week}/{name[1]}".lstrip("/"), head, body, self._sector)
        head.done()
        return item

    def _document(self, path: Path) -> _Document | None:
        own, problems = _split(path)
        self._problems += problems
        if own is None or "core" not in own.values:
            return own
        shared_path = self._shelf.core / f"{own.values.pop('core')}.md"
        if not shared_path.is_file():
            message = _("There is no %(file)s: correct the key core.", file=shared_path.as_posix())
            self._problems.append(own.places.problem(message, "core"))
            return None
        shared, problems = self._shelf.text(shared_path)
        self._problems += problems
        if shared is None:
            return None
        if "questions" in own.values and "own_questions" in own.values:
            message = _(
                "Questions that replace the shared ones need no own_questions: put all into questions."
            )
            self._problems.append(own.places.problem(message, "own_questions"))
        values = shared.values | own.values
        places = shared.places.under(own.places, set(own.values))
        text = own if any(line.strip() for _number, line in own.lines) else shared
        return _Document(values, places, text.file, text.lines)

    def _words(self, weeks: Iterable[WeekSource]) -> Iterator[WordSource]:
        """The words of this sector that the lessons use."""
        text = "\n".join(lesson.body.text for week in weeks for lesson in week.lessons)
        of_sector = [word for word in self._shelf.words if word.sector in ("", self._sector)]
        used = {word.key for word, _start, _end in first_uses(text, [one.word for one in of_sector])}
        yield from (one for one in of_sector if one.word.key in used)

    def _figures(self, names: set[str]) -> Iterator[FigureSource]:
        """The pictures of these names: the course's own, else the shared one."""
        folders = self._folder, self._shelf.core
        for name in sorted(name for name in names if _PICTURE_FILE.fullmatch(name)):
            path = next((folder / name for folder in folders if (folder / name).is_file()), None)
            if path:
                content = path.read_bytes()
                digest = hashlib.sha256(content).hexdigest()
                yield FigureSource(name, digest, MEDIA_TYPES[path.suffix], content, path.as_posix())


def _pictures(item: ItemSource | TestSource) -> set[str]:
    """The names of the pictures that a text and its questions show."""
    asked = {name for question in questions_of(item) for name in question.pictures}
    return asked | {name for _number, _words, name in item.body.pictures}


def _unreadable(places: Places, problems: tuple[Problem, ...]) -> CourseSource:
    """A course without a name: nothing more can be said of it before its course.toml is put right."""
    return CourseSource("", "", "", "", 0, 0, "", (), (), (), (), (), (), (), (), (), problems, places)


def _split(path: Path) -> tuple[_Document | None, list[Problem]]:
    """Head and body of one file, or None when it has no head that can be read; and what is wrong with it."""
    text, problems = _text_of(path)
    file = path.as_posix()
    head = _HEAD.match(text)
    if head is None:
        missing = Problem(file, 1, _("Begin the file with a head between two lines of +++."))
        return None, [*problems, missing]
    values, places, problems = heads.parse(head[1], file, 2)
    first = text.count("\n", 0, head.end()) + 1
    lines = list(enumerate(text[head.end() :].split("\n"), first))
    return None if problems else _Document(values, places, file, lines), problems


def _text_of(path: Path) -> tuple[str, list[Problem]]:
    try:
        return path.read_text("utf-8-sig").replace("\r\n", "\n"), []
    except (OSError, UnicodeDecodeError) as fault:
        return "", [
            Problem(path.as_posix(), 1, _("This file cannot be read as UTF-8 text: %(fault)s.", fault=fault))
        ]


def _read_facts(path: Path) -> tuple[dict[str, FactSource], list[Problem]]:
    if not path.is_file():
        return {}, []
    values, places, problems = heads.parse(path.read_text("utf-8-sig"), path.as_posix(), 1)
    head = Reader(values, places, problems, lambda text, place: text)
    rows = {key: row for key in values if (row := head.table(key))}
    return {key: parts.fact(key, row) for key, row in rows.items()}, problems


def _read_words(path: Path) -> tuple[tuple[WordSource, ...], list[Problem]]:
    if not path.is_file():
        return (), []
    values, places, problems = heads.parse(path.read_text("utf-8-sig"), path.as_posix(), 1)
    head = Reader(values, places, problems, lambda text, place: text)
    words = [parts.word(row) for row in head.tables("words")]
    head.done()
    return tuple(word for word in words if word.word.term), problems
