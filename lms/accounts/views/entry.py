"""Entering by code or by link, and leaving."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user

from lms.accounts import services
from lms.accounts.forms import ROLES, CodeForm, EmailForm, LeaveForm
from lms.accounts.session import begin, end, safe_target, start_page, unkept
from lms.accounts.views import bp
from lms.foundation import tokens
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web.form_keys import new_key
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, public, requires


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in():
    target = safe_target(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target or start_page())
    form = EmailForm()
    if form.validate_on_submit():
        ticket = tokens.new_token()
        services.make_code(form.email.data, ticket=ticket, secret=current_app.config["SECRET_KEY"])
        session["entry"] = {"email": form.email.data, "ticket": ticket, "next": target}
        return redirect(url_for(".enter_code"))
    return unkept(show_form("accounts/sign_in.html", form, roles=ROLES, new_key=new_key))


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def enter_code():
    entry = session.get("entry")
    if entry is None:
        return redirect(start_page() if current_user.is_authenticated else url_for(".sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        secret = current_app.config["SECRET_KEY"]
        user = services.sign_in_with_code(
            entry["email"], form.code.data, ticket=entry["ticket"], secret=secret
        )
        if user is None:
            # Led away, not shown at once: what is answered with an error is not kept, and the try must count.
            return redirect(url_for(".enter_code", wrong=1))
        begin(user)
        return redirect(entry["next"] or start_page())
    if "wrong" in request.args and not form.errors:
        form.code.errors = [_("That code does not work. Look at the newest letter, or ask for another code.")]
    page = render_template(
        "accounts/enter_code.html", form=form, email=entry["email"], has_errors=form.has_errors
    )
    return unkept((page, 422 if form.is_submitted() else 200))


@bp.route("/sign-in/link/<token>", methods=["GET", "POST"])
@public
def open_link(token: str):
    form = ConfirmForm()
    if form.validate_on_submit():
        begin(services.open_link(token))
        return redirect(start_page())
    services.check_link(token)
    return unkept(show_form("accounts/open_link.html", form))


@bp.route("/sign-out", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def sign_out():
    form = LeaveForm()
    if form.validate_on_submit():
        services.sign_out_everywhere(me().id)
        end()
        flash(_("You have left. See you soon."))
        response = redirect(url_for(".sign_in"))
        # What a phone still has to send stays in it until its owner enters again.
        response.headers["Clear-Site-Data"] = '"cache"' if form.keep.data else '"cache", "storage"'
        return response
    return show_form("accounts/sign_out.html", form)
