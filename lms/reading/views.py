"""Pages on which a firm's people find something in their course."""

from flask import Blueprint, abort, g, render_template, request

from lms.cohorts.models import Enrolment
from lms.cohorts.services import current_enrolment
from lms.permissions import Permission
from lms.reading import services
from lms.web.guard import me, requires

bp = Blueprint("reading", __name__, url_prefix="/course")


@bp.get("/search")
@requires(Permission.ACT_FOR_FIRM)
def search():
    question = request.args.get("q", "").strip()[: services.LONGEST_QUESTION]
    answers = services.search(_enrolment(), question) if question else []
    return render_template(
        "reading/search.html", question=question, answers=answers, longest=services.LONGEST_QUESTION
    )


def _enrolment() -> Enrolment:
    enrolment = current_enrolment(me().firm_id)
    if enrolment is None:
        abort(404)
    g.time_zone = enrolment.cohort.time_zone
    return enrolment
