"""Published reports: the list, one of them, its exports, and two of them compared."""

from flask import abort, render_template, url_for

from lms.cohorts.models import Programme
from lms.foundation.db import db
from lms.permissions import Permission
from lms.reports import key_words, pictures, sentences, snapshots
from lms.reports.definitions import definitions
from lms.reports.exports import answer
from lms.reports.models import ReportSnapshot
from lms.reports.views import bp
from lms.web.guard import requires


@bp.get("/programmes/<int:programme_id>/reports")
@requires(Permission.READ_REPORT, of=Programme)
def published_reports(programme: Programme):
    return render_template(
        "reports/published_reports.html",
        programme=programme,
        found=snapshots.snapshots_of(programme),
        public=snapshots.public_snapshot(programme),
        content_of=snapshots.content_of,
        sentences=sentences,
        definitions=definitions,
    )


@bp.get("/reports/<int:report_snapshot_id>")
@requires(Permission.READ_REPORT, of=ReportSnapshot)
def show_snapshot(report_snapshot: ReportSnapshot):
    return render_template(
        "reports/show_snapshot.html",
        snapshot=report_snapshot,
        document=snapshots.content_of(report_snapshot),
        holds=snapshots.verify(report_snapshot),
        export_url=lambda kind: url_for(".export_snapshot", report_snapshot_id=report_snapshot.id, kind=kind),
        pictures=pictures,
        sentences=sentences,
        definitions=definitions,
    )


@bp.get("/reports/<int:report_snapshot_id>/<any(xlsx, csv, dictionary, json, pdf):kind>")
@requires(Permission.READ_REPORT, of=ReportSnapshot)
def export_snapshot(report_snapshot: ReportSnapshot, kind: str):
    content = snapshots.content_of(report_snapshot)
    return answer(kind, content, report_snapshot.id, report_snapshot)


@bp.get("/reports/<int:report_snapshot_id>/changes/<int:number>")
@requires(Permission.READ_REPORT, of=ReportSnapshot)
def compare_snapshots(report_snapshot: ReportSnapshot, number: int):
    earlier = db.get_or_404(ReportSnapshot, number)
    if earlier.programme_id != report_snapshot.programme_id:
        abort(404)
    return render_template(
        "reports/compare_snapshots.html",
        later=report_snapshot,
        earlier=earlier,
        changes=snapshots.compare(earlier, report_snapshot),
        words=key_words,
    )
