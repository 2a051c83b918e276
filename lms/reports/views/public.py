"""A programme's published results for everybody."""

from flask import abort, render_template

from lms.cohorts.models import Programme
from lms.foundation.db import db
from lms.reports import drawings, services, words
from lms.reports.views import bp
from lms.web.guard import public


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
