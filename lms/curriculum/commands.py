"""What authors do at the command line: check the course texts, and publish them."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path

import click
from flask.cli import AppGroup

from lms.curriculum import checks, publishing, source
from lms.curriculum.shapes import BriefSource, CourseSource, LessonSource, QuizSource
from lms.foundation.clock import today
from lms.foundation.db import transaction

COURSES = "courses"

_WORD = re.compile(r"\w+")


curriculum = AppGroup("curriculum", help="The course texts.")
GROUPS = (curriculum,)


@curriculum.command("check", with_appcontext=False)
@click.argument("path", default=COURSES, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--report", "with_report", is_flag=True, help="Count and weigh the courses, and how they read.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
def check(path: Path, with_report: bool, as_json: bool) -> None:
    """List everything that is wrong with the courses below PATH, or with the one course in PATH.

    With --report, also say how much there is and how it reads; it fails when a limit is not reached.
    """
    courses = _read(path)
    if as_json or with_report:
        _report(courses, as_json)
    problems = checks.problems(courses)
    for problem in problems:
        click.echo(str(problem))
    for course in courses:
        click.echo(_summary(course))
        for note in _facts_to_review(course):
            click.echo(note)
    if problems:
        click.echo(f"Problems: {len(problems)}")
        sys.exit(1)
    if not courses:
        click.echo(f"There is no course below {path}: a course is a folder with a course.toml.")
        sys.exit(1)


def _report(courses: list[CourseSource], as_json: bool) -> None:
    from lms.curriculum import report

    problems = checks.problems(courses)
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
    names = [part.name for part in fields(found[0]) if part.name not in _LISTED] if found else []
    for name in names:
        cells = (str(getattr(row, name)) for row in found)
        yield f"{name.replace('_', ' '):<18}" + "".join(f"{cell:>34}" for cell in cells)
    for row in found:
        yield f"{row.slug}: longest sentence {row.longest}"
        for note in (*row.forbidden, *row.incomplete):
            yield f"{row.slug}: {note}"
        if row.due:
            yield f"{row.slug}: read these sources again: {', '.join(row.due)}"
    for name, rows in shared.items():
        yield f"{name.replace('_', ' ')}: {len(rows)}"
        yield from (f"  {row}" for row in rows)
    for slug, words in missed.items():
        yield f"NOT REACHED in {slug}: {'; '.join(words)}"
    yield "Own text: what only this course's learners read, in its own files or in inserts for its sector."


_LISTED = {"longest", "forbidden", "incomplete", "due"}


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
    with transaction():
        return [_published(result) for result in publishing.publish(_read(path))]


def _read(path: Path) -> list[CourseSource]:
    if (path / "course.toml").is_file():
        return [source.read(path, path.parent / "core", path.parent / "facts.toml")]
    return source.read_all(path)


def _published(result: publishing.PublishResult) -> str:
    version = result.version
    outcome = "published" if result.is_new else "unchanged"
    return f"{version.course.slug}: version {version.number} {outcome}"


def _summary(course: CourseSource) -> str:
    lessons = [item for item in course.items if isinstance(item, LessonSource)]
    quizzes = [item for item in course.items if isinstance(item, QuizSource)]
    briefs = [item for item in course.items if isinstance(item, BriefSource)]
    counts = {
        "lessons": len(lessons),
        "quizzes": len(quizzes),
        "questions": sum(len(quiz.questions) for quiz in quizzes),
        "briefs": len(briefs),
        "words": sum(len(_WORD.findall(item.body.text)) for item in course.items),
        "minutes": sum(lesson.minutes for lesson in lessons) + sum(brief.minutes for brief in briefs),
    }
    return f"{course.slug}: " + ", ".join(f"{number} {name}" for name, number in counts.items())


def _facts_to_review(course: CourseSource) -> list[str]:
    """A date that has passed stops nobody from publishing, but somebody should read the source again."""
    return [
        f"{course.slug}: review the fact {fact.key} = {fact.value} ({fact.source})"
        for fact in course.facts
        if fact.review and fact.review <= today()
    ]
