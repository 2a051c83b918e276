"""Pages on which firms do their tasks, and on which their trainers review them."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.blueprints import BlueprintSetupState

from lms.assignments import services, work
from lms.assignments.forms import (
    ClaimForm,
    DraftForm,
    RemoveForm,
    ReviewForm,
    SlotForm,
    WorkForm,
    review_form,
)
from lms.assignments.models import Attachment, Outcome, Submission, SubmissionState
from lms.assignments.services import QueueRow, Stale
from lms.cohorts import schedule
from lms.cohorts import services as cohorts
from lms.cohorts.models import Enrolment
from lms.curriculum.models import Brief
from lms.foundation import storage
from lms.foundation.clock import today
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.plaintext import render_text
from lms.permissions import Permission
from lms.web import replays
from lms.web.forms import Form, show_form
from lms.web.guard import me, requires
from lms.web.security import attachment_headers

bp = Blueprint("assignments", __name__)


@bp.record_once
def introduce(state: BlueprintSetupState) -> None:
    """The learning room shows how tasks stand without knowing this room: the app hands it this question."""
    state.app.extensions["work_states"] = services.work_states


bp.add_app_template_filter(render_text, "written")


# The firm's side


@bp.get("/briefs/<int:brief_id>")
@requires(Permission.ACT_FOR_FIRM)
def show_brief(brief_id: int):
    enrolment, brief = _brief_here(brief_id)
    submission = services.work_at(enrolment, brief)
    if submission is not None and submission.brief_id != brief.id:
        # Begun under an earlier version of the course: it goes on there.
        return redirect(url_for(".show_brief", brief_id=submission.brief_id))
    return _brief_page(enrolment, brief, submission)


@bp.get("/briefs/<int:brief_id>/sheet")
@requires(Permission.ACT_FOR_FIRM)
def brief_sheet(brief_id: int):
    enrolment, brief = _brief_here(brief_id)
    return render_template(
        "assignments/brief_sheet.html",
        brief=brief,
        body=cohorts.own_text(brief.html, enrolment.cohort.programme_id),
        due_on=_due_on(enrolment, brief),
    )


@bp.post("/briefs/<int:brief_id>/draft")
@requires(Permission.ACT_FOR_FIRM)
def save_draft(brief_id: int):
    enrolment, brief = _brief_here(brief_id)
    form = DraftForm(brief, None)
    if form.validate_on_submit():
        with form.catch_refusal():
            services.save_draft(enrolment, brief, *form.words, by=me())
            flash(_("Saved. You can close and go on later."))
            return redirect(url_for(".show_brief", brief_id=brief_id))
    return _brief_page(enrolment, brief, services.work_at(enrolment, brief), sent=form)


@bp.post("/briefs/<int:brief_id>/slots/<slot>")
@requires(Permission.ACT_FOR_FIRM)
def upload(brief_id: int, slot: str):
    enrolment, brief = _brief_here(brief_id)
    form = SlotForm(slot, _titles(brief).get(slot) or abort(404))
    if form.validate_on_submit():
        try:
            sent = form.file.data
            services.keep_file(enrolment, brief, slot, sent.filename or "", sent.read(), by=me())
            flash(_("Saved. You can close and go on later."))
            return redirect(url_for(".show_brief", brief_id=brief_id, _anchor=f"slot-{slot}"))
        except Refused as refusal:
            form.complain(str(refusal))
    return _brief_page(enrolment, brief, services.work_at(enrolment, brief), sent=form, slot=slot)


@bp.post("/briefs/<int:brief_id>/slots/<slot>/remove")
@requires(Permission.ACT_FOR_FIRM)
def remove_photo(brief_id: int, slot: str):
    enrolment, brief = _brief_here(brief_id)
    form = RemoveForm(slot)
    if slot not in _titles(brief):
        abort(404)
    if form.validate_on_submit():
        with form.catch_refusal():
            services.remove_file(enrolment, brief, slot, by=me())
            flash(_("Removed."))
            return redirect(url_for(".show_brief", brief_id=brief_id, _anchor=f"slot-{slot}"))
    return _brief_page(enrolment, brief, services.work_at(enrolment, brief), sent=form)


@bp.post("/briefs/<int:brief_id>/hand-in")
@requires(Permission.ACT_FOR_FIRM)
def hand_in(brief_id: int):
    enrolment, brief = _brief_here(brief_id)
    submission = services.work_at(enrolment, brief)
    form = WorkForm(brief, None)
    if services.is_open(submission) and form.validate():
        # Before the form's key is used up: when something is missing, the words are kept all the same.
        submission = services.save_draft(enrolment, brief, *form.words, by=me())
        if missing := work.problems(brief, submission):
            replays.complain(missing.values())
            return redirect(url_for(".show_brief", brief_id=brief_id, missing=1))
    if submission is not None and form.validate_on_submit():
        with form.catch_refusal():
            version = services.hand_in(submission, by=me(), made_at=replays.made_at())
            replays.say(_("Folio %(folio)s.", folio=version.folio))
            return redirect(url_for(".receipt", submission_id=submission.id, number=version.number))
    return _brief_page(enrolment, brief, submission, sent=form)


@bp.get("/submissions/<int:submission_id>/receipts/<int:number>")
@requires(Permission.READ_SUBMISSION, of=Submission)
def receipt(submission: Submission, number: int):
    _in_time_zone_of(submission.enrolment)
    submission = services.with_history(submission)
    version = next((one for one in submission.versions if one.number == number), None) or abort(404)
    return render_template(
        "assignments/receipt.html",
        submission=submission,
        version=version,
        files=work.files_of(version),
        addressee=services.addressee(submission.enrolment),
    )


@bp.get("/submissions/<int:submission_id>")
@requires(Permission.READ_SUBMISSION, of=Submission)
def show_submission(submission: Submission):
    _in_time_zone_of(submission.enrolment)
    submission = services.with_history(submission)
    return render_template("assignments/show_submission.html", submission=submission, work=work)


@bp.get("/attachments/<int:attachment_id>")
@requires(Permission.READ_ATTACHMENT, of=Attachment)
def attachment(attachment: Attachment):
    return _file(attachment, attachment.storage_key)


@bp.get("/attachments/<int:attachment_id>/small")
@requires(Permission.READ_ATTACHMENT, of=Attachment)
def thumbnail(attachment: Attachment):
    if attachment.thumbnail_key is None:
        abort(404)
    return _file(attachment, attachment.thumbnail_key)


# The trainers' side


@bp.get("/review")
@requires(Permission.WORK_AS_STAFF)
def queue():
    rows = services.queue_for(me())
    return render_template(
        "assignments/queue.html",
        rows=_chosen(rows),
        total=len(rows),
        cohorts=_options(rows, "cohort", {row.cohort_id: row.cohort for row in rows}),
        weeks=_options(rows, "week", {row.week: _("Week %(number)s", number=row.week) for row in rows}),
        chosen=_filters(),
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
    return redirect(url_for(".review_submission", submission_id=submission.id, **_filters()))


@bp.route("/submissions/<int:submission_id>/review", methods=["GET", "POST"])
@requires(Permission.REVIEW_SUBMISSION, of=Submission)
def review_submission(submission: Submission):
    submission = services.with_history(submission)
    if request.method == "GET" and submission.state is not SubmissionState.HANDED_IN:
        return redirect(url_for(".show_submission", submission_id=submission.id))
    form = review_form(submission)
    rows = _chosen(services.queue_for(me()))
    if request.form.get("act") == "phrases":
        form.put_phrases()
    elif form.validate_on_submit():
        with form.catch_refusal():
            try:
                return _review(submission, form, rows)
            except Stale as stale:
                return _review_page(submission, form, rows, stale=str(stale)), 409
    return _review_page(submission, form, rows)


def _review(submission: Submission, form: ReviewForm, rows: list[QueueRow]):
    outcome = Outcome.ACCEPTED if form.act.data == "accept" else Outcome.RETURNED
    services.review(
        submission, outcome, form.levels, form.feedback.data or "", revision=form.revision.data, by=me()
    )
    flash(
        _("Accepted. The firm has been told.")
        if outcome is Outcome.ACCEPTED
        else _("Sent back with your comment.")
    )
    upcoming = _next_free(rows, submission)
    if upcoming is None:
        return redirect(url_for(".queue", **_filters()))
    return redirect(url_for(".review_submission", submission_id=upcoming, **_filters()))


def _brief_here(brief_id: int) -> tuple[Enrolment, Brief]:
    """The enrolment the person's firm works in and a task of its course, or there is no such page."""
    enrolment = cohorts.current_enrolment(me().firm_id) or abort(404)
    _in_time_zone_of(enrolment)
    return enrolment, services.brief_of(enrolment, brief_id) or abort(404)


def _brief_page(
    enrolment: Enrolment, brief: Brief, submission: Submission | None, sent: Form | None = None, slot=""
):
    """The task; the form that was sent wrongly shows what is to correct."""
    missing = work.problems(brief, submission) if services.is_open(submission) else {}
    places = {key: SlotForm(key, title) for key, title in _titles(brief).items()}
    if "missing" in request.args:
        for key, form in places.items():
            if f"slot:{key}" in missing:
                form.complain(missing[f"slot:{key}"])
    if isinstance(sent, SlotForm):
        places[slot] = sent
    words = sent if isinstance(sent, WorkForm) else WorkForm(brief, submission)
    return show_form(
        "assignments/show_brief.html",
        sent or words,
        words=words,
        places=places,
        removals={key: RemoveForm(key) for key in places},
        changing=slot or request.args.get("change", ""),
        enrolment=enrolment,
        brief=brief,
        submission=submission,
        is_open=services.is_open(submission),
        files=work.files(submission),
        missing=missing,
        asked="missing" in request.args,
        addressee=services.addressee(enrolment),
        due_on=_due_on(enrolment, brief),
        body=cohorts.own_text(brief.html, enrolment.cohort.programme_id),
        facts=cohorts.facts_of(brief.version_id, brief.facts, enrolment.cohort.programme_id),
    )


def _titles(brief: Brief) -> dict[str, str]:
    return {slot["key"]: slot["title"] for slot in brief.slots}


def _due_on(enrolment: Enrolment, brief: Brief):
    cohort = enrolment.cohort
    this_day = today(cohort.time_zone)
    paused = schedule.total_paused_days(enrolment.paused_days, enrolment.paused_on, this_day)
    return schedule.due_on(cohort.starts_on, brief.week.number, paused)


def _in_time_zone_of(enrolment: Enrolment) -> None:
    g.time_zone = enrolment.cohort.time_zone


def _file(attachment: Attachment, key: str) -> Response:
    try:
        with storage.open_file(key) as stream:
            response = Response(stream.read(), mimetype=attachment.media_type)
    except FileNotFoundError:
        abort(404)
    if attachment.media_type.startswith("audio/"):
        # An iPhone plays only what it may ask for in parts.
        response.make_conditional(request, accept_ranges=True, complete_length=len(response.data))
    is_shown = attachment.media_type.startswith(("image/", "audio/"))
    return attachment_headers(response, attachment.original_name, inline=is_shown)


def _filters() -> dict[str, Any]:
    """The cohort and week one chose to see; every link of the queue carries them on."""
    asked = {name: request.args.get(name, type=int) for name in ("cohort", "week")}
    return {name: value for name, value in asked.items() if value is not None}


def _chosen(rows: list[QueueRow], filters: dict[str, Any] | None = None) -> list[QueueRow]:
    wanted = _filters() if filters is None else filters
    cohort, week = wanted.get("cohort"), wanted.get("week")
    return [row for row in rows if cohort in (None, row.cohort_id) and week in (None, row.week)]


def _options(rows: list[QueueRow], name: str, labels: dict[int, str]) -> list[dict]:
    """What a filter can be set to, each with how many rows one would see then; the other filter stays."""
    options = []
    for value, label in [(None, _("All")), *sorted(labels.items())]:
        others = {key: kept for key, kept in _filters().items() if key != name}
        wanted = others if value is None else {**others, name: value}
        count = len(_chosen(rows, wanted))
        options.append(
            {
                "label": label,
                "count": count,
                "url": url_for(".queue", **wanted),
                "current": _filters().get(name) == value,
            }
        )
    return options


def _next_free(rows: list[QueueRow], submission: Submission) -> int | None:
    """The next work after this one, from the start again after the last, that no colleague has in hand."""
    place = next((place for place, row in enumerate(rows) if row.submission_id == submission.id), -1)
    others = rows[place + 1 :] + rows[: max(place, 0)]
    following = [row for row in others if row.claimed_by is None or row.claimed_by_id == me().id]
    return following[0].submission_id if following else None


def _review_page(submission: Submission, form: ReviewForm, rows: list[QueueRow], stale: str = ""):
    """Work left, rubric right. After a clash it shows the other's decision beside what was typed here."""
    if stale:
        submission = services.with_history(submission)
    _in_time_zone_of(submission.enrolment)
    ids = [row.submission_id for row in rows]
    place = ids.index(submission.id) if submission.id in ids else None
    version = submission.versions[-1]
    return show_form(
        "assignments/review_submission.html",
        form,
        submission=submission,
        version=version,
        files=work.files_of(version),
        earlier=submission.versions[-2::-1],
        files_of=work.files_of,
        stale=stale,
        claim=ClaimForm(),
        claimant=services.claimant(submission),
        place=place,
        total=len(ids),
        previous=ids[place - 1] if place else None,
        upcoming=ids[place + 1] if place is not None and place + 1 < len(ids) else None,
        filters=_filters(),
        highest=services.HIGHEST_LEVEL,
    )
