"""Pages for whoever keeps the house: its health, the audit trail, and the doors of the demonstration."""

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, render_template, request, url_for

from lms.accounts import session
from lms.accounts.models import User
from lms.foundation import jobs
from lms.foundation.db import db, is_healthy
from lms.foundation.i18n import gettext as _
from lms.ops import audit, people
from lms.permissions import Permission
from lms.web.forms import ConfirmForm
from lms.web.guard import public, requires

VERSION = "0.1.0"

bp = Blueprint("ops", __name__)


@bp.get("/health")
@public
def health():
    """For a watchdog: whether the database answers."""
    healthy = is_healthy()
    state = {
        "status": "ok" if healthy else "unavailable",
        "database": "ok" if healthy else "gone",
        "version": VERSION,
    }
    return jsonify(state), 200 if healthy else 503


@bp.get("/audit")
@requires(Permission.READ_AUDIT)
def audit_trail():
    page = max(1, request.args.get("page", 1, type=int))
    event = request.args.get("event", "")
    return render_template(
        "ops/audit_trail.html",
        found=audit.entries(event=event, page=page),
        page=page,
        event=event,
        names=audit.event_names(),
        page_url=lambda number: url_for(".audit_trail", page=number, event=event),
    )


@bp.get("/jobs")
@requires(Permission.KEEP_JOBS)
def dead_jobs():
    """Letters that no mail server took, files that could not be added up: what needs a person."""
    return render_template("ops/dead_jobs.html", jobs=jobs.dead_jobs())


@bp.post("/jobs/<int:job_id>/<any(again, forget):act>")
@requires(Permission.KEEP_JOBS, of=jobs.Job)
def answer_job(job: jobs.Job, act: str):
    if job.dead_at is None:
        abort(404)
    if ConfirmForm().validate_on_submit():
        if act == "again":
            jobs.revive(job)
            flash(_("It is tried again within a minute."))
        else:
            db.session.delete(job)
            flash(_("Taken off the list."))
    return redirect(url_for(".dead_jobs"))


@bp.post("/demo/enter/<int:user_id>")
@public
def demo_entry(user_id: int):
    """Become an invented person: only in the demonstration, only people it invented."""
    user = db.session.get(User, user_id)
    if not current_app.config["DEMO"] or user is None or not user.invented or user.suspended_at:
        abort(404)
    if not ConfirmForm().validate_on_submit():
        abort(400)
    session.begin(user, session.By.DEMO)
    return redirect(url_for("home.start"))


@bp.app_context_processor
def words() -> dict:
    """What the sign-in page offers in the demonstration."""
    if not current_app.config["DEMO"]:
        return {"demo_people": None}
    return {"demo_people": people.invented_people}
