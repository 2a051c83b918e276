"""The pages on which a person reads what they were told, and says what they want by mail."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.foundation.i18n import gettext as _
from lms.notifications import preferences, services
from lms.notifications.forms import PreferencesForm
from lms.notifications.kinds import DEFAULTS, Rhythm, kinds_for
from lms.notifications.words import KIND_WORDS
from lms.permissions import Permission
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, public, requires

bp = Blueprint("notifications", __name__)


@bp.app_context_processor
def words() -> dict:
    """For the head of the page: how many notices wait, counted only when a template asks."""
    signed_in = current_user and current_user.is_authenticated
    return {"unread_notices": lambda: services.unread_count(me()) if signed_in else 0}


@bp.get("/notices")
@requires(Permission.SIGNED_IN)
def notices():
    return render_template(
        "notifications/notices.html", notices=services.notices_of(me()), new_form=ConfirmForm
    )


@bp.post("/notices/read")
@requires(Permission.SIGNED_IN)
def read_notices():
    if not ConfirmForm().validate_on_submit():
        abort(400)
    services.read_all(me())
    flash(_("Everything is marked as read."))
    return redirect(url_for(".notices"))


@bp.post("/notices/<int:notice_id>/open")
@requires(Permission.SIGNED_IN)
def open_notice(notice_id: int):
    """Reading is a change, so a notice is opened by a button."""
    notice = services.notice_of(me(), notice_id)
    if notice is None:
        abort(404)
    if not ConfirmForm().validate_on_submit():
        abort(400)
    services.read(notice)
    return redirect(notice.path)


@bp.route("/notices/by-mail", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def by_mail():
    kinds = kinds_for(me().role)
    form = PreferencesForm(kinds, preferences.chosen_by(me().id))
    if form.validate_on_submit():
        preferences.choose(me().id, {kind: Rhythm(form[kind].data) for kind in kinds})
        flash(_("Saved. From now on your letters come like this."))
        return redirect(url_for(".notices"))
    return show_form("notifications/by_mail.html", form, kinds=kinds)


@bp.route("/letters/<token>", methods=["GET", "POST"])
@public
def stop_letters(token: str):
    """Stops one kind of letter. Whoever holds the letter may, without entering: the token opens nothing
    else."""
    person, kind = preferences.read_stop_token(token) or abort(404)
    if request.method == "POST":
        rhythm = DEFAULTS[kind] if "again" in request.form else Rhythm.NEVER
        preferences.choose(person.id, {kind: rhythm})
        if request.form.get("List-Unsubscribe"):  # a mail program's one click wants no page (RFC 8058)
            return "", 204
        return redirect(url_for(".stop_letters", token=token))
    return render_template(
        "notifications/stop_letters.html",
        about=KIND_WORDS[kind](),
        stopped=preferences.chosen_by(person.id)[kind] is Rhythm.NEVER,
        form=ConfirmForm(formdata=None),
    )
