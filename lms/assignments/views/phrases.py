"""What helps a reviewer to write: sentences that are kept, and a draft that saves itself."""

from flask import Response, flash, redirect, request, url_for

from lms.assignments import services
from lms.assignments.forms import PhraseForm, ReviewForm, review_form
from lms.assignments.models import Phrase, Submission
from lms.assignments.services import Stale
from lms.assignments.views import bp, voices
from lms.assignments.views.shared import in_time_zone_of
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web import templating
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires


@bp.post("/submissions/<int:submission_id>/review/draft")
@requires(Permission.REVIEW_SUBMISSION, of=Submission)
def save_review_draft(submission: Submission):
    form = review_form(submission)
    form.once = False
    if not form.validate_on_submit():
        return Response(status=422, mimetype="text/plain")
    try:
        said = form.levels, form.feedback.data or "", form.pins, form.recording.data
        saved = services.save_review_draft(submission, *said, revision=form.revision.data, by=me())
    except Stale as stale:
        return Response(str(stale), status=409, mimetype="text/plain")
    except Refused as refusal:
        return Response(str(refusal), status=422, mimetype="text/plain")
    in_time_zone_of(submission.enrolment)
    return Response(_("Saved at %(time)s", time=templating.time(saved)), mimetype="text/plain")


@bp.route("/phrases/<int:phrase_id>", methods=["GET", "POST"])
@requires(Permission.KEEP_PHRASE, of=Phrase)
def edit_phrase(phrase: Phrase):
    form = PhraseForm(obj=phrase)
    if form.validate_on_submit():
        with form.catch_refusal():
            services.change_phrase(phrase, form.text.data, form.shared.data)
            flash(_("Saved."))
            return _back()
    return show_form(
        "assignments/edit_phrase.html", form, phrase=phrase, removing=ConfirmForm(), back=_work()
    )


@bp.post("/phrases/<int:phrase_id>/remove")
@requires(Permission.KEEP_PHRASE, of=Phrase)
def remove_phrase(phrase: Phrase):
    if ConfirmForm().validate_on_submit():
        services.remove_phrase(phrase)
        flash(_("Removed."))
    return _back()


def help_to_write(submission: Submission, form: ReviewForm) -> bool:
    """Whether a button only wrote into the form or kept a sentence: then the form stays as it is."""
    act, _dash, number = (form.act.data or "").partition("-")
    if act == "phrases":
        form.put_phrases()
    elif act == "phrase":
        known = services.phrases_for(submission, by=me())
        form.put(*(services.said_to(one, submission) for one in known if str(one.id) == number))
    elif act == "keep" and form.validate():
        with form.catch_refusal():
            words = form.to_keep.data or form.feedback.data or ""
            services.keep_phrase(submission, words, form.share.data, by=me())
            flash(_("Kept as a sentence."))
    elif act == "pin" and number.isdigit():
        with form.catch_refusal():
            words = request.form.get(f"remark-{number}", ""), request.form.get(f"region-{number}", "")
            form.pin(int(number), words[1], words[0])
    elif act == "voice":
        voices.keep(submission, form)
    elif act == "mute":
        form.recording.data = None
    return act in ("phrases", "phrase", "keep", "pin", "voice", "mute")


def _work() -> int | None:
    """The work one came from, to go back to."""
    return request.args.get("from", type=int)


def _back():
    number = _work()
    page = url_for(".queue") if number is None else url_for(".review_submission", submission_id=number)
    return redirect(page)
