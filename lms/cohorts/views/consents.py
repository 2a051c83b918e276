"""Accepting an invitation, and changing one's mind later about one's own data."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from lms.accounts import services as accounts
from lms.accounts.models import Invitation
from lms.accounts.proof import proven
from lms.accounts.session import By, begin, start_page, unkept
from lms.cohorts import services
from lms.cohorts.forms import PURPOSES, AcceptForm, ConsentForm
from lms.cohorts.models import Enrolment
from lms.cohorts.schedule import ends_on
from lms.cohorts.views import bp
from lms.foundation import own_data
from lms.foundation.errors import Gone
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, public, requires
from lms.web.security import attachment_headers
from lms.web.templating import local_today


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@public
def accept_invitation(token: str):
    # The form is asked before the invitation: a second tap gets the first one's answer, not "this was used".
    form = AcceptForm() if request.method == "GET" or "notice_id" in request.form else ConfirmForm()
    is_sent = form.validate_on_submit()
    invitation = accounts.find_invitation(token)
    if current_user.is_authenticated and current_user.email != invitation.email:
        raise Gone
    enrolment = services.enrolment_invited_to(invitation)
    if is_sent:
        with form.catch_refusal():
            return _accept(invitation, form)
    return unkept(_show_invitation(invitation, enrolment, form))


@bp.route("/my-data", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@proven("POST")
def my_data():
    enrolment = services.current_enrolment(me().firm_id)
    notice = services.current_notice(enrolment.programme_id) if enrolment else None
    if enrolment is None or notice is None:
        return render_template("cohorts/my_data.html", form=None, purposes=PURPOSES)
    answers = services.consents_of(me().id, enrolment.firm_id)
    form = ConsentForm(data={purpose.value: answer.granted for purpose, answer in answers.items()})
    if form.validate_on_submit():
        granted = form.granted()
        wishes = {purpose: purpose in granted for purpose in services.VOLUNTARY}
        services.answer_consents(me().id, enrolment.firm_id, notice, wishes)
        flash(_("Saved. You can change it whenever you like."))
        return redirect(url_for(".my_data"))
    return show_form(
        "cohorts/my_data.html", form, enrolment=enrolment, notice=notice, answers=answers, purposes=PURPOSES
    )


@bp.get("/my-data/file")
@requires(Permission.ACT_FOR_FIRM)
@proven("GET", back="cohorts.my_data")
def my_data_file():
    response = make_response(own_data.as_archive(own_data.told_of(me())))
    response.mimetype = "application/zip"
    name = _("my-data")
    return attachment_headers(response, f"{name}-{local_today()}.zip", inline=False)


def _accept(invitation: Invitation, form: AcceptForm | ConfirmForm):
    notice_id, granted = (form.notice_id.data, form.granted()) if isinstance(form, AcceptForm) else ("", ())
    user, may_enter = services.accept(invitation, notice_id=notice_id, purposes=granted)
    if not may_enter:
        flash(_("Accepted. Now enter with a code, as always."))
        return redirect(url_for("accounts.sign_in"))
    begin(user, By.INVITATION)
    flash(_("Welcome, %(name)s.", name=user.first_name))
    return redirect(start_page())


def _show_invitation(invitation: Invitation, enrolment: Enrolment | None, form: AcceptForm | ConfirmForm):
    if enrolment is None:
        return show_form("cohorts/accept_role.html", ConfirmForm(), invitation=invitation)
    cohort, notice = enrolment.cohort, services.current_notice(enrolment.programme_id)
    if notice is None or not isinstance(form, AcceptForm):
        raise Gone
    form.notice_id.data = str(notice.id)
    return show_form(
        "cohorts/accept_invitation.html",
        form,
        invitation=invitation,
        cohort=cohort,
        programme=cohort.programme,
        notice=notice,
        ends_on=ends_on(cohort.starts_on, cohort.course_version.weeks),
        purposes=PURPOSES,
    )
