"""The report of a programme or a part of it, its exports, and publishing it."""

from flask import flash, redirect, render_template, request, url_for

from lms.cohorts.models import Programme
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.reports import pictures, sentences, snapshots, words
from lms.reports.definitions import definitions
from lms.reports.document import document_of
from lms.reports.exports import answer
from lms.reports.forms import PublishForm
from lms.reports.selection import Selection, select_from
from lms.reports.views import bp
from lms.web.forms import show_form
from lms.web.guard import me, requires


def asked_for(programme: Programme) -> Selection:
    """The selection that the address of this page names."""
    cohorts = {int(text) for text in request.args.getlist("cohort") if text.isdigit()}
    return select_from(programme, cohorts, request.args.get("sector", ""), request.args.get("state", ""))


@bp.get("/programmes/<int:programme_id>/report")
@requires(Permission.READ_REPORT, of=Programme)
def programme_report(programme: Programme):
    selection = asked_for(programme)
    return render_template(
        "reports/programme_report.html",
        programme=programme,
        selection=selection,
        every=select_from(programme),
        document=document_of(selection),
        export_url=lambda kind: url_for(
            ".export_report", programme_id=programme.id, kind=kind, **selection.arguments()
        ),
        pictures=pictures,
        sentences=sentences,
        definitions=definitions,
        words=words,
    )


@bp.get("/programmes/<int:programme_id>/report/<any(xlsx, csv, dictionary, json, pdf):kind>")
@requires(Permission.READ_REPORT, of=Programme)
def export_report(programme: Programme, kind: str):
    return answer(kind, document_of(asked_for(programme)), programme.id)


@bp.route("/programmes/<int:programme_id>/report/publish", methods=["GET", "POST"])
@requires(Permission.PUBLISH_REPORT, of=Programme)
def publish_report(programme: Programme):
    selection, form = asked_for(programme), PublishForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            made = snapshots.publish(selection, by=me())
            flash(_("Published as report number %(number)s. It will not change any more.", number=made.id))
            return redirect(url_for(".show_snapshot", report_snapshot_id=made.id))
    return show_form(
        "reports/publish_report.html", form, programme=programme, selection=selection, words=words
    )
