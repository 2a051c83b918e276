"""Forms of help, sessions, promises, contacts and practices; and how their kinds and states read."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from lms.cohorts.models import Cohort
from lms.curriculum.models import Practice
from lms.foundation import clock
from lms.foundation.i18n import lazy_gettext as _l
from lms.mentoring.addresses import LONGEST_PATH, inner_path
from lms.mentoring.models import Action, ActionOwner, Session, SessionKind, SessionState
from lms.mentoring.outcomes import MOST_PROMISES, Outcome, Promise
from lms.web.forms import Form

# How far from today a session can be written down: farther is a slip of the finger.
WIDEST = timedelta(days=366)

KINDS = {
    SessionKind.VISIT: _l("Visit"),
    SessionKind.CALL: _l("Phone call"),
    SessionKind.WHATSAPP: _l("WhatsApp"),
    SessionKind.CLINIC: _l("Group clinic"),
}
OUTCOMES = {
    SessionState.HELD: _l("Yes, we met"),
    SessionState.MISSED: _l("The firm did not come"),
    SessionState.MADE_UP: _l("Missed, but made up for"),
    SessionState.CANCELLED: _l("We called it off"),
}
STATES = {
    SessionState.PLANNED: _l("Session planned"),
    SessionState.HELD: _l("Session held"),
    SessionState.MISSED: _l("Session missed"),
    SessionState.MADE_UP: _l("Session made up for"),
    SessionState.CANCELLED: _l("Session called off"),
}
OWNERS = {ActionOwner.FIRM: _l("The firm"), ActionOwner.MENTOR: _l("You")}
CHANNELS = {
    "whatsapp": _l("WhatsApp"),
    "call": _l("Phone call"),
    "visit": _l("Visit"),
    "mail": _l("E-mail"),
}
ANSWERS = {"yes": _l("Yes"), "no": _l("Not yet")}
REQUIRED = _l("Choose one.")
NOTE = (Optional(), Length(max=4000))


def options(words: Mapping[Any, Any], without: str = "") -> list[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in words.items() if value != without]


class CheckboxesField(SelectMultipleField):
    """Several of many, as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class HelpForm(Form):
    """What somebody needs help with; the page they came from travels along."""

    about = HiddenField(validators=[Length(max=LONGEST_PATH)])
    title = HiddenField(validators=[Length(max=200)])
    text = TextAreaField(_l("What do you need?"), validators=[Optional(), Length(max=2000)])

    @property
    def about_path(self) -> str:
        return inner_path(self.about.data)

    @property
    def about_title(self) -> str:
        return " ".join((self.title.data or "").split())

    @property
    def asked(self) -> dict[str, str]:
        return {"text": self.text.data or "", "about_title": self.about_title, "about_path": self.about_path}


class AnswerForm(Form):
    answer = TextAreaField(
        _l("Your answer"),
        validators=[InputRequired(_l("Write the answer.")), Length(min=2, max=4000)],
    )


class WhenForm(Form):
    """A day and an hour in the time zone of a cohort."""

    day = DateField(_l("Day"), validators=[InputRequired(_l("Choose the day."))])
    hour = TimeField(_l("Time of day"), validators=[InputRequired(_l("Choose the time."))])
    minutes = IntegerField(
        _l("Minutes"),
        default=45,
        validators=[
            InputRequired(_l("Write how many minutes.")),
            NumberRange(5, 480, _l("Between 5 and 480 minutes.")),
        ],
    )

    def validate_day(self, field: DateField) -> None:
        if abs(field.data - clock.today()) > WIDEST:
            raise ValidationError(_l("Choose a day within a year from today."))

    def starts_at(self, time_zone: str) -> datetime:
        return datetime.combine(self.day.data, self.hour.data, ZoneInfo(time_zone))


class SessionForm(WhenForm):
    kind = RadioField(
        _l("How do you meet?"),
        choices=options(KINDS, without=SessionKind.CLINIC),
        validators=[InputRequired(REQUIRED)],
    )


class ClinicForm(WhenForm):
    cohort_id = SelectField(_l("Cohort"), coerce=int)

    def offer(self, cohorts: Iterable[Cohort]) -> "ClinicForm":
        self.cohort_id.choices = [
            SelectChoice(cohort.id, f"{cohort.name} · {cohort.programme.name}") for cohort in cohorts
        ]
        return self


def _due_when_promised(form: "PromiseForm", field: DateField) -> None:
    """A day is needed as soon as something is promised, and only then."""
    field.errors = []
    if not (form.text.data or "").strip():
        raise StopValidation()
    if field.data is None:
        raise StopValidation(_l("Say until when."))
    if field.data < clock.today():
        raise StopValidation(_l("Choose a day from today on."))


class PromiseForm(PlainForm):
    """One agreement; an empty one is left out."""

    text = TextAreaField(_l("What"), validators=[Optional(), Length(max=300)])
    owner = SelectField(_l("Who"), choices=options(OWNERS))
    tie = SelectField(_l("What it serves"), choices=[SelectChoice("", _l("Nothing in particular"))])
    due_on = DateField(_l("Until when"), validators=[_due_when_promised])


class CloseForm(Form):
    """What came of a session."""

    # What somebody else ticked meanwhile is no mistake of whoever sends this form.
    done = CheckboxesField(_l("What did you agree on last time?"), coerce=int, validate_choice=False)
    state = RadioField(
        _l("Did the session take place?"),
        choices=options(OUTCOMES),
        validators=[InputRequired(REQUIRED)],
    )
    shared_note = TextAreaField(_l("What happened since the last time?"), validators=NOTE)
    promises = FieldList(FormField(PromiseForm), min_entries=MOST_PROMISES, max_entries=MOST_PROMISES)
    internal_note = TextAreaField(_l("Internal note"), validators=NOTE)

    def offer(self, actions: Iterable[Action], ties: Mapping[str, str]) -> "CloseForm":
        self.done.choices = [SelectChoice(action.id, action.text) for action in actions]
        for one in self.promises:
            one.form.tie.choices = [*one.form.tie.choices, *options(ties)]
        return self

    @property
    def outcome(self) -> Outcome:
        written = [one.form for one in self.promises if (one.form.text.data or "").strip()]
        return Outcome(
            state=SessionState(self.state.data),
            shared_note=self.shared_note.data or "",
            internal_note=self.internal_note.data or "",
            promises=[
                Promise(one.text.data, ActionOwner(one.owner.data), one.due_on.data, one.tie.data or "")
                for one in written
            ],
            done_action_ids=self.done.data or (),
        )


class ClinicOutcomeForm(Form):
    """Who came to a group session."""

    attended = CheckboxesField(_l("Who came?"), coerce=int, validate_choice=False)
    shared_note = TextAreaField(_l("What did you work on?"), validators=NOTE)

    def offer(self, sessions: Iterable[Session]) -> "ClinicOutcomeForm":
        self.attended.choices = [SelectChoice(one.id, one.enrolment.firm.name) for one in sessions]
        return self


class TickForm(Form):
    """Done, or not after all; `back` is the page to return to."""

    done = StringField(validators=[AnyOf(("0", "1"))])
    back = StringField(validators=[Optional(), Length(max=LONGEST_PATH)])


class ContactForm(Form):
    channel = RadioField(
        _l("How did you reach the firm?"),
        choices=options(CHANNELS),
        default="whatsapp",
        validators=[InputRequired(REQUIRED)],
    )
    text = TextAreaField(_l("What was said?"), validators=[Optional(), Length(max=1000)])
    minutes = IntegerField(
        _l("Minutes it took"), validators=[Optional(), NumberRange(0, 480, _l("Between 0 and 480 minutes."))]
    )


def practices_form(practices: Iterable[Practice], answers: dict[str, bool]) -> Form:
    """One yes or no for each practice, filled in with what the firm said before."""

    class PracticesForm(Form):
        """Made anew for each course version, because its practices are the fields."""

        @property
        def answers(self) -> dict[int, bool]:
            return {practice.id: self[f"practice-{practice.id}"].data == "yes" for practice in practices}

    practices = list(practices)
    before: dict[str, Any] = {}
    for practice in practices:
        name = f"practice-{practice.id}"
        if practice.key in answers:
            before[name] = "yes" if answers[practice.key] else "no"
        field = RadioField(
            practice.text,
            choices=options(ANSWERS),
            validators=[InputRequired(_l("Choose yes or not yet."))],
        )
        setattr(PracticesForm, name, field)
    return PracticesForm(data=before)
