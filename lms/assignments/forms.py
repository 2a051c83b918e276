"""Forms of the task, queue and review pages."""

from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import AnyOf, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from lms.assignments import pins as pinning
from lms.assignments.models import HeldReview, ReviewDraft, Submission
from lms.assignments.phrases import LONGEST_PHRASE, add_to
from lms.assignments.pins import Pin
from lms.curriculum.models import Brief
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import lazy_gettext as _l
from lms.web.forms import ConfirmForm, Form

LONGEST = 20_000


def _reason(label) -> TextAreaField:
    words = Length(min=3, max=500, message=_l("Write the reason in a few words."))
    return TextAreaField(label, validators=[words])


class WorkForm(Form):
    """The words of the work. A task that asks for no text, or for no link, has no such field."""

    text = TextAreaField(validators=[Length(max=LONGEST, message=_l("The text is too long."))])
    link = StringField(validators=[Length(max=1000, message=_l("The link is too long."))])

    def __init__(self, brief: Brief, submission: Submission | None) -> None:
        super().__init__(obj=submission)
        for name, label in (("text", brief.text_label), ("link", brief.link_label)):
            if label:
                self[name].label.text = label
            else:
                del self[name]

    @property
    def words(self) -> tuple[str, str]:
        """Text and link as typed; empty where the task asks for none."""
        return (self.text.data if self.text else "") or "", (self.link.data if self.link else "") or ""


class DraftForm(WorkForm):
    """The same words, kept for later as often as one likes."""

    once = False


class SlotForm(Form):
    """One photo or file; the prefix keeps the fields of several places on one page apart."""

    file = FileField(validators=[FileRequired(_l("Choose a photo or a file first."))])

    def __init__(self, slot_key: str, title: str = "") -> None:
        super().__init__(prefix=f"{slot_key}-")
        self.file.label.text = title

    def complain(self, message: str) -> None:
        """Say at the place of the file what is wrong with it."""
        self.file.errors = [*self.file.errors, message]


class RemoveForm(ConfirmForm):
    def __init__(self, slot_key: str) -> None:
        super().__init__(prefix=f"remove-{slot_key}-")


class ClaimForm(ConfirmForm):
    """Take the work in hand, or give it back: the button says which."""

    act = HiddenField()

    def __init__(self) -> None:
        super().__init__(prefix="claim-")


class HeldForm(ConfirmForm):
    """Show a finished review now, or take it back: the button says which."""

    act = StringField(validators=[AnyOf(["show", "back"])])

    def __init__(self) -> None:
        super().__init__(prefix="held-")


class WordsField(Field):
    """All values that a form sends under one name, as they were sent."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist


class Graded(Form):
    """A form with the rubric of a task; `with_rubric` adds one field for each criterion."""

    @property
    def criteria(self) -> list[RadioField]:
        return [field for field in self if field.name.startswith("level_")]

    @property
    def levels(self) -> dict[str, int]:
        """The level chosen for each criterion by its name; what was not chosen is not in it."""
        return {str(field.label.text): field.data for field in self.criteria if field.data is not None}

    @property
    def points(self) -> int:
        return sum(self.levels.values())


Kind = TypeVar("Kind", bound=Graded)


def with_rubric(form: type[Kind], brief: Brief) -> type[Kind]:
    """A class, because WTForms binds fields to classes: one radio group for each criterion."""
    levels = {
        f"level_{place}": RadioField(
            row["criterion"],
            choices=[SelectChoice(level, words) for level, words in enumerate(row["levels"])],
            coerce=int,
            validate_choice=False,
            validators=[Optional()],
        )
        for place, row in enumerate(brief.rubric)
    }
    return type("OfBrief", (form,), levels)


class OpinionForm(Graded):
    """What a colleague would decide."""

    text = TextAreaField(
        _l("What you think"), validators=[Length(max=4000, message=_l("The text is too long."))]
    )


class AskOpinionForm(Form):
    colleague = RadioField(_l("Whom do you ask?"), coerce=int, validators=[InputRequired(_l("Choose one."))])
    question = TextAreaField(
        _l("What you want to know"), validators=[Length(max=1000, message=_l("The text is too long."))]
    )


class SampleForm(Form):
    """Make accepted work a sample, or take that back: the button says which."""

    act = StringField(validators=[AnyOf(["mark", "unmark"])])
    note = StringField(
        _l("Why it is a good sample"), validators=[Length(max=500, message=_l("The text is too long."))]
    )


class ReopenForm(Form):
    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    reason = _reason(_l("Why do you take it up again? The firm reads it"))


class ReviewForm(Graded):
    """The decision on a piece of work; `review_form` adds one field for each criterion of its task."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    feedback = TextAreaField(_l("Your comment"), validators=[Optional(), Length(max=LONGEST)])
    phrases = SelectMultipleField(_l("Sentences to choose from"), coerce=int)
    to_keep = HiddenField()
    share = BooleanField(_l("Share it with the trainers of this programme"))
    when = RadioField(
        _l("Show it to the firm"),
        choices=[SelectChoice("now", _l("now")), SelectChoice("later", _l("on a day and at a time"))],
        default="now",
        validate_choice=False,
    )
    show_on = DateField(_l("Day"), validators=[Optional()])
    show_at = TimeField(_l("Time of day"), validators=[Optional()])
    # The remarks on photos, each as its place and its words.
    pin_place = WordsField(default=())
    pin_text = WordsField(default=())
    voice = FileField(_l("Voice note"))
    recording = IntegerField(widget=HiddenInput(), validators=[Optional()])
    act = HiddenField()

    @property
    def pins(self) -> list[Pin]:
        """The remarks on the photos of the work."""
        try:
            return pinning.parse_all(self.pin_place.data or (), self.pin_text.data or ())
        except ValueError:
            raise Refused(_("A mark on a photo got lost on its way. Open this page again.")) from None

    def pin(self, photo: int, region: str, text: str) -> None:
        """Set a remark in the middle of one of the nine parts of a photo."""
        if not text.strip():
            raise Refused(_("Write what you want to say at this place."))
        x, y = pinning.middle_of(region) if region in pinning.REGIONS else (0.5, 0.5)
        self.pin_place.data = [*(self.pin_place.data or ()), Pin(photo, x, y, "").place]
        self.pin_text.data = [*(self.pin_text.data or ()), text]

    @property
    def is_later(self) -> bool:
        return self.when.data == "later"

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)
        for field in (self.show_on, self.show_at):
            field.flags.optional = False  # asked for when it is not now

    def moment_in(self, time_zone: str) -> datetime | None:
        """When the firm is to see it, in its time; None is now."""
        if not self.is_later:
            return None
        there = datetime.combine(self.show_on.data, self.show_at.data, ZoneInfo(time_zone))
        return there.astimezone(UTC)

    def validate(self, extra_validators: Any = None) -> bool:
        is_right = super().validate(extra_validators)
        if self.act.data not in ("accept", "return") or not self.is_later:
            return is_right
        for field, words in ((self.show_on, _l("Choose the day.")), (self.show_at, _l("Choose the time."))):
            # A year at either end cannot be said in UTC.
            if field.data is None or getattr(field.data, "year", 2000) in (MINYEAR, MAXYEAR):
                field.errors = field.errors or [str(words)]
                is_right = False
        return is_right

    def put_phrases(self) -> None:
        """Write the chosen sentences below what the comment says already."""
        texts = {choice.value: choice.label for choice in self.phrases.choices}
        chosen = [texts[place] for place in self.phrases.data or () if place in texts]
        self.put(*chosen)
        self.phrases.data = []

    def put(self, *sentences: str) -> None:
        for words in sentences:
            self.feedback.data = add_to(self.feedback.data or "", words)


def review_form(
    submission: Submission, draft: ReviewDraft | None = None, held: HeldReview | None = None
) -> ReviewForm:
    """The form for one piece of work: its criteria with their levels, the sentences of its task, and what
    its reviewer began to say, or decided and holds back."""
    brief = submission.brief

    begun: dict[str, Any] = {"revision": submission.revision}
    if held is not None:
        there = held.show_at.astimezone(ZoneInfo(submission.enrolment.cohort.time_zone))
        begun |= {"when": "later", "show_on": there.date(), "show_at": there.time()}
    if (said := draft or held) is not None:
        begun |= {"feedback": said.feedback, "recording": said.recording_id}
        remarks = pinning.read(said.pins)
        begun |= {"pin_place": [one.place for one in remarks], "pin_text": [one.text for one in remarks]}
        for place, row in enumerate(brief.rubric):
            begun[f"level_{place}"] = said.levels.get(row["criterion"])
    form = with_rubric(ReviewForm, brief)(data=begun)
    form.phrases.choices = [SelectChoice(place, words) for place, words in enumerate(brief.checklist)]
    return form


class PhraseForm(Form):
    """A sentence one keeps for a task."""

    text = TextAreaField(
        _l("Sentence"),
        validators=[
            InputRequired(_l("Write the sentence first.")),
            Length(max=LONGEST_PHRASE, message=_l("The text is too long.")),
        ],
    )
    shared = BooleanField(_l("Share it with the trainers of this programme"))


class ReplyForm(Form):
    text = TextAreaField(
        _l("Your answer"),
        validators=[
            InputRequired(_l("Write your answer first.")),
            Length(max=2000, message=_l("The text is too long.")),
        ],
    )


WANTED_DAYS = {3: _l("3 days"), 7: _l("One week"), 14: _l("Two weeks")}


class AskDaysForm(Form):
    days = RadioField(
        _l("How many more days do you need?"),
        coerce=int,
        choices=[SelectChoice(days, words) for days, words in WANTED_DAYS.items()],
        validators=[InputRequired(_l("Choose one."))],
    )
    reason = _reason(_l("What happened?"))


class GiveDaysForm(Form):
    due_on = DateField(_l("New date"), validators=[InputRequired(_l("Choose the day."))])
    reason = _reason(_l("Reason; the firm reads it"))


class AnswerDaysForm(Form):
    """Yes with a day, or no: the button says which. A yes without a day is no answer."""

    due_on = DateField(_l("New date"), validators=[Optional()])
    reason = _reason(_l("Reason; the firm reads it"))
    # The button's own value: as a hidden field it would be drawn, and sent empty before that of the button.
    act = StringField(validators=[AnyOf(["give", "decline"])])

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)
        self.due_on.flags.optional = False  # only a no can do without it

    @property
    def is_yes(self) -> bool:
        return self.act.data == "give"

    def validate(self, extra_validators: Any = None) -> bool:
        is_right = super().validate(extra_validators)
        if self.is_yes and self.due_on.data is None and not self.due_on.errors:
            self.due_on.errors = [str(_l("Choose the day."))]
            return False
        return is_right


class TakeDaysBackForm(Form):
    reason = _reason(_l("Why do you take them back? The firm reads it"))

    def __init__(self) -> None:
        super().__init__(prefix="back-")


class ObjectionForm(Form):
    reason = TextAreaField(_l("What is not right?"), validators=[Optional(), Length(max=500)])
