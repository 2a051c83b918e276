"""Pages on which a firm writes down its sales month by month, and those before its start."""

from datetime import date

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
from lms.sales import charting, months, questions, services
from lms.sales.forms import (
    CheckForm,
    FreezeForm,
    ReportForm,
    baseline_form,
    file_of,
    filled_by_month,
    filled_from,
)
from lms.sales.models import DIGITAL, Channel, Figure
from lms.sales.views import bp
from lms.sales.views.shared import for_enrolment, read_month
from lms.web import form_keys, replays
from lms.web.forms import show_form
from lms.web.guard import me, requires
from lms.web.templating import month_name


def _asked_month(enrolment: Enrolment) -> date:
    """The month named in the address, else the one that ended last."""
    asked = request.args.get("month")
    return read_month(asked) if asked else services.last_ended_month(enrolment.firm)


@bp.route("/sales", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@for_enrolment
def report(enrolment: Enrolment):
    month = _asked_month(enrolment)
    if request.method == "GET" and "month" not in request.args and not services.has_open_month(enrolment):
        return _show_history(enrolment)  # not led there: on slow data each address more is half a second
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
    if replays.is_replay():
        return _report_at_once(enrolment, month, form)
    # Its own key: who goes back, corrects and sends once more means it.
    form.form_key.data = form_keys.new_key()
    return _show_check(enrolment, month, form)


def _report_at_once(enrolment: Enrolment, month: date, form: CheckForm):
    """A month that was written without a connection is kept, unless its figures are worth a second look."""
    reports, asked, _before = _looked_over(enrolment, month, form)
    if any(question.asks is not questions.Asks.GAP for question in asked):
        replays.complain(
            [_("Look over your sales of %(month)s before you send them.", month=month_name(month))]
        )
    elif form.validate_on_submit():
        with form.catch_refusal():
            services.report_month(enrolment, month, reports, by=me())
            flash(_("Sent. Thank you: your sales of this month are written down."))
            return redirect(url_for(".history"))
    return _show_check(enrolment, month, form)


def _looked_over(enrolment: Enrolment, month: date, form: CheckForm):
    """What is reported by channel, what is worth asking about it, and the month before."""
    grouped = services.by_month(services.figures_of(enrolment.firm_id))
    main, _others = services.channels_in_use([one for group in grouped.values() for one in group])
    now = grouped.get(month, [])
    already = {one.channel: one.gross for one in now if not services.is_all_invoices(one)}
    before = grouped.get(months.previous(month), [])
    last = {one.channel: one.gross for one in before}
    locked = {one.channel for one in now if one.is_locked}
    # On the first showing an empty field means that nothing was sold there; from then on everything is said.
    reports = form.reports(() if request.endpoint == "sales.report" else set(main) - locked)
    amounts = {channel: one.gross for channel, one in reports.items()}
    missing = services.months_missing(enrolment, month)
    return reports, questions.about_month(amounts, last, already, missing), before


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
    reports, asked, before = _looked_over(enrolment, month, form)
    amounts = [one.gross for one in reports.values()]
    return show_form(
        "sales/check_report.html",
        form=form,
        month=month,
        reports=reports,
        known=sum(amount for amount in amounts if amount is not None),
        is_whole=None not in amounts,
        last_total=services.total_of(before),
        questions=asked,
        enrolment=enrolment,
    )


@bp.get("/sales/history")
@requires(Permission.ACT_FOR_FIRM)
@for_enrolment
def history(enrolment: Enrolment):
    return _show_history(enrolment)


def _show_history(enrolment: Enrolment):
    figures = services.figures_of(enrolment.firm_id)
    grouped = services.by_month(figures)
    newest, start = services.last_ended_month(enrolment.firm), services.start_month(enrolment)
    return render_template(
        "sales/history.html",
        enrolment=enrolment,
        months=grouped,
        baseline=services.baseline_of(enrolment.id),
        missing=services.months_missing(enrolment, months.following(newest)),
        chart=charting.by_month(grouped),
        start=start,
        source_changes=services.source_changes(figures, start),
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
