"""Everything that is wrong with the courses, all at once, with file, line and what to do about it."""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, TypeAlias

from lms.curriculum.bodies import Body
from lms.curriculum.calculators import CALCULATORS
from lms.curriculum.heads import Places, Problem
from lms.curriculum.shapes import (
    BriefSource,
    CourseSource,
    FigureSource,
    ItemSource,
    LessonSource,
    MilestoneSource,
    QuestionSource,
    QuizSource,
    TestSource,
    ToolSource,
)
from lms.foundation.errors import Refused

LARGEST_LESSON = 40 * 1024
LARGEST_PICTURE = 15 * 1024
LONGEST_LESSON = 10
LONGEST_BRIEF = 180
MOST_WEEKS = 52
MOST_ASKED = 8
TEST_FORMS = ("A", "B")

SECTORS = ("fashion", "footwear", "furniture")
PROOFS = ("baseline", "claim", "first_sale", "orders", "graduation", "followup")
SLOT_KINDS = ("photo", "file")
MARKS = ("S", "C", "K")

Found: TypeAlias = Iterator[Problem]

_CODE = re.compile(r"`[^`]*`")
_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^>]*)?/?>|<!--|<![A-Za-z\[]|<\?")
_HEADING = re.compile(r"(#{1,6})[ \t]+\S")
_ITEM_LINK = re.compile(r"item:([^\s)>\"\]]*)")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(\s*<?([^)\s>]*)")
_LINK_START = re.compile(r"(?:https?://|mailto:|tel:|item:)")
_LIST = re.compile(r"(?:[-*+]|\d+\.)[ \t]")
_SVG_DANGER = re.compile(
    rb"(?i)<\s*(script|foreignObject|iframe)\b|\son\w+\s*=|(?:href|src)\s*=\s*[\"'](?!#)"
)


def problems(courses: list[CourseSource]) -> list[Problem]:
    """Every problem of every course, in the order of files and lines; an empty list may be published."""
    found = set(_same_twice(((course.slug, course.places, "slug") for course in courses), "course"))
    for course in courses:
        found.update(course.problems)
        if not course.slug:  # its course.toml could not be read, or says too little
            continue
        for check in _COURSE_CHECKS:
            found.update(check(course))
        for item in course.items:
            found.update(_item_problems(item, course))
    return sorted(found)


def _same_twice(named: Iterable[tuple[str, Places, str]], what: str) -> Found:
    seen: set[str] = set()
    for name, places, key in named:
        if name and name in seen:
            yield places.problem(f'There is another {what} "{name}": give this one a name of its own.', key)
        seen.add(name)


def _head_of_course(course: CourseSource) -> Found:
    if course.sector and course.sector not in SECTORS:
        yield course.places.problem(f"Use one of these sectors: {', '.join(SECTORS)}.", "sector")
    if not 1 <= course.weeks <= MOST_WEEKS:
        yield course.places.problem(f"A course has 1 to {MOST_WEEKS} weeks.", "weeks")
    if course.hours < 1:
        yield course.places.problem("Say how many hours the course takes: at least 1.", "hours")
    quizzes = {week.quiz.slug for week in course.week_rows if week.quiz}
    if course.final_quiz and course.final_quiz not in quizzes:
        message = f'There is no quiz "{course.final_quiz}": write it or name another.'
        yield course.places.problem(message, "final_quiz")


def _weeks(course: CourseSource) -> Found:
    numbers = [week.number for week in course.week_rows]
    for position, week in enumerate(course.week_rows):
        if not 0 <= week.number <= course.weeks:
            yield week.places.problem(f"Week {week.number} is outside 0 to {course.weeks}.", "number")
        if week.number in numbers[:position]:
            yield week.places.problem(f"Week {week.number} is named twice: keep one.", "number")
    wanted = range(min(course.weeks, MOST_WEEKS) + 1)
    missing = [str(number) for number in wanted if number not in numbers]
    if missing:
        yield course.places.problem(
            f"Name every week: there is no [[week]] for {', '.join(missing)}.", "weeks"
        )


def _milestones(course: CourseSource) -> Found:
    yield from _same_twice(((row.code, row.places, "code") for row in course.milestones), "milestone")
    for row in course.milestones:
        if not 0 <= row.week <= course.weeks:
            yield row.places.problem(f"Week {row.week} is outside 0 to {course.weeks}.", "week")
        if row.proof and row.proof not in PROOFS:
            yield row.places.problem(f"Use one of these proofs: {', '.join(PROOFS)}.", "proof")
        yield from _number_of_proof(row, "orders", row.orders, row.proof == "orders")
        yield from _number_of_proof(row, "months_after", row.months_after, row.proof == "followup")


def _number_of_proof(row: MilestoneSource, key: str, number: int | None, wanted: bool) -> Found:
    if wanted and (number is None or number < 1):
        yield row.places.problem(f'The proof "{row.proof}" needs {key}: a whole number from 1.', key)
    if number is not None and not wanted:
        yield row.places.problem(f'The proof "{row.proof}" has no {key}: take it out.', key)


def _practices(course: CourseSource) -> Found:
    yield from _same_twice(((row.key, row.places, "key") for row in course.practices), "practice")


def _slugs(course: CourseSource) -> Found:
    seen: set[str] = set()
    for item in course.items:
        if item.slug in seen:
            yield Problem(*item.places.own, f'There is another item "{item.slug}": rename one of the files.')
        seen.add(item.slug)


def _objectives_and_tests(course: CourseSource) -> Found:
    """A test comes in two forms, and each of them asks for every objective once."""
    yield from _same_twice(((row.key, row.places, "key") for row in course.objectives), "objective")
    yield from _same_twice(((test.form, test.places, "form") for test in course.tests), "test")
    wanted = [row.key for row in course.objectives]
    for test in course.tests:
        yield from _test(test, wanted)
    forms = {test.form for test in course.tests}
    if forms and forms != set(TEST_FORMS):
        first = course.tests[0].places
        yield first.problem("A test has two forms: write test-a.md with form A and test-b.md with form B.")
    if bool(course.objectives) != bool(course.tests):
        yield course.places.problem("Objectives and tests go together: write both.", "objectives")


def _test(test: TestSource, objectives: list[str]) -> Found:
    if test.form and test.form not in TEST_FORMS:
        yield test.places.problem(f"Use one of these forms: {', '.join(TEST_FORMS)}.", "form")
    asked = [question.objective for question in test.questions]
    for position, question in enumerate(test.questions):
        yield from _question(question)
        if question.objective not in objectives:
            message = f'course.toml names no objective "{question.objective}": correct it, or add it there.'
            yield question.places.problem(message, "objective")
        elif question.objective in asked[:position]:
            message = f'The objective "{question.objective}" is asked for twice in this form: keep one.'
            yield question.places.problem(message, "objective")
    missing = [key for key in objectives if key not in asked]
    if missing:
        yield test.places.problem(f"This form has no question for: {', '.join(missing)}.")


def _facts(course: CourseSource) -> Found:
    for fact in course.facts:
        if fact.mark and fact.mark not in MARKS:
            yield fact.places.problem(f"Use one of these marks: {', '.join(MARKS)}.", "mark")


def _figures(course: CourseSource) -> Found:
    for figure in course.figures:
        if len(figure.content) > LARGEST_PICTURE:
            message = f"This picture weighs {len(figure.content) // 1024} KB: make it at most 15."
            yield Problem(figure.file, 1, message)
        if figure.media_type == "image/svg+xml" and _SVG_DANGER.search(figure.content):
            message = "Take scripts, event handlers, foreign objects and outside links out of this drawing."
            yield Problem(figure.file, 1, message)


_COURSE_CHECKS: tuple[Callable[[CourseSource], Found], ...] = (
    _head_of_course,
    _weeks,
    _milestones,
    _practices,
    _slugs,
    _objectives_and_tests,
    _facts,
    _figures,
)


def _item_problems(item: ItemSource, course: CourseSource) -> Found:
    yield from _BY_KIND[type(item)](item)
    yield from _pictures(item.body, course.figures)
    slugs = {other.slug for other in course.items}
    for number, line in item.body.lines:
        plain = _CODE.sub("", line)
        yield from (item.body.problem(number, message) for message in _line_problems(plain, slugs))
    yield from _lists(item.body)
    if isinstance(item, LessonSource):
        yield from _size(item, course.figures)


def _lesson(lesson: LessonSource) -> Found:
    if not 1 <= lesson.minutes <= LONGEST_LESSON:
        message = f"A lesson takes 1 to {LONGEST_LESSON} minutes: shorten it or make it two."
        yield lesson.places.problem(message, "minutes")
    if not 3 <= len(lesson.checklist) <= 6:
        yield lesson.places.problem("Give the checklist 3 to 6 things that one can tick.", "checklist")
    if lesson.check:
        yield from _question(lesson.check)
    elif not lesson.optional:
        yield lesson.places.problem("The lesson has no question at its end: write a [check].")
    for tool in lesson.tools:
        yield from _tool(tool)
    if not lesson.body.text:
        yield lesson.places.problem("The lesson has no text: write it below the head.")


def _tool(tool: ToolSource) -> Found:
    """The worked example of a lesson has to come to what the calculator says."""
    calculator = CALCULATORS.get(tool.tool)
    if calculator is None:
        known = ", ".join(CALCULATORS)
        yield tool.places.problem(f'There is no calculator "{tool.tool}". Use one of: {known}.', "tool")
        return
    try:
        found = calculator.compute({name: Decimal(str(number)) for name, number in tool.example})
    except Refused as refusal:
        yield tool.places.problem(f"The calculator refuses the example: {refusal}", "example")
        return
    for name, number in tool.result:
        if found.get(name) != Decimal(str(number)):
            message = f"The calculator gives {name} = {found.get(name, 'nothing')}, the lesson {number}."
            yield tool.places.problem(message, "result")


def _quiz(quiz: QuizSource) -> Found:
    if not 1 <= quiz.pass_percent <= 100:
        yield quiz.places.problem("pass_percent goes from 1 to 100.", "pass_percent")
    if not quiz.questions:
        yield quiz.places.problem("A quiz needs questions: add [[questions]] to the head.")
    elif not 1 <= quiz.ask <= MOST_ASKED:
        yield quiz.places.problem(f"One try asks 1 to {MOST_ASKED} questions.", "ask")
    elif len(quiz.questions) < 2 * quiz.ask:
        message = f"A second try asks other questions: for ask = {quiz.ask} write at least {2 * quiz.ask}."
        yield quiz.places.problem(message, "ask")
    for question in quiz.questions:
        yield from _question(question)


def _question(question: QuestionSource) -> Found:
    if len(question.options) < 2:
        yield question.places.problem("A question needs at least 2 options.")
    right = sum(option.right for option in question.options)
    if right != 1:
        yield question.places.problem(f"Exactly one option must have right = true; here {right} have it.")
    texts = [option.text for option in question.options if option.text]
    if len(set(texts)) < len(texts):
        yield question.places.problem("Two options say the same: change one.")


def _brief(brief: BriefSource) -> Found:
    if not 1 <= brief.minutes <= LONGEST_BRIEF:
        yield brief.places.problem(f"A task takes 1 to {LONGEST_BRIEF} minutes.", "minutes")
    if not (brief.slots or brief.text_label or brief.link_label):
        yield brief.places.problem("The task asks for nothing: add [[slots]], a text_label or a link_label.")
    if len(brief.slots) > 6:
        yield brief.slots[6].places.problem("A task has at most 6 slots: take some out.")
    yield from _same_twice(((slot.key, slot.places, "key") for slot in brief.slots), "slot")
    for slot in brief.slots:
        if slot.kind not in SLOT_KINDS:
            yield slot.places.problem(f"A slot is one of these kinds: {', '.join(SLOT_KINDS)}.", "kind")
    if not 3 <= len(brief.rubric) <= 4:
        yield brief.places.problem("Give the rubric 3 or 4 criteria: [[rubric]].", "rubric")
    for row in brief.rubric:
        if len(row.levels) != 4:
            message = f"A criterion has exactly 4 levels, from poor to good; here are {len(row.levels)}."
            yield row.places.problem(message, "levels")
    if not brief.body.text:
        yield brief.places.problem("The task has no instructions: write them below the head.")


_BY_KIND: dict[type, Callable[[Any], Found]] = {LessonSource: _lesson, QuizSource: _quiz, BriefSource: _brief}


def _pictures(body: Body, figures: tuple[FigureSource, ...]) -> Found:
    known = {figure.name for figure in figures}
    for number, alternative, name in body.pictures:
        if not alternative:
            yield body.problem(number, f"Say in words what {name} shows: ![a description]({name}).")
        if name not in known:
            message = f"There is no picture {name}: put it into figures/ beside the course or the core."
            yield body.problem(number, message)


def _line_problems(line: str, slugs: set[str]) -> Iterator[str]:
    if _HTML.search(line):
        yield "This is HTML: write it as Markdown or with a ::: block; tags would be shown as text."
    heading = _HEADING.match(line)
    if heading and len(heading[1]) not in (2, 3):
        yield "Use headings of two or three # only; the title of the page comes from the head."
    for slug in _ITEM_LINK.findall(line):
        if slug.rstrip(".,;") not in slugs:
            yield f'There is no item "{slug}" in this course: correct the link.'
    for address in _LINK.findall(line):
        if not _LINK_START.match(address):
            yield f'Link to "item:week-01/name" or to a whole https address, not to "{address}".'


def _lists(body: Body) -> Found:
    """Markdown shows a list that follows text at once as more of that text."""
    first = ""
    for number, line in body.lines:
        if _LIST.match(line) and first and not _LIST.match(first):
            yield body.problem(number, "Leave an empty line before a list, or it is shown as one paragraph.")
        ends = not line.strip() or line.startswith(":::") or _HEADING.match(line)
        first = "" if ends else first or line


def _size(lesson: LessonSource, figures: tuple[FigureSource, ...]) -> Found:
    shown = {name for _, _, name in lesson.body.pictures}
    pictures = sum(len(figure.content) for figure in figures if figure.name in shown)
    size = len(lesson.body.text.encode()) + pictures
    if size > LARGEST_LESSON:
        message = f"The lesson weighs {size // 1024} KB with its pictures: make it at most 40."
        yield lesson.places.problem(message)
