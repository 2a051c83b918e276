"""Pages of marks: a cohort's, one firm's, and the files of them."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from lms.cohorts.models import Cohort, Enrolment
from lms.foundation import clock
from lms.gradebook import people, quizzes, services, sheets, words
from lms.gradebook.choice import EVERY_WEEK, KINDS, QUIZ, SO_FAR, Choice
from lms.gradebook.item_analysis import FEWEST, FEWEST_TO_CORRELATE
from lms.gradebook.services import Book
from lms.learning import services as learning
from lms.learning import sittings
from lms.learning.models import Attempt
from lms.permissions import Permission
from lms.web.guard import me, requires
from lms.web.security import attachment_headers

bp = Blueprint("gradebook", __name__)

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/cohorts/<int:cohort_id>/gradebook")
@requires(Permission.READ_COHORT, of=Cohort)
def gradebook(cohort: Cohort):
    g.time_zone = cohort.time_zone
    choice = Choice.read(request.args)
    book = services.gradebook(cohort, choice, me())
    return render_template(
        "gradebook/gradebook.html",
        cohort=cohort,
        book=book,
        choice=choice,
        weeks=[SO_FAR, EVERY_WEEK, *map(str, book.weeks)],
        kinds=KINDS,
        firm_url=url_for(".firm_marks", enrolment_id=0).replace("/0/", "/%s/"),
        quiz_url=url_for(".quiz_analysis", cohort_id=cohort.id, quiz_id=0).removesuffix("0"),
        work_url=url_for("assignments.show_submission", submission_id=0).removesuffix("0"),
        **_words(),
    )


@bp.get("/cohorts/<int:cohort_id>/gradebook.csv")
@requires(Permission.READ_COHORT, of=Cohort)
def gradebook_csv(cohort: Cohort):
    return _file(cohort, "csv", "text/csv", sheets.as_csv(_chosen(cohort)))


@bp.get("/cohorts/<int:cohort_id>/gradebook.xlsx")
@requires(Permission.READ_COHORT, of=Cohort)
def gradebook_workbook(cohort: Cohort):
    book = _chosen(cohort)
    quizzes = {column.slug for column in book.columns if column.kind == QUIZ}
    who = people.people_at_quizzes([line.enrolment_id for line in book.lines], quizzes)
    return _file(cohort, "xlsx", WORKBOOK, sheets.as_workbook(book, who))


@bp.get("/enrolments/<int:enrolment_id>/marks")
@requires(Permission.MENTOR_ENROLMENT, of=Enrolment)
def firm_marks(enrolment: Enrolment):
    g.time_zone = enrolment.cohort.time_zone
    return render_template(
        "gradebook/firm_marks.html",
        enrolment=enrolment,
        weeks=services.marks_of(enrolment),
        sat=sittings.sittings_in(enrolment),
        opened=request.args.get("week", type=int),
        **_words(),
    )


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


def _chosen(cohort: Cohort) -> Book:
    g.time_zone = cohort.time_zone
    return services.gradebook(cohort, Choice.read(request.args), me())


def _file(cohort: Cohort, ending: str, media_type: str, content: bytes):
    response = make_response(content)
    response.mimetype = media_type
    name = f"marks-{cohort.id}-{clock.today(cohort.time_zone)}.{ending}"
    return attachment_headers(response, name, inline=False)


def _words() -> dict:
    return {
        "states": words.states(),
        "badges": words.BADGES,
        "kind_names": words.kind_names(),
        "firm_states": words.firm_states(),
        "column_title": words.column_title,
    }
