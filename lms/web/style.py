"""The living style page: every component once, drawn by the same macros and charts as the real pages."""

from flask import render_template
from flask_wtf.file import FileField
from markupsafe import Markup
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from lms.foundation.clock import now
from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import lazy_gettext as _l
from lms.web import charts
from lms.web.forms import Form, MoneyField


class SampleForm(Form):
    """One field of each kind."""

    name = StringField(_l("Your name"), [InputRequired()], render_kw={"autocomplete": "name"})
    sector = SelectField(_l("Trade"), choices=[("footwear", _l("Footwear")), ("fashion", _l("Clothes"))])
    sales = MoneyField(_l("WhatsApp"))
    uses = RadioField(
        _l("Do you use WhatsApp Business?"),
        choices=[("yes", _l("Yes")), ("no", _l("No")), ("unknown", _l("I do not know"))],
    )
    agree = BooleanField(_l("I agree"))
    note = TextAreaField(_l("What was hardest?"), [Optional()])
    photo = FileField(_l("Photo"))


def style_page() -> str:
    """Render the page; the view that shows it belongs to whoever routes it."""
    form = SampleForm()
    form.name.errors = [_("Write your name.")]
    return render_template("style.html", form=form, date=now(), drawings=_drawings())


def _drawings() -> dict[str, Markup]:
    """Charts of invented figures, far enough apart to show every mark."""
    ratios = [0.85, 0.86, 0.92, 1.0, 1.04, 1.06, 1.14, 1.23, 1.25, 1.31, 1.32, 1.36, 1.48, 1.49, 1.61, 1.62]
    named = [
        ("Botas Ñandú", 36_700, 33_900),
        ("Sillas Lago", 71_400, 93_600),
        ("Rebozos Sol", 28_900, 47_600),
    ]
    pairs = named + [(f"Taller {at}", 20_000 + 6_000 * at, 24_000 + 6_500 * at) for at in range(8)]
    names = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct"]
    sales = [48_000, 51_000, 47_500, None, 52_000, 58_000, 57_200, 61_500, 58_400, 66_900]
    before = [41_000, 43_000, 42_000, 44_000, 45_500, 43_000, 46_000, 47_000, 45_000, 49_000]
    steps = [(_("Starting point written down"), 34, "34"), (_("Photos accepted"), 13, "13")]
    return {
        "dots": charts.dots(ratios, title=_("Each dot is a firm.")),
        "slope": charts.slope(pairs, title=_("Each line is a firm."), labelled=[pair[0] for pair in named]),
        "line": charts.line_by_month(list(zip(names, sales, strict=True)), before, title=_("Sales by month")),
        "bars": charts.bars(steps, title=_("Firms by step"), top=34),
        "change": charts.change_cell(28_900, 47_600, 60_000),
        "weeks": charts.week_columns([0.9, 0.95, 0.8, 0.85, 0.9]),
    }
