"""Excusing a firm from a lesson, quiz or task, and asking for it again; both with a reason."""

from flask import abort, flash, g, redirect, url_for

from lms.cohorts import services as cohorts
from lms.cohorts.models import Enrolment, Exemption
from lms.curriculum.syllabus import Entry
from lms.foundation.i18n import gettext as _
from lms.gradebook import excusing
from lms.gradebook.forms import ReasonForm
from lms.gradebook.views import bp
from lms.permissions import Permission
from lms.web.forms import show_form
from lms.web.guard import me, requires


@bp.route("/enrolments/<int:enrolment_id>/excuse/<path:slug>", methods=["GET", "POST"])
@requires(Permission.EXCUSE_FIRM, of=Enrolment)
def excuse(enrolment: Enrolment, slug: str):
    item, form = cohorts.item_named(enrolment, slug) or abort(404), ReasonForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            excusing.excuse(enrolment, item, form.reason.data or "", by=me())
            return _done(enrolment, item, _("The firm is excused, and has been told."))
    return _page(enrolment, item, form)


@bp.post("/exemptions/<int:exemption_id>/end")
@requires(Permission.EXCUSE_FIRM, of=Exemption)
def end_exemption(exemption: Exemption):
    enrolment, form = exemption.enrolment, ReasonForm()
    item = cohorts.item_named(enrolment, exemption.slug) or abort(404)
    if form.validate_on_submit():
        with form.catch_refusal():
            cohorts.end_exemption(exemption, form.reason.data or "", by=me())
            return _done(enrolment, item, _("It is asked of the firm again, and it has been told."))
    return _page(enrolment, item, form)


def _page(enrolment: Enrolment, item: Entry, form: ReasonForm):
    g.time_zone = enrolment.cohort.time_zone
    history = cohorts.exemptions_of(enrolment, item.slug)
    active = next((one for one in history if one.ended_at is None), None)
    return show_form(
        "gradebook/excuse.html", form, enrolment=enrolment, item=item, history=history, active=active
    )


def _done(enrolment: Enrolment, item: Entry, said: str):
    flash(said)
    anchor = f"week-{item.week}"
    return redirect(url_for(".firm_marks", enrolment_id=enrolment.id, week=item.week, _anchor=anchor))
