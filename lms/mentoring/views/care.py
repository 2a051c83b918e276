"""Pages of a lead about the mentoring of a cohort, and of mentors about their plan."""

from flask import abort, flash, g, redirect, render_template, url_for

from lms.cohorts.models import Cohort, Enrolment
from lms.foundation.i18n import gettext as _
from lms.mentoring import services
from lms.mentoring.addresses import inner_path
from lms.mentoring.forms.care import PulseForm, RulesForm, StepForm
from lms.mentoring.forms.meetings import TickForm
from lms.mentoring.models import PlanStep
from lms.mentoring.views import bp
from lms.mentoring.words import hours_in_words, sign_in_words
from lms.permissions import Permission
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires

# The lead's


@bp.get("/cohorts/<int:cohort_id>/mentoring")
@requires(Permission.MANAGE_COHORT, of=Cohort)
def cohort_mentoring(cohort: Cohort):
    g.time_zone = cohort.time_zone
    return render_template(
        "mentoring/cohort_mentoring.html",
        cohort=cohort,
        care=services.care_of(cohort),
        rules=services.rules_of(cohort.id),
        sign_in_words=sign_in_words,
        hours_in_words=hours_in_words,
    )


@bp.route("/cohorts/<int:cohort_id>/mentoring/rules", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT, of=Cohort)
def meeting_rules(cohort: Cohort):
    form = RulesForm(obj=services.rules_of(cohort.id))
    if form.validate_on_submit():
        services.write_rules(
            cohort,
            notice_hours=form.notice_hours.data,
            days_ahead=form.days_ahead.data,
            makeup_days=form.makeup_days.data,
            by=me(),
        )
        flash(_("Saved."))
        return redirect(url_for(".cohort_mentoring", cohort_id=cohort.id))
    return show_form("mentoring/meeting_rules.html", form, cohort=cohort)


@bp.route("/cohorts/<int:cohort_id>/mentoring/plan", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT, of=Cohort)
def edit_plan(cohort: Cohort):
    form = StepForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.add_step(cohort, form.week.data, form.text.data, by=me())
            flash(_("Added. The mentors see it in its week."))
            return redirect(url_for(".edit_plan", cohort_id=cohort.id))
    return _show_plan(cohort, form)


@bp.post("/cohorts/<int:cohort_id>/mentoring/plan/usual")
@requires(Permission.MANAGE_COHORT, of=Cohort)
def use_usual_plan(cohort: Cohort):
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.use_usual_plan(cohort, by=me())
            return redirect(url_for(".edit_plan", cohort_id=cohort.id))
    step = StepForm(formdata=None)
    step.form_errors.extend(form.form_errors)
    return _show_plan(cohort, step)


@bp.post("/plan-steps/<int:plan_step_id>/drop")
@requires(Permission.MANAGE_COHORT, of=PlanStep)
def drop_step(plan_step: PlanStep):
    if ConfirmForm().validate_on_submit():
        services.drop_step(plan_step, by=me())
        flash(_("Taken out of the plan."))
    return redirect(url_for(".edit_plan", cohort_id=plan_step.cohort_id))


def _show_plan(cohort: Cohort, form: StepForm):
    return show_form(
        "mentoring/edit_plan.html",
        form,
        cohort=cohort,
        steps=services.steps_of(cohort),
        usual=services.usual_plan(),
        confirm=ConfirmForm(formdata=None),
    )


# The mentor's


@bp.get("/mentoring/plan")
@requires(Permission.WORK_AS_STAFF)
def my_plan():
    return render_template(
        "mentoring/my_plan.html", due=services.due_for(me(), with_done=True), new_tick=TickForm
    )


@bp.post("/enrolments/<int:enrolment_id>/plan/<int:step_id>")
@requires(Permission.MENTOR_ENROLMENT, of=Enrolment)
def tick_step(enrolment: Enrolment, step_id: int):
    form = TickForm()
    if not form.validate_on_submit():
        abort(400)
    with form.catch_refusal():
        services.tick_step(enrolment, step_id, form.done.data == "1", by=me())
        return redirect(inner_path(form.back.data) or url_for(".my_plan"))
    abort(404)


# Both sides


@bp.route("/enrolments/<int:enrolment_id>/pulse", methods=["GET", "POST"])
@requires(Permission.READ_ENROLMENT, of=Enrolment)
def pulse(enrolment: Enrolment):
    if not services.may_give_pulse(enrolment, me()):
        abort(404)
    form = PulseForm()
    if form.validate_on_submit():
        services.give_pulse(enrolment, form.score.data, by=me())
        flash(_("Thank you. Only the coordination reads it."))
        return redirect(url_for(".goal", enrolment_id=enrolment.id))
    g.time_zone = enrolment.cohort.time_zone
    last = services.pulse_of(enrolment, me())
    return show_form("mentoring/pulse.html", form, enrolment=enrolment, last=last)
