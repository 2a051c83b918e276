"""The trainers' side: what waits for a review, having it in hand, and the review itself."""

from flask import current_app, flash, redirect, render_template, request, url_for

from lms.assignments import pins, services, work
from lms.assignments.forms import ClaimForm, HeldForm, ReviewForm, review_form
from lms.assignments.models import HeldReview, Outcome, ReviewDraft, Submission, SubmissionState
from lms.assignments.pins import Pin
from lms.assignments.services import QueueRow, Stale
from lms.assignments.views import bp, voices
from lms.assignments.views.filters import chosen, chosen_held, filters, next_free, options, whose
from lms.assignments.views.phrases import help_to_write
from lms.assignments.views.shared import in_time_zone_of
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web import templating
from lms.web.forms import show_form
from lms.web.guard import me, requires


@bp.get("/review")
@requires(Permission.WORK_AS_STAFF)
def queue():
    rows, held = services.queue_for(me()), services.held_for(me())
    weeks = {row.week: _("Week %(number)s", number=row.week) for row in rows}
    return render_template(
        "assignments/queue.html",
        rows=chosen(rows),
        requests=services.requests_for(me()),
        held=chosen_held(held),
        opinions=services.opinions_asked(me()),
        total=len(rows) + len(held),
        cohorts=options(rows, "cohort", {row.cohort_id: row.cohort for row in rows}),
        weeks=options(rows, "week", weeks),
        whose=whose(rows, held) if rows or held else [],
        chosen=filters(),
    )


@bp.post("/submissions/<int:submission_id>/claim")
@requires(Permission.REVIEW_SUBMISSION, of=Submission)
def claim_submission(submission: Submission):
    form = ClaimForm()
    if form.validate_on_submit():
        if form.act.data == "release":
            services.release(submission, by=me())
        else:
            services.claim(submission, current_app.config["CLAIM_HOURS"], by=me())
    return redirect(url_for(".review_submission", submission_id=submission.id, **filters()))


@bp.route("/submissions/<int:submission_id>/review", methods=["GET", "POST"])
@requires(Permission.REVIEW_SUBMISSION, of=Submission)
def review_submission(submission: Submission):
    submission = services.for_review(submission)
    if request.method == "GET" and submission.state is not SubmissionState.HANDED_IN:
        return redirect(url_for(".show_submission", submission_id=submission.id))
    # Only into a page that is opened: what is sent holds nothing that was not on the screen.
    draft = services.review_draft(submission, by=me()) if request.method == "GET" else None
    held = submission.held
    form = review_form(submission, draft, held if held and _is_mine(held, submission) else None)
    rows = chosen(services.queue_for(me()))
    if not help_to_write(submission, form) and form.validate_on_submit():
        with form.catch_refusal():
            try:
                return _review(submission, form, rows)
            except Stale as stale:
                return _review_page(submission, form, rows, stale=str(stale)), 409
    return _review_page(submission, form, rows, draft=draft)


@bp.post("/submissions/<int:submission_id>/held")
@requires(Permission.REVIEW_SUBMISSION, of=Submission)
def answer_held(submission: Submission):
    form = HeldForm()
    if not form.validate_on_submit():
        return redirect(url_for(".review_submission", submission_id=submission.id, **filters()))
    if form.act.data == "back":
        services.take_back(submission)
        flash(_("Taken back: it is a draft again, and the firm has seen nothing."))
        return redirect(url_for(".review_submission", submission_id=submission.id, **filters()))
    services.show_now(submission)
    flash(_("The firm sees it now and has been told."))
    return redirect(url_for(".queue", **filters()))


def _is_mine(held: HeldReview, submission: Submission) -> bool:
    return held.grader_id == me().id and held.version_number == len(submission.versions)


def _review(submission: Submission, form: ReviewForm, rows: list[QueueRow]):
    outcome = Outcome.ACCEPTED if form.act.data == "accept" else Outcome.RETURNED
    if not voices.keep(submission, form):
        return _review_page(submission, form, rows)
    said = submission, outcome, form.levels, form.feedback.data or ""
    moment = form.moment_in(submission.enrolment.cohort.time_zone)
    if moment is not None:
        services.hold(*said, moment, form.pins, form.recording.data, revision=form.revision.data, by=me())
        in_time_zone_of(submission.enrolment)
        flash(_("Kept. The firm sees it on %(moment)s.", moment=templating.moment(moment)))
    else:
        services.review(*said, form.pins, form.recording.data, revision=form.revision.data, by=me())
        flash(
            _("Accepted. The firm has been told.")
            if outcome is Outcome.ACCEPTED
            else _("Sent back with your comment.")
        )
    upcoming = next_free(rows, submission)
    if upcoming is None:
        return redirect(url_for(".queue", **filters()))
    return redirect(url_for(".review_submission", submission_id=upcoming, **filters()))


def _remarks(form: ReviewForm) -> list[Pin]:
    """What is on the photos now; marks that got lost on their way are said on top of the form."""
    try:
        return form.pins
    except Refused:
        return []


def _review_page(
    submission: Submission,
    form: ReviewForm,
    rows: list[QueueRow],
    stale: str = "",
    draft: ReviewDraft | None = None,
):
    """Work left, rubric right. After a clash it shows the other's decision beside what was typed here."""
    voices.let_record()
    if stale:
        submission = services.for_review(submission)
    in_time_zone_of(submission.enrolment)
    ids = [row.submission_id for row in rows]
    place = ids.index(submission.id) if submission.id in ids else None
    version = submission.versions[-1]
    phrases = services.phrases_for(submission, by=me())
    return show_form(
        "assignments/review_submission.html",
        form,
        submission=submission,
        version=version,
        files=work.files_of(version),
        earlier=submission.versions[-2::-1],
        files_of=work.files_of,
        stale=stale,
        extensions=services.extensions_of(submission.enrolment, submission.brief.slug),
        claim=ClaimForm(),
        claimant=services.claimant(submission),
        held=submission.held,
        holding=HeldForm(),
        place=place,
        total=len(ids),
        previous=ids[place - 1] if place else None,
        upcoming=ids[place + 1] if place is not None and place + 1 < len(ids) else None,
        filters=filters(),
        highest=services.HIGHEST_LEVEL,
        phrases=[(one, services.said_to(one, submission)) for one in phrases],
        draft=draft,
        history=services.history_of(submission),
        remarks=_remarks(form),
        pins_on=pins.on,
        regions=pins.REGIONS,
    )
