"""Pages on which staff read the courses as published, and see what changed between versions."""

from flask import Blueprint, Response, abort, render_template, request

from lms.curriculum import services
from lms.curriculum.models import Brief, CourseVersion, KnowledgeTest, Lesson, Quiz
from lms.curriculum.pictures import EXTENSIONS
from lms.curriculum.questions import shown_number
from lms.permissions import Permission
from lms.web.guard import public, requires

bp = Blueprint("curriculum", __name__, url_prefix="/curriculum")
bp.add_app_template_filter(shown_number, "with_unit")

FOR_EVER = "public, max-age=31536000, immutable"


@bp.get("/")
@requires(Permission.READ_CURRICULUM)
def courses():
    return render_template("curriculum/courses.html", courses=services.courses())


@bp.get("/versions/<int:course_version_id>")
@requires(Permission.READ_CURRICULUM, of=CourseVersion)
def show_version(course_version: CourseVersion):
    version = services.contents(course_version)
    earlier = services.earlier_version(version)
    return render_template("curriculum/show_version.html", version=version, earlier=earlier)


@bp.get("/versions/<int:course_version_id>/changes")
@requires(Permission.READ_CURRICULUM, of=CourseVersion)
def show_changes(course_version: CourseVersion):
    others = [version for version in course_version.course.versions if version is not course_version]
    old = services.earlier_version(course_version)
    if "since" in request.args:
        since = request.args.get("since", type=int)
        old = next((version for version in others if version.id == since), None) or abort(404)
    changes = services.diff(old, course_version) if old else []
    return render_template(
        "curriculum/show_changes.html", version=course_version, old=old, others=others, changes=changes
    )


@bp.get("/lessons/<int:lesson_id>")
@requires(Permission.READ_CURRICULUM, of=Lesson)
def show_lesson(lesson: Lesson):
    return render_template("curriculum/show_lesson.html", lesson=lesson)


@bp.get("/quizzes/<int:quiz_id>")
@requires(Permission.READ_CURRICULUM, of=Quiz)
def show_quiz(quiz: Quiz):
    return render_template("curriculum/show_quiz.html", quiz=quiz)


@bp.get("/briefs/<int:brief_id>")
@requires(Permission.READ_CURRICULUM, of=Brief)
def show_brief(brief: Brief):
    return render_template("curriculum/show_brief.html", brief=brief)


@bp.get("/briefs/<int:brief_id>/sheet")
@requires(Permission.READ_CURRICULUM, of=Brief)
def brief_sheet(brief: Brief):
    return render_template("curriculum/brief_sheet.html", brief=brief)


@bp.get("/tests/<int:knowledge_test_id>")
@requires(Permission.READ_CURRICULUM, of=KnowledgeTest)
def show_test(knowledge_test: KnowledgeTest):
    objectives = {row.key: row.text for row in knowledge_test.version.objectives}
    return render_template("curriculum/show_test.html", test=knowledge_test, objectives=objectives)


@bp.get("/figures/<sha256>.<extension>")
@public
def show_figure(sha256: str, extension: str):
    figure = services.figure(sha256)
    if figure is None or EXTENSIONS[figure.media_type] != extension:
        abort(404)
    response = Response(figure.content, mimetype=figure.media_type)
    response.headers["Cache-Control"] = FOR_EVER
    # A drawing opened by itself is a document: it may style itself, and do nothing else.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.set_etag(sha256)
    return response.make_conditional(request)
