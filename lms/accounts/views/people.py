"""The people of the house, for administrators: roles, suspensions, and invitations of staff."""

from flask import abort, flash, redirect, render_template, request, url_for

from lms.accounts import services
from lms.accounts.forms import KINDS, ROLE_NOTES, ROLES, SENT_AGAIN, WITHDRAWN, RoleForm, StaffForm
from lms.accounts.models import Invitation, User
from lms.accounts.views import bp
from lms.foundation.clock import now
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission, Role
from lms.web.form_keys import new_key
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires


@bp.get("/people")
@requires(Permission.MANAGE_PEOPLE)
def people():
    search = request.args.get("q", "")[:100]
    found = services.find_people(search, request.args.get("page", 1, type=int))
    return render_template(
        "accounts/people.html",
        found=found,
        search=search,
        roles=ROLES,
        page_url=lambda page: url_for(".people", q=search or None, page=page),
    )


@bp.route("/people/<int:user_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE, of=User)
def show_person(user: User):
    form = RoleForm(role=user.role.value)
    if form.validate_on_submit():
        with form.catch_refusal():
            services.change_role(user, Role(form.role.data), by=me())
            flash(_("Saved. %(name)s enters again with the new role.", name=user.name))
            return redirect(url_for(".show_person", user_id=user.id))
    return show_form(
        "accounts/show_person.html",
        form,
        user=user,
        roles=ROLES,
        role_notes=_notes(),
        kinds=KINDS,
        new_key=new_key,
    )


@bp.route("/people/<int:user_id>/suspend", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE, of=User)
def suspend_person(user: User):
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.suspend(user, by=me())
            flash(_("%(name)s can no longer enter.", name=user.name))
            return redirect(url_for(".show_person", user_id=user.id))
    return show_form("accounts/suspend_person.html", form, user=user)


@bp.post("/people/<int:user_id>/restore")
@requires(Permission.MANAGE_PEOPLE, of=User)
def restore_person(user: User):
    if ConfirmForm().validate_on_submit():
        services.restore(user, by=me())
        flash(_("%(name)s can enter again.", name=user.name))
    return redirect(url_for(".show_person", user_id=user.id))


@bp.route("/people/invite", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def invite_person():
    form = StaffForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            role = Role(form.role.data)
            services.invite_staff(name=form.name.data, email=form.email.data, role=role, by=me())
            flash(_("Sent. %(name)s has 7 days to accept.", name=form.name.data))
            return redirect(url_for(".invite_person"))
    invitations = services.pending_staff()
    return show_form(
        "accounts/invite_person.html",
        form,
        invitations=invitations,
        role_notes=_notes(),
        notes={invitation.id: ROLES[invitation.role] for invitation in invitations},
        act_url=lambda invitation, act: url_for(
            ".answer_staff_invitation", invitation_id=invitation.id, act=act
        ),
        now=now(),
        new_key=new_key,
    )


@bp.post("/people/invitations/<int:invitation_id>/<any(resend, revoke):act>")
@requires(Permission.MANAGE_PEOPLE, of=Invitation)
def answer_staff_invitation(invitation: Invitation, act: str):
    if invitation.firm_id is not None:
        abort(404)
    if ConfirmForm().validate_on_submit():
        (services.resend if act == "resend" else services.revoke)(invitation, by=me())
        flash(str(SENT_AGAIN if act == "resend" else WITHDRAWN))
    return redirect(url_for(".invite_person"))


def _notes() -> dict[str, str]:
    return {role.value: str(note) for role, note in ROLE_NOTES.items()}
