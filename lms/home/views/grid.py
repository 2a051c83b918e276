"""The grid of a cohort: firms down, weeks across, four marks in a cell that opens what waits there."""

from flask import g, render_template, url_for

from lms.cohorts.models import Cohort
from lms.foundation.clock import today
from lms.home import grid, words
from lms.home.marks import Mark
from lms.home.views import bp
from lms.permissions import Permission
from lms.standing import services as standing
from lms.web.guard import requires


@bp.get("/cohorts/<int:cohort_id>/grid")
@requires(Permission.READ_COHORT, of=Cohort)
def cohort_grid(cohort: Cohort):
    g.time_zone = cohort.time_zone
    firms = standing.progress_of(cohort)
    return render_template(
        "home/cohort_grid.html",
        cohort=cohort,
        firms=firms,
        weeks=[cell.number for cell in firms[0].per_week] if firms else [],
        addresses=_addresses(),
        drawer=grid.Drawer(words.of_cells(), _addresses(), today(cohort.time_zone)),
        marks=words.marks(),
        legend=[(grid.sample(mark), said) for mark, said in words.of_marks().items()],
        none=grid.sample(Mark.NONE),
    )


def _addresses() -> grid.Addresses:
    before, _key, after = url_for("assignments.review_submission", submission_id=0).partition("0")
    return grid.Addresses(
        firm=url_for("home.firm_page", enrolment_id=0).removesuffix("0"),
        review=(before, after),
        session=url_for("mentoring.hold_session", session_id=0).removesuffix("0"),
    )
