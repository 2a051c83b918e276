"""All tasks of one firm for its staff: dates, more days, and handing in for the firm."""

from flask import render_template

from lms.assignments import services
from lms.assignments.views import bp
from lms.assignments.views.shared import in_time_zone_of
from lms.cohorts.models import Enrolment
from lms.foundation.clock import today
from lms.permissions import Permission
from lms.web.guard import requires


@bp.get("/enrolments/<int:enrolment_id>/tasks")
@requires(Permission.MENTOR_ENROLMENT, of=Enrolment)
def firm_tasks(enrolment: Enrolment):
    in_time_zone_of(enrolment)
    return render_template(
        "assignments/firm_tasks.html",
        enrolment=enrolment,
        tasks=services.tasks_of(enrolment),
        day=today(enrolment.cohort.time_zone),
    )
