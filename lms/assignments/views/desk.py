"""A task that is being worked on: the same page, places and buttons for a firm and for staff who help it."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for

from lms.assignments import services, work
from lms.assignments.forms import DraftForm, RemoveForm, SlotForm, WorkForm
from lms.assignments.models import Submission
from lms.cohorts import services as cohorts
from lms.cohorts.models import Enrolment
from lms.curriculum.models import Brief
from lms.foundation.clock import today
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.web import replays
from lms.web.forms import ConfirmForm, Form, show_form
from lms.web.guard import me


@dataclass(frozen=True)
class Desk:
    """A task of a firm; `pages` are the addresses of its acts, which differ for who works at it."""

    enrolment: Enrolment
    brief: Brief
    template: str
    pages: dict[str, str]
    keys: dict[str, Any]
    assisted: bool = False

    def at(self, act: str, **more: Any) -> str:
        return url_for(f"assignments.{self.pages[act]}", **self.keys, **more)

    @property
    def titles(self) -> dict[str, str]:
        """What each place of the task is called."""
        return {slot["key"]: slot["title"] for slot in self.brief.slots}


def save_draft(desk: Desk):
    form = DraftForm(desk.brief, None)
    if form.validate_on_submit():
        with form.catch_refusal():
            services.save_draft(desk.enrolment, desk.brief, *form.words, by=me())
            flash(_("Saved. You can close and go on later."))
            return redirect(desk.at("show"))
    return show(desk, _work(desk), sent=form)


def upload(desk: Desk, slot: str):
    form = SlotForm(slot, desk.titles.get(slot) or abort(404))
    if form.validate_on_submit():
        try:
            sent = form.file.data
            services.keep_file(desk.enrolment, desk.brief, slot, sent.filename or "", sent.read(), by=me())
            flash(_("Saved. You can close and go on later."))
            return redirect(desk.at("show", _anchor=f"slot-{slot}"))
        except Refused as refusal:
            form.complain(str(refusal))
    return show(desk, _work(desk), sent=form, slot=slot)


def remove(desk: Desk, slot: str):
    form = RemoveForm(slot)
    if slot not in desk.titles:
        abort(404)
    if form.validate_on_submit():
        with form.catch_refusal():
            services.remove_file(desk.enrolment, desk.brief, slot, by=me())
            flash(_("Removed."))
            return redirect(desk.at("show", _anchor=f"slot-{slot}"))
    return show(desk, _work(desk), sent=form)


def hand_in(desk: Desk):
    """Send the work; when something stops it, what was typed is kept all the same."""
    submission = _work(desk)
    form = WorkForm(desk.brief, None)
    if services.is_open(submission) and form.validate():
        # Before the form's key is used up: when something is missing, the words are kept all the same.
        submission = services.save_draft(desk.enrolment, desk.brief, *form.words, by=me())
        if stops := services.what_stops(desk.enrolment, desk.brief, submission):
            replays.complain(stops.values())
            return redirect(desk.at("show", missing=1))
    if submission is not None and form.validate_on_submit():
        with form.catch_refusal():
            version = services.hand_in(submission, by=me(), made_at=replays.made_at(), assisted=desk.assisted)
            replays.say(_("Folio %(folio)s.", folio=version.folio))
            return redirect(url_for(".receipt", submission_id=submission.id, number=version.number))
    return show(desk, submission, sent=form)


def show(desk: Desk, submission: Submission | None, sent: Form | None = None, slot: str = ""):
    """The task; the form that was sent wrongly shows what is to correct."""
    enrolment, brief, is_open = desk.enrolment, desk.brief, services.is_open(submission)
    missing = services.what_stops(enrolment, brief, submission) if is_open else {}
    words = sent if isinstance(sent, WorkForm) else WorkForm(brief, submission)
    given = services.extensions_of(enrolment, brief.slug)
    return show_form(
        f"assignments/{desk.template}",
        sent or words,
        words=words,
        places=_places(desk, missing, sent, slot),
        removals={key: RemoveForm(key) for key in desk.titles},
        changing=slot or request.args.get("change", ""),
        desk=desk,
        enrolment=enrolment,
        brief=brief,
        submission=submission,
        is_open=is_open,
        files=work.files(submission),
        missing=missing,
        asked="missing" in request.args,
        addressee=services.addressee(enrolment),
        deadline=services.deadline_of(enrolment, brief),
        day=today(enrolment.cohort.time_zone),
        first=services.first_version(submission),
        extension=given[0] if given else None,
        excused=cohorts.excused_from(enrolment).get(brief.slug, ""),
        confirming=ConfirmForm(),
        body=cohorts.own_text(brief.html, enrolment.cohort.programme_id),
        facts=cohorts.facts_of(brief.version_id, brief.facts, enrolment.cohort.programme_id),
    )


def _work(desk: Desk) -> Submission | None:
    return services.work_at(desk.enrolment, desk.brief)


def _places(desk: Desk, missing: dict[str, str], sent: Form | None, slot: str) -> dict[str, SlotForm]:
    places = {key: SlotForm(key, title) for key, title in desk.titles.items()}
    if "missing" in request.args:
        for key, form in places.items():
            if f"slot:{key}" in missing:
                form.complain(missing[f"slot:{key}"])
    if isinstance(sent, SlotForm):
        places[slot] = sent
    return places
