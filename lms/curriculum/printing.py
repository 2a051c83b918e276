"""The bodies of course texts as HTML, with the addresses of links and pictures put in."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from lms.curriculum.bodies import Body
from lms.curriculum.heads import Problem
from lms.curriculum.pictures import EXTENSIONS
from lms.curriculum.questions import CHOICES, Asked
from lms.curriculum.shapes import (
    CourseSource,
    FigureSource,
    ItemSource,
    LessonSource,
    OptionSource,
    QuestionSource,
    TestSource,
    WordSource,
)
from lms.foundation.glossary import Word, first_uses
from lms.foundation.i18n import gettext as _
from lms.foundation.markdown import LessonRenderer

# Part of the lessons, and therefore in the language of the courses, whatever language a page is shown in.
BLOCK_TITLES = {
    "yes": "Así sí",
    "no": "Así no",
    "example": "Ejemplo",
    "more": "Si quieres saber más",
    "words": "Palabras de esta lección",
    "back": "Volver al texto",
}

ITEM_ADDRESS = "/learning/items/"
FIGURE_ADDRESS = "/curriculum/figures/"

_SVG_TAG = re.compile(r"<svg\b[^>]*>")
_SVG_SIZE = re.compile(r'\s(width|height)="(\d+)(?:\.\d+)?(?:px)?"')
_SVG_BOX = re.compile(r'\sviewBox="[-\d.]+[ ,]+[-\d.]+[ ,]+(\d+)(?:\.\d+)?[ ,]+(\d+)(?:\.\d+)?"')


class Printer:
    """Renders one body after the other: a text that several courses share is rendered once.

    `item_address` begins the address of a linked item. Published versions keep the default, behind which
    learning finds the page for whoever follows the link. `problems` are the bodies that did not come out as
    they were written.
    """

    def __init__(self, item_address: str = ITEM_ADDRESS) -> None:
        self._renderer = LessonRenderer(BLOCK_TITLES, _linked_to(item_address))
        self._printed: dict[tuple[str, tuple[str, ...], tuple[Word, ...]], str] = {}
        self.problems: list[Problem] = []

    def print(self, body: Body, figures: Iterable[FigureSource], words: Iterable[WordSource] = ()) -> str:
        """Safe HTML that explains these words; its parameters are still open (see `facts.fill`)."""
        shown = {name for _number, _alternative, name in body.pictures}
        pictures = {figure.name: _picture(figure) for figure in figures if figure.name in shown}
        used = tuple(word for word, _start, _end in first_uses(body.text, [one.word for one in words]))
        key = body.text, tuple(sorted(picture["src"] for picture in pictures.values())), used
        if key not in self._printed:
            self._printed[key] = str(self._renderer.render(body.text, pictures, used))
            self._note_dropped(body)
        return self._printed[key]

    def _note_dropped(self, body: Body) -> None:
        if self._renderer.dropped:
            names = ", ".join(f"<{name}>" for name in self._renderer.dropped)
            message = _(
                "No page shows %(names)s: write this text with what courses/README.md names.",
                names=names,
            )
            self.problems.append(body.problem(body.numbers[0], message))


def asked(question: QuestionSource, figures: Iterable[FigureSource]) -> Asked:
    """A question as it is published, with only what its kind uses."""
    pictures = {figure.name: _picture(figure) for figure in figures if figure.name in question.pictures}
    options = [_option(question.kind, option, pictures) for option in question.options]
    return Asked(question.kind, question.prompt, options, _terms(question))


def _option(kind: str, option: OptionSource, pictures: dict[str, dict[str, str]]) -> dict[str, Any]:
    if kind == "match":
        return {"text": option.text, "partner": option.partner}
    if kind not in CHOICES:
        return {"text": option.text}
    verdict = {"right": option.right, "reason": option.reason}
    if kind == "photo":
        # In the preview a picture may still be missing: the problems say so.
        return {"picture": pictures.get(option.picture, {"src": ""}), "alt": option.alt, **verdict}
    return {"text": option.text, **verdict}


def _terms(question: QuestionSource) -> dict[str, Any]:
    if question.kind in CHOICES:
        return {}
    terms: dict[str, Any] = {"if_right": question.if_right, "if_wrong": question.if_wrong}
    if question.kind in ("number", "text"):
        key = "value" if question.kind == "number" else "text"
        terms["mistakes"] = [{key: row.answer, "reason": row.reason} for row in question.mistakes]
    if question.kind == "number":
        terms |= {"value": question.value, "tolerance": question.tolerance, "unit": question.unit}
    return terms


def words_for(item: ItemSource | TestSource, course: CourseSource) -> tuple[WordSource, ...]:
    """The words that a text explains: those of a lesson. Who is tested or works has read them there."""
    return course.words if isinstance(item, LessonSource) else ()


def not_shown(courses: Iterable[CourseSource]) -> list[Problem]:
    """Texts of which a page would show less than the author wrote."""
    printer = Printer()
    for course in courses:
        for item in (*course.items, *course.tests):
            printer.print(item.body, course.figures, words_for(item, course))
    return printer.problems


def _linked_to(item_address: str) -> Callable[[str], str]:
    def address(written: str) -> str:
        return item_address + written.removeprefix("item:") if written.startswith("item:") else written

    return address


def _picture(figure: FigureSource) -> dict[str, str]:
    """The attributes of an <img>; with its size, so that the text does not jump when the picture arrives."""
    attributes = {"src": f"{FIGURE_ADDRESS}{figure.sha256}.{EXTENSIONS[figure.media_type]}"}
    if figure.media_type != "image/svg+xml":
        return attributes
    tag = _SVG_TAG.search(figure.content.decode("utf-8", "replace"))
    if tag is None:
        return attributes
    size = dict(_SVG_SIZE.findall(tag[0]))
    box = _SVG_BOX.search(tag[0])
    if box and len(size) < 2:
        size = {"width": box[1], "height": box[2]}
    return attributes | (size if len(size) == 2 else {})
