"""The form of one minute: a month a row, a channel a column, and whether the firm still sells online."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from lms.followups.models import Asked, Cell
from lms.followups.rules import Selling
from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import lazy_gettext as _l
from lms.sales.words import CHANNELS
from lms.web.forms import Form, MoneyField
from lms.web.templating import month_name

SELLING = {
    Selling.YES: _l("Yes, every month"),
    Selling.SOMETIMES: _l("Some months"),
    Selling.NO: _l("No longer"),
}


class FollowUpForm(Form):
    """`months` and `channels` are put in by `follow_up_form`."""

    months: Sequence[date] = ()
    channels: Sequence[Any] = ()

    selling = RadioField(
        _l("Do you still sell online?"),
        choices=[SelectChoice(key.value, text) for key, text in SELLING.items()],
        validators=[InputRequired(_l("Choose one of the answers."))],
    )

    def amount(self, month: date, channel: Any) -> MoneyField:
        return self[_name("amount", month, channel)]

    def unknown(self, month: date) -> BooleanField:
        return self[f"unknown_{month:%Y%m}"]

    def said(self) -> dict[Cell, Decimal | None]:
        """Every amount that was written; in a month that is not known, every channel is None."""
        found: dict[Cell, Decimal | None] = {}
        for month in self.months:
            for channel in self.channels:
                amount = self.amount(month, channel).data
                if self.unknown(month).data or amount is not None:
                    found[channel, month] = amount
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        right = super().validate(extra_validators)
        for month in self.months:
            written = [self.amount(month, channel) for channel in self.channels]
            some = any(field.data is not None or field.errors for field in written)
            if some != bool(self.unknown(month).data):
                continue
            named = month_name(month)
            self.form_errors.append(
                _("%(month)s: write the amounts or mark that you do not know, not both.", month=named)
                if some
                else _("Write an amount for %(month)s or mark that you do not know it.", month=named)
            )
            right = False
        return right


def follow_up_form(asked: Asked) -> FollowUpForm:
    """The form for these months and channels."""
    fields: dict[str, Any] = {"months": asked.months, "channels": asked.channels}
    for month in asked.months:
        fields[f"unknown_{month:%Y%m}"] = BooleanField(_l("I do not know this month"))
        for channel in asked.channels:
            fields[_name("amount", month, channel)] = MoneyField(CHANNELS[channel])
    return type("ThisFollowUpForm", (FollowUpForm,), fields)()


def _name(what: str, month: date, channel: Any) -> str:
    return f"{what}_{month:%Y%m}_{channel}"
