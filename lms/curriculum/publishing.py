"""Publishing: a course as it was read becomes a version that never changes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import select

from lms import events
from lms.curriculum import checks
from lms.curriculum.bodies import Body, FactSource
from lms.curriculum.heads import Problem
from lms.curriculum.models import (
    Brief,
    Course,
    CourseFact,
    CourseVersion,
    CurriculumFigure,
    KnowledgeTest,
    Lesson,
    MilestoneDefinition,
    Objective,
    Practice,
    Question,
    Quiz,
    TestQuestion,
    Week,
)
from lms.curriculum.services import current_version
from lms.curriculum.shapes import (
    BriefSource,
    CourseSource,
    FigureSource,
    LessonSource,
    QuestionSource,
    QuizSource,
    TestSource,
    WeekSource,
    content_hash,
)
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.markdown import LessonRenderer

# Part of the lessons, and therefore in the language of the courses, whatever language a page is shown in.
BLOCK_TITLES = {"yes": "Así sí", "no": "Así no", "example": "Ejemplo", "more": "Si quieres saber más"}

ITEM_ADDRESS = "/learning/items/"
FIGURE_ADDRESS = "/curriculum/figures/"
EXTENSIONS = {"image/svg+xml": "svg", "image/png": "png", "image/webp": "webp", "image/jpeg": "jpg"}

_SVG_TAG = re.compile(r"<svg\b[^>]*>")
_SVG_SIZE = re.compile(r'\s(width|height)="(\d+)(?:\.\d+)?(?:px)?"')
_SVG_BOX = re.compile(r'\sviewBox="[-\d.]+[ ,]+[-\d.]+[ ,]+(\d+)(?:\.\d+)?[ ,]+(\d+)(?:\.\d+)?"')


class NotPublishable(Refused):
    """The courses have problems; `problems` are for the author, the message for whoever asked."""

    def __init__(self, problems: list[Problem]):
        super().__init__(_("Nothing was published. Problems in the courses: %(count)s.", count=len(problems)))
        self.problems = problems


@dataclass(frozen=True)
class PublishResult:
    version: CourseVersion
    is_new: bool


def publish(courses: list[CourseSource], *, by: Any = None) -> list[PublishResult]:
    """Make a version of each course whose text changed; of all courses, or of none when any has a problem."""
    problems = checks.problems(courses)
    if problems:
        raise NotPublishable(problems)
    printer = _Printer()
    return [_publish_one(course, printer, by) for course in courses]


class _Printer:
    """Renders for one run of publishing: a text that several courses share is rendered once."""

    def __init__(self) -> None:
        self._renderer = LessonRenderer(BLOCK_TITLES, _address)
        self._printed: dict[tuple[str, tuple[str, ...]], str] = {}

    def print(self, body: Body, figures: Iterable[FigureSource]) -> str:
        shown = {name for _number, _alternative, name in body.pictures}
        pictures = {figure.name: _picture(figure) for figure in figures if figure.name in shown}
        key = body.text, tuple(sorted(picture["src"] for picture in pictures.values()))
        if key not in self._printed:
            self._printed[key] = str(self._renderer.render(body.text, pictures))
        return self._printed[key]


def _address(written: str) -> str:
    """Links between items stay valid in every version: learning finds the page of whoever follows them."""
    return ITEM_ADDRESS + written.removeprefix("item:") if written.startswith("item:") else written


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


def _publish_one(source: CourseSource, printer: _Printer, by: Any) -> PublishResult:
    digest = content_hash(source)
    current = current_version(source.slug)
    if current and current.content_hash == digest:
        return PublishResult(current, is_new=False)
    course = current.course if current else Course(slug=source.slug)
    course.sector, course.title = source.sector, source.title
    _keep_figures(source.figures)
    version = CourseVersion(
        course=course,
        number=current.number + 1 if current else 1,
        content_hash=digest,
        title=source.title,
        summary=source.summary,
        hours=source.hours,
        weeks=source.weeks,
        final_quiz_slug=source.final_quiz,
        published_at=now(),
        published_by_id=by.id if by else None,
        milestones=[_milestone(row) for row in source.milestones],
        practices=[
            Practice(position=position, key=row.key, area=row.area, text=row.text)
            for position, row in enumerate(source.practices, 1)
        ],
        objectives=[
            Objective(position=position, key=row.key, text=row.text, text_en=row.text_en)
            for position, row in enumerate(source.objectives, 1)
        ],
        tests=[_test(test, printer.print(test.body, source.figures)) for test in source.tests],
        facts=[_fact(fact) for fact in source.facts],
    )
    db.session.add(version)
    db.session.flush()
    version.week_rows = [_week(week, source, printer, version.id) for week in source.week_rows]
    db.session.flush()
    events.publish(events.CoursePublished(actor_id=by.id if by else None, course_version_id=version.id))
    return PublishResult(version, is_new=True)


def _keep_figures(figures: tuple[FigureSource, ...]) -> None:
    digests = {figure.sha256: figure for figure in figures}
    known = set(
        db.session.scalars(select(CurriculumFigure.sha256).where(CurriculumFigure.sha256.in_(digests)))
    )
    for digest in sorted(digests.keys() - known):
        kept = digests[digest]
        db.session.add(CurriculumFigure(sha256=digest, media_type=kept.media_type, content=kept.content))


def _milestone(row) -> MilestoneDefinition:
    return MilestoneDefinition(
        code=row.code,
        week_number=row.week,
        title=row.title,
        description=row.description,
        proof=row.proof,
        orders=row.orders,
        months_after=row.months_after,
    )


def _test(source: TestSource, html: str) -> KnowledgeTest:
    return KnowledgeTest(
        form=source.form,
        title=source.title,
        title_en=source.title_en,
        summary_en=source.summary_en,
        html=html,
        questions=[
            TestQuestion(
                position=position,
                objective=question.objective,
                prompt=question.prompt,
                options=_options(question),
            )
            for position, question in enumerate(source.questions, 1)
        ],
    )


def _fact(source: FactSource) -> CourseFact:
    return CourseFact(
        key=source.key,
        label=source.label,
        value=source.value,
        unit=source.unit,
        source=source.source,
        read_on=source.date,
        mark=source.mark,
        review_on=source.review,
        parameter=source.parameter,
        hint=source.hint,
    )


def _week(source: WeekSource, course: CourseSource, printer: _Printer, version_id: int) -> Week:
    figures = course.figures
    return Week(
        version_id=version_id,
        number=source.number,
        title=source.title,
        summary=source.summary,
        title_en=source.title_en,
        summary_en=source.summary_en,
        lessons=[
            _lesson(lesson, position, printer.print(lesson.body, figures), figures, version_id)
            for position, lesson in enumerate(source.lessons, 1)
        ],
        quiz=source.quiz and _quiz(source.quiz, printer.print(source.quiz.body, figures), version_id),
        brief=source.brief and _brief(source.brief, printer.print(source.brief.body, figures), version_id),
    )


def _lesson(
    source: LessonSource, position: int, html: str, figures: tuple[FigureSource, ...], version_id: int
) -> Lesson:
    shown = {name for _number, _alternative, name in source.body.pictures}
    weight = len(html.encode()) + sum(len(figure.content) for figure in figures if figure.name in shown)
    return Lesson(
        version_id=version_id,
        position=position,
        slug=source.slug,
        title=source.title,
        title_en=source.title_en,
        summary_en=source.summary_en,
        minutes=source.minutes,
        kilobytes=ceil(weight / 1024),
        key_idea=source.key_idea,
        optional=source.optional,
        source=source.body.text,
        html=html,
        checklist=list(source.checklist),
        check={"prompt": source.check.prompt, "options": _options(source.check)} if source.check else None,
        tools=[{"tool": row.tool, "example": dict(row.example)} for row in source.tools],
        facts=list(source.body.facts),
    )


def _quiz(source: QuizSource, html: str, version_id: int) -> Quiz:
    return Quiz(
        version_id=version_id,
        slug=source.slug,
        title=source.title,
        title_en=source.title_en,
        summary_en=source.summary_en,
        html=html,
        pass_percent=source.pass_percent,
        ask=source.ask,
        questions=[
            Question(position=position, prompt=question.prompt, options=_options(question))
            for position, question in enumerate(source.questions, 1)
        ],
    )


def _options(question: QuestionSource) -> list[dict]:
    return [
        {"text": option.text, "right": option.right, "reason": option.reason} for option in question.options
    ]


def _brief(source: BriefSource, html: str, version_id: int) -> Brief:
    return Brief(
        version_id=version_id,
        slug=source.slug,
        title=source.title,
        title_en=source.title_en,
        summary_en=source.summary_en,
        minutes=source.minutes,
        required=source.required,
        product=source.product,
        who=source.who,
        source=source.body.text,
        html=html,
        text_label=source.text_label,
        link_label=source.link_label,
        slots=[
            {
                "key": slot.key,
                "title": slot.title,
                "hint": slot.hint,
                "kind": slot.kind,
                "required": slot.required,
            }
            for slot in source.slots
        ],
        rubric=[{"criterion": row.criterion, "levels": list(row.levels)} for row in source.rubric],
        checklist=list(source.checklist),
        good_example=source.good_example,
        poor_example=source.poor_example,
        look_for=source.look_for,
        facts=list(source.body.facts),
    )
