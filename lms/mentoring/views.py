"""Pages on which a firm asks for help and staff answer, meet the firm, and keep what was agreed."""

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for

from lms.cohorts.models import Enrolment
from lms.cohorts.services import cohorts_visible_to, current_enrolment
from lms.foundation.db import db
from lms.foundation.i18n import gettext as _
from lms.foundation.plaintext import render_text
from lms.mentoring import services
from lms.mentoring.addresses import chat_link, inner_path
from lms.mentoring.forms import (
    CHANNELS,
    KINDS,
    STATES,
    AnswerForm,
    ClinicForm,
    ClinicOutcomeForm,
    CloseForm,
    ContactForm,
    HelpForm,
    SessionForm,
    TickForm,
    practices_form,
)
from lms.mentoring.models import Action, HelpRequest, Moment, Session, SessionKind
from lms.permissions import Permission
from lms.web.forms import show_form
from lms.web.guard import me, requires
from lms.web.templating import long_date, may, time

bp = Blueprint("mentoring", __name__)

PRACTICE_MOMENTS = ",".join(Moment)


bp.add_app_template_filter(render_text, "written")


@bp.app_context_processor
def words() -> dict:
    """How kinds, states and channels read."""
    return {"session_kinds": KINDS, "session_states": STATES, "contact_channels": CHANNELS}


# Help


@bp.route("/help", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def ask_help():
    if not may(Permission.ACT_FOR_FIRM):
        return render_template("mentoring/staff_help.html", programmes=services.programmes_around(me()))
    enrolment = _own_enrolment()
    if enrolment is None:
        return render_template("mentoring/no_course.html")
    form = HelpForm(data=_came_from())
    if form.validate_on_submit():
        with form.catch_refusal():
            asked = services.ask_help(enrolment, by=me(), **form.asked)
            return redirect(url_for(".help_request", help_request_id=asked.id))
    return show_form("mentoring/ask_help.html", form=form, enrolment=enrolment, readers=_readers(enrolment))


def _came_from() -> dict[str, str]:
    """The page whose link for help was followed."""
    return {"about": inner_path(request.args.get("about")), "title": request.args.get("title", "")[:200]}


@bp.get("/help/<int:help_request_id>")
@requires(Permission.READ_ENROLMENT, of=HelpRequest)
def help_request(help_request: HelpRequest):
    return _show_help(help_request, AnswerForm())


@bp.post("/help/<int:help_request_id>/answer")
@requires(Permission.ANSWER_HELP, of=HelpRequest)
def answer_help(help_request: HelpRequest):
    form = AnswerForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.answer_help(help_request, form.answer.data, by=me())
            flash(_("Sent. %(name)s has your answer.", name=help_request.user.first_name))
            return redirect(url_for(".sessions"))
    return _show_help(help_request, form)


def _show_help(help_request: HelpRequest, form: AnswerForm):
    enrolment = help_request.enrolment
    g.time_zone = enrolment.cohort.time_zone
    mentor = services.mentor_of(enrolment)
    address = _site_address(url_for(".help_request", help_request_id=help_request.id))
    words = _("Hello, I asked for help in %(site)s: %(address)s", site=_site_name(), address=address)
    return show_form(
        "mentoring/help_request.html",
        form=form,
        asked=help_request,
        mentor=mentor,
        readers=_readers(enrolment),
        due_on=services.answer_due_on(help_request),
        chat=chat_link(mentor.phone, words) if mentor else "",
    )


# Sessions


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
        day_of=_day_of,
        hour_of=_hour_of,
    )


@bp.route("/enrolments/<int:enrolment_id>/sessions/new", methods=["GET", "POST"])
@requires(Permission.MENTOR_ENROLMENT, of=Enrolment)
def plan_session(enrolment: Enrolment):
    zone = g.time_zone = enrolment.cohort.time_zone
    form = SessionForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.plan_session(
                enrolment,
                kind=SessionKind(form.kind.data),
                starts_at=form.starts_at(zone),
                minutes=form.minutes.data,
                by=me(),
            )
            flash(_("Planned. The firm has been told."))
            return redirect(url_for(".sessions"))
    return show_form("mentoring/plan_session.html", form=form, enrolment=enrolment)


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
    form = CloseForm().offer(actions)
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
        "actions": services.actions_of(enrolment),
        "waiting": services.open_help_of([enrolment.id])[enrolment.id],
        "notes": services.notes_visible_to(me(), enrolment),
        "chats": _chats(enrolment, url_for(".agreements")),
    }


# Contacts


@bp.route("/enrolments/<int:enrolment_id>/contacts/new", methods=["GET", "POST"])
@requires(Permission.MENTOR_ENROLMENT, of=Enrolment)
def note_contact(enrolment: Enrolment):
    form = ContactForm()
    if form.validate_on_submit():
        services.note_contact(enrolment, channel=form.channel.data, text=form.text.data or "", by=me())
        flash(_("Noted. Your colleagues can see it."))
        return redirect(url_for(".note_contact", enrolment_id=enrolment.id))
    g.time_zone = enrolment.cohort.time_zone
    about = inner_path(request.args.get("about")) or "/"
    return show_form(
        "mentoring/note_contact.html",
        form=form,
        enrolment=enrolment,
        contacts=services.contacts_of(enrolment),
        chats=_chats(enrolment, about),
    )


def _chats(enrolment: Enrolment, path: str) -> list[tuple]:
    """The people of a firm who can be written to, each with the chat that is ready to send."""
    words = _(
        "Hello, I write to you from %(site)s. Please open this page: %(address)s",
        site=_site_name(),
        address=_site_address(path),
    )
    found = (
        (person, chat_link(person.phone, words)) for person in services.people_with_phone(enrolment.firm)
    )
    return [(person, link) for person, link in found if link]


# The firm's own pages


@bp.get("/agreements")
@requires(Permission.ACT_FOR_FIRM)
def agreements():
    enrolment = _own_enrolment()
    if enrolment is None:
        return render_template("mentoring/no_course.html")
    return render_template(
        "mentoring/agreements.html",
        enrolment=enrolment,
        mentor=services.mentor_of(enrolment),
        session=services.next_session(enrolment),
        actions=services.actions_of(enrolment),
        notes=services.notes_visible_to(me(), enrolment),
        asked=services.help_requests_of(enrolment),
        new_tick=TickForm,
    )


@bp.route(f"/practices/<any({PRACTICE_MOMENTS}):moment>", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
def check_practices(moment: str):
    enrolment = _own_enrolment()
    if enrolment is None:
        return render_template("mentoring/no_course.html")
    when = Moment(moment)
    practices = services.practices_of(enrolment)
    form = practices_form(practices, services.earlier_answers(enrolment, when))
    if form.validate_on_submit():
        services.check_practices(enrolment, when, form.answers, by=me())
        flash(_("Saved. Thank you: this shows what changed in your firm."))
        return redirect(url_for(".agreements"))
    return show_form("mentoring/check_practices.html", form=form, practices=practices, moment=when)


def _own_enrolment() -> Enrolment | None:
    enrolment = current_enrolment(me().firm_id)
    if enrolment is not None:
        g.time_zone = enrolment.cohort.time_zone
    return enrolment


def _readers(enrolment: Enrolment) -> list[str]:
    """The names of who is there to answer a firm."""
    people = [person for person in (enrolment.mentor, *enrolment.cohort.trainers) if person]
    return list(dict.fromkeys(person.name for person in people if person.suspended_at is None))


def _day_of(session: Session) -> str:
    g.time_zone = session.enrolment.cohort.time_zone
    return long_date(session.starts_at)


def _hour_of(session: Session) -> str:
    g.time_zone = session.enrolment.cohort.time_zone
    return time(session.starts_at)


def _site_address(path: str) -> str:
    return (current_app.config["SITE_URL"] or request.url_root).rstrip("/") + path


def _site_name() -> str:
    return current_app.config["SITE_NAME"]
