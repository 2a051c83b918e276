"""The page on which firm and mentor write down what they want to reach, and agree on it."""

from flask import flash, g, redirect, url_for

from lms.cohorts.models import Enrolment
from lms.foundation.i18n import gettext as _
from lms.mentoring import services
from lms.mentoring.forms.pairs import GoalForm
from lms.mentoring.models import Goal
from lms.mentoring.views import bp
from lms.permissions import Permission
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires


@bp.route("/enrolments/<int:enrolment_id>/goal", methods=["GET", "POST"])
@requires(Permission.READ_ENROLMENT, of=Enrolment)
def goal(enrolment: Enrolment):
    present = services.goal_of(enrolment)
    form = GoalForm(obj=present)
    if form.validate_on_submit():
        with form.catch_refusal():
            services.write_goal(enrolment, form.text.data, form.ground_rules.data or "", by=me())
            flash(_("Saved. The other side can read it and agree."))
            return redirect(url_for(".goal", enrolment_id=enrolment.id))
    return _show(enrolment, form)


@bp.post("/goals/<int:goal_id>/agree")
@requires(Permission.READ_ENROLMENT, of=Goal)
def agree_to_goal(goal: Goal):
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.agree_to_goal(goal, by=me())
            flash(_("Agreed. It stays on top of your sessions."))
            return redirect(url_for(".goal", enrolment_id=goal.enrolment_id))
    goal_form = GoalForm(formdata=None, obj=services.goal_of(goal.enrolment))
    goal_form.form_errors.extend(form.form_errors)
    return _show(goal.enrolment, goal_form)


def _show(enrolment: Enrolment, form: GoalForm):
    g.time_zone = enrolment.cohort.time_zone
    return show_form(
        "mentoring/goal.html",
        form=form,
        agree=ConfirmForm(formdata=None),
        enrolment=enrolment,
        mine=services.side_of(me(), enrolment),
        may_say=services.may_give_pulse(enrolment, me()),
        goals=services.goals_of(enrolment),
        mentor=services.mentor_of(enrolment),
    )
