"""One firm in its cohort: its mentor, its state, its people's links and invitations."""

from urllib.parse import quote

from flask import abort, flash, redirect, url_for
from wtforms.fields.choices import SelectChoice

from lms.accounts import services as accounts
from lms.accounts.forms import SENT_AGAIN, WITHDRAWN
from lms.accounts.models import Invitation
from lms.accounts.session import absolute, unkept
from lms.cohorts import services
from lms.cohorts.forms import STATE_WORDS, MentorForm, RfcForm, StateForm
from lms.cohorts.models import Enrolment, EnrolmentState
from lms.cohorts.views import bp
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web.form_keys import new_key
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires

# What may be done to an enrolment in each of its states.
ACTS = {
    EnrolmentState.INVITED: ("withdraw",),
    EnrolmentState.ACTIVE: ("pause", "withdraw"),
    EnrolmentState.PAUSED: ("resume", "withdraw"),
    EnrolmentState.WITHDRAWN: ("resume",),
}


@bp.route("/enrolments/<int:enrolment_id>/mentor", methods=["GET", "POST"])
@requires(Permission.MANAGE_ENROLMENT, of=Enrolment)
def assign_mentor(enrolment: Enrolment):
    people, form = services.possible_mentors(enrolment.cohort), MentorForm(mentor_id=enrolment.mentor_id or 0)
    form.mentor_id.choices = [
        SelectChoice(0, _("Nobody yet")),
        *(SelectChoice(one.id, one.name) for one in people),
    ]
    if form.validate_on_submit():
        with form.catch_refusal():
            services.assign_mentor(enrolment, form.mentor_id.data or None, by=me())
            flash(_("Saved."))
            return redirect(url_for(".show_cohort", cohort_id=enrolment.cohort_id))
    most, loads = services.capacities(people), services.mentor_loads(people)
    notes = {
        id: _("Firms now: %(count)s of %(most)s", count=count, most=most[id]) for id, count in loads.items()
    }
    history = services.mentor_history(enrolment)
    return show_form("cohorts/assign_mentor.html", form, enrolment=enrolment, loads=notes, history=history)


@bp.route("/enrolments/<int:enrolment_id>/rfc", methods=["GET", "POST"])
@requires(Permission.MENTOR_ENROLMENT, of=Enrolment)
def set_rfc(enrolment: Enrolment):
    form = RfcForm(rfc=enrolment.firm.rfc)
    if form.validate_on_submit():
        with form.catch_refusal():
            services.set_rfc(enrolment.firm, form.rfc.data, by=me())
            flash(_("Saved."))
            return redirect(url_for("home.firm_page", enrolment_id=enrolment.id))
    return show_form("cohorts/set_rfc.html", form, enrolment=enrolment)


@bp.route("/enrolments/<int:enrolment_id>/state", methods=["GET", "POST"])
@requires(Permission.MANAGE_ENROLMENT, of=Enrolment)
def change_state(enrolment: Enrolment):
    form, acts = StateForm(), ACTS.get(enrolment.state, ())
    if form.validate_on_submit():
        with form.catch_refusal():
            _change(enrolment, form.act.data, form.reason.data or "")
            flash(_("%(firm)s: %(state)s.", firm=enrolment.firm.name, state=STATE_WORDS[enrolment.state][0]))
            return redirect(url_for(".show_cohort", cohort_id=enrolment.cohort_id))
    days = services.paused_days_today(enrolment)
    return show_form(
        "cohorts/change_state.html",
        form,
        enrolment=enrolment,
        acts=acts,
        days=days,
        words=STATE_WORDS,
        new_key=new_key,
    )


@bp.route("/enrolments/<int:enrolment_id>/people/<int:user_id>/link", methods=["GET", "POST"])
@requires(Permission.MAKE_SIGN_IN_LINK, of=Enrolment)
def make_link(enrolment: Enrolment, user_id: int):
    user = next((person for person in enrolment.firm.people if person.id == user_id), None) or abort(404)
    form, link, chat = ConfirmForm(), "", ""
    if form.validate_on_submit():
        with form.catch_refusal():
            link = absolute("accounts.open_link", token=services.make_member_link(enrolment, user, by=me()))
            # What goes through another company's servers names nobody.
            text = _("Here is your link to enter. It works once and for 24 hours: %(link)s", link=link)
            chat = f"https://wa.me/?text={quote(text, safe='')}"
    return unkept(
        show_form("cohorts/make_link.html", form, enrolment=enrolment, user=user, link=link, chat=chat)
    )


@bp.post("/enrolments/<int:enrolment_id>/invitations/<int:invitation_id>/<any(resend, revoke):act>")
@requires(Permission.MANAGE_ENROLMENT, of=Enrolment)
def answer_invitation(enrolment: Enrolment, invitation_id: int, act: str):
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or invitation.firm_id != enrolment.firm_id:
        abort(404)
    if ConfirmForm().validate_on_submit():
        (accounts.resend if act == "resend" else accounts.revoke)(invitation, by=me())
        flash(str(SENT_AGAIN if act == "resend" else WITHDRAWN))
    return redirect(url_for(".show_cohort", cohort_id=enrolment.cohort_id))


def _change(enrolment: Enrolment, act: str, reason: str) -> None:
    if act not in ACTS.get(enrolment.state, ()):
        raise Refused(_("The firm is in another state now. Look at it again."))
    if act == "resume":
        services.resume(enrolment, by=me())
    elif act == "pause":
        services.pause(enrolment, reason=reason, by=me())
    else:
        services.withdraw(enrolment, reason=reason, by=me())
