"""A firm at its task: the page, its places for files, keeping the words, sending."""

from flask import abort, flash, redirect, render_template, request, url_for

from lms.assignments import services, work
from lms.assignments.forms import DraftForm, RemoveForm, SlotForm, WorkForm
from lms.assignments.models import Submission
from lms.assignments.views import bp
from lms.assignments.views.shared import in_time_zone_of
from lms.cohorts import schedule
from lms.cohorts import services as cohorts
from lms.cohorts.models import Enrolment
from lms.curriculum.models import Brief
from lms.foundation.clock import today
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web import replays
from lms.web.forms import Form, show_form
from lms.web.guard import me, requires


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


def _brief_here(brief_id: int) -> tuple[Enrolment, Brief]:
    """The enrolment the person's firm works in and a task of its course, or there is no such page."""
    enrolment = cohorts.current_enrolment(me().firm_id) or abort(404)
    in_time_zone_of(enrolment)
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
