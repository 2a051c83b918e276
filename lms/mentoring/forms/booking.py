"""Forms of hours on offer, of booking them, and of sessions that repeat."""

from datetime import datetime
from zoneinfo import ZoneInfo

from wtforms import DateField, IntegerField, RadioField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation, ValidationError

from lms.foundation import clock
from lms.foundation.i18n import lazy_gettext as _l
from lms.mentoring.forms.meetings import KINDS, REQUIRED, WIDEST, SessionForm, WhenForm, options
from lms.mentoring.models import SessionKind
from lms.web.forms import Form

WEEKDAYS = {
    "0": _l("Mondays"),
    "1": _l("Tuesdays"),
    "2": _l("Wednesdays"),
    "3": _l("Thursdays"),
    "4": _l("Fridays"),
    "5": _l("Saturdays"),
    "6": _l("Sundays"),
}
ONCE = "once"
REPEATS = {"0": _l("Only once"), "1": _l("Every week"), "2": _l("Every two weeks")}


class HoursForm(Form):
    """Hours that a mentor offers: on a day of every week, or on one date."""

    kind = RadioField(
        _l("How do you meet?"),
        choices=options(KINDS, without=SessionKind.CLINIC),
        default=SessionKind.CALL.value,
        validators=[InputRequired(REQUIRED)],
    )
    when = SelectField(
        _l("Which days?"), choices=[*options(WEEKDAYS), SelectChoice(ONCE, _l("On one date only"))]
    )
    day = DateField(_l("Date"), description=_l("Only for a single date"), validators=[Optional()])
    opens = TimeField(_l("From"), validators=[InputRequired(_l("Choose the time."))])
    closes = TimeField(_l("To"), validators=[InputRequired(_l("Choose the time."))])
    minutes = IntegerField(
        _l("Minutes of each session"),
        default=45,
        validators=[
            InputRequired(_l("Write how many minutes.")),
            NumberRange(15, 240, _l("Between 15 and 240 minutes.")),
        ],
    )

    def validate_when(self, field: SelectField) -> None:
        if field.data != ONCE:
            return
        if self.day.data is None:
            raise ValidationError(_l("Choose the date below."))
        if not clock.today() <= self.day.data <= clock.today() + WIDEST:
            raise ValidationError(_l("Choose a day within a year from today."))

    @property
    def offered(self) -> dict:
        once = self.when.data == ONCE
        return {
            "kind": SessionKind(self.kind.data),
            "weekday": None if once else int(self.when.data),
            "day": self.day.data if once else None,
            "opens": self.opens.data,
            "closes": self.closes.data,
            "minutes": self.minutes.data,
        }


class BookForm(Form):
    """One of the hours on offer. One that was taken while the page was open is refused by the service."""

    slot = RadioField(
        _l("Which hour suits you?"),
        choices=(),
        validate_choice=False,
        validators=[InputRequired(_l("Choose an hour."))],
    )


class MoveForm(WhenForm):
    """Another day and hour for one session."""


class MoveSeriesForm(WhenForm):
    """Another day and hour for the next session of a series and all that follow."""

    minutes = None


def _until_when_repeated(form: "PlanForm", field: DateField) -> None:
    """A last day is needed as soon as something repeats, and only then."""
    field.errors = []
    if form.repeat.data in (None, "0"):
        raise StopValidation()
    if field.data is None:
        raise StopValidation(_l("Choose the last day."))
    if field.data - clock.today() > WIDEST:
        raise StopValidation(_l("Choose a day within a year from today."))


class PlanForm(SessionForm):
    """A session with one firm, perhaps one that repeats."""

    repeat = RadioField(
        _l("Does it repeat?"), choices=options(REPEATS), default="0", validators=[InputRequired(REQUIRED)]
    )
    until = DateField(_l("Until"), description=_l("Only if it repeats"), validators=[_until_when_repeated])

    @property
    def series(self) -> dict | None:
        """What repeats, or None for a session that does not."""
        if self.repeat.data == "0":
            return None
        return {
            "kind": SessionKind(self.kind.data),
            "day": self.day.data,
            "hour": self.hour.data,
            "minutes": self.minutes.data,
            "every_weeks": int(self.repeat.data),
            "until": self.until.data,
        }


def fill_in(form: WhenForm, starts_at: datetime, minutes: int, time_zone: str) -> WhenForm:
    """The form as the session stands, until something was typed."""
    if not form.is_submitted():
        local = starts_at.astimezone(ZoneInfo(time_zone))
        form.day.data, form.hour.data = local.date(), local.time()
        if "minutes" in form:
            form.minutes.data = minutes
    return form
