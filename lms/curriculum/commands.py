"""What authors do at the command line: check the course texts, and publish them."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from lms.curriculum import checks, printing, publishing, source
from lms.curriculum.heads import Problem
from lms.curriculum.shapes import BriefSource, CourseSource, LessonSource, QuizSource
from lms.foundation import garbage
from lms.foundation.clock import today
from lms.foundation.db import transaction
from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import lazy_gettext as _l

COURSES = "courses"

_WORD = re.compile(r"\w+")


curriculum = AppGroup("curriculum", help="The course texts.")
GROUPS = (curriculum,)


@curriculum.command("check")
@click.argument("path", default=COURSES, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--report", "with_report", is_flag=True, help="Count and weigh the courses, and how they read.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
def check(path: Path, with_report: bool, as_json: bool) -> None:
    """List everything that is wrong with the courses below PATH, or with the one course in PATH.

    With --report, also say how much there is and how it reads; it fails when a limit is not reached.
    """
    courses = source.read_below(path)
    if as_json or with_report:
        _report(courses, as_json)
    problems = _problems(courses)
    for problem in problems:
        click.echo(str(problem))
    for course in courses:
        click.echo(_summary(course))
        for note in _facts_to_review(course):
            click.echo(note)
    if problems:
        click.echo(_("Problems: %(count)s", count=len(problems)))
        sys.exit(1)
    if not courses:
        click.echo(
            _("There is no course below %(path)s: a course is a folder with a course.toml.", path=path)
        )
        sys.exit(1)


def _problems(courses: list[CourseSource]) -> list[Problem]:
    return sorted({*checks.problems(courses), *printing.not_shown(courses)})


def _report(courses: list[CourseSource], as_json: bool) -> None:
    from lms.curriculum import report

    problems = _problems(courses)
    found = [report.report(course, today()) for course in courses]
    shared = {
        "problems": problems,
        "repeated": report.repeated(courses),
        "typed_facts": report.typed_facts(courses),
    }
    missed = {row.slug: row.missed for row in found if row.missed}
    if as_json:
        whole = {"courses": [asdict(row) for row in found], "missed": missed} | {
            key: [asdict(row) for row in rows] for key, rows in shared.items()
        }
        click.echo(json.dumps(whole, ensure_ascii=False, indent=1))
    else:
        for line in _table(found, shared, missed):
            click.echo(line)
    sys.exit(1 if missed or any(shared.values()) else 0)


def _table(found: list, shared: dict[str, list], missed: dict[str, list[str]]) -> Iterator[str]:
    for name in _FIGURES:
        cells = (str(getattr(row, name)) for row in found)
        yield f"{_FIGURES[name]!s:<32}" + "".join(f"{cell:>36}" for cell in cells)
    for row in found:
        yield _("%(course)s: longest sentence in %(place)s", course=row.slug, place=row.longest)
        for note in (*row.forbidden, *row.incomplete):
            yield f"{row.slug}: {note}"
        if row.due:
            yield _(
                "%(course)s: read these sources again: %(facts)s", course=row.slug, facts=", ".join(row.due)
            )
    for name, rows in shared.items():
        yield f"{_SHARED[name]}: {len(rows)}"
        yield from (f"  {row}" for row in rows)
    for slug, words in missed.items():
        yield _("NOT REACHED in %(course)s: %(limits)s", course=slug, limits="; ".join(words))
    yield _("Own text: what only this course's learners read, in its own files or in inserts for its sector.")


_FIGURES = {
    "slug": _l("course"),
    "lessons": _l("lessons"),
    "quizzes": _l("quizzes"),
    "questions": _l("questions in quizzes"),
    "briefs": _l("tasks"),
    "test_questions": _l("questions in the two tests"),
    "words": _l("words"),
    "minutes": _l("minutes"),
    "kilobytes": _l("KB"),
    "own_share": _l("own text, percent"),
    "ease_median": _l("ease of reading, median"),
    "ease_least": _l("ease of reading, least"),
    "hardest": _l("hardest lesson"),
    "sentence_average": _l("words in a sentence, average"),
}
_SHARED = {
    "problems": _l("Problems"),
    "repeated": _l("Paragraphs that stand in two courses"),
    "typed_facts": _l("Figures that were typed"),
}


@curriculum.command("preview")
@click.argument("path", default=COURSES, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--port", default=8100, show_default=True, help="Where on this machine it answers.")
@with_appcontext
def preview(path: Path, port: int) -> None:
    """Show the course in PATH, or all below it, in the browser, beside its problems; Ctrl+C ends it.

    A page shows itself anew when a file changed. Only this machine can open it.
    """
    from waitress import serve

    from lms.curriculum import preview

    config = current_app.config
    app = preview.make_app(path, build=config["BUILD_DIR"], site_name=config["SITE_NAME"])
    address = f"http://{preview.HOST}:{port}"
    click.echo(_("The courses are at %(address)s until you press Ctrl+C.", address=address))
    serve(app, host=preview.HOST, port=port, threads=4, ident="", _quiet=True)


@curriculum.command("publish")
@click.argument("path", default=COURSES, type=click.Path(exists=True, file_okay=False, path_type=Path))
def publish(path: Path) -> None:
    """Publish a new version of every course below PATH whose text changed."""
    try:
        lines = publish_folder(path)
    except publishing.NotPublishable as refusal:
        for problem in refusal.problems:
            click.echo(str(problem))
        raise click.ClickException(str(refusal)) from refusal
    for line in lines:
        click.echo(line)


def publish_folder(path: Path) -> list[str]:
    """Publish what is below `path`, all or nothing; one line for each course says what happened."""
    with garbage.not_searched(), transaction():
        return [_published(result) for result in publishing.publish(source.read_below(path))]


def _published(result: publishing.PublishResult) -> str:
    words = {"course": result.version.course.slug, "number": result.version.number}
    if result.is_new:
        return _("%(course)s: version %(number)s published", **words)
    return _("%(course)s: version %(number)s unchanged", **words)


def _summary(course: CourseSource) -> str:
    lessons = [item for item in course.items if isinstance(item, LessonSource)]
    quizzes = [item for item in course.items if isinstance(item, QuizSource)]
    briefs = [item for item in course.items if isinstance(item, BriefSource)]
    return _(
        "%(course)s: %(lessons)s lessons, %(quizzes)s quizzes, %(questions)s questions, %(briefs)s tasks,"
        " %(words)s words, %(minutes)s minutes",
        course=course.slug,
        lessons=len(lessons),
        quizzes=len(quizzes),
        questions=sum(len(quiz.questions) for quiz in quizzes),
        briefs=len(briefs),
        words=sum(len(_WORD.findall(item.body.text)) for item in course.items),
        minutes=sum(lesson.minutes for lesson in lessons) + sum(brief.minutes for brief in briefs),
    )


def _facts_to_review(course: CourseSource) -> list[str]:
    """A date that has passed stops nobody from publishing, but somebody should read the source again."""
    return [
        _(
            "%(course)s: read the source of %(fact)s = %(value)s again (%(source)s)",
            course=course.slug,
            fact=fact.key,
            value=fact.value,
            source=fact.source,
        )
        for fact in course.facts
        if fact.review and fact.review <= today()
    ]
