"""Everything that is wrong with one lesson, quiz, brief or question."""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, TypeAlias

from lms.curriculum.bodies import Body
from lms.curriculum.calculators import CALCULATORS
from lms.curriculum.heads import Places, Problem
from lms.curriculum.question_checks import question_problems
from lms.curriculum.shapes import (
    BriefSource,
    CourseSource,
    FigureSource,
    ItemSource,
    LessonSource,
    QuizSource,
    ToolSource,
    questions_of,
)
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

LARGEST_LESSON = 40 * 1024
LONGEST_LESSON = 10
LONGEST_BRIEF = 180
MOST_ASKED = 8
SLOT_KINDS = ("photo", "file", "audio", "sheet")

Found: TypeAlias = Iterator[Problem]

# Lines without any of these are plain text, as most are.
_SIGNS = re.compile(r"[<#\[]|item:")
_CODE = re.compile(r"`[^`]*`")
_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^>]*)?/?>|<!--|<![A-Za-z\[]|<\?")
_HEADING = re.compile(r"(#{1,6})[ \t]+\S")
_ITEM_LINK = re.compile(r"item:([^\s)>\"\]]*)")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(\s*<?([^)\s>]*)")
_LINK_START = re.compile(r"(?:https?://|mailto:|tel:|item:)")
_BULLETS = frozenset("-*+0123456789")
_LIST = re.compile(r"(?:[-*+]|\d+\.)[ \t]")


def same_twice(named: Iterable[tuple[str, Places, str]]) -> Found:
    """Names that stand twice among things that are told apart by them: name, places and key of each."""
    seen: set[str] = set()
    for name, places, key in named:
        if name and name in seen:
            yield places.problem(
                _('The name "%(name)s" is taken: give this one a name of its own.', name=name), key
            )
        seen.add(name)


def item_problems(item: ItemSource, course: CourseSource) -> Found:
    """What is wrong with one lesson, quiz or brief, its head and its body."""
    yield from _BY_KIND[type(item)](item)
    for question in questions_of(item):
        yield from question_problems(question, course.figures)
    yield from _pictures(item.body, course.figures)
    slugs = {other.slug for other in course.items}
    for number, line in item.body.lines:
        if _SIGNS.search(line):
            plain = _CODE.sub("", line)
            yield from (item.body.problem(number, message) for message in _line_problems(plain, slugs))
    yield from _lists(item.body)
    if isinstance(item, LessonSource):
        yield from _size(item, course.figures)


def _lesson(lesson: LessonSource) -> Found:
    if not 1 <= lesson.minutes <= LONGEST_LESSON:
        message = _("A lesson takes 1 to %(most)s minutes: shorten it or make it two.", most=LONGEST_LESSON)
        yield lesson.places.problem(message, "minutes")
    if not 3 <= len(lesson.checklist) <= 6:
        yield lesson.places.problem(_("Give the checklist 3 to 6 things that one can tick."), "checklist")
    if not (lesson.check or lesson.optional):
        yield lesson.places.problem(_("The lesson has no question at its end: write a [check]."))
    for tool in lesson.tools:
        yield from _tool(tool)
    if not lesson.body.text:
        yield lesson.places.problem(_("The lesson has no text: write it below the head."))


def _tool(tool: ToolSource) -> Found:
    """The worked example of a lesson has to come to what the calculator says."""
    calculator = CALCULATORS.get(tool.tool)
    if calculator is None:
        known = ", ".join(CALCULATORS)
        yield tool.places.problem(
            _('There is no calculator "%(tool)s". Use one of: %(known)s.', tool=tool.tool, known=known),
            "tool",
        )
        return
    try:
        found = calculator.compute({name: Decimal(str(number)) for name, number in tool.example})
    except Refused as refusal:
        yield tool.places.problem(
            _("The calculator refuses the example: %(refusal)s", refusal=refusal), "example"
        )
        return
    for name, number in tool.result:
        if found.get(name) != Decimal(str(number)):
            message = _(
                "The calculator gives %(name)s = %(value)s, the lesson %(number)s.",
                name=name,
                value=found.get(name, "–"),
                number=number,
            )
            yield tool.places.problem(message, "result")


def _quiz(quiz: QuizSource) -> Found:
    if not 1 <= quiz.pass_percent <= 100:
        yield quiz.places.problem(_("pass_percent goes from 1 to 100."), "pass_percent")
    if not quiz.questions:
        yield quiz.places.problem(_("A quiz needs questions: add [[questions]] to the head."))
    elif not 1 <= quiz.ask <= MOST_ASKED:
        yield quiz.places.problem(_("One try asks 1 to %(most)s questions.", most=MOST_ASKED), "ask")
    elif len(quiz.questions) < 2 * quiz.ask:
        message = _(
            "A second try asks other questions: for ask = %(ask)s write at least %(number)s.",
            ask=quiz.ask,
            number=2 * quiz.ask,
        )
        yield quiz.places.problem(message, "ask")


def _brief(brief: BriefSource) -> Found:
    if not 1 <= brief.minutes <= LONGEST_BRIEF:
        yield brief.places.problem(_("A task takes 1 to %(most)s minutes.", most=LONGEST_BRIEF), "minutes")
    if not (brief.slots or brief.text_label or brief.link_label):
        yield brief.places.problem(
            _("The task asks for nothing: add [[slots]], a text_label or a link_label.")
        )
    if len(brief.slots) > 6:
        yield brief.slots[6].places.problem(_("A task has at most 6 slots: take some out."))
    yield from same_twice((slot.key, slot.places, "key") for slot in brief.slots)
    for slot in brief.slots:
        if slot.kind not in SLOT_KINDS:
            yield slot.places.problem(
                _("A slot is one of these kinds: %(names)s.", names=", ".join(SLOT_KINDS)), "kind"
            )
    if not 3 <= len(brief.rubric) <= 4:
        yield brief.places.problem(_("Give the rubric 3 or 4 criteria: [[rubric]]."), "rubric")
    for row in brief.rubric:
        if len(row.levels) != 4:
            message = _(
                "A criterion has exactly 4 levels, from poor to good; here are %(count)s.",
                count=len(row.levels),
            )
            yield row.places.problem(message, "levels")
    if not brief.body.text:
        yield brief.places.problem(_("The task has no instructions: write them below the head."))


_BY_KIND: dict[type, Callable[[Any], Found]] = {LessonSource: _lesson, QuizSource: _quiz, BriefSource: _brief}


def _pictures(body: Body, figures: tuple[FigureSource, ...]) -> Found:
    known = {figure.name for figure in figures}
    for number, alternative, name in body.pictures:
        if not alternative:
            yield body.problem(
                number, _("Say in words what %(name)s shows: ![a description](%(name)s).", name=name)
            )
        if name not in known:
            message = _(
                "There is no picture %(name)s: put it into figures/ beside the course or the core.", name=name
            )
            yield body.problem(number, message)


def _line_problems(line: str, slugs: set[str]) -> Iterator[str]:
    if _HTML.search(line):
        yield _("This is HTML: write it as Markdown or with a ::: block; tags would be shown as text.")
    heading = _HEADING.match(line)
    if heading and len(heading[1]) not in (2, 3):
        yield _("Use headings of two or three # only; the title of the page comes from the head.")
    for slug in _ITEM_LINK.findall(line):
        if slug.rstrip(".,;") not in slugs:
            yield _('There is no item "%(slug)s" in this course: correct the link.', slug=slug)
    for address in _LINK.findall(line):
        if not _LINK_START.match(address):
            yield _(
                'Link to "item:week-01/name" or to a whole https address, not to "%(address)s".',
                address=address,
            )


def _lists(body: Body) -> Found:
    """Markdown shows a list that follows text at once as more of that text."""
    first = ""
    for number, line in body.lines:
        if first and line[:1] in _BULLETS and _LIST.match(line) and not _LIST.match(first):
            yield body.problem(
                number, _("Leave an empty line before a list, or it is shown as one paragraph.")
            )
        ends = not line.strip() or line.startswith(":::") or (line[0] == "#" and _HEADING.match(line))
        first = "" if ends else first or line


def _size(lesson: LessonSource, figures: tuple[FigureSource, ...]) -> Found:
    shown = {name for _number, _words, name in lesson.body.pictures}
    shown |= {name for question in questions_of(lesson) for name in question.pictures}
    pictures = sum(len(figure.content) for figure in figures if figure.name in shown)
    size = len(lesson.body.text.encode()) + pictures
    if size > LARGEST_LESSON:
        message = _(
            "The lesson weighs %(number)s KB with its pictures: make it at most 40.", number=size // 1024
        )
        yield lesson.places.problem(message)
