"""A pause: the firm asks for it and says when it is back; the programme's lead answers."""

from flask import abort, flash, g, redirect, url_for

from lms.cohorts import services
from lms.cohorts.forms import PauseAnswerForm, PauseForm
from lms.cohorts.models import Enrolment, PauseRequest, PauseState
from lms.cohorts.views import bp
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires


@bp.route("/pause", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
def ask_pause():
    enrolment, form = _enrolment(), PauseForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.ask_for_pause(enrolment, form.reason.data, form.weeks.data, by=me())
            flash(_("Asked. The programme answers you here and by mail."))
            return redirect(url_for(".ask_pause"))
    newest = services.newest_request(enrolment)
    waits = newest is not None and newest.state is PauseState.ASKED
    return show_form("cohorts/ask_pause.html", form, enrolment=enrolment, newest=newest, waits=waits)


@bp.post("/pause/take-back")
@requires(Permission.ACT_FOR_FIRM)
def take_pause_back():
    newest = services.newest_request(_enrolment())
    if newest is not None and ConfirmForm().validate_on_submit():
        services.take_back(newest, by=me())
        flash(_("Taken back. Your dates stay as they are."))
    return redirect(url_for(".ask_pause"))


@bp.post("/pause/end")
@requires(Permission.ACT_FOR_FIRM)
def end_pause():
    if ConfirmForm().validate_on_submit():
        services.come_back(_enrolment(), by=me())
        flash(_("Welcome back. Your dates moved by the days you were away."))
    return redirect(url_for("home.start"))


@bp.route("/pause-requests/<int:pause_request_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_ENROLMENT, of=PauseRequest)
def answer_pause(pause_request: PauseRequest):
    form, enrolment = PauseAnswerForm(), pause_request.enrolment
    if form.validate_on_submit():
        with form.catch_refusal():
            approve = form.verdict.data == "approve"
            services.answer_pause(pause_request, approve=approve, words=form.words.data or "", by=me())
            flash(_("Answered. The firm reads it now."))
            return redirect(url_for("home.programme_summary", programme_id=enrolment.programme_id))
    g.time_zone = enrolment.cohort.time_zone
    waits = pause_request.state is PauseState.ASKED
    return show_form("cohorts/answer_pause.html", form, asked=pause_request, enrolment=enrolment, waits=waits)


def _enrolment() -> Enrolment:
    enrolment = services.current_enrolment(me().firm_id) or abort(404)
    g.time_zone = enrolment.cohort.time_zone
    return enrolment
