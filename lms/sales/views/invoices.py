"""Pages on which a firm brings files of sales, and has its invoices added up."""

from flask import (
    abort,
    flash,
    redirect,
    request,
    url_for,
)

from lms.cohorts.models import Enrolment
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.sales import archives, services, tickets
from lms.sales.forms import ImportForm
from lms.sales.models import Channel
from lms.sales.views import bp
from lms.sales.views.shared import for_enrolment
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires


@bp.route("/sales/import", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@for_enrolment
def import_invoices(enrolment: Enrolment):
    form = ImportForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            files = form.uploaded
            if files:
                return redirect(_take_in(enrolment, form.said, files))
            form.files.errors = [_("Choose at least one file.")]
    return show_form("sales/import.html", form=form, enrolment=enrolment)


def _take_in(enrolment: Enrolment, channel: Channel | None, files: list[archives.File]) -> str:
    """The page on which these files go on: invoices on one, all the others on another."""
    if not services.are_invoices(enrolment.firm.rfc or "", channel, files):
        return url_for(".show_upload", sales_upload_id=services.upload(enrolment, channel, files, by=me()).id)
    if channel is None:
        raise Refused(_("Choose what these invoices are: wholesale, your shop, or all your sales."))
    services.plan_import(enrolment, channel, files)
    signed = tickets.write(me(), enrolment, channel, services.keep_pending(files))
    return url_for(".check_import", files=signed)


@bp.route("/sales/import/check", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@for_enrolment
def check_import(enrolment: Enrolment):
    channel, key = tickets.read(request.args.get("files", ""), me(), enrolment) or abort(404)
    form = ConfirmForm()
    confirmed = form.validate_on_submit()
    files = services.pending(key)
    if confirmed:
        with form.catch_refusal():
            done = services.import_invoices(enrolment, channel, files, by=me(), actor_id=me().id)
            services.drop_pending(key)
            flash(_("Done. Your invoices are added up."))
            return redirect(url_for(".show_import", sales_import_id=done.id))
    plan = services.plan_import(enrolment, channel, files)
    return show_form("sales/check_import.html", form=form, plan=plan, enrolment=enrolment)
