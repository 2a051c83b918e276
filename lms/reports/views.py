"""A cohort's report for who leads it, the same as a table, and a programme's results for everybody."""

from flask import Blueprint, abort, g, make_response, render_template, request

from lms.cohorts.models import Cohort, Programme
from lms.foundation import clock
from lms.foundation.db import db
from lms.foundation.i18n import lazy_gettext as _l
from lms.foundation.tabular import write_csv
from lms.permissions import Permission
from lms.reports import drawings, services, words
from lms.web.guard import public, requires
from lms.web.security import attachment_headers
from lms.web.templating import month_name

bp = Blueprint("reports", __name__)

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
    return render_template(
        "reports/cohort_report.html",
        report=report,
        finding=words.finding(report, month_name(report.windows.first_after)),
        rows=sorted(report.lines, key=ORDERS[order][1]),
        order=order,
        orders=ORDERS,
        words=words,
        drawings=drawings,
    )


@bp.get("/cohorts/<int:cohort_id>/report.csv")
@requires(Permission.READ_REPORT, of=Cohort)
def cohort_report_csv(cohort: Cohort):
    response = make_response(write_csv(*drawings.csv_rows(services.cohort_report(cohort))))
    response.mimetype = "text/csv"
    name = f"report-{cohort.id}-{clock.today(cohort.time_zone)}.csv"
    return attachment_headers(response, name, inline=False)


@bp.get("/results/<int:programme_id>")
@public
def public_report(programme_id: int):
    programme = db.get_or_404(Programme, programme_id)
    if not programme.report_public:
        abort(404)
    report = services.public_report(programme)
    return render_template(
        "reports/public_report.html",
        report=report,
        view=report.view,
        finding=words.public_finding(report.view),
        words=words,
        drawings=drawings,
    )
