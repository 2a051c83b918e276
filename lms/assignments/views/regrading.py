"""A decision that is taken up again, and second opinions of colleagues."""

from flask import abort, current_app, flash, redirect, url_for
from wtforms import SelectChoice

from lms.assignments import services
from lms.assignments.forms import AskOpinionForm, OpinionForm, ReopenForm, with_rubric
from lms.assignments.models import Opinion, Submission, SubmissionState
from lms.assignments.views import bp
from lms.assignments.views.shared import in_time_zone_of, stored_file
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web.forms import show_form
from lms.web.guard import me, requires


@bp.route("/submissions/<int:submission_id>/reopen", methods=["GET", "POST"])
@requires(Permission.REVIEW_SUBMISSION, of=Submission)
def reopen(submission: Submission):
    form = ReopenForm(revision=submission.revision)
    if form.validate_on_submit():
        with form.catch_refusal():
            hours, revision = current_app.config["CLAIM_HOURS"], form.revision.data
            services.reopen(submission, form.reason.data, hours=hours, revision=revision, by=me())
            flash(_("Taken up again. The firm has been told; what was decided is your draft."))
            return redirect(url_for(".review_submission", submission_id=submission.id))
    if not form.is_submitted() and submission.state not in services.DECIDED:
        return redirect(url_for(".show_submission", submission_id=submission.id))
    submission = services.for_review(submission)
    in_time_zone_of(submission.enrolment)
    return show_form("assignments/reopen.html", form, submission=submission)


@bp.route("/submissions/<int:submission_id>/second-opinion", methods=["GET", "POST"])
@requires(Permission.REVIEW_SUBMISSION, of=Submission)
def ask_opinion(submission: Submission):
    form = AskOpinionForm()
    form.colleague.choices = [
        SelectChoice(one.id, one.name) for one in services.colleagues(submission, by=me())
    ]
    if form.validate_on_submit():
        with form.catch_refusal():
            services.ask_opinion(submission, form.colleague.data, form.question.data or "", by=me())
            flash(_("Asked. The answer will be beside the rubric, and in your notices."))
            return redirect(url_for(".review_submission", submission_id=submission.id))
    if not form.is_submitted() and submission.state is not SubmissionState.HANDED_IN:
        return redirect(url_for(".show_submission", submission_id=submission.id))
    return show_form("assignments/ask_opinion.html", form, submission=submission)


@bp.route("/opinions/<int:opinion_id>", methods=["GET", "POST"])
@requires(Permission.GIVE_OPINION, of=Opinion)
def give_opinion(opinion: Opinion):
    _of_colleague(opinion)
    form = with_rubric(OpinionForm, opinion.submission.brief)()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.give_opinion(opinion, form.levels, form.text.data or "", by=me())
            flash(_("Thank you. %(name)s has been told.", name=opinion.asked_by.first_name))
            return redirect(url_for(".queue"))
    in_time_zone_of(opinion.enrolment)
    return show_form(
        "assignments/give_opinion.html",
        form,
        opinion=opinion,
        is_open=services.is_opinion_open(opinion),
        version=opinion.submission.versions[opinion.version_number - 1],
        files=services.files_for(opinion),
    )


@bp.get("/opinions/<int:opinion_id>/files/<int:attachment_id>")
@requires(Permission.GIVE_OPINION, of=Opinion)
def opinion_file(opinion: Opinion, attachment_id: int):
    _of_colleague(opinion)
    if not services.is_opinion_open(opinion):
        abort(404)
    file = next((one for one in services.files_for(opinion) if one.id == attachment_id), None) or abort(404)
    return stored_file(file.storage_key, file.media_type, file.original_name)


def _of_colleague(opinion: Opinion) -> None:
    if not services.is_colleague(opinion, by=me()):
        abort(404)
