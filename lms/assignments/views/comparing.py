"""How a cohort does with its tasks, and samples for reviewers."""

from flask import flash, redirect, render_template, url_for

from lms.assignments import services
from lms.assignments.forms import SampleForm
from lms.assignments.models import Submission
from lms.assignments.views import bp
from lms.assignments.views.shared import in_time_zone_of
from lms.cohorts.models import Cohort
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission, Role
from lms.web.forms import show_form
from lms.web.guard import me, requires


@bp.get("/cohorts/<int:cohort_id>/tasks")
@requires(Permission.READ_COHORT, of=Cohort)
def cohort_tasks(cohort: Cohort):
    # Trainers have read each of these works; for a lead, figures of few firms would tell of single ones.
    hide_small = me().role is not Role.TRAINER
    firms, rows = services.task_rows(cohort, hide_small=hide_small)
    return render_template(
        "assignments/cohort_tasks.html", cohort=cohort, firms=firms, rows=rows, hide_small=hide_small
    )


@bp.route("/submissions/<int:submission_id>/sample", methods=["GET", "POST"])
@requires(Permission.REVIEW_SUBMISSION, of=Submission)
def samples(submission: Submission):
    own = services.sample_of(submission)
    form = SampleForm(note=own.note if own else "")
    if form.validate_on_submit():
        with form.catch_refusal():
            if form.act.data == "mark":
                services.mark_sample(submission, form.note.data or "", by=me())
            else:
                services.unmark_sample(submission)
            flash(_("Saved."))
            return redirect(url_for(".samples", submission_id=submission.id))
    in_time_zone_of(submission.enrolment)
    found = services.samples_for(submission, by=me())
    return show_form("assignments/samples.html", form, submission=submission, own=own, samples=found)
