"""Pages on which a firm's people find and look up what their course says."""

from flask import Blueprint, abort, g, render_template, request
from markupsafe import Markup

from lms.accounts.session import absolute
from lms.cohorts.models import Enrolment
from lms.cohorts.services import current_enrolment
from lms.curriculum.services import words_of
from lms.foundation.qr import qr_code
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


@bp.get("/words")
@requires(Permission.ACT_FOR_FIRM)
def words():
    version = _enrolment().cohort.course_version
    return render_template("reading/words.html", version=version, words=words_of(version.id))


@bp.get("/weeks/<int:number>/sheet")
@requires(Permission.ACT_FOR_FIRM)
def week_sheet(number: int):
    sheet = services.week_sheet(_enrolment(), number) or abort(404)
    address = absolute("learning.course", week=number, _anchor=f"week-{number}")
    return render_template("reading/week_sheet.html", sheet=sheet, qr=Markup(qr_code(address, scale=3)))


def _enrolment() -> Enrolment:
    enrolment = current_enrolment(me().firm_id)
    if enrolment is None:
        abort(404)
    g.time_zone = enrolment.cohort.time_zone
    return enrolment
