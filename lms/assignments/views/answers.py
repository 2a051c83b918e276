"""A firm that answers what was said of its work."""

from flask import flash, redirect, url_for

from lms.assignments import services
from lms.assignments.forms import ReplyForm
from lms.assignments.models import Review
from lms.assignments.views import bp
from lms.assignments.views.shared import in_time_zone_of
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web.forms import show_form
from lms.web.guard import me, requires


@bp.route("/reviews/<int:review_id>/answer", methods=["GET", "POST"])
@requires(Permission.HAND_IN_SUBMISSION, of=Review)
def answer_review(review: Review):
    in_time_zone_of(review.enrolment)
    form = ReplyForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.answer_review(review, form.text.data, by=me())
            flash(_("Your answer was sent to %(name)s.", name=review.grader.first_name))
            return redirect(url_for(".show_submission", submission_id=review.submission_id))
    submission = services.with_history(review.submission)
    return show_form("assignments/answer_review.html", form, review=review, submission=submission)
