"""Publishing courses as versions that never change, and finding and comparing them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload, undefer

from lms import events
from lms.curriculum import checks, comparison
from lms.curriculum.bodies import Body
from lms.curriculum.comparison import ItemChange
from lms.curriculum.heads import Problem
from lms.curriculum.models import (
    Brief,
    Course,
    CourseVersion,
    CurriculumFigure,
    Lesson,
    MilestoneDefinition,
    Practice,
    Question,
    Quiz,
    Week,
)
from lms.curriculum.shapes import (
    BriefSource,
    CourseSource,
    FigureSource,
    LessonSource,
    QuestionSource,
    QuizSource,
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


def current_version(slug: str) -> CourseVersion | None:
    """The newest version of a course."""
    newest = (
        select(CourseVersion)
        .join(CourseVersion.course)
        .where(Course.slug == slug)
        .order_by(CourseVersion.number.desc())
        .limit(1)
    )
    return db.session.scalar(newest)


def courses() -> list[Course]:
    """Every published course by title, its versions loaded, the newest first."""
    ordered = select(Course).options(selectinload(Course.versions)).order_by(Course.title, Course.id)
    return list(db.session.scalars(ordered))


def versions() -> list[CourseVersion]:
    """Every version: courses by title, the newest version of each first."""
    ordered = (
        select(CourseVersion)
        .join(CourseVersion.course)
        .order_by(Course.title, Course.id, CourseVersion.number.desc())
    )
    return list(db.session.scalars(ordered))


def contents(version: CourseVersion, *, with_texts: bool = False) -> CourseVersion:
    """The same version with its weeks and items loaded in a fixed number of queries."""
    lessons = selectinload(CourseVersion.week_rows).selectinload(Week.lessons)
    quizzes = selectinload(CourseVersion.week_rows).selectinload(Week.quiz).selectinload(Quiz.questions)
    briefs = selectinload(CourseVersion.week_rows).selectinload(Week.brief)
    if with_texts:
        lessons, briefs = lessons.options(undefer(Lesson.source)), briefs.options(undefer(Brief.source))
    options = (lessons, quizzes, briefs)
    whole = select(CourseVersion).where(CourseVersion.id == version.id).options(*options)
    return db.session.scalars(whole.execution_options(populate_existing=True)).one()


def earlier_version(version: CourseVersion) -> CourseVersion | None:
    """The version that this one replaced."""
    earlier = select(CourseVersion).where(
        CourseVersion.course_id == version.course_id, CourseVersion.number < version.number
    )
    return db.session.scalar(earlier.order_by(CourseVersion.number.desc()).limit(1))


def diff(old: CourseVersion, new: CourseVersion) -> list[ItemChange]:
    """What a learner of `new` reads differently than a learner of `old`."""
    before, after = (comparison.texts_of(contents(version, with_texts=True)) for version in (old, new))
    return comparison.compare(before, after)


def milestones_of_version(course_version_id: int) -> list[MilestoneDefinition]:
    """The milestones of a version in the order in which they come due."""
    due = select(MilestoneDefinition).where(MilestoneDefinition.version_id == course_version_id)
    return list(db.session.scalars(due.order_by(MilestoneDefinition.week_number, MilestoneDefinition.code)))


def milestone_titles(course_version_id: int) -> dict[str, str]:
    """The title of each milestone of a version by its code."""
    return {row.code: row.title for row in milestones_of_version(course_version_id)}


def figure(sha256: str) -> CurriculumFigure | None:
    """A published picture by the digest of its content."""
    return db.session.scalar(select(CurriculumFigure).where(CurriculumFigure.sha256 == sha256))


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


def _week(source: WeekSource, course: CourseSource, printer: _Printer, version_id: int) -> Week:
    figures = course.figures
    return Week(
        version_id=version_id,
        number=source.number,
        title=source.title,
        summary=source.summary,
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
        minutes=source.minutes,
        kilobytes=ceil(weight / 1024),
        key_idea=source.key_idea,
        optional=source.optional,
        source=source.body.text,
        html=html,
        checklist=list(source.checklist),
        check={"prompt": source.check.prompt, "options": _options(source.check)} if source.check else None,
    )


def _quiz(source: QuizSource, html: str, version_id: int) -> Quiz:
    return Quiz(
        version_id=version_id,
        slug=source.slug,
        title=source.title,
        html=html,
        pass_percent=source.pass_percent,
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
    )
