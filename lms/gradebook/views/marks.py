"""The marks of a cohort and of one firm, and the files of them."""

from flask import g, make_response, render_template, request, url_for

from lms.cohorts.models import Cohort, Enrolment
from lms.foundation import clock
from lms.gradebook import people, services, sheets, words
from lms.gradebook.choice import EVERY_WEEK, KINDS, QUIZ, SO_FAR, Choice
from lms.gradebook.services import Book
from lms.gradebook.views import bp
from lms.learning import services as learning
from lms.permissions import Permission
from lms.web.forms import ConfirmForm
from lms.web.guard import me, requires
from lms.web.security import attachment_headers

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
        marks=services.marks_of(enrolment),
        new_form=ConfirmForm,
        opened=request.args.get("week", learning.present_week(enrolment), type=int),
        **_words(),
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
