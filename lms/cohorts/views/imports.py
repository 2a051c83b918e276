"""Firms from a sheet, in two steps: look at every row, then invite the good ones."""

import base64
import binascii
import hashlib

from flask import Response, flash, redirect, render_template, url_for

from lms.cohorts import services
from lms.cohorts.forms import ImportForm, SheetForm
from lms.cohorts.models import Cohort
from lms.cohorts.views import bp
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web.forms import show_form
from lms.web.guard import me, requires


@bp.route("/cohorts/<int:cohort_id>/import", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT, of=Cohort)
def import_firms(cohort: Cohort):
    """Choose a file, and see what is in it. Nothing is written here."""
    form = SheetForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            content = form.sheet.data.stream.read()
            return _show_checked(
                cohort, services.check_sheet(cohort, content), content, form.sheet.data.filename
            )
    return show_form("cohorts/import_firms.html", form, cohort=cohort, columns=services.COLUMNS)


@bp.post("/cohorts/<int:cohort_id>/import/confirm")
@requires(Permission.MANAGE_COHORT, of=Cohort)
def confirm_import(cohort: Cohort):
    form = ImportForm()
    if not form.validate_on_submit():
        raise Refused(_("The file was cut short on its way. Upload it again."))
    count = services.import_sheet(cohort, _content_of(form), by=me())
    flash(_("Invited: %(count)s firms. Each has 7 days to accept.", count=count))
    return redirect(url_for(".show_cohort", cohort_id=cohort.id))


@bp.get("/cohorts/<int:cohort_id>/import/example.csv")
@requires(Permission.MANAGE_COHORT, of=Cohort)
def example_sheet(cohort: Cohort):
    response = Response(services.example_sheet(), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="empresas-ejemplo.csv")
    return response


def _show_checked(cohort: Cohort, sheet: services.CheckedSheet, content: bytes, filename: str | None):
    # The file travels in the page, so that what is imported is what was looked at; it is checked once more.
    form = ImportForm(formdata=None)
    form.content.data = base64.b64encode(content).decode()
    form.sha256.data = hashlib.sha256(content).hexdigest()
    return render_template(
        "cohorts/check_import.html",
        form=form,
        cohort=cohort,
        sheet=sheet,
        filename=filename,
        column_of=services.COLUMN_OF,
        has_errors=bool(sheet.bad),
    )


def _content_of(form: ImportForm) -> bytes:
    try:
        content = base64.b64decode(form.content.data or "", validate=True)
    except binascii.Error:
        content = b""
    if hashlib.sha256(content).hexdigest() != form.sha256.data:
        raise Refused(_("The file was cut short on its way. Upload it again."))
    return content
