"""How the quizzes of a cohort went, and one attempt as it was answered."""

from flask import abort, g, render_template

from lms.cohorts.models import Cohort
from lms.gradebook import quizzes
from lms.gradebook.item_analysis import FEWEST, FEWEST_TO_CORRELATE
from lms.gradebook.views import bp
from lms.learning import services as learning
from lms.learning.models import Attempt
from lms.permissions import Permission
from lms.web.guard import requires


@bp.get("/cohorts/<int:cohort_id>/quizzes")
@requires(Permission.READ_COHORT, of=Cohort)
def cohort_quizzes(cohort: Cohort):
    return render_template(
        "gradebook/cohort_quizzes.html", cohort=cohort, lines=quizzes.quizzes_of(cohort), fewest=FEWEST
    )


@bp.get("/cohorts/<int:cohort_id>/quizzes/<int:quiz_id>")
@requires(Permission.READ_COHORT, of=Cohort)
def quiz_analysis(cohort: Cohort, quiz_id: int):
    quiz = quizzes.quiz_in(cohort, quiz_id) or abort(404)
    return render_template(
        "gradebook/quiz_analysis.html",
        cohort=cohort,
        quiz=quiz,
        found=quizzes.analysis_of(cohort, quiz),
        fewest=FEWEST,
        fewest_to_correlate=FEWEST_TO_CORRELATE,
    )


@bp.get("/attempts/<int:attempt_id>/answers")
@requires(Permission.READ_ATTEMPT, of=Attempt)
def read_answers(attempt: Attempt):
    g.time_zone = attempt.enrolment.cohort.time_zone
    return render_template(
        "gradebook/read_answers.html",
        attempt=attempt,
        asked=learning.questions(attempt),
        given=learning.answers(attempt),
    )
