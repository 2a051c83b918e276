"""A cohort's report for who leads it, and its firms as a table."""

from typing import Any

from flask import g, make_response, redirect, render_template, request, url_for

from lms.cohorts.models import Cohort
from lms.foundation import clock
from lms.foundation.i18n import lazy_gettext as _l
from lms.foundation.tabular import write_csv
from lms.permissions import Permission
from lms.reports import drafts, drawings, pictures, sentences, services, words
from lms.reports.document import document_of
from lms.reports.selection import Selection, select_from
from lms.reports.views import bp
from lms.web.guard import requires
from lms.web.security import attachment_headers
from lms.web.templating import month_name

# How the table of firms may be sorted: what it is called, and by what; firms without a change come last.
ORDERS = {
    "change": (_l("By change"), lambda line: -(line.effect.ratio or 0)),
    "sales": (_l("By sales"), lambda line: -(line.effect.after or 0)),
    "name": (_l("By name"), lambda line: 0),
}


@bp.get("/cohorts/<int:cohort_id>/report")
@requires(Permission.READ_REPORT, of=Cohort)
def cohort_report(cohort: Cohort):
    selection = select_from(cohort.programme, {cohort.id})
    if drafts.is_large(selection):
        return _as_a_part(selection, ".programme_report")
    g.time_zone = cohort.time_zone
    report = services.cohort_report(cohort, selection.weeks[cohort.id])
    asked = request.args.get("order", "change")
    order = asked if asked in ORDERS else "change"
    document = document_of(selection, report.admitted)
    return render_template(
        "reports/cohort_report.html",
        report=report,
        finding=words.finding(report, month_name(report.windows.first_after)),
        rows=sorted(report.lines, key=ORDERS[order][1]),
        order=order,
        orders=ORDERS,
        words=words,
        drawings=drawings,
        document=document,
        pictures=pictures,
        sentences=sentences,
    )


@bp.get("/cohorts/<int:cohort_id>/report.csv")
@requires(Permission.READ_REPORT, of=Cohort)
def cohort_report_csv(cohort: Cohort):
    selection = select_from(cohort.programme, {cohort.id})
    if drafts.is_large(selection):
        return _as_a_part(selection, ".export_report", kind="csv")
    report = services.cohort_report(cohort, selection.weeks[cohort.id])
    response = make_response(write_csv(*drawings.csv_rows(report)))
    response.mimetype = "text/csv"
    name = f"report-{cohort.id}-{clock.today(cohort.time_zone)}.csv"
    return attachment_headers(response, name, inline=False)


def _as_a_part(selection: Selection, endpoint: str, **more: Any):
    """A cohort of very many firms is read as a part of its programme: that report a job makes."""
    programme_id = selection.programme.id
    return redirect(url_for(endpoint, programme_id=programme_id, **selection.arguments(), **more))
