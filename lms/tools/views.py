"""The calculators on pages of their own, and what a firm has kept of them."""

from datetime import date
from decimal import Decimal

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for

from lms.accounts.proof import proven
from lms.cohorts.models import Enrolment
from lms.cohorts.services import current_enrolment, own_numbers
from lms.curriculum.calculators import CALCULATORS
from lms.curriculum.forms import ToolForm, lesson_slug, tool_form
from lms.curriculum.tool_words import LABELS, TOOLS, shown
from lms.foundation.i18n import gettext as _
from lms.foundation.tabular import write_csv
from lms.permissions import Permission
from lms.tools import services
from lms.tools.models import ToolSheet
from lms.tools.sums import steps
from lms.tools.verdicts import HEADLINES, verdict
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires
from lms.web.templating import zone

bp = Blueprint("tools", __name__, url_prefix="/tools")


@bp.app_context_processor
def words() -> dict:
    """How calculators and their numbers read."""
    return {"tool_words": TOOLS, "tool_labels": LABELS, "tool_number": shown}


@bp.get("/")
@requires(Permission.ACT_FOR_FIRM)
def tools():
    enrolment = _enrolment()
    if enrolment is None:
        return render_template("tools/no_course.html")
    sheets = services.sheets_of(enrolment.firm_id)
    return render_template("tools/tools.html", calculators=CALCULATORS, sheets=sheets, headlines=HEADLINES)


@bp.route("/<tool>", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
def use_tool(tool: str):
    if tool not in CALCULATORS:
        abort(404)
    enrolment = _enrolment()
    if enrolment is None:
        return render_template("tools/no_course.html")
    example = services.example_of(enrolment.cohort.course_version_id, tool)
    own = own_numbers(enrolment.cohort.programme_id, tool)
    form = tool_form(tool, lesson=request.args.get("from", ""), example=example, kept=own)
    if form.validate_on_submit():
        with form.catch_refusal():
            sheet = services.keep(enrolment, tool, form.title.data, form.values(), by=me())
            return redirect(_sheet_page(sheet, form))
    return show_form("tools/use_tool.html", form, tool=tool)


@bp.get("/sheets/<int:tool_sheet_id>")
@requires(Permission.READ_SHEET, of=ToolSheet)
def show_sheet(tool_sheet: ToolSheet):
    g.time_zone = tool_sheet.enrolment.cohort.time_zone
    numbers = tool_sheet.tool, tool_sheet.inputs, tool_sheet.results
    return render_template(
        "tools/show_sheet.html",
        sheet=tool_sheet,
        verdict=verdict(*numbers),
        steps=steps(*numbers),
        lesson=lesson_slug(request.args.get("from")),
    )


@bp.route("/sheets/<int:tool_sheet_id>/edit", methods=["GET", "POST"])
@requires(Permission.KEEP_SHEET, of=ToolSheet)
def edit_sheet(tool_sheet: ToolSheet):
    enrolment = _enrolment() or tool_sheet.enrolment
    kept = {name: Decimal(value) for name, value in tool_sheet.inputs.items()} | {"title": tool_sheet.name}
    form = tool_form(tool_sheet.tool, lesson=request.args.get("from", ""), kept=kept)
    if form.validate_on_submit():
        with form.catch_refusal():
            numbers = form.title.data, form.values()
            sheet = services.keep(enrolment, tool_sheet.tool, *numbers, by=me(), sheet=tool_sheet)
            return redirect(_sheet_page(sheet, form))
    return show_form("tools/use_tool.html", form, tool=tool_sheet.tool, sheet=tool_sheet)


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
@proven("GET", back="tools.tools")
def export_sheets():
    _enrolment()  # whose calendar tells the day
    header = [_("Calculator"), _("Name"), _("Number"), _("Value"), _("Kept on")]
    rows = (
        (TOOLS[sheet.tool].name, sheet.name, LABELS[name], Decimal(value), _day(sheet))
        for sheet in services.sheets_of(me().firm_id)
        for name, value in (sheet.inputs | sheet.results).items()
    )
    response = Response(write_csv(header, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="calculadoras.csv"'
    return response


def _enrolment() -> Enrolment | None:
    """Where the firm works, whose time zone the page speaks in; none before its first course begins."""
    enrolment = current_enrolment(me().firm_id)
    if enrolment is not None:
        g.time_zone = enrolment.cohort.time_zone
    return enrolment


def _day(sheet: ToolSheet) -> date:
    return sheet.updated_at.astimezone(zone()).date()


def _sheet_page(sheet: ToolSheet, form: ToolForm) -> str:
    back = {"from": form.lesson.data} if form.lesson.data else {}
    return url_for(".show_sheet", tool_sheet_id=sheet.id, **back)
