"""Pages on which staff plan sessions with firms, hold them, and keep what was agreed."""

from flask import abort, flash, g, redirect, render_template, url_for

from lms.cohorts.models import Enrolment
from lms.cohorts.services import cohorts_visible_to
from lms.foundation.db import db
from lms.foundation.i18n import gettext as _
from lms.mentoring import services
from lms.mentoring.addresses import inner_path
from lms.mentoring.forms.booking import PlanForm
from lms.mentoring.forms.meetings import ClinicForm, ClinicOutcomeForm, CloseForm, TickForm
from lms.mentoring.models import Action, Session, SessionKind
from lms.mentoring.views import bp
from lms.mentoring.views.around import chats, day_of, hour_of
from lms.permissions import Permission
from lms.web.forms import show_form
from lms.web.guard import me, requires


@bp.get("/mentoring")
@requires(Permission.WORK_AS_STAFF)
def sessions():
    return render_template(
        "mentoring/sessions.html",
        agenda=services.agenda(me()),
        grouped=services.grouped,
        waiting=services.open_help(me()),
        due_on=services.answer_due_on,
        firms=services.mentored_by(me()),
        day_of=day_of,
        hour_of=hour_of,
    )


@bp.route("/enrolments/<int:enrolment_id>/sessions/new", methods=["GET", "POST"])
@requires(Permission.MENTOR_ENROLMENT, of=Enrolment)
def plan_session(enrolment: Enrolment):
    zone = g.time_zone = enrolment.cohort.time_zone
    form = PlanForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            _plan(enrolment, form, zone)
            flash(_("Planned. The firm has been told."))
            return redirect(url_for(".sessions"))
    return show_form("mentoring/plan_session.html", form=form, enrolment=enrolment)


def _plan(enrolment: Enrolment, form: PlanForm, zone: str) -> None:
    if form.series is not None:
        services.plan_series(enrolment, **form.series, by=me())
        return
    services.plan_session(
        enrolment,
        kind=SessionKind(form.kind.data),
        starts_at=form.starts_at(zone),
        minutes=form.minutes.data,
        by=me(),
    )


@bp.route("/mentoring/clinics/new", methods=["GET", "POST"])
@requires(Permission.WORK_AS_STAFF)
def plan_clinic():
    cohorts = {cohort.id: cohort for cohort in db.session.scalars(cohorts_visible_to(me()))}
    form = ClinicForm().offer(cohorts.values())
    if form.validate_on_submit():
        with form.catch_refusal():
            cohort = cohorts[form.cohort_id.data]
            starts_at = form.starts_at(cohort.time_zone)
            planned = services.plan_clinic(cohort, starts_at=starts_at, minutes=form.minutes.data, by=me())
            flash(_("Planned. %(count)s firms have been told.", count=len(planned)))
            return redirect(url_for(".sessions"))
    return show_form("mentoring/plan_clinic.html", form=form, cohorts=cohorts)


@bp.route("/sessions/<int:session_id>", methods=["GET", "POST"])
@requires(Permission.HOLD_SESSION, of=Session)
def hold_session(session: Session):
    enrolment = session.enrolment
    actions = services.open_actions([enrolment.id])[enrolment.id]
    form = CloseForm().offer(actions, services.ties_in(enrolment))
    if form.validate_on_submit():
        with form.catch_refusal():
            services.close_session(session, form.outcome, by=me())
            flash(_("Saved. The firm can read the agreements now."))
            return redirect(url_for(".hold_session", session_id=session.id))
    g.time_zone = enrolment.cohort.time_zone
    return show_form("mentoring/hold_session.html", form=form, session=session, **_beside(enrolment))


@bp.route("/sessions/<int:session_id>/clinic", methods=["GET", "POST"])
@requires(Permission.HOLD_SESSION, of=Session)
def hold_clinic(session: Session):
    together = services.clinic_of(session, me())
    form = ClinicOutcomeForm().offer(together)
    if form.validate_on_submit():
        with form.catch_refusal():
            services.note_clinic(together, form.attended.data, form.shared_note.data or "", by=me())
            flash(_("Saved. Attendance is noted for every firm."))
            return redirect(url_for(".sessions"))
    g.time_zone = session.enrolment.cohort.time_zone
    return show_form("mentoring/hold_clinic.html", form=form, session=session, together=together)


@bp.post("/actions/<int:action_id>/tick")
@requires(Permission.TICK_ACTION, of=Action)
def tick_action(action: Action):
    form = TickForm()
    if not form.validate_on_submit():
        abort(400)
    services.tick(action, form.done.data == "1", by=me())
    home = ".agreements" if me().firm_id == action.firm_id else ".sessions"
    return redirect(inner_path(form.back.data) or url_for(home))


def _beside(enrolment: Enrolment) -> dict:
    """What a mentor wants at hand while talking to a firm."""
    return {
        "enrolment": enrolment,
        "goal": services.goal_of(enrolment),
        "ties": services.ties_in(enrolment),
        "actions": services.actions_of(enrolment),
        "waiting": services.open_help_of([enrolment.id])[enrolment.id],
        "notes": services.notes_visible_to(me(), enrolment),
        "chats": chats(enrolment, url_for(".agreements")),
    }
