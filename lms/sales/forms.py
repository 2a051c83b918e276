"""What people fill in about sales: a month, the months before the start, invoices, checks, claims."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_wtf.file import FileField, MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    MonthField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
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


SAYS_IT_ITSELF = ""


class ImportForm(Form):
    channel = RadioField(
        _l("Which sales are these?"),
        choices=[
            SelectChoice(SAYS_IT_ITSELF, _l("The file says it itself")),
            *(
                SelectChoice(channel.value, words.INVOICE_CHANNELS.get(channel, words.CHANNELS[channel]))
                for channel in INVOICE_CHANNELS
            ),
        ],
        default=SAYS_IT_ITSELF,
    )
    files = MultipleFileField(
        _l("Your files"),
        description=_l("XLSX, XLS, ODS, CSV, XML, or a ZIP with many XML. PDF does not work."),
    )

    @property
    def said(self) -> Channel | None:
        return Channel(self.channel.data) if self.channel.data else None

    @property
    def uploaded(self) -> list[tuple[str, bytes]]:
        """The chosen files by name; a browser sends one without a name when none was chosen."""
        return [(one.filename, one.read()) for one in self.files.data or [] if one and one.filename]


MEANINGS = {
    "date": _l("Date of the sale"),
    "pesos": _l("Pesos with VAT"),
    "net": _l("Pesos without VAT"),
    "price": _l("Price of one piece"),
    "units": _l("Pieces"),
    "order": _l("Number of the order"),
    "status": _l("Status of the order"),
    "refunded": _l("Pesos given back"),
    "fees": _l("Fees"),
    "currency": _l("Currency"),
}


class ColumnsForm(Form):
    """What columns mean. The choices are the columns of the file, added by `columns_form`."""

    channel = SelectField(
        _l("Where were these sold?"),
        choices=[SelectChoice(channel.value, words.CHANNELS[channel]) for channel in words.CHANNELS],
        default=Channel.OTHER.value,
    )
    date_order = RadioField(
        _l("How are dates written?"),
        choices=[
            SelectChoice("", _l("As the file shows")),
            SelectChoice("dmy", _l("Day first: 31/12/2026")),
            SelectChoice("mdy", _l("Month first: 12/31/2026")),
        ],
        default="",
    )
    vat = RadioField(
        _l("Do the amounts include VAT?"),
        choices=[
            SelectChoice("", _l("Yes, or as the column says")),
            SelectChoice("added", _l("No: add 16%")),
        ],
        default="",
    )

    @property
    def columns(self) -> dict[str, str]:
        return {key: self[f"is_{key}"].data for key in MEANINGS if self[f"is_{key}"].data}

    def validate(self, extra_validators: Any = None) -> bool:
        right = super().validate(extra_validators)
        said = self.columns
        if "date" not in said:
            self["is_date"].errors = [_("Say which column has the date of the sale.")]
            right = False
        if not {"pesos", "net"} & set(said) and not {"price", "units"} <= set(said):
            self["is_pesos"].errors = [_("Say which column has the pesos, or the price and the pieces.")]
            right = False
        return right


def columns_form(names: Sequence[str]) -> type[ColumnsForm]:
    """A form that asks of each meaning which of these columns has it."""
    choices = [SelectChoice("", _l("None")), *(SelectChoice(name, name) for name in names)]
    fields = {f"is_{key}": SelectField(label, choices=choices, default="") for key, label in MEANINGS.items()}
    return type("FileColumnsForm", (ColumnsForm,), fields)


class ReportMonthForm(Form):
    """The month of a report that does not say it."""

    month = MonthField(
        _l("Which month is this report about?"), validators=[InputRequired(message=_l("Choose the month."))]
    )
    vat = RadioField(
        _l("Do the amounts include VAT?"),
        choices=[SelectChoice("", _l("Yes")), SelectChoice("added", _l("No: add 16%"))],
        default="",
    )


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


class ConnectForm(Form):
    """Which marketplace to go to; each has a button of its own."""

    channel = HiddenField()


class AnswerForm(Form):
    """What a marketplace sent back with a person, until that person says yes here too."""

    state = HiddenField(validators=[Length(max=200)])
    code = HiddenField(validators=[Length(max=2048)])
    account = HiddenField(validators=[Length(max=200)])


class ReadForm(Form):
    """Which months to read over a connection."""

    since = MonthField(
        _l("From which month on?"), validators=[InputRequired(message=_l("Choose the month."))]
    )
    vat = RadioField(
        _l("Do the amounts include VAT?"),
        choices=[SelectChoice("", _l("Yes")), SelectChoice("added", _l("No: add 16%"))],
        default="",
    )
