"""Entering by code, by link or with the PIN of a known phone; showing again who one is; and leaving."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug import Response

from lms.accounts import phone_cookie, proof, services
from lms.accounts.forms import ROLES, CodeForm, EmailForm, LeaveForm, PinForm
from lms.accounts.session import (
    By,
    begin,
    end,
    is_on_known_phone,
    offers_pin,
    safe_target,
    start_page,
    unkept,
)
from lms.accounts.views import bp
from lms.foundation import tokens
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web.form_keys import new_key
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, public, requires


@bp.app_context_processor
def words() -> dict:
    """For menus and for pages of several rooms."""
    return {"on_known_phone": is_on_known_phone, "offers_pin": offers_pin, "must_prove": proof.must_prove}


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in():
    target = safe_target(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target or start_page())
    form = EmailForm()
    if form.validate_on_submit():
        session["entry"] = {"email": form.email.data, "ticket": _send_code(form.email.data), "next": target}
        return redirect(url_for(".enter_code"))
    people = services.people_with_pin(phone_cookie.token())
    if people and request.method == "GET" and "code" not in request.args:
        return unkept(
            render_template(
                "accounts/choose_person.html", people=people, target=target, roles=ROLES, new_key=new_key
            )
        )
    return unkept(
        show_form(
            "accounts/sign_in.html", form, roles=ROLES, new_key=new_key, shared=bool(people), target=target
        )
    )


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def enter_code():
    entry = session.get("entry")
    if entry is None:
        return redirect(start_page() if current_user.is_authenticated else url_for(".sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        user = _user_of_code(entry["email"], form.code.data, entry["ticket"])
        if user is None:
            # Led away, not shown at once: what is answered with an error is not kept, and the try must count.
            return redirect(url_for(".enter_code", wrong=1))
        begin(user, By.CODE)
        return redirect(entry["next"] or start_page())
    return _show_code("accounts/enter_code.html", form, email=entry["email"])


@bp.route("/sign-in/link/<token>", methods=["GET", "POST"])
@public
def open_link(token: str):
    form = ConfirmForm()
    if form.validate_on_submit():
        user, is_passed_on = services.open_link(token)
        begin(user, By.PASSED_ON if is_passed_on else By.LINK)
        return redirect(start_page())
    services.check_link(token)
    return unkept(show_form("accounts/open_link.html", form))


@bp.route("/sign-in/pin/<int:user_id>", methods=["GET", "POST"])
@public
def enter_pin(user_id: int):
    """Whoever is not among the people of this phone gets the same answers as who is in no house at all."""
    target, token = safe_target(request.args.get("next")), phone_cookie.token()
    person = next((one for one in services.people_with_pin(token) if one.id == user_id), None)
    if current_user.is_authenticated or token is None or person is None:
        return redirect(url_for(".sign_in", next=target))
    form = PinForm()
    if form.validate_on_submit():
        entered = services.enter_with_pin(token, user_id, form.pin.data)
        if entered is None:
            return redirect(url_for(".enter_pin", user_id=user_id, next=target, wrong=1))
        begin(entered.user, By.PIN, firm_id=entered.firm_id)
        return phone_cookie.give(redirect(target or start_page()), token)
    return unkept(_show_pin(form, person, token, target))


@bp.route("/sign-in/again", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def prove():
    """Some acts ask for a code also of who is signed in: a PIN can be looked at over a shoulder."""
    target = safe_target(request.args.get("next")) or start_page()
    form = ConfirmForm()
    if form.validate_on_submit():
        session["proof"] = {"ticket": _send_code(me().email), "next": target}
        return redirect(url_for(".prove_code"))
    return unkept(show_form("accounts/prove.html", form, target=target))


@bp.route("/sign-in/again/code", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def prove_code():
    asked = session.get("proof")
    if asked is None:
        return redirect(start_page())
    form = CodeForm()
    if form.validate_on_submit():
        if _user_of_code(me().email, form.code.data, asked["ticket"]) is None:
            return redirect(url_for(".prove_code", wrong=1))
        session.pop("proof")
        proof.remember_proof()
        return redirect(asked["next"])
    return _show_code("accounts/prove_code.html", form, target=asked["next"])


@bp.route("/sign-out", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def sign_out():
    form = LeaveForm()
    if form.validate_on_submit():
        if "everywhere" in request.form:
            services.sign_out_everywhere(me().id)
        return leave(form, _("You have left. See you soon."))
    has_pin = any(one.id == me().id for one in services.people_with_pin(phone_cookie.token()))
    return show_form("accounts/sign_out.html", form, has_pin=has_pin)


@bp.route("/switch-person", methods=["GET", "POST"])
@requires(Permission.SHARE_PHONE)
def switch_person():
    """Make room for the next person on this phone; the way out is the one of leaving."""
    form = LeaveForm()
    if form.validate_on_submit():
        return leave(form)
    return show_form("accounts/switch_person.html", form)


def leave(form: LeaveForm, farewell: str = "") -> Response:
    """End this session. What a phone still has to send stays in it until its owner enters again; on a phone
    of several people nothing of the others is cleared away either."""
    several = services.known_phone(phone_cookie.token()) is not None
    services.end_session(me().id, session.get("key"))
    end()
    if farewell:
        flash(farewell)
    response = redirect(url_for(".sign_in"))
    keep = several or form.keep.data
    response.headers["Clear-Site-Data"] = '"cache"' if keep else '"cache", "storage"'
    return response


def _send_code(email: str) -> str:
    """Have a code sent that works in this browser only: gives the ticket for its session."""
    ticket = tokens.new_token()
    services.make_code(email, ticket=ticket, secret=current_app.config["SECRET_KEY"])
    return ticket


def _user_of_code(email: str, code: str, ticket: str):
    return services.sign_in_with_code(email, code, ticket=ticket, secret=current_app.config["SECRET_KEY"])


def _show_code(template: str, form: CodeForm, **context) -> Response:
    if "wrong" in request.args and not form.errors:
        form.code.errors = [_("That code does not work. Look at the newest letter, or ask for another code.")]
    page = render_template(template, form=form, has_errors=form.has_errors, **context)
    return unkept((page, 422 if form.is_submitted() else 200))


def _show_pin(form: PinForm, person, token: str, target: str | None):
    rests_until = services.resting_until(token, person.id)
    if rests_until is None and "wrong" in request.args and not form.errors:
        form.pin.errors = [_("That is not the PIN. Try again, or enter with a code.")]
    page = render_template(
        "accounts/enter_pin.html",
        form=form,
        person=person,
        rests_until=rests_until,
        target=target,
        has_errors=form.has_errors,
    )
    return page, 422 if form.is_submitted() else 200
