"""A cohort's report for who leads it, and its firms as a table."""

from flask import g, make_response, render_template, request

from lms.cohorts.models import Cohort
from lms.foundation import clock
from lms.foundation.i18n import lazy_gettext as _l
from lms.foundation.tabular import write_csv
from lms.permissions import Permission
from lms.reports import drawings, pictures, sentences, services, words
from lms.reports.document import document_of
from lms.reports.selection import select_from
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
    g.time_zone = cohort.time_zone
    report = services.cohort_report(cohort)
    asked = request.args.get("order", "change")
    order = asked if asked in ORDERS else "change"
    document = document_of(select_from(cohort.programme, {cohort.id}), report.admitted)
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
    response = make_response(write_csv(*drawings.csv_rows(services.cohort_report(cohort))))
    response.mimetype = "text/csv"
    name = f"report-{cohort.id}-{clock.today(cohort.time_zone)}.csv"
    return attachment_headers(response, name, inline=False)
