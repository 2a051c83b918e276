"""Pages on which a firm asks for help and staff answer, contacts that staff note, the firm's own pages."""

from flask import flash, g, redirect, render_template, request, url_for

from lms.cohorts.models import Enrolment
from lms.foundation.i18n import gettext as _
from lms.mentoring import services
from lms.mentoring.addresses import chat_link, inner_path
from lms.mentoring.forms.meetings import AnswerForm, ContactForm, HelpForm, TickForm, practices_form
from lms.mentoring.models import HelpRequest, Moment
from lms.mentoring.views import bp
from lms.mentoring.views.around import chats, own_enrolment, readers, site_address, site_name
from lms.permissions import Permission
from lms.web.forms import show_form
from lms.web.guard import me, requires
from lms.web.templating import may

PRACTICE_MOMENTS = ",".join(Moment)


@bp.route("/help", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def ask_help():
    if not may(Permission.ACT_FOR_FIRM):
        return render_template("mentoring/staff_help.html", programmes=services.programmes_around(me()))
    enrolment = own_enrolment()
    if enrolment is None:
        return render_template("mentoring/no_course.html")
    form = HelpForm(data=_came_from())
    if form.validate_on_submit():
        with form.catch_refusal():
            asked = services.ask_help(enrolment, by=me(), **form.asked)
            return redirect(url_for(".help_request", help_request_id=asked.id))
    return show_form("mentoring/ask_help.html", form=form, enrolment=enrolment, readers=readers(enrolment))


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
    address = site_address(url_for(".help_request", help_request_id=help_request.id))
    words = _("Hello, I asked for help in %(site)s: %(address)s", site=site_name(), address=address)
    return show_form(
        "mentoring/help_request.html",
        form=form,
        asked=help_request,
        mentor=mentor,
        readers=readers(enrolment),
        due_on=services.answer_due_on(help_request),
        chat=chat_link(mentor.phone, words) if mentor else "",
    )


@bp.route("/enrolments/<int:enrolment_id>/contacts/new", methods=["GET", "POST"])
@requires(Permission.MENTOR_ENROLMENT, of=Enrolment)
def note_contact(enrolment: Enrolment):
    form = ContactForm()
    if form.validate_on_submit():
        services.note_contact(
            enrolment,
            channel=form.channel.data,
            text=form.text.data or "",
            minutes=form.minutes.data or 0,
            by=me(),
        )
        flash(_("Noted. Your colleagues can see it."))
        return redirect(url_for(".note_contact", enrolment_id=enrolment.id))
    g.time_zone = enrolment.cohort.time_zone
    about = inner_path(request.args.get("about")) or "/"
    return show_form(
        "mentoring/note_contact.html",
        form=form,
        enrolment=enrolment,
        contacts=services.contacts_of(enrolment),
        chats=chats(enrolment, about),
    )


@bp.get("/agreements")
@requires(Permission.ACT_FOR_FIRM)
def agreements():
    enrolment = own_enrolment()
    if enrolment is None:
        return render_template("mentoring/no_course.html")
    return render_template(
        "mentoring/agreements.html",
        enrolment=enrolment,
        mentor=services.mentor_of(enrolment),
        session=services.next_session(enrolment),
        actions=services.actions_of(enrolment),
        ties=services.ties_in(enrolment),
        goal=services.goal_of(enrolment),
        notes=services.notes_visible_to(me(), enrolment),
        asked=services.help_requests_of(enrolment),
        new_tick=TickForm,
    )


@bp.route(f"/practices/<any({PRACTICE_MOMENTS}):moment>", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
def check_practices(moment: str):
    enrolment = own_enrolment()
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
