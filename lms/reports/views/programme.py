"""The report of a programme or a part of it, its exports, and publishing it."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for

from lms.cohorts.models import Programme
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.reports import drafts, pictures, sentences, snapshots, words
from lms.reports.definitions import definitions
from lms.reports.exports import answer
from lms.reports.forms import PublishForm
from lms.reports.models import ReportDraft
from lms.reports.selection import Selection, select_from
from lms.reports.views import bp
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires

# After so many seconds the page of a report that is being made asks again how far it is.
AGAIN = "3"
WORDING = {"pictures": pictures, "sentences": sentences, "definitions": definitions, "words": words}


def asked_for(programme: Programme) -> Selection:
    """The selection that the address of this page names."""
    cohorts = {int(text) for text in request.args.getlist("cohort") if text.isdigit()}
    return select_from(programme, cohorts, request.args.get("sector", ""), request.args.get("state", ""))


@bp.get("/programmes/<int:programme_id>/report")
@requires(Permission.READ_REPORT, of=Programme)
def programme_report(programme: Programme):
    selection = asked_for(programme)
    draft = drafts.draft_of(selection) if drafts.is_large(selection) else None
    if drafts.is_large(selection) and (draft is None or draft.content is None):
        return _waits(selection, draft)
    return render_template(
        "reports/programme_report.html",
        programme=programme,
        selection=selection,
        every=select_from(programme),
        document=drafts.document_for(selection),
        draft=draft,
        form=ConfirmForm() if draft else None,
        make_url=_url(".make_report", selection),
        export_url=lambda kind: _url(".export_report", selection, kind=kind),
        **WORDING,
    )


@bp.post("/programmes/<int:programme_id>/report/make")
@requires(Permission.READ_REPORT, of=Programme)
def make_report(programme: Programme):
    selection, form = asked_for(programme), ConfirmForm()
    if form.validate_on_submit():
        drafts.ask_for(selection, by=me())
    return redirect(_url(".programme_report", selection))


@bp.get("/programmes/<int:programme_id>/report/<any(xlsx, csv, dictionary, json, pdf):kind>")
@requires(Permission.READ_REPORT, of=Programme)
def export_report(programme: Programme, kind: str):
    selection = asked_for(programme)
    try:
        return answer(kind, drafts.document_for(selection), programme.id)
    except Refused as first_made:
        flash(str(first_made))
        return redirect(_url(".programme_report", selection))


@bp.route("/programmes/<int:programme_id>/report/publish", methods=["GET", "POST"])
@requires(Permission.PUBLISH_REPORT, of=Programme)
def publish_report(programme: Programme):
    selection, form = asked_for(programme), PublishForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            made = snapshots.publish(selection, drafts.document_for(selection), by=me())
            flash(_("Published as report number %(number)s. It will not change any more.", number=made.id))
            return redirect(url_for(".show_snapshot", report_snapshot_id=made.id))
    return show_form(
        "reports/publish_report.html", form, programme=programme, selection=selection, words=words
    )


def _waits(selection: Selection, draft: ReportDraft | None):
    """Very many firms: the report is asked for, or it says how far it is."""
    is_being_made = draft is not None and drafts.is_being_made(draft)
    page = show_form(
        "reports/report_waits.html",
        ConfirmForm(),
        programme=selection.programme,
        draft=draft,
        is_being_made=is_being_made,
        firms=drafts.firms_in(selection),
        here=_url(".programme_report", selection),
        make_url=_url(".make_report", selection),
    )
    answer = make_response(page)
    if is_being_made:
        answer.headers["Refresh"] = AGAIN
    return answer


def _url(endpoint: str, selection: Selection, **more: Any) -> str:
    return url_for(endpoint, programme_id=selection.programme.id, **selection.arguments(), **more)
