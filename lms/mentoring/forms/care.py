"""Forms of a cohort's connection plan and rules, and of how the mentoring goes."""

from wtforms import IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from lms.foundation.i18n import lazy_gettext as _l
from lms.web.forms import Form

PULSES = {3: _l("Well"), 2: _l("So-so"), 1: _l("Badly")}


def _number(label, least: int, most: int, hint) -> IntegerField:
    words = _l("Write a number from %(least)s to %(most)s.", least=least, most=most)
    return IntegerField(
        label, description=hint, validators=[InputRequired(words), NumberRange(least, most, words)]
    )


class StepForm(Form):
    week = IntegerField(
        _l("Week"), validators=[InputRequired(_l("Write a number.")), NumberRange(0, 60, _l("From 0 to 60."))]
    )
    text = StringField(
        _l("What the mentor does with each firm"),
        validators=[InputRequired(_l("Write what is to be done.")), Length(min=3, max=200)],
    )


class RulesForm(Form):
    notice_hours = _number(
        _l("Hours of notice"),
        1,
        168,
        _l("Until so many hours before, a firm books, moves or calls off by itself"),
    )
    days_ahead = _number(_l("Days ahead"), 7, 120, _l("How far ahead a firm can book"))
    makeup_days = _number(
        _l("Days to make up"),
        1,
        60,
        _l("A visit, call or chat within so many days makes up for a missed session"),
    )


class PulseForm(Form):
    score = RadioField(
        _l("How does the mentoring go?"),
        coerce=int,
        choices=[SelectChoice(score, words) for score, words in PULSES.items()],
        validators=[InputRequired(_l("Choose one."))],
    )
