"""Working without a connection: what the phone keeps, what waits to be sent, and what was sent."""

import json

from flask import Response, abort, current_app, jsonify, render_template
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from lms.assignments import services as assignments
from lms.cohorts import services as cohorts
from lms.home.keeping import KeptPage, Part, pages_to_keep
from lms.home.views import bp
from lms.permissions import Permission
from lms.web import offline as shell
from lms.web.guard import me, public, requires


@bp.get("/offline")
@requires(Permission.ACT_FOR_FIRM)
def offline():
    pages = _pages()
    return render_template("home/offline.html", parts=[(part, _of(pages, part)) for part in Part])


@bp.get("/offline/plan")
@requires(Permission.ACT_FOR_FIRM)
def offline_plan():
    """The same list for the script that keeps them. Other styles and scripts make other pages."""
    asset = current_app.extensions["asset"]
    built = "".join(asset(name) for name in ("css", "js", "lesson", "task", "member"))
    return jsonify(
        person=me().id,
        built=built,
        pages=[{"url": page.url, "part": page.part, "mark": page.mark} for page in _pages()],
    )


@bp.get("/offline/token")
@public
def offline_token():
    """Who is signed in, and a fresh CSRF token: what was made days ago is sent with it."""
    if not current_user.is_authenticated:
        return jsonify(person=None)
    return jsonify(person=me().id, csrf=generate_csrf())


# Both from the root: a worker and an installed app answer for what lies below their own address.


@bp.get("/sw.js")
@public
def service_worker():
    return Response(shell.worker(), mimetype="text/javascript")


@bp.get("/manifest.webmanifest")
@public
def manifest():
    return Response(json.dumps(shell.manifest()), mimetype="application/manifest+json")


def _pages() -> list[KeptPage]:
    enrolment = cohorts.current_enrolment(me().firm_id) or abort(404)
    work, dates = assignments.work_states(enrolment), assignments.days_given(enrolment)
    return pages_to_keep(enrolment, me(), work, dates)


def _of(pages: list[KeptPage], part: Part) -> list[KeptPage]:
    return [page for page in pages if page.part is part]
