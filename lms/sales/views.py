"""Pages on which a firm writes down its sales and staff check them beside their evidence."""

from datetime import date
from functools import wraps

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)

from lms.cohorts.models import Enrolment
from lms.cohorts.services import current_enrolment
from lms.foundation import storage
from lms.foundation.clock import today
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.sales import charting, months, questions, services, tickets, words
from lms.sales.forms import (
    CheckForm,
    ClaimForm,
    FreezeForm,
    InvoicesForm,
    ReportForm,
    SeenForm,
    baseline_form,
    file_of,
    filled_by_month,
    filled_from,
)
from lms.sales.models import DIGITAL, Channel, Evidence, Figure, MilestoneReached, SalesImport
from lms.web import form_keys
from lms.web.forms import ConfirmForm, ReasonForm, show_form
from lms.web.guard import me, requires
from lms.web.security import attachment_headers

bp = Blueprint("sales", __name__)


@bp.context_processor
def vocabulary() -> dict:
    return {"words": words, "total_of": services.total_of, "known_part": services.known_part}


def for_enrolment(view):
    """Give the page the enrolment in which the person's firm works, or say that there is none yet."""

    @wraps(view)
    def with_enrolment(**arguments):
        enrolment = current_enrolment(me().firm_id)
        if enrolment is None:
            return render_template("sales/no_course.html")
        g.time_zone = enrolment.firm.time_zone
        return view(enrolment=enrolment, **arguments)

    return with_enrolment


def _asked_month(enrolment: Enrolment) -> date:
    """The month named in the address, else the one that ended last."""
    asked = request.args.get("month")
    return _read_month(asked) if asked else services.last_ended_month(enrolment.firm)


def _read_month(text: str) -> date:
    try:
        return months.parse_month(text)
    except ValueError:
        abort(404)


@bp.route("/sales", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@for_enrolment
def report(enrolment: Enrolment):
    month = _asked_month(enrolment)
    if request.method == "GET" and "month" not in request.args and not services.has_open_month(enrolment):
        return redirect(url_for(".history"))
    if request.method == "GET" or "edit" in request.form:
        services.check_month(enrolment, month)
        return _show_report(enrolment, month)
    form = CheckForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.report_month(enrolment, month, form.reports(), by=me(), file=file_of(form))
            flash(_("Sent. Thank you: your sales of this month are written down."))
            return redirect(url_for(".history"))
    return _show_check(enrolment, month, form)


@bp.route("/sales/check", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@for_enrolment
def check_report(enrolment: Enrolment):
    month = _asked_month(enrolment)
    if request.method == "GET":
        return redirect(url_for(".report", month=request.args.get("month")))
    services.check_month(enrolment, month)
    if not ReportForm().validate_on_submit():
        return _show_report(enrolment, month, checked=True)
    form = CheckForm()
    # Its own key: who goes back, corrects and sends once more means it.
    form.form_key.data = form_keys.new_key()
    return _show_check(enrolment, month, form)


def _show_report(enrolment: Enrolment, month: date, *, checked: bool = False):
    figures = services.figures_of(enrolment.firm_id)
    grouped = services.by_month(figures)
    main, others = services.channels_in_use(figures)
    figures_now = [figure for figure in grouped.get(month, []) if not services.is_all_invoices(figure)]
    form = ReportForm(data=filled_from(figures_now))
    if checked:
        form.validate_on_submit()
    return show_form(
        "sales/report.html",
        form=form,
        month=month,
        main=main,
        others=others,
        now={figure.channel: figure for figure in figures_now},
        last={figure.channel: figure for figure in grouped.get(months.previous(month), [])},
        all_invoices=next((one for one in grouped.get(month, []) if services.is_all_invoices(one)), None),
        previous=months.previous(month),
        following=months.following(month),
        digital=DIGITAL,
        newest=services.last_ended_month(enrolment.firm),
        earliest=services.first_open_month(enrolment),
        enrolment=enrolment,
    )


def _show_check(enrolment: Enrolment, month: date, form: CheckForm):
    grouped = services.by_month(services.figures_of(enrolment.firm_id))
    main, _others = services.channels_in_use([one for group in grouped.values() for one in group])
    already = {one.channel: one.gross for one in grouped.get(month, []) if not services.is_all_invoices(one)}
    last = {one.channel: one.gross for one in grouped.get(months.previous(month), [])}
    locked = {one.channel for one in grouped.get(month, []) if one.is_locked}
    # On the first showing an empty field means that nothing was sold there; from then on everything is said.
    reports = form.reports(() if request.endpoint == "sales.report" else set(main) - locked)
    amounts = {channel: one.gross for channel, one in reports.items()}
    return show_form(
        "sales/check_report.html",
        form=form,
        month=month,
        reports=reports,
        known=sum(amount for amount in amounts.values() if amount is not None),
        is_whole=None not in amounts.values(),
        last_total=services.total_of(grouped.get(months.previous(month), [])),
        questions=questions.about_month(amounts, last, already, services.months_missing(enrolment, month)),
        is_new=not already,
        enrolment=enrolment,
    )


@bp.get("/sales/history")
@requires(Permission.ACT_FOR_FIRM)
@for_enrolment
def history(enrolment: Enrolment):
    grouped = services.by_month(services.figures_of(enrolment.firm_id))
    newest = services.last_ended_month(enrolment.firm)
    return render_template(
        "sales/history.html",
        enrolment=enrolment,
        months=grouped,
        baseline=services.baseline_of(enrolment.id),
        missing=services.months_missing(enrolment, months.following(newest)),
        chart=charting.by_month(grouped),
        start=services.start_month(enrolment),
        has_open_month=services.has_open_month(enrolment),
    )


# The months before the start


@bp.route("/sales/baseline", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@for_enrolment
def baseline(enrolment: Enrolment):
    wanted = services.baseline_months(enrolment)
    channel = _asked_channel()
    figures = services.figures_of(enrolment.firm_id)
    of_channel = [figure for figure in figures if figure.channel is channel]
    form = baseline_form(wanted)(data=filled_by_month(of_channel))
    if form.validate_on_submit():
        with form.catch_refusal():
            amounts = {
                month: form.amount(key).data for month in wanted if form.said(key := month.isoformat())
            }
            services.save_baseline(enrolment, channel, amounts, by=me(), file=file_of(form))
            flash(_("Saved. Go on with the next place, or freeze your starting point."))
            return redirect(url_for(".baseline", channel=channel))
    return _show_baseline(enrolment, form, channel, figures)


@bp.route("/sales/baseline/freeze", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@for_enrolment
def freeze_baseline(enrolment: Enrolment):
    form = FreezeForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.freeze_baseline(enrolment, source_note=form.source_note.data or "", by=me())
            flash(_("Your starting point is frozen. From now on you compare with it."))
            return redirect(url_for(".baseline"))
    rows = _baseline_rows(enrolment, services.figures_of(enrolment.firm_id))
    return show_form("sales/freeze_baseline.html", form=form, rows=rows, enough=services.BASELINE_ENOUGH)


def _asked_channel() -> Channel:
    try:
        return Channel(request.args.get("channel", Channel.COUNTER))
    except ValueError:
        abort(404)


def _baseline_rows(enrolment: Enrolment, figures: list[Figure]) -> list[tuple[date, list[Figure]]]:
    grouped = services.by_month(figures)
    return [(month, grouped.get(month, [])) for month in services.baseline_months(enrolment)]


def _show_baseline(enrolment: Enrolment, form, channel: Channel, figures: list[Figure]):
    frozen = services.baseline_of(enrolment.id)
    main, others = services.channels_in_use(figures)
    rows = _baseline_rows(enrolment, figures)
    return show_form(
        "sales/baseline.html",
        form=form,
        channel=channel,
        channels=[*main, *others],
        locked={one.month for one in figures if one.channel is channel and one.is_locked},
        imported={one.month for one in figures if one.channel is channel and one.import_id},
        rows=rows,
        known=sum(1 for _month, group in rows if services.total_of(group) is not None),
        frozen=frozen,
        frozen_months=services.months_of(frozen) if frozen else [],
        enrolment=enrolment,
    )


# Invoices


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


# Staff


@bp.get("/enrolments/<int:enrolment_id>/sales")
@requires(Permission.VERIFY_SALES, of=Enrolment)
def firm_sales(enrolment: Enrolment):
    grouped = services.by_month(services.figures_of(enrolment.firm_id))
    return render_template(
        "sales/firm_sales.html",
        enrolment=enrolment,
        months=grouped,
        chart=charting.by_month(grouped),
        baseline=services.baseline_of(enrolment.id),
        claims=services.milestones_of([enrolment.id]).get(enrolment.id, []),
        start=services.start_month(enrolment),
        new_form=lambda figures: SeenForm(formdata=None, data={"seen": services.seen_mark(figures)}),
    )


@bp.post("/enrolments/<int:enrolment_id>/sales/<month>/verify")
@requires(Permission.VERIFY_SALES, of=Enrolment)
def verify_month(enrolment: Enrolment, month: str):
    form = SeenForm()
    if form.validate_on_submit():
        checked = services.verify_month(enrolment, _read_month(month), seen=form.seen.data or "", by=me())
        flash(_("%(number)s figures checked and locked.", number=checked))
    return redirect(url_for(".firm_sales", enrolment_id=enrolment.id))


@bp.route("/figures/<int:figure_id>/verify", methods=["GET", "POST"])
@requires(Permission.VERIFY_SALES, of=Figure)
def verify_figure(figure: Figure):
    form = SeenForm(data={"seen": services.seen_mark([figure])})
    if form.validate_on_submit():
        with form.catch_refusal():
            services.verify_figure(figure, seen=form.seen.data or "", by=me())
            flash(_("Checked and locked."))
            return redirect(url_for(".firm_sales", enrolment_id=figure.enrolment_id))
    # After a refusal it is about what the page shows now.
    form.seen.data = services.seen_mark([figure])
    return show_form("sales/verify_figure.html", form=form, figure=figure)


@bp.route("/figures/<int:figure_id>/unlock", methods=["GET", "POST"])
@requires(Permission.VERIFY_SALES, of=Figure)
def unlock_figure(figure: Figure):
    form = ReasonForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.unlock_figure(figure, form.reason.data or "", by=me())
            flash(_("Unlocked. The firm can correct it now."))
            return redirect(url_for(".firm_sales", enrolment_id=figure.enrolment_id))
    return show_form("sales/unlock_figure.html", form=form, figure=figure)


@bp.get("/evidence/<int:evidence_id>")
@requires(Permission.READ_EVIDENCE, of=Evidence)
def evidence(evidence: Evidence):
    return _send(evidence.storage_key, evidence.media_type, evidence.original_name)


@bp.get("/evidence/<int:evidence_id>/small")
@requires(Permission.READ_EVIDENCE, of=Evidence)
def evidence_thumbnail(evidence: Evidence):
    return _send(evidence.thumbnail_key or abort(404), "image/webp", evidence.original_name)


def _send(key: str, media_type: str, name: str) -> Response:
    # Opened before the answer begins, so that a file that is gone answers 404 and not half a page.
    try:
        stream = storage.open_file(key)
    except FileNotFoundError:
        abort(404)
    response = send_file(stream, mimetype=media_type)
    return attachment_headers(response, name, inline=media_type.startswith("image/"))


# Milestones


@bp.route("/milestones/<int:milestone_definition_id>/claim", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@for_enrolment
def claim_milestone(enrolment: Enrolment, milestone_definition_id: int):
    milestone = services.claimable(enrolment, milestone_definition_id) or abort(404)
    reached = services.reached_one(enrolment, milestone)
    form = ClaimForm(obj=reached, data=None if reached else {"reached_on": today(enrolment.firm.time_zone)})
    if form.validate_on_submit():
        with form.catch_refusal():
            said = form.evidence.data or ""
            services.claim_milestone(enrolment, milestone, said, by=me(), reached_on=form.reached_on.data)
            flash(_("Sent. Your trainer looks at it."))
            return redirect(url_for(".claim_milestone", milestone_definition_id=milestone.id))
    return show_form("sales/claim_milestone.html", form=form, milestone=milestone, reached=reached)


@bp.route("/milestones/reached/<int:milestone_reached_id>/verify", methods=["GET", "POST"])
@requires(Permission.VERIFY_MILESTONE, of=MilestoneReached)
def verify_milestone(milestone_reached: MilestoneReached):
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.verify_milestone(milestone_reached, by=me())
            flash(_("Milestone checked."))
            return redirect(url_for(".firm_sales", enrolment_id=milestone_reached.enrolment_id))
    return show_form("sales/verify_milestone.html", form=form, reached=milestone_reached)
