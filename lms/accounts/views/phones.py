"""This phone and one's others: who uses it, one's PIN on it, its name, and taking it out."""

from flask import flash, redirect, render_template, request, url_for

from lms.accounts import phone_cookie, services
from lms.accounts.forms import LeaveForm, NewPhoneForm, NewPinForm, PhoneNameForm
from lms.accounts.models import KnownPhone, PhoneUser
from lms.accounts.proof import proven
from lms.accounts.session import use_known_phone
from lms.accounts.views import bp
from lms.accounts.views.entry import leave
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web.form_keys import new_key
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires


@bp.get("/phone")
@requires(Permission.SHARE_PHONE)
def this_phone():
    phone = _phone()
    return render_template(
        "accounts/this_phone.html",
        phone=phone,
        mine=services.phone_user(phone, me().id),
        people=services.people_with_pin(phone_cookie.token()),
        places=services.phones_of(me().id),
        foreign=phone is not None and phone.firm_id != me().firm_id,
        new_key=new_key,
    )


@bp.route("/phone/pin", methods=["GET", "POST"])
@requires(Permission.SHARE_PHONE)
@proven("GET", "POST", always=True)
def set_pin():
    """The first PIN on a phone makes it known."""
    phone = _phone()
    token = (phone and phone_cookie.token()) or phone_cookie.new_token()
    form = NewPinForm() if phone else NewPhoneForm(name=kind_of_phone())
    if form.validate_on_submit():
        with form.catch_refusal():
            _save_pin(form, token)
            flash(_("Saved. From now on you enter on this phone with your PIN."))
            return phone_cookie.give(redirect(url_for(".this_phone")), token)
    return show_form("accounts/set_pin.html", form, mine=services.phone_user(phone, me().id))


@bp.post("/phone/pin/remove")
@requires(Permission.SHARE_PHONE)
def remove_pin():
    place = services.phone_user(_phone(), me().id)
    if ConfirmForm().validate_on_submit() and place is not None:
        services.remove_pin(place, by=me())
        flash(_("Your PIN is gone. Here you enter with a code."))
    return redirect(url_for(".this_phone"))


@bp.route("/phone/name", methods=["GET", "POST"])
@requires(Permission.SHARE_PHONE)
def rename_phone():
    place = services.phone_user(_phone(), me().id)
    if place is None:
        return redirect(url_for(".this_phone"))
    form = PhoneNameForm(name=place.phone.name)
    if form.validate_on_submit():
        services.rename_phone(place.phone, form.name.data)
        flash(_("Saved."))
        return redirect(url_for(".this_phone"))
    return show_form("accounts/rename_phone.html", form)


@bp.route("/phones/<int:phone_user_id>/remove", methods=["GET", "POST"])
@requires(Permission.LEAVE_PHONE, of=PhoneUser)
def leave_phone(phone_user: PhoneUser):
    """Take a phone out of one's own, this one or one that was lost."""
    is_this = phone_user == services.phone_user(_phone(), me().id)
    form = LeaveForm()
    if form.validate_on_submit():
        services.stop_using(phone_user, by=me())
        farewell = _("Done. Nobody enters there with your PIN any more.")
        if is_this:
            response = leave(form, farewell)
            return response if _phone() else phone_cookie.take(response)
        flash(farewell)
        return redirect(url_for(".this_phone"))
    return show_form("accounts/leave_phone.html", form, phone=phone_user.phone, is_this=is_this)


def _phone() -> KnownPhone | None:
    return services.known_phone(phone_cookie.token())


def _save_pin(form: NewPinForm, token: str) -> None:
    name = form.name.data if isinstance(form, NewPhoneForm) else ""
    place = services.use_phone(token, firm_id=me().firm_id, name=name, by=me())
    services.set_pin(place, form.pin.data, token=token, by=me())
    use_known_phone(place.phone_id)


def kind_of_phone() -> str:
    """A name to begin with, from what the browser says of itself."""
    says = request.user_agent.string
    kinds = {"iPhone": "iPhone", "iPad": _("Tablet"), "Android": _("Android phone")}
    return next((name for word, name in kinds.items() if word in says), _("Computer"))
