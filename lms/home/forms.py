"""Forms of the pages that belong to nobody else."""

from datetime import date, timedelta
from typing import Any

from wtforms import DateField, IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from lms.cohorts.thresholds import BOUNDS, USUAL, Thresholds
from lms.foundation.i18n import lazy_gettext as _l
from lms.mentoring.services import MOST_DAYS
from lms.web.forms import Form

LANGUAGES = (("es_MX", "Español"), ("en", "English"))


class LanguageForm(Form):
    locale = RadioField(choices=LANGUAGES)


def _number(name: str, label: Any) -> IntegerField:
    least, most = BOUNDS[name]
    words = _l("Write a number from %(least)s to %(most)s.", least=least, most=most)
    hint = _l(
        "From %(least)s to %(most)s; usually %(usual)s", least=least, most=most, usual=getattr(USUAL, name)
    )
    return IntegerField(
        label, description=hint, validators=[InputRequired(words), NumberRange(least, most, words)]
    )


class ThresholdsForm(Form):
    quiet_days = _number("quiet_days", _l("Days without activity"))
    overdue = _number("overdue", _l("Tasks overdue"))
    times_returned = _number("times_returned", _l("Times that a task was sent back"))
    times_failed = _number("times_failed", _l("Times that a quiz was failed"))
    absences = _number("absences", _l("Sessions missed in a row"))

    @property
    def wanted(self) -> Thresholds:
        return Thresholds(**{name: self[name].data for name in BOUNDS})


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
