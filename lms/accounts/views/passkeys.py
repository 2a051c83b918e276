"""Entering with the fingerprint of one's phone, adding one, and removing it."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask_login import current_user

from lms.accounts import challenge, services
from lms.accounts.forms import PasskeyForm
from lms.accounts.models import Passkey, User
from lms.accounts.proof import must_prove, proven
from lms.accounts.session import By, begin, safe_target, start_page
from lms.accounts.views import bp
from lms.accounts.views.phones import kind_of_phone
from lms.foundation.db import db
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web.form_keys import new_key
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, public, requires


@dataclass(frozen=True)
class PasskeyQuestion:
    """A form with what the browser is asked for it."""

    form: PasskeyForm
    options: dict[str, Any]


@bp.app_context_processor
def words() -> dict:
    return {"ask_passkey": ask_passkey}


def ask_passkey() -> PasskeyQuestion | None:
    """For a sign-in page; None where this address can have no passkeys."""
    site = challenge.site()
    if site is None:
        return None
    form = PasskeyForm(formdata=None)
    return PasskeyQuestion(form, services.options_to_enter(site, challenge.new_challenge(form.form_key.data)))


@bp.post("/sign-in/passkey")
@public
def enter_passkey():
    target = safe_target(request.args.get("next"))
    form = PasskeyForm()
    if not current_user.is_authenticated and form.validate_on_submit():
        user = _user_of(form)
        if user is None:
            flash(_("That did not work. Try again, or enter with a code."), "warning")
            return redirect(url_for(".sign_in", code=1, next=target))
        begin(user, By.PASSKEY)
        return redirect(target or start_page())
    return redirect(url_for(".sign_in", next=target))


@bp.route("/passkeys", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
@proven("POST", always=True)
def passkeys():
    site, form = challenge.site(), PasskeyForm()
    if site and form.validate_on_submit():
        with form.catch_refusal():
            asked = challenge.take_challenge(form.form_key.data) or ""
            services.add_passkey(form.answer.data, site=site, challenge=asked, name=kind_of_phone(), by=me())
            flash(_("Done. From now on you can enter with your fingerprint."))
            return redirect(url_for(".passkeys"))
    options = None
    if site and not must_prove(always=True):
        form.form_key.data = new_key()
        asked = challenge.new_challenge(form.form_key.data)
        options = services.options_to_add(db.session.get_one(User, me().id), site, asked)
    mine = services.passkeys_of(me().id)
    return show_form("accounts/passkeys.html", form, options=options, site=site, mine=mine)


@bp.route("/passkeys/<int:passkey_id>/remove", methods=["GET", "POST"])
@requires(Permission.REMOVE_PASSKEY, of=Passkey)
def remove_passkey(passkey: Passkey):
    form = ConfirmForm()
    if form.validate_on_submit():
        services.remove_passkey(passkey, by=me())
        flash(_("Removed. That fingerprint no longer lets anybody in."))
        return redirect(url_for(".passkeys"))
    return show_form("accounts/remove_passkey.html", form, passkey=passkey)


def _user_of(form: PasskeyForm) -> User | None:
    site, asked = challenge.site(), challenge.take_challenge(form.form_key.data)
    if site is None or asked is None:
        return None
    return services.enter_with_passkey(form.answer.data, site=site, challenge=asked)
