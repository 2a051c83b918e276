"""How many firms each mentor takes, and people of firms that graduated who become mentors."""

from flask import flash, redirect, url_for

from lms.cohorts import services
from lms.cohorts.forms import capacity_form
from lms.cohorts.models import Cohort
from lms.cohorts.views import bp
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires


@bp.route("/cohorts/<int:cohort_id>/mentors", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT, of=Cohort)
def set_capacities(cohort: Cohort):
    people = services.possible_mentors(cohort)
    form = capacity_form(people, services.capacities(people))
    if form.validate_on_submit():
        services.set_capacities(cohort, form.firms, by=me())
        flash(_("Saved."))
        return redirect(url_for(".show_cohort", cohort_id=cohort.id))
    loads = services.mentor_loads(people)
    return show_form("cohorts/set_capacities.html", form, cohort=cohort, people=people, loads=loads)


@bp.get("/cohorts/<int:cohort_id>/graduates")
@requires(Permission.MANAGE_COHORT, of=Cohort)
def graduates(cohort: Cohort):
    return _show_graduates(cohort, ConfirmForm())


@bp.post("/cohorts/<int:cohort_id>/graduates/<int:user_id>/mentor")
@requires(Permission.MANAGE_COHORT, of=Cohort)
def make_mentor(cohort: Cohort, user_id: int):
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            person = services.make_mentor(cohort, user_id, by=me())
            flash(_("%(name)s is a mentor now. Assign firms to them.", name=person.name))
            return redirect(url_for(".graduates", cohort_id=cohort.id))
    return _show_graduates(cohort, form)


def _show_graduates(cohort: Cohort, form: ConfirmForm):
    places = services.graduates_of(cohort)
    return show_form("cohorts/graduates.html", form, cohort=cohort, places=places)
