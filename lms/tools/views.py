"""The calculators on pages of their own, and what a firm has kept of them."""

from decimal import Decimal

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for

from lms.cohorts.models import Enrolment
from lms.cohorts.services import current_enrolment
from lms.curriculum.calculators import CALCULATORS
from lms.curriculum.forms import ToolForm, tool_form
from lms.curriculum.tool_words import LABELS, TOOLS, shown
from lms.foundation.i18n import gettext as _
from lms.foundation.tabular import write_csv
from lms.permissions import Permission
from lms.tools import services
from lms.tools.models import ToolSheet
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires

bp = Blueprint("tools", __name__, url_prefix="/tools")


@bp.app_context_processor
def words() -> dict:
    """How calculators and their numbers read."""
    return {"tool_words": TOOLS, "tool_labels": LABELS, "tool_number": shown}


@bp.get("/")
@requires(Permission.ACT_FOR_FIRM)
def tools():
    sheets = services.sheets_of(_enrolment().firm_id)
    return render_template("tools/tools.html", calculators=CALCULATORS, sheets=sheets)


@bp.route("/<tool>", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
def use_tool(tool: str):
    enrolment = _enrolment()
    if tool not in CALCULATORS:
        abort(404)
    example = services.example_of(enrolment.cohort.course_version_id, tool)
    form = tool_form(tool, lesson=request.args.get("from", ""), example=example)
    if form.validate_on_submit():
        with form.catch_refusal():
            sheet = services.keep(enrolment, tool, form.title.data, form.values(), by=me())
            return redirect(url_for(".show_sheet", tool_sheet_id=sheet.id, **_back(form)))
    return show_form("tools/use_tool.html", form, tool=tool)


@bp.get("/sheets/<int:tool_sheet_id>")
@requires(Permission.READ_SHEET, of=ToolSheet)
def show_sheet(tool_sheet: ToolSheet):
    return render_template("tools/show_sheet.html", sheet=tool_sheet, lesson=request.args.get("from", ""))


@bp.route("/sheets/<int:tool_sheet_id>/edit", methods=["GET", "POST"])
@requires(Permission.KEEP_SHEET, of=ToolSheet)
def edit_sheet(tool_sheet: ToolSheet):
    kept = {name: Decimal(value) for name, value in tool_sheet.inputs.items()} | {"title": tool_sheet.name}
    form = tool_form(tool_sheet.tool, lesson=request.args.get("from", ""), kept=kept)
    if form.validate_on_submit():
        with form.catch_refusal():
            sheet = services.keep(_enrolment(), tool_sheet.tool, form.title.data, form.values(), by=me())
            return redirect(url_for(".show_sheet", tool_sheet_id=sheet.id, **_back(form)))
    return show_form("tools/use_tool.html", form, tool=tool_sheet.tool)


@bp.route("/sheets/<int:tool_sheet_id>/delete", methods=["GET", "POST"])
@requires(Permission.KEEP_SHEET, of=ToolSheet)
def delete_sheet(tool_sheet: ToolSheet):
    form = ConfirmForm()
    if form.validate_on_submit():
        services.delete(tool_sheet)
        flash(_("“%(name)s” is deleted.", name=tool_sheet.name))
        return redirect(url_for(".tools"))
    return show_form("tools/delete_sheet.html", form, sheet=tool_sheet)


@bp.get("/export.csv")
@requires(Permission.ACT_FOR_FIRM)
def export_sheets():
    header = [_("Calculator"), _("Name"), _("Number"), _("Value"), _("Kept on")]
    rows = (
        (TOOLS[sheet.tool].name, sheet.name, LABELS[name], Decimal(value), sheet.updated_at.date())
        for sheet in services.sheets_of(me().firm_id)
        for name, value in (sheet.inputs | sheet.results).items()
    )
    response = Response(write_csv(header, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="calculadoras.csv"'
    return response


def _enrolment() -> Enrolment:
    return current_enrolment(me().firm_id) or abort(404)


def _back(form: ToolForm) -> dict[str, str]:
    return {"from": form.lesson.data} if form.lesson.data else {}
