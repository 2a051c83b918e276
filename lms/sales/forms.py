"""What people fill in about sales: a month, the months before the start, invoices, checks, claims."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_wtf.file import FileField, MultipleFileField
from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import lazy_gettext as _l
from lms.sales import words
from lms.sales.figures import Report
from lms.sales.invoices import CHANNELS as INVOICE_CHANNELS
from lms.sales.models import DIGITAL, Channel, Figure
from lms.web.forms import Form, MoneyField

UNKNOWN = _l("I do not know")


class AmountsForm(Form):
    """Amounts with an "I do not know" beside each, whatever they are about: the fields are named by a key."""

    def amount(self, key: str) -> MoneyField:
        return self[f"amount_{key}"]

    def unknown(self, key: str) -> BooleanField:
        return self[f"unknown_{key}"]

    def validate(self, extra_validators: Any = None) -> bool:
        right = super().validate(extra_validators)
        for name, field in self._fields.items():
            if name.startswith("amount_") and field.data is not None and self[f"unknown_{name[7:]}"].data:
                field.errors = [
                    *field.errors,
                    _("Write the amount or mark that you do not know it, not both."),
                ]
                right = False
        return right

    def said(self, key: str) -> bool:
        """Whether anything was said about this one."""
        return self.amount(key).data is not None or self.unknown(key).data


class ReportForm(AmountsForm):
    """A month of sales as typed; it only leads to the page on which one looks at it again."""

    once = False

    def reports(self, blank_is_nothing: Collection[Channel] = ()) -> dict[Channel, Report]:
        """What is said by channel; in those of `blank_is_nothing` an empty field means nothing sold."""
        found = {}
        for channel in words.CHANNELS:
            orders = self[f"orders_{channel}"].data if channel in DIGITAL else None
            if self.said(channel):
                found[channel] = Report(self.amount(channel).data, orders)
            elif channel in blank_is_nothing:
                found[channel] = Report(Decimal(0), orders)
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        right = super().validate(extra_validators)
        if not self.errors and not any(self.said(channel) for channel in words.CHANNELS):
            self.form_errors.append(_("Write at least one amount. If you sold nothing, write 0."))
            return False
        return right


for _channel in words.CHANNELS:
    setattr(ReportForm, f"amount_{_channel}", MoneyField(words.CHANNELS[_channel]))
    setattr(ReportForm, f"unknown_{_channel}", BooleanField(UNKNOWN))
    if _channel in DIGITAL:
        _orders = IntegerField(words.CHANNELS[_channel], validators=[Optional(), NumberRange(0, 100_000)])
        setattr(ReportForm, f"orders_{_channel}", _orders)


class CheckForm(ReportForm):
    """The same month looked at again, with a photo or file that backs it: this one is kept."""

    once = True
    file = FileField(_l("Photo of your notebook, or a PDF"), validators=[Optional()])


def file_of(form: Any) -> tuple[str, bytes] | None:
    """Name and content of the file chosen in a form, if any."""
    chosen = form.file.data
    return (chosen.filename, chosen.read()) if chosen and chosen.filename else None


def filled_from(figures: Iterable[Figure]) -> dict[str, Any]:
    """What a month says so far, for its form."""
    data: dict[str, Any] = {}
    for figure in figures:
        data[f"amount_{figure.channel}"] = figure.gross
        data[f"unknown_{figure.channel}"] = figure.gross is None
        data[f"orders_{figure.channel}"] = figure.orders
    return data


def filled_by_month(figures: Iterable[Figure]) -> dict[str, Any]:
    """What one channel says so far of several months, for their form."""
    data: dict[str, Any] = {}
    for figure in figures:
        data[f"amount_{figure.month.isoformat()}"] = figure.gross
        data[f"unknown_{figure.month.isoformat()}"] = figure.gross is None
    return data


class FreezeForm(Form):
    source_note = StringField(
        _l("Where do these numbers come from?"),
        description=_l("For example: my notebook, my invoices, what I remember."),
        validators=[Length(max=500)],
    )


def baseline_form(months: Sequence[date]) -> type[AmountsForm]:
    """A form with one amount for each of these months."""
    fields: dict[str, Any] = {
        "file": FileField(_l("Photo of your notebook, or a PDF"), validators=[Optional()])
    }
    for month in months:
        fields[f"amount_{month.isoformat()}"] = MoneyField(month.isoformat())
        fields[f"unknown_{month.isoformat()}"] = BooleanField(UNKNOWN)
    return type("BaselineForm", (AmountsForm,), fields)


class InvoicesForm(Form):
    channel = RadioField(
        _l("Which sales are these?"),
        choices=[
            SelectChoice(channel.value, words.INVOICE_CHANNELS.get(channel, words.CHANNELS[channel]))
            for channel in INVOICE_CHANNELS
        ],
        default=Channel.WHOLESALE.value,
    )
    files = MultipleFileField(
        _l("Your invoices"), description=_l("XML files, or a ZIP with many. PDF does not work.")
    )

    @property
    def uploaded(self) -> list[tuple[str, bytes]]:
        """The chosen files by name; a browser sends one without a name when none was chosen."""
        return [(one.filename, one.read()) for one in self.files.data or [] if one and one.filename]


class SeenForm(Form):
    """A check of figures as they were shown."""

    seen = HiddenField()


class ClaimForm(Form):
    evidence = TextAreaField(
        _l("How can one see it?"),
        description=_l("For example the address of your listing, or the number of an order."),
        validators=[Length(min=5, max=2000, message=_l("Write in a few words how one can see it."))],
    )
    reached_on = DateField(
        _l("When was it?"), validators=[InputRequired(message=_l("Choose the day on which it happened."))]
    )
