"""More days for a task: a firm asks for them; staff answer, give them unasked, and take them back."""

from datetime import timedelta

from flask import abort, flash, redirect, url_for

from lms.assignments import services
from lms.assignments.forms import AnswerDaysForm, AskDaysForm, GiveDaysForm, TakeDaysBackForm
from lms.assignments.models import Extension, ExtensionState
from lms.assignments.views import bp
from lms.assignments.views.member import desk_of
from lms.assignments.views.shared import in_time_zone_of
from lms.cohorts.models import Enrolment
from lms.curriculum.models import Brief
from lms.foundation.clock import today
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web.forms import Form, show_form
from lms.web.guard import me, requires


@bp.route("/briefs/<int:brief_id>/more-days", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
def ask_days(brief_id: int):
    here, form = desk_of(brief_id), AskDaysForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.ask_for_days(here.enrolment, here.brief, form.days.data, form.reason.data, by=me())
            flash(_("Asked. The answer will be on this page, and in your notices."))
            return redirect(here.at("show"))
    return show_form(
        "assignments/ask_days.html",
        form,
        brief=here.brief,
        enrolment=here.enrolment,
        deadline=services.deadline_of(here.enrolment, here.brief),
        addressee=services.addressee(here.enrolment),
    )


@bp.route("/enrolments/<int:enrolment_id>/briefs/<int:brief_id>/more-days", methods=["GET", "POST"])
@requires(Permission.GIVE_MORE_DAYS, of=Enrolment)
def give_days(enrolment: Enrolment, brief_id: int):
    brief, form = services.brief_of(enrolment, brief_id) or abort(404), GiveDaysForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.give_days(enrolment, brief, form.due_on.data, form.reason.data or "", by=me())
            flash(_("Given. The firm has been told."))
            return redirect(url_for(".firm_tasks", enrolment_id=enrolment.id))
    return _page("give_days.html", form, enrolment, brief)


@bp.route("/extensions/<int:extension_id>", methods=["GET", "POST"])
@requires(Permission.GIVE_MORE_DAYS, of=Extension)
def answer_days(extension: Extension):
    enrolment, brief = extension.enrolment, _brief(extension)
    if extension.state is not ExtensionState.ASKED:
        return redirect(url_for(".give_days", enrolment_id=enrolment.id, brief_id=brief.id))
    form = AnswerDaysForm(due_on=_suggested(extension, brief))
    if form.validate_on_submit():
        with form.catch_refusal():
            day = form.due_on.data if form.is_yes else None
            services.answer_request(extension, brief, day, form.reason.data or "", by=me())
            flash(
                _("Given. The firm has been told.") if form.is_yes else _("Answered. The firm has been told.")
            )
            return redirect(url_for(".queue"))
    return _page("answer_days.html", form, enrolment, brief, extension=extension)


@bp.post("/extensions/<int:extension_id>/take-back")
@requires(Permission.GIVE_MORE_DAYS, of=Extension)
def take_days_back(extension: Extension):
    brief, form = _brief(extension), TakeDaysBackForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.withdraw_days(extension, brief, form.reason.data or "", by=me())
            flash(_("Taken back. The firm has been told."))
            return redirect(url_for(".firm_tasks", enrolment_id=extension.enrolment_id))
    return _page("give_days.html", form, extension.enrolment, brief)


def _page(template: str, form: Form, enrolment: Enrolment, brief: Brief, **more):
    in_time_zone_of(enrolment)
    history = services.extensions_of(enrolment, brief.slug)
    is_taking_back = isinstance(form, TakeDaysBackForm)
    return show_form(
        f"assignments/{template}",
        form,
        giving=GiveDaysForm() if is_taking_back else form,
        taking_back=form if is_taking_back else TakeDaysBackForm(),
        enrolment=enrolment,
        brief=brief,
        deadline=services.deadline_of(enrolment, brief),
        active=next((one for one in history if one.state is ExtensionState.GRANTED), None),
        history=history,
        **more,
    )


def _brief(extension: Extension) -> Brief:
    return services.brief_named(extension.enrolment, extension.brief_slug) or abort(404)


def _suggested(extension: Extension, brief: Brief):
    """The day for which the firm asked: so many after the task's date, or after today if that is past."""
    due_on = services.deadline_of(extension.enrolment, brief).due_on
    start = max(due_on, today(extension.enrolment.cohort.time_zone))
    return start + timedelta(days=extension.asked_days or 0)
