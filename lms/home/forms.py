"""Forms of the pages that belong to nobody else."""

from datetime import date, timedelta
from typing import Any

from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from lms.foundation.i18n import lazy_gettext as _l
from lms.mentoring.services import MOST_DAYS
from lms.web.forms import Form

LANGUAGES = (("es_MX", "Español"), ("en", "English"))


class LanguageForm(Form):
    locale = RadioField(choices=LANGUAGES)


class PutOffForm(Form):
    until = DateField(_l("Until which day"), validators=[InputRequired(_l("Choose a day."))])
    note = TextAreaField(
        _l("Why it can wait"),
        description=_l("Your colleagues read it, the firm does not"),
        validators=[InputRequired(_l("Write why it can wait: your colleagues read it.")), Length(max=500)],
    )

    def begin(self, today: date) -> None:
        """Offer a week, and say between which days one may choose."""
        self.first_day, self.last_day = today + timedelta(days=1), today + timedelta(days=MOST_DAYS)
        if not self.is_submitted():
            self.until.data = today + timedelta(days=7)

    @property
    def wanted(self) -> dict[str, Any]:
        return {"until": self.until.data, "note": self.note.data or ""}
