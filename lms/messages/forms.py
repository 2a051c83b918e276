"""What people write to each other, and announcements with whom they are for and when they go out."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from lms.cohorts.models import Cohort
from lms.foundation import clock
from lms.foundation.i18n import lazy_gettext as _l
from lms.messages.audience import ALL
from lms.messages.models import LONGEST_MESSAGE, Announcement
from lms.messages.shapes import AnnouncementData
from lms.messages.words import audiences
from lms.web.forms import Form

LONGEST_ANNOUNCEMENT = 8000
FARTHEST = timedelta(days=366)


class MessageForm(Form):
    text = TextAreaField(
        _l("Your message"),
        validators=[
            InputRequired(_l("Write your message first.")),
            Length(max=LONGEST_MESSAGE, message=_l("At most %(max)d characters.")),
        ],
    )


class ReadForm(Form):
    """That one has read up to a message; reading twice is no mistake."""

    once = False

    up_to = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, 2**31 - 1)])


class QuietForm(Form):
    begins = TimeField(_l("From what time"), validators=[InputRequired(_l("Choose the time."))])
    ends = TimeField(_l("Until what time"), validators=[InputRequired(_l("Choose the time."))])


class AnnouncementForm(Form):
    """`shown_for` is the audience whose people were looked at last: sending asks for that first."""

    audience = SelectField(_l("For whom?"), validators=[InputRequired(_l("Choose who gets it."))])
    title = StringField(
        _l("Title"),
        validators=[
            InputRequired(_l("Write a title.")),
            Length(max=120, message=_l("At most %(max)d characters.")),
        ],
    )
    text = TextAreaField(
        _l("Text"),
        description=_l("**Bold**, lists with a dash, and addresses that begin with https://"),
        validators=[
            InputRequired(_l("Write what you want to tell.")),
            Length(max=LONGEST_ANNOUNCEMENT, message=_l("At most %(max)d characters.")),
        ],
    )
    day = DateField(_l("Day"), validators=[Optional()])
    hour = TimeField(_l("Time of day"), validators=[Optional()])
    shown_for = HiddenField(validators=[Length(max=40)])
    look = SubmitField()

    @classmethod
    def of(
        cls, cohort: Cohort, announcement: Announcement | None = None, draft: Mapping[str, str] | None = None
    ) -> "AnnouncementForm":
        """An empty form, one with a draft, or that of an announcement that can still be changed."""
        given: dict[str, object] = {"audience": ALL, **(draft or {})}
        if announcement is not None:
            local = announcement.send_at.astimezone(ZoneInfo(cohort.time_zone))
            given = {
                "audience": announcement.audience,
                "title": announcement.title,
                "text": announcement.text,
            }
            given |= {"day": local.date(), "hour": local.time().replace(second=0, microsecond=0)}
        form = cls(data=given)
        form.zone = ZoneInfo(cohort.time_zone)
        form.audience.choices = [
            SelectChoice(word, label, optgroup=group)
            for group, choices in audiences(cohort).items()
            for word, label in choices
        ]
        return form

    zone: ZoneInfo

    @property
    def is_unseen(self) -> bool:
        """Whether somebody wants to see who gets it, or sends it without having seen that."""
        return self.is_submitted() and (self.look.data or self.shown_for.data != self.audience.data)

    def validate_day(self, field: DateField) -> None:
        if field.data and abs(field.data - clock.today(self.zone.key)) > FARTHEST:
            raise ValidationError(_l("Choose a day within a year from today."))

    def validate_hour(self, field: TimeField) -> None:
        if (field.data is None) != (self.day.data is None):
            raise ValidationError(_l("Choose both the day and the time, or neither to send it now."))

    def validate(self, extra_validators=None) -> bool:
        # An optional field that is empty asks no further, so the other half is looked at here.
        fine = super().validate(extra_validators)
        if fine and self.day.data and not self.hour.data:
            self.hour.errors = [_l("Choose both the day and the time, or neither to send it now.")]
            return False
        return fine

    def read(self) -> AnnouncementData:
        at = None
        if self.day.data and self.hour.data:
            at = datetime.combine(self.day.data, self.hour.data, self.zone)
        return AnnouncementData(
            audience=self.audience.data, title=self.title.data or "", text=self.text.data or "", send_at=at
        )
