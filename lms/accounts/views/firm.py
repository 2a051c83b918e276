"""One's own firms: for which one acts, who else is in it, and leaving it."""

from flask import abort, flash, redirect, session, url_for
from wtforms.fields.choices import SelectChoice

from lms.accounts import services
from lms.accounts.forms import KINDS, SENT_AGAIN, WITHDRAWN, FirmForm, MemberForm
from lms.accounts.models import Firm, Invitation, MembershipKind
from lms.accounts.proof import proven
from lms.accounts.session import start_page
from lms.accounts.views import bp
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission, Role
from lms.web.form_keys import new_key
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires


@bp.route("/firm/switch", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
def switch_firm():
    firms = services.firms_of(me().id)
    form = FirmForm(firm_id=me().firm_id)
    form.firm_id.choices = [SelectChoice(firm.id, firm.name) for firm in firms]
    if form.validate_on_submit():
        session["firm_id"] = form.firm_id.data
        flash(_("Now you work for %(firm)s.", firm=next(f.name for f in firms if f.id == form.firm_id.data)))
        return redirect(start_page())
    return show_form("accounts/switch_firm.html", form, firms=firms)


@bp.route("/firm/people", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@proven("POST")
def members():
    firm, form = db.get_or_404(Firm, me().firm_id), MemberForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            kind = MembershipKind(form.kind.data)
            services.invite_member(firm.id, name=form.name.data, email=form.email.data, kind=kind, by=me())
            flash(_("Sent. %(name)s has 7 days to accept.", name=form.name.data))
            return redirect(url_for(".members"))
    return _show_members(firm, form)


@bp.post("/firm/people/invitations/<int:invitation_id>/<any(resend, revoke):act>")
@requires(Permission.ACT_FOR_FIRM)
@proven("POST", back="accounts.members")
def answer_member_invitation(invitation_id: int, act: str):
    invitation = _own_invitation(invitation_id)
    if ConfirmForm().validate_on_submit():
        (services.resend if act == "resend" else services.revoke)(invitation, by=me())
        flash(str(SENT_AGAIN if act == "resend" else WITHDRAWN))
    return redirect(url_for(".members"))


@bp.route("/firm/people/<int:user_id>/remove", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@proven("GET", "POST")
def remove_member(user_id: int):
    """An owner takes somebody out of the firm who no longer works there."""
    places = {place.user_id: place for place in services.members_of(me().firm_id)}
    if user_id not in places or user_id == me().id or not services.is_owner(me().firm_id, me().id):
        abort(404)
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.remove_member(me().firm_id, user_id, by=me())
            flash(_("Done. This person no longer sees anything of the firm."))
            return redirect(url_for(".members"))
    return show_form("accounts/remove_member.html", form, member=places[user_id].user)


@bp.route("/firm/leave", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@proven("GET", "POST")
def leave_firm():
    firm, form = db.get_or_404(Firm, me().firm_id), ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.leave_firm(firm.id, by=me())
            session.pop("firm_id", None)
            flash(_("You are no longer in %(firm)s. Its work stays with the firm.", firm=firm.name))
            return redirect(start_page())
    return show_form("accounts/leave_firm.html", form, firm=firm)


def _show_members(firm: Firm, form: MemberForm):
    return show_form(
        "accounts/members.html",
        form,
        firm=firm,
        kinds=KINDS,
        members=services.members_of(firm.id),
        owns=services.is_owner(firm.id, me().id),
        invitations=services.pending_invitations([firm.id])[firm.id],
        act_url=lambda invitation, act: url_for(
            ".answer_member_invitation", invitation_id=invitation.id, act=act
        ),
        now=now(),
        new_key=new_key,
        several=len(me().firm_ids) > 1,
    )


def _own_invitation(invitation_id: int) -> Invitation:
    """An invitation to the firm one owns; anybody else's does not exist here."""
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or invitation.firm_id != me().firm_id or invitation.role is not Role.MEMBER:
        abort(404)
    if not services.is_owner(me().firm_id, me().id):
        abort(404)
    return invitation
