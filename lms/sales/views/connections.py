"""Pages on which a firm lets its sales be read at a marketplace, reads them, and ends that again."""

from typing import Any

from flask import abort, current_app, flash, make_response, redirect, render_template, request, url_for

from lms.accounts.proof import proven
from lms.cohorts.models import Enrolment
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.sales import services
from lms.sales.connections.apps import MARKETPLACES
from lms.sales.forms import AnswerForm, ConnectForm, ReadForm
from lms.sales.models import Channel, ConnectionState, SalesConnection
from lms.sales.views import bp
from lms.sales.views.imports import AGAIN
from lms.sales.views.shared import for_enrolment
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires


@bp.route("/sales/connections", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@proven("POST")
@for_enrolment
def connections(enrolment: Enrolment):
    channels = services.connectable() or abort(404)
    form = ConnectForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            asked = services.ask_marketplace(enrolment, _channel(form.channel.data), by=me())
            return redirect(url_for(".show_connection", sales_connection_id=asked.id))
    return show_form(
        "sales/connections.html",
        form=form,
        channels=channels,
        connected={one.channel: one for one in services.connections_of(enrolment.firm_id)},
        may_connect=services.may_connect(enrolment.firm_id, me().id),
    )


def _channel(said: str | None) -> Channel:
    try:
        return Channel(said or "")
    except ValueError:
        raise Refused(_("Choose one of the marketplaces.")) from None


@bp.route("/sales/connections/<int:sales_connection_id>", methods=["GET", "POST"])
@requires(Permission.KEEP_CONNECTION, of=SalesConnection)
def show_connection(sales_connection: SalesConnection):
    state = sales_connection.state
    if state is ConnectionState.OPEN:
        return _read(sales_connection)
    if request.method == "POST":
        # The connection ended while its form was open.
        return redirect(url_for(".show_connection", sales_connection_id=sales_connection.id))
    address = None
    if state is ConnectionState.ASKED and sales_connection.user_id == me().id:
        address = services.sign_in_address(sales_connection, _back())
    answer = make_response(
        render_template("sales/connection_waits.html", connection=sales_connection, address=address)
    )
    if state is ConnectionState.ANSWERED:
        answer.headers["Refresh"] = AGAIN
    return answer


def _read(connection: SalesConnection) -> Any:
    first, newest = services.usual_months(connection)
    form = ReadForm(data={"since": first, "vat": ""})
    if form.validate_on_submit():
        with form.catch_refusal():
            begun = services.read_connection(
                connection, form.since.data, vat=form.vat.data if _asks_vat(connection) else "", by=me()
            )
            return redirect(url_for(".show_upload", sales_upload_id=begun.id))
    return show_form(
        "sales/show_connection.html",
        form=form,
        connection=connection,
        newest=newest,
        asks_vat=_asks_vat(connection),
    )


def _asks_vat(connection: SalesConnection) -> bool:
    """Only of Mercado Libre it is known that its amounts include VAT."""
    return connection.channel is not Channel.MERCADO_LIBRE


@bp.route("/sales/connections/return", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@proven("GET", "POST")
@for_enrolment
def finish_connection(enrolment: Enrolment):
    form = AnswerForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            made = services.answer_marketplace(
                form.state.data or "", form.code.data or "", form.account.data or "", _back(), by=me()
            )
            return redirect(url_for(".show_connection", sales_connection_id=made.id))
    channel = None
    if request.method == "GET":
        with form.catch_refusal():
            channel = _came_back(form)
    return show_form("sales/finish_connection.html", form=form, channel=channel)


def _came_back(form: AnswerForm) -> Channel:
    """Fill the form with what the marketplace says; nothing is kept before the person agrees."""
    form.state.data = request.args.get("state", "")
    channel = services.asked_with(form.state.data, by=me()).channel
    marketplace = MARKETPLACES[channel]
    form.code.data = request.args.get(marketplace.code, "")
    form.account.data = request.args.get(marketplace.seller, "") if marketplace.seller else ""
    if not form.code.data:
        raise Refused(_("The marketplace sent no permission. Connect again."))
    return channel


@bp.route("/sales/connections/<int:sales_connection_id>/end", methods=["GET", "POST"])
@requires(Permission.END_CONNECTION, of=SalesConnection)
def end_connection(sales_connection: SalesConnection):
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.end_connection(sales_connection, by=me())
            flash(_("The connection has ended. Nothing that could read your sales was kept."))
            return redirect(_after_end(sales_connection))
    return show_form("sales/end_connection.html", form=form, connection=sales_connection)


def _after_end(connection: SalesConnection) -> str:
    if me().firm_id == connection.firm_id:
        return url_for(".imports")
    return url_for(".firm_sales", enrolment_id=connection.enrolment_id)


def _back() -> str:
    """Where marketplaces send people back to: the address that was registered there."""
    site = (current_app.config["SITE_URL"] or request.url_root).rstrip("/")
    return site + url_for(".finish_connection")
