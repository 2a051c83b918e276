"""The page on which a person reads what they were told."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_login import current_user

from lms.foundation.i18n import gettext as _
from lms.notifications import services
from lms.permissions import Permission
from lms.web.forms import ConfirmForm
from lms.web.guard import me, requires

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
