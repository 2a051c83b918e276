"""Publishing a report, and one month of the consumer price index."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import DateField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import lazy_gettext as _l
from lms.reports.models import PriceIndex
from lms.sales import months
from lms.web.forms import ConfirmForm, Form

HIGHEST = 100_000


class PublishForm(ConfirmForm):
    """Nothing to fill in: what is published stands on the page."""


class PriceForm(Form):
    month = StringField(
        _l("Month"),
        validators=[InputRequired(_l("Write the month, for example 2026-03."))],
        description=_l("Year and month, for example 2026-03."),
    )
    value = StringField(
        _l("Index"),
        validators=[InputRequired(_l("Write the index, for example 141.608."))],
        description=_l("The general INPC with base in the second half of July 2018 = 100."),
    )
    source = StringField(
        _l("Where it was read"),
        validators=[
            DataRequired(_l("Write where it was read.")),
            Length(max=300, message=_l("Write it in fewer words.")),
        ],
    )
    read_on = DateField(
        _l("When it was read"), validators=[InputRequired(_l("Write the day on which it was read."))]
    )

    @classmethod
    def showing(cls, row: PriceIndex) -> "PriceForm":
        known = {"month": months.write_month(row.month), "value": str(row.value)}
        return cls(data={**known, "source": row.source, "read_on": row.read_on})

    @property
    def first_day(self) -> date:
        return months.parse_month(self.month.data or "")

    @property
    def number(self) -> Decimal:
        return Decimal((self.value.data or "").strip())

    def validate_month(self, field: Any) -> None:
        try:
            months.parse_month(field.data)
        except ValueError:
            raise ValidationError(_("Write the month as year and month, for example 2026-03.")) from None

    def validate_value(self, field: Any) -> None:
        try:
            number = Decimal(field.data.strip())
        except InvalidOperation:
            raise ValidationError(_("Write only a number, for example 141.608.")) from None
        # At most three decimals: that is how it is published, and more would be cut off unseen.
        if not number.is_finite() or not 0 < number < HIGHEST or number != round(number, 3):
            raise ValidationError(_("Write only a number, for example 141.608."))
