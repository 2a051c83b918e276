"""Handing in for a firm during a visit or a call, and the firm's answer: is it your work?"""

from flask import abort, flash, redirect, url_for

from lms.assignments import services
from lms.assignments.forms import ObjectionForm
from lms.assignments.models import Submission
from lms.assignments.views import bp, desk
from lms.assignments.views.desk import Desk
from lms.assignments.views.shared import in_time_zone_of
from lms.cohorts.models import Enrolment
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires

PAGES = {
    "show": "assist",
    "draft": "assist_draft",
    "upload": "assist_upload",
    "remove": "assist_remove",
    "send": "assist_hand_in",
}


@bp.get("/enrolments/<int:enrolment_id>/briefs/<int:brief_id>/work")
@requires(Permission.HAND_IN_FOR_FIRM, of=Enrolment)
def assist(enrolment: Enrolment, brief_id: int):
    here = _desk(enrolment, brief_id)
    submission = services.work_at(enrolment, here.brief)
    if submission is not None and submission.brief_id != brief_id:
        # Begun under an earlier version of the course: it goes on there.
        return redirect(url_for(".assist", enrolment_id=enrolment.id, brief_id=submission.brief_id))
    return desk.show(here, submission)


@bp.post("/enrolments/<int:enrolment_id>/briefs/<int:brief_id>/work/draft")
@requires(Permission.HAND_IN_FOR_FIRM, of=Enrolment)
def assist_draft(enrolment: Enrolment, brief_id: int):
    return desk.save_draft(_desk(enrolment, brief_id))


@bp.post("/enrolments/<int:enrolment_id>/briefs/<int:brief_id>/work/slots/<slot>")
@requires(Permission.HAND_IN_FOR_FIRM, of=Enrolment)
def assist_upload(enrolment: Enrolment, brief_id: int, slot: str):
    return desk.upload(_desk(enrolment, brief_id), slot)


@bp.post("/enrolments/<int:enrolment_id>/briefs/<int:brief_id>/work/slots/<slot>/remove")
@requires(Permission.HAND_IN_FOR_FIRM, of=Enrolment)
def assist_remove(enrolment: Enrolment, brief_id: int, slot: str):
    return desk.remove(_desk(enrolment, brief_id), slot)


@bp.post("/enrolments/<int:enrolment_id>/briefs/<int:brief_id>/work/hand-in")
@requires(Permission.HAND_IN_FOR_FIRM, of=Enrolment)
def assist_hand_in(enrolment: Enrolment, brief_id: int):
    return desk.hand_in(_desk(enrolment, brief_id))


@bp.post("/submissions/<int:submission_id>/confirm")
@requires(Permission.HAND_IN_SUBMISSION, of=Submission)
def confirm_work(submission: Submission):
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.confirm(submission, by=me())
            flash(_("Thank you. Everybody sees now that it is your work."))
            return redirect(url_for(".show_brief", brief_id=submission.brief_id))
    return _objection_page(submission, form)


@bp.route("/submissions/<int:submission_id>/object", methods=["GET", "POST"])
@requires(Permission.HAND_IN_SUBMISSION, of=Submission)
def object_work(submission: Submission):
    form = ObjectionForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.object_to(submission, form.reason.data or "", by=me())
            flash(_("Noted. It is not reviewed as your work any more, and the task is open again."))
            return redirect(url_for(".show_brief", brief_id=submission.brief_id))
    return _objection_page(submission, form)


def _objection_page(submission: Submission, form: ConfirmForm):
    in_time_zone_of(submission.enrolment)
    submission = services.with_history(submission)
    if not submission.versions:
        abort(404)
    objection = form if isinstance(form, ObjectionForm) else ObjectionForm()
    return show_form(
        "assignments/object_work.html",
        form,
        objection=objection,
        submission=submission,
        version=submission.versions[-1],
        confirming=ConfirmForm(),
    )


def _desk(enrolment: Enrolment, brief_id: int) -> Desk:
    in_time_zone_of(enrolment)
    brief = services.brief_of(enrolment, brief_id) or abort(404)
    keys = {"enrolment_id": enrolment.id, "brief_id": brief_id}
    return Desk(enrolment, brief, "assist.html", PAGES, keys, assisted=True)
