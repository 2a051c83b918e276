"""Pages of files of sales: what their columns mean, what they would change, what they did, the way back."""

from typing import Any

from flask import flash, make_response, redirect, render_template, url_for

from lms.cohorts.models import Enrolment
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.sales import months, services
from lms.sales.forms import MEANINGS, ReportMonthForm, columns_form
from lms.sales.models import Channel, SalesImport, SalesUpload, UploadState
from lms.sales.views import bp
from lms.sales.views.shared import for_enrolment, shown
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires

# How often a page of something that is under way asks again, in seconds.
AGAIN = "3"


@bp.get("/sales/imports")
@requires(Permission.ACT_FOR_FIRM)
@for_enrolment
def imports(enrolment: Enrolment):
    return render_template(
        "sales/imports.html",
        imports=services.imports_of(enrolment.firm_id),
        uploads=services.open_uploads(enrolment.firm_id),
    )


@bp.route("/sales/imports/uploads/<int:sales_upload_id>", methods=["GET", "POST"])
@requires(Permission.IMPORT_SALES, of=SalesUpload)
def show_upload(sales_upload: SalesUpload):
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.write_upload(sales_upload, by=me())
            return redirect(url_for(".show_upload", sales_upload_id=sales_upload.id))
    state = sales_upload.state
    if state is UploadState.WRITTEN and sales_upload.import_id:
        return redirect(url_for(".show_import", sales_import_id=sales_upload.import_id))
    if state is UploadState.TO_MAP:
        return redirect(url_for(".say_columns", sales_upload_id=sales_upload.id))
    if state is UploadState.READY:
        return _show_plan(sales_upload, form)
    answer = make_response(render_template("sales/upload_waits.html", upload=sales_upload))
    if state in (UploadState.READING, UploadState.WRITING):
        answer.headers["Refresh"] = AGAIN
    return answer


def _show_plan(upload: SalesUpload, form: ConfirmForm) -> Any:
    plan = shown(services.upload_plan(upload))
    return show_form(
        "sales/show_upload.html",
        form=form,
        upload=upload,
        plan=plan,
        can_say_columns=bool(upload.files_key),
        writes=[line for line in plan["months"] if line["change"] in ("new", "changed")],
        meanings=MEANINGS,
    )


@bp.route("/sales/imports/uploads/<int:sales_upload_id>/columns", methods=["GET", "POST"])
@requires(Permission.IMPORT_SALES, of=SalesUpload)
def say_columns(sales_upload: SalesUpload):
    columns = sales_upload.options.get("columns")
    if not columns:
        return _say_month(sales_upload)
    said = sales_upload.options.get("mapping") or columns["guessed"]
    usual = {"channel": (sales_upload.channel or Channel.OTHER).value}
    form = columns_form(columns["names"])(data={f"is_{key}": name for key, name in said.items()} | usual)
    if form.validate_on_submit():
        with form.catch_refusal():
            services.say_more(
                sales_upload,
                Channel(form.channel.data),
                columns=form.columns,
                vat=form.vat.data,
                date_order=form.date_order.data,
            )
            return redirect(url_for(".show_upload", sales_upload_id=sales_upload.id))
    examples = services.examples_of(sales_upload)
    return show_form(
        "sales/say_columns.html", form=form, upload=sales_upload, columns=columns, examples=examples
    )


def _say_month(upload: SalesUpload) -> Any:
    form = ReportMonthForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            month, vat = months.write_month(form.month.data), form.vat.data
            services.say_more(upload, upload.channel or Channel.AMAZON, month=month, vat=vat)
            return redirect(url_for(".show_upload", sales_upload_id=upload.id))
    return show_form("sales/say_month.html", form=form, upload=upload)


@bp.get("/sales/imports/<int:sales_import_id>")
@requires(Permission.READ_SALES, of=SalesImport)
def show_import(sales_import: SalesImport):
    can_undo = services.can_undo(sales_import)
    return render_template(
        "sales/show_import.html", done=sales_import, plan=shown(sales_import.summary), can_undo=can_undo
    )


@bp.route("/sales/imports/<int:sales_import_id>/undo", methods=["GET", "POST"])
@requires(Permission.UNDO_IMPORT, of=SalesImport)
def undo_import(sales_import: SalesImport):
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.undo_import(sales_import, by=me())
            flash(_("Undone. Your months say again what they said before."))
            return redirect(url_for(".show_import", sales_import_id=sales_import.id))
    return show_form(
        "sales/undo_import.html", form=form, done=sales_import, rows=services.given_back(sales_import)
    )
