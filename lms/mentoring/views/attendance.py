"""Pages on which attendance is seen and noted: grid, list, sheet of paper, code at the door."""

from typing import Any

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from markupsafe import Markup

from lms.cohorts.models import Cohort
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.i18n import gettext as _
from lms.foundation.qr import qr_code
from lms.mentoring import door as doors
from lms.mentoring import services
from lms.mentoring.forms.attendance import ArriveForm, RollForm
from lms.mentoring.models import Session
from lms.mentoring.views import bp
from lms.mentoring.views.around import own_enrolment, site_address
from lms.permissions import Permission
from lms.web.forms import show_form
from lms.web.guard import me, requires

# Long enough to tap a button, too short to send the page to somebody at home.
TICKET_SECONDS = 180


@bp.get("/cohorts/<int:cohort_id>/attendance")
@requires(Permission.READ_COHORT, of=Cohort)
def attendance(cohort: Cohort):
    g.time_zone = cohort.time_zone
    grid = services.attendance_grid(cohort, me())
    return render_template("mentoring/attendance.html", cohort=cohort, grid=grid)


@bp.route("/sessions/<int:session_id>/roll", methods=["GET", "POST"])
@requires(Permission.HOLD_SESSION, of=Session)
def roll(session: Session):
    together = services.together_with(session, me())
    form = RollForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            session_id, state = form.said
            marked = next((one for one in together if one.id == session_id), None) or abort(404)
            services.note_attendance(marked, state, by=me())
            return redirect(url_for(".roll", session_id=session.id, _anchor=f"s{session_id}"))
    return show_form("mentoring/roll.html", form, **_of_group(session, together))


@bp.get("/sessions/<int:session_id>/roll/sheet")
@requires(Permission.HOLD_SESSION, of=Session)
def roll_sheet(session: Session):
    together = services.together_with(session, me())
    return render_template("mentoring/roll_sheet.html", **_of_group(session, together))


@bp.get("/sessions/<int:session_id>/door")
@requires(Permission.HOLD_SESSION, of=Session)
def door(session: Session):
    code = doors.make_code(current_app.config["SECRET_KEY"], session.id, now())
    together = services.together_with(session, me())
    return render_template(
        "mentoring/door.html",
        is_open=doors.is_open(session.starts_at, session.minutes, now()),
        code=Markup(qr_code(site_address(url_for(".arrive", code=code)), fluid=True)),
        **_of_group(session, together),
    )


def _of_group(session: Session, together: list[Session]) -> dict[str, Any]:
    g.time_zone = session.enrolment.cohort.time_zone
    return {"session": session, "together": together, "present": services.present_in(together)}


@bp.route("/attend/<code>", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
def arrive(code: str):
    read = doors.read_code(current_app.config["SECRET_KEY"], code, now()) or abort(404)
    enrolment, at_door = own_enrolment(), db.session.get(Session, read.session_id)
    own = services.own_session_at(at_door, enrolment) if enrolment and at_door else None
    form = ArriveForm.with_ticket(_tickets().dumps([me().id, read.session_id]))
    if own is None or not (read.is_fresh or _is_valid(form.ticket.data, read.session_id)):
        return render_template("mentoring/scan_again.html", session=own)
    if form.validate_on_submit():
        with form.catch_refusal():
            services.arrive(own, by=me())
            flash(_("Noted: %(firm)s is here.", firm=own.enrolment.firm.name))
            return redirect(url_for(".agreements"))
    return show_form("mentoring/arrive.html", form, session=own)


def _tickets() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="door")


def _is_valid(ticket: str | None, session_id: int) -> bool:
    """Whether this person was shown the page with the button a moment ago, when the code was fresh."""
    if request.method != "POST":
        return False
    try:
        return _tickets().loads(ticket or "", max_age=TICKET_SECONDS) == [me().id, session_id]
    except BadSignature:
        return False
