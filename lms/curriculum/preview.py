"""A course as its readers will see it, beside what is wrong with it, while it is being written.

For authors, on their own machine: no database, nobody signs in, and only this machine can open it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    send_file,
    url_for,
)
from flask_babel import Babel
from markupsafe import Markup

from lms.curriculum import checks, printing, report, source, tool_words
from lms.curriculum.facts import fill
from lms.curriculum.heads import Problem
from lms.curriculum.pictures import EXTENSIONS
from lms.curriculum.questions import shown_number
from lms.curriculum.shapes import (
    BriefSource,
    CourseSource,
    ItemSource,
    LessonSource,
    QuizSource,
    TestSource,
    ToolSource,
    questions_of,
)
from lms.foundation.i18n import compile_catalogues
from lms.web import assets, guard, security, templating
from lms.web.guard import public

HOST = "127.0.0.1"
DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

bp = Blueprint("preview", __name__)
bp.add_app_template_filter(shown_number, "with_unit")


@dataclass(frozen=True)
class Reading:
    """The courses as they stand at one moment, and everything that is wrong with them."""

    courses: dict[str, CourseSource]
    problems: list[Problem]


class Manuscript:
    """The courses in a folder, read again as soon as one of their files changed."""

    def __init__(self, path: Path):
        self.path = path
        self._read: tuple[str, Reading] | None = None

    def stamp(self) -> str:
        """A digest of which files there are, how long they are and when they changed."""
        single = (self.path / "course.toml").is_file()
        around = [self.path.parent / "core", self.path.parent / "facts.toml"] if single else []
        seen = hashlib.sha256()
        for file in sorted(file for root in (self.path, *around) for file in (root, *root.rglob("*"))):
            if file.is_file():
                about = file.stat()
                seen.update(f"{file}:{about.st_size}:{about.st_mtime_ns}\n".encode())
        return seen.hexdigest()[:16]

    def reading(self) -> Reading:
        stamp = self.stamp()
        if self._read is None or self._read[0] != stamp:
            courses = source.read_below(self.path)
            problems = sorted({*checks.problems(courses), *printing.not_shown(courses)})
            named = {Path(course.places.file).parent.name: course for course in courses}
            self._read = stamp, Reading(named, problems)
        return self._read[1]


def make_app(path: Path, *, build: Path, site_name: str) -> Flask:
    """The preview of the course in `path`, or of all courses below it; `build` takes what is compiled."""
    app = Flask("lms", static_folder=None)
    app.config.update(
        SITE_NAME=site_name,
        BUILD_DIR=build,
        BABEL_DEFAULT_LOCALE="es_MX",
        BABEL_TRANSLATION_DIRECTORIES=str(compile_catalogues(build)),
        # A page of another site that resolves its own name to this machine must not read the courses.
        TRUSTED_HOSTS=[HOST, "localhost"],
    )
    Babel(app)
    templating.init_app(app, ["curriculum"])
    assets.init_app(app)
    app.extensions["manuscript"] = Manuscript(path)
    app.register_blueprint(bp)
    guard.check_every_route(app)
    return app


@bp.after_app_request
def _harden(response: Response) -> Response:
    for name, value in security.HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.app_errorhandler(404)
def _missing(_error: Exception):
    """A text that cannot be read is no page: say why, and come back as soon as it is mended."""
    return _page("missing", problems=_manuscript().reading().problems), 404


@bp.get("/")
@public
def index():
    reading = _manuscript().reading()
    if len(reading.courses) == 1:
        return redirect(url_for("preview.course", name=next(iter(reading.courses))))
    counts = {name: len(_problems_of(reading, found)) for name, found in reading.courses.items()}
    return _page("index", reading=reading, counts=counts)


@bp.get("/<name>/")
@public
def course(name: str):
    reading = _manuscript().reading()
    found = reading.courses.get(name) or abort(404)
    problems = _problems_of(reading, found)
    wrong = {item.slug: len(_problems_in(problems, item)) for item in (*found.items, *found.tests)}
    return _page("course", name=name, course=found, problems=problems, wrong=wrong)


@bp.get("/<name>/<path:slug>")
@public
def item(name: str, slug: str):
    reading = _manuscript().reading()
    found = reading.courses.get(name) or abort(404)
    everything: list[Any] = [*found.items, *found.tests]
    shown = next((row for row in everything if row.slug == slug), None) or abort(404)
    place = everything.index(shown)
    return _page(
        "item",
        name=name,
        course=found,
        item=shown,
        kind=_KINDS[type(shown)],
        week=next((row.number for row in found.week_rows if shown in row.items), None),
        body=_body(shown, found, name),
        questions=[printing.asked(row, found.figures) for row in questions_of(shown)],
        tools=[_tool(row) for row in getattr(shown, "tools", ())],
        objectives={row.key: row.text for row in found.objectives},
        facts=[fact for fact in found.facts if fact.key in shown.body.facts],
        problems=_problems_in(reading.problems, shown),
        kilobytes=ceil(report.weight(shown, found) / 1024),
        notes=report.notes(shown),
        ease=round(report.ease_of(shown)),
        words=report.words_of(shown),
        previous=everything[place - 1] if place else None,
        following=everything[place + 1] if place + 1 < len(everything) else None,
    )


@bp.get("/curriculum/figures/<sha256>.<extension>")
@public
def figure(sha256: str, extension: str):
    figures = (row for found in _manuscript().reading().courses.values() for row in found.figures)
    shown = next((row for row in figures if row.sha256 == sha256), None)
    if shown is None or EXTENSIONS[shown.media_type] != extension:
        abort(404)
    return Response(
        shown.content, mimetype=shown.media_type, headers={"Content-Security-Policy": DRAWING_POLICY}
    )


@bp.get("/stamp")
@public
def stamp():
    return Response(_manuscript().stamp(), mimetype="text/plain")


@bp.get("/preview.js")
@public
def script():
    return send_file(Path(__file__).with_name("preview.js"), mimetype="text/javascript")


_KINDS: dict[type, str] = {
    LessonSource: "lesson",
    QuizSource: "quiz",
    BriefSource: "brief",
    TestSource: "test",
}


def _manuscript() -> Manuscript:
    return current_app.extensions["manuscript"]


def _page(template: str, **values: Any) -> str:
    return render_template(f"curriculum/preview_{template}.html", stamp=_manuscript().stamp(), **values)


def _problems_of(reading: Reading, course: CourseSource) -> list[Problem]:
    """What is wrong in the course's own folder, and in the shared files that it takes."""
    folder = Path(course.places.file).parent
    taken = {item.body.file for item in course.items} | {item.places.file for item in course.items}
    return [
        problem
        for problem in reading.problems
        if problem in course.problems or problem.file in taken or folder in Path(problem.file).parents
    ]


def _problems_in(problems: Iterable[Problem], item: ItemSource | TestSource) -> list[Problem]:
    files = {item.body.file, item.places.file, item.places.own[0]}
    return [problem for problem in problems if problem.file in files]


def _body(item: ItemSource | TestSource, course: CourseSource, name: str) -> Markup:
    words = printing.words_for(item, course)
    return fill(printing.Printer(f"/{name}/").print(item.body, course.figures, words), {})


def _tool(row: ToolSource) -> tuple[str, list[tuple[str, str]]]:
    """A calculator by its name, and the numbers of its example in words."""
    name = tool_words.TOOLS[row.tool].name if row.tool in tool_words.TOOLS else row.tool
    return name, [_number(row.tool, key, value) for key, value in (*row.example, *row.result)]


def _number(tool: str, key: str, value: float) -> tuple[str, str]:
    try:
        return tool_words.LABELS[key], tool_words.shown(tool, key, value)
    except KeyError:  # no such calculator, or none of its numbers: the problems say so
        return key, str(value)
