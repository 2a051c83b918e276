"""The consumer price index: the table, and writing one month of it."""

from flask import flash, redirect, render_template, request, url_for

from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.reports import prices
from lms.reports.forms import PriceForm
from lms.reports.views import bp
from lms.sales import months
from lms.web.forms import show_form
from lms.web.guard import me, requires
from lms.web.templating import local_today


@bp.get("/prices")
@requires(Permission.KEEP_PRICES)
def price_index():
    return render_template("reports/price_index.html", rows=prices.all_prices())


@bp.route("/prices/write", methods=["GET", "POST"])
@requires(Permission.KEEP_PRICES)
def write_price():
    known = _known(request.args.get("month", ""))
    form = PriceForm.showing(known) if known else PriceForm(read_on=local_today())
    if form.validate_on_submit():
        with form.catch_refusal():
            fields = (form.first_day, form.number, form.source.data, form.read_on.data)
            prices.write_price(*fields, by=me())
            flash(_("Saved. Reports of these months can be told in real pesos."))
            return redirect(url_for(".price_index"))
    return show_form("reports/write_price.html", form)


def _known(text: str):
    try:
        return prices.price_of(months.parse_month(text))
    except ValueError:
        return None
