"""Publishing: a course as it was read becomes a version that never changes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any, TypeAlias

from sqlalchemy import insert, select

from lms import events
from lms.curriculum import checks
from lms.curriculum.bodies import Body, FactSource
from lms.curriculum.heads import Problem
from lms.curriculum.models import (
    Brief,
    Course,
    CourseFact,
    CourseVersion,
    CourseWord,
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
from lms.curriculum.printing import Printer, asked
from lms.curriculum.searching import index_what_is_missing
from lms.curriculum.services import current_version
from lms.curriculum.shapes import (
    BriefSource,
    CourseSource,
    FigureSource,
    LessonSource,
    MilestoneSource,
    QuizSource,
    TestSource,
    WeekSource,
    WordSource,
    content_hash,
)
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.jobs import enqueue

Rows: TypeAlias = list[dict[str, Any]]


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
    printer = Printer()
    results = [_publish_one(course, printer, by) for course in courses]
    if printer.problems:  # whoever publishes takes back what was written
        raise NotPublishable(printer.problems)
    if any(result.is_new for result in results):
        enqueue(index_what_is_missing)  # a third of the work, and nobody waits for it
    return results


def _publish_one(source: CourseSource, printer: Printer, by: Any) -> PublishResult:
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
    )
    db.session.add(version)
    db.session.flush()
    _Writer(source, printer, version.id).write()
    events.publish(events.CoursePublished(actor_id=by.id if by else None, course_version_id=version.id))
    return PublishResult(version, is_new=True)


class _Writer:
    """Writes all that belongs to one version, table by table: some hundred rows, so not object by object."""

    def __init__(self, source: CourseSource, printer: Printer, version_id: int):
        self._source = source
        self._printer = printer
        self._version = {"version_id": version_id}
        self._weights = {figure.name: len(figure.content) for figure in source.figures}

    def write(self) -> None:
        source = self._source
        self._insert(MilestoneDefinition, [_milestone(row) for row in source.milestones])
        self._insert(Practice, _numbered(source.practices, ("key", "area", "text")))
        self._insert(Objective, _numbered(source.objectives, ("key", "text", "text_en")))
        self._insert(CourseFact, [_fact(fact) for fact in source.facts])
        self._insert(CourseWord, [_taken(row.word, ("key", "term", "explanation")) for row in source.words])
        tests = self._keys(KnowledgeTest, [self._test(test) for test in source.tests])
        _insert(TestQuestion, self._questions(source.tests, "test_id", tests))
        keys = self._keys(Week, [_week(week) for week in source.week_rows])
        weeks = list(zip(keys, source.week_rows, strict=True))
        self._insert(Lesson, [row for key, week in weeks for row in self._lessons(key, week)])
        self._insert(Brief, [self._brief(key, week.brief) for key, week in weeks if week.brief])
        quizzes = [(key, week.quiz) for key, week in weeks if week.quiz]
        quiz_keys = self._keys(Quiz, [self._quiz(key, quiz) for key, quiz in quizzes])
        _insert(Question, self._questions([quiz for _key, quiz in quizzes], "quiz_id", quiz_keys))

    def _insert(self, model: type, rows: Rows) -> None:
        _insert(model, [self._version | row for row in rows])

    def _keys(self, model: type, rows: Rows) -> list[int]:
        """Insert rows that others belong to: the keys of the new ones, in their order."""
        if not rows:
            return []
        keys = insert(model).returning(model.id, sort_by_parameter_order=True)  # type: ignore[attr-defined]
        return list(db.session.scalars(keys, [self._version | row for row in rows]))

    def _print(self, body: Body, words: Iterable[WordSource] = ()) -> str:
        return self._printer.print(body, self._source.figures, words)

    def _lessons(self, week_id: int, week: WeekSource) -> Iterator[dict[str, Any]]:
        for position, lesson in enumerate(week.lessons, 1):
            yield {"week_id": week_id, "position": position, **self._lesson(lesson)}

    def _lesson(self, source: LessonSource) -> dict[str, Any]:
        html = self._print(source.body, self._source.words)
        shown = {name for _number, _alternative, name in source.body.pictures}
        check = source.check
        shown.update(check.pictures if check else ())
        weight = len(html.encode()) + sum(self._weights[name] for name in shown)
        return {
            **_words(source),
            "slug": source.slug,
            "minutes": source.minutes,
            "kilobytes": ceil(weight / 1024),
            "key_idea": source.key_idea,
            "optional": source.optional,
            "source": source.body.text,
            "html": html,
            "checklist": list(source.checklist),
            "check": vars(asked(check, self._source.figures)) if check else None,
            "tools": [{"tool": row.tool, "example": dict(row.example)} for row in source.tools],
            "facts": list(source.body.facts),
        }

    def _quiz(self, week_id: int, source: QuizSource) -> dict[str, Any]:
        return {
            **_words(source),
            "week_id": week_id,
            "slug": source.slug,
            "html": self._print(source.body),
            "pass_percent": source.pass_percent,
            "ask": source.ask,
        }

    def _test(self, source: TestSource) -> dict[str, Any]:
        return {**_words(source), "form": source.form, "html": self._print(source.body)}

    def _questions(self, holders: Iterable[QuizSource | TestSource], key: str, keys: list[int]) -> Rows:
        """The questions of quizzes or tests, each with the key of the row it belongs to."""
        rows: Rows = []
        for holder, its_key in zip(holders, keys, strict=True):
            for position, question in enumerate(holder.questions, 1):
                row: dict[str, Any] = {key: its_key, "position": position}
                row |= vars(asked(question, self._source.figures))
                if isinstance(holder, TestSource):
                    del row["kind"], row["terms"]  # always a single choice
                    row["objective"] = question.objective
                rows.append(row)
        return rows

    def _brief(self, week_id: int, source: BriefSource) -> dict[str, Any]:
        same = ("slug", "minutes", "required", "product", "who", "text_label", "link_label")
        examples = ("good_example", "poor_example", "look_for")
        slot_keys = ("key", "title", "hint", "kind", "required")
        return {
            **_words(source),
            **_taken(source, (*same, *examples)),
            "week_id": week_id,
            "source": source.body.text,
            "html": self._print(source.body),
            "slots": [_taken(slot, slot_keys) for slot in source.slots],
            "rubric": [{"criterion": row.criterion, "levels": list(row.levels)} for row in source.rubric],
            "checklist": list(source.checklist),
            "facts": list(source.body.facts),
        }


def _insert(model: type, rows: Rows) -> None:
    if rows:
        db.session.execute(insert(model), rows)


def _taken(thing: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _words(thing: Any) -> dict[str, str]:
    return _taken(thing, ("title", "title_en", "summary_en"))


def _numbered(things: Iterable[Any], names: Iterable[str]) -> Rows:
    return [{"position": position, **_taken(thing, names)} for position, thing in enumerate(things, 1)]


def _week(source: WeekSource) -> dict[str, Any]:
    return {**_words(source), "number": source.number, "summary": source.summary}


def _milestone(source: MilestoneSource) -> dict[str, Any]:
    same = ("code", "title", "description", "proof", "orders", "months_after")
    return {**_taken(source, same), "week_number": source.week}


def _fact(source: FactSource) -> dict[str, Any]:
    same = ("key", "label", "value", "unit", "source", "mark", "parameter", "hint")
    return {**_taken(source, same), "read_on": source.date, "review_on": source.review}


def _keep_figures(figures: tuple[FigureSource, ...]) -> None:
    digests = {figure.sha256: figure for figure in figures}
    known = set(
        db.session.scalars(select(CurriculumFigure.sha256).where(CurriculumFigure.sha256.in_(digests)))
    )
    for digest in sorted(digests.keys() - known):
        kept = digests[digest]
        db.session.add(CurriculumFigure(sha256=digest, media_type=kept.media_type, content=kept.content))
