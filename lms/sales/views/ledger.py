"""Pages of the books: the history of one figure, and how complete the figures of a cohort are."""

from flask import abort, render_template

from lms.cohorts.models import Cohort, Enrolment
from lms.permissions import Permission
from lms.sales import services
from lms.sales.models import Channel
from lms.sales.views import bp
from lms.sales.views.shared import read_month
from lms.web.guard import me, requires


@bp.get("/enrolments/<int:enrolment_id>/sales/<month>/<channel>")
@requires(Permission.READ_SALES, of=Enrolment)
def figure_history(enrolment: Enrolment, month: str, channel: str):
    try:
        place = Channel(channel)
    except ValueError:
        abort(404)
    when = read_month(month)
    return render_template(
        "sales/figure_history.html",
        enrolment=enrolment,
        month=when,
        channel=place,
        figure=services.figures_of_month(enrolment.firm_id, when).get(place),
        revisions=services.history_of(enrolment.firm_id, place, when),
        is_own=me().firm_id == enrolment.firm_id,
    )


@bp.get("/cohorts/<int:cohort_id>/sales")
@requires(Permission.READ_COHORT, of=Cohort)
def sales_completeness(cohort: Cohort):
    return render_template(
        "sales/sales_completeness.html", cohort=cohort, found=services.completeness(cohort)
    )
