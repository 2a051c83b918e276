"""Pages on which a firm has its invoices added up."""

from flask import (
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)

from lms.cohorts.models import Enrolment
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.sales import months, services, tickets
from lms.sales.forms import (
    InvoicesForm,
)
from lms.sales.models import Channel, SalesImport
from lms.sales.views import bp
from lms.sales.views.shared import for_enrolment
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires


@bp.route("/sales/import", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@for_enrolment
def import_invoices(enrolment: Enrolment):
    form = InvoicesForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            files, channel = form.uploaded, Channel(form.channel.data)
            if files:
                services.plan_import(enrolment, channel, files)
                signed = tickets.write(me(), enrolment, channel, services.keep_pending(files))
                return redirect(url_for(".check_import", files=signed))
            form.files.errors = [_("Choose at least one file.")]
    return show_form("sales/import.html", form=form, enrolment=enrolment)


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


@bp.get("/sales/imports/<int:sales_import_id>")
@requires(Permission.READ_SALES, of=SalesImport)
def show_import(sales_import: SalesImport):
    rows = [row | {"month": months.parse_month(row["month"])} for row in sales_import.summary["months"]]
    return render_template("sales/show_import.html", done=sales_import, rows=rows)
