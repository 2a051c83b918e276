"""Programmes, cohorts, firms to invite, sheets to import, and what people agree to."""

from collections.abc import Iterable, Mapping

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lms.accounts.models import MembershipKind, Sector, User
from lms.cohorts.catalogues import STATES, TIME_ZONES
from lms.cohorts.models import MOST_WEEKS_OF_PAUSE, Cohort, EnrolmentState, Programme, Purpose
from lms.cohorts.rules import MILESTONES, GraduationRules
from lms.cohorts.shapes import CohortData, FirmData, ProgrammeData
from lms.foundation.i18n import lazy_gettext as _l
from lms.web.forms import Form

STATE_WORDS = {
    EnrolmentState.INVITED: (_l("Invited"), "info"),
    EnrolmentState.ACTIVE: (_l("At work"), "ok"),
    EnrolmentState.PAUSED: (_l("Paused"), "warn"),
    EnrolmentState.GRADUATED: (_l("Graduated"), "ok"),
    EnrolmentState.NOT_GRADUATED: (_l("Did not graduate"), ""),
    EnrolmentState.WITHDRAWN: (_l("Left"), ""),
}

SECTORS = {
    Sector.FASHION: _l("Fashion and textiles"),
    Sector.FOOTWEAR: _l("Footwear"),
    Sector.FURNITURE: _l("Furniture"),
}

KINDS = {
    MembershipKind.OWNER: _l("Owner"),
    MembershipKind.DIGITAL_LEAD: _l("In charge of selling online"),
    MembershipKind.STAFF: _l("Works in the workshop"),
}

PURPOSES = {
    Purpose.TRAINING: (
        _l("The training itself"),
        _l("Your lessons, tasks and sales are seen by you, your trainers and those who lead the programme."),
    ),
    Purpose.IMPACT_STUDY: (
        _l("Studies of results"),
        _l("Your figures are counted together with those of others, without your name."),
    ),
    Purpose.TESTIMONIALS: (
        _l("Photos and testimonials"),
        _l("We may show your photos and what you tell us. We ask you again before each one."),
    ),
    Purpose.SHARING: (
        _l("Sharing with marketplaces and the government"),
        _l("Your contact and your products may be passed on to those who support the programme."),
    ),
}

# What a cohort promises its firms on the day it starts.
PROMISED = (
    "starts_on",
    "time_zone",
    "milestones",
    "accepted_percent",
    "attendance_percent",
    "own_figures",
    "final_quiz",
    "late_days",
)

NEEDED = _l("Write something here.")


def _trim(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


def _short(label, required: bool = True, most: int = 120, **options) -> StringField:
    checks = [InputRequired(NEEDED)] if required else [Optional()]
    too_long = Length(max=most, message=_l("This text is too long."))
    return StringField(label, filters=[_trim], validators=[*checks, too_long], **options)


class CheckboxesField(SelectMultipleField):
    """Several of a list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class FactForm(Form):
    value = _short(_l("The figure, as the firms will read it"), most=120)
    source = _short(_l("Where you read it"), most=300, description=_l("A page, a document or who told you"))
    read_on = DateField(_l("When you read it"), validators=[InputRequired(_l("Choose a date."))])


class ProgrammeForm(Form):
    name = _short(_l("Name of the programme"))
    convener = _short(_l("Who convenes it"))
    contact = _short(
        _l("Contact"), required=False, most=200, description=_l("An e-mail or telephone for the firms")
    )
    commitments = TextAreaField(
        _l("What a firm commits to"),
        description=_l("One line for each commitment; they are read before accepting"),
        validators=[Optional(), Length(max=4000, message=_l("This text is too long."))],
    )
    notice = TextAreaField(
        _l("Privacy notice"),
        description=_l("In full. A change becomes a new version, and earlier versions are kept"),
        validators=[InputRequired(NEEDED), Length(max=40_000, message=_l("This text is too long."))],
    )
    leads = CheckboxesField(_l("Who leads it"), coerce=int, validators=[Optional()])
    report_public = BooleanField(_l("Publish the results, without names and without small groups"))

    @classmethod
    def of(cls, programme: Programme) -> "ProgrammeForm":
        return cls(
            name=programme.name,
            convener=programme.convener,
            contact=programme.contact,
            commitments=programme.commitments,
            notice=programme.notices[0].text if programme.notices else "",
            leads=[lead.id for lead in programme.leads],
            report_public=programme.report_public,
        )

    def read(self) -> ProgrammeData:
        return ProgrammeData(
            name=self.name.data or "",
            convener=self.convener.data or "",
            contact=self.contact.data or "",
            commitments=(self.commitments.data or "").strip(),
            notice=self.notice.data or "",
            lead_ids=self.leads.data or (),
            report_public=self.report_public.data,
        )


class CohortForm(Form):
    started: Cohort | None = None

    name = _short(_l("Name of the cohort"), description=_l("For example: Generation 5, spring 2027"))
    starts_on = DateField(
        _l("First day"),
        description=_l("A Monday"),
        validators=[InputRequired(_l("Choose the day."))],
    )
    time_zone = SelectField(_l("Time zone"), choices=[SelectChoice(*zone) for zone in TIME_ZONES.items()])
    trainers = CheckboxesField(_l("Trainers"), coerce=int, validators=[Optional()])
    milestones = CheckboxesField(
        _l("Milestones to reach"),
        choices=[SelectChoice(code) for code in MILESTONES],
        validators=[Optional()],
    )
    accepted_percent = IntegerField(
        _l("Required tasks accepted, in percent"),
        validators=[InputRequired(_l("Write a number.")), NumberRange(0, 100, _l("From 0 to 100."))],
    )
    attendance_percent = IntegerField(
        _l("Sessions attended or made up, in percent"),
        validators=[InputRequired(_l("Write a number.")), NumberRange(0, 100, _l("From 0 to 100."))],
    )
    own_figures = IntegerField(
        _l("Months of sales reported by the firm itself"),
        validators=[InputRequired(_l("Write a number.")), NumberRange(0, 12, _l("From 0 to 12."))],
    )
    final_quiz = BooleanField(_l("The final quiz passed, or an exception with its reason"))
    late_days = IntegerField(
        _l("For how many days after its date a task is still taken"),
        description=_l("Empty: always, marked as late. 0: after its date only with more days from a trainer"),
        validators=[Optional(), NumberRange(0, 60, _l("From 0 to 60, or nothing."))],
    )

    @classmethod
    def of(cls, cohort: Cohort | None) -> "CohortForm":
        """The form of a cohort, or of a new one with the default rules."""
        rules = GraduationRules.from_json(cohort.rules if cohort else None).to_json()
        if cohort is None:
            return cls(**rules)
        return cls(
            name=cohort.name,
            starts_on=cohort.starts_on,
            time_zone=cohort.time_zone,
            trainers=[trainer.id for trainer in cohort.trainers],
            late_days=cohort.late_days,
            **rules,
        )

    def keep_promises(self, cohort: Cohort) -> None:
        """Take away the fields of what a cohort that has started may no longer change."""
        self.started = cohort
        for name in PROMISED:
            del self[name]

    def read(self) -> CohortData:
        name, trainer_ids = self.name.data or "", self.trainers.data or ()
        if self.started is not None:
            return CohortData(
                name=name,
                trainer_ids=trainer_ids,
                starts_on=self.started.starts_on,
                time_zone=self.started.time_zone,
                rules=GraduationRules.from_json(self.started.rules),
                late_days=self.started.late_days,
            )
        rules = GraduationRules(
            milestones=tuple(self.milestones.data or ()),
            accepted_percent=self.accepted_percent.data,
            attendance_percent=self.attendance_percent.data,
            own_figures=self.own_figures.data,
            final_quiz=self.final_quiz.data,
        )
        return CohortData(
            name=name,
            trainer_ids=trainer_ids,
            starts_on=self.starts_on.data,
            time_zone=self.time_zone.data,
            rules=rules,
            late_days=self.late_days.data,
        )


class NewCohortForm(CohortForm):
    course_version_id = SelectField(
        _l("Course"), coerce=int, validators=[InputRequired(_l("Choose a course."))]
    )


class VersionForm(Form):
    course_version_id = RadioField(
        _l("Move to"), coerce=int, validators=[InputRequired(_l("Choose a version."))]
    )


class InviteForm(Form):
    name = _short(_l("Name of the firm"))
    rfc = _short(
        _l("RFC"),
        required=False,
        most=20,
        description=_l("12 or 13 characters. Leave it empty if you do not have it"),
    )
    sector = RadioField(
        _l("Line of business"),
        choices=[SelectChoice(sector.value, label) for sector, label in SECTORS.items()],
        validators=[InputRequired(_l("Choose one."))],
    )
    state = SelectField(
        _l("State"),
        choices=[SelectChoice("", _l("Choose")), *(SelectChoice(*state) for state in STATES.items())],
        validators=[InputRequired(_l("Choose the state."))],
    )
    city = _short(_l("City"), required=False)
    person = _short(_l("Who is invited"), description=_l("First name and surname"))
    email = StringField(
        _l("Their e-mail"),
        filters=[_trim],
        validators=[
            InputRequired(_l("Write the e-mail address.")),
            Length(max=254, message=_l("This text is too long.")),
            Email(_l("Write the whole address, for example lupita@correo.mx")),
        ],
    )
    kind = RadioField(
        _l("What do they do in the firm?"),
        choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()],
        default=MembershipKind.OWNER.value,
        validators=[InputRequired(_l("Choose one."))],
    )

    def read(self) -> FirmData:
        return FirmData(
            name=self.name.data or "",
            rfc=self.rfc.data or "",
            sector=Sector(self.sector.data),
            state=self.state.data,
            city=self.city.data or "",
            person=self.person.data or "",
            email=self.email.data or "",
            kind=MembershipKind(self.kind.data),
        )


class SheetForm(Form):
    """The first step of an import: a file to look at. It may be sent as often as one likes."""

    once = False

    sheet = FileField(_l("Your file"), validators=[FileRequired(_l("Choose the file."))])


class ImportForm(Form):
    """The second step: the very file that was checked, and what it must still be."""

    content = HiddenField(validators=[DataRequired(), Length(max=500_000)])
    sha256 = HiddenField(validators=[DataRequired(), Length(min=64, max=64)])


class RfcForm(Form):
    rfc = _short(
        _l("RFC"),
        most=20,
        description=_l("12 characters for a company, 13 for a person"),
    )


class MentorForm(Form):
    mentor_id = RadioField(_l("Mentor"), coerce=int)


class StateForm(Form):
    act = HiddenField(validators=[InputRequired()])
    reason = TextAreaField(
        _l("Reason"),
        validators=[Length(max=500, message=_l("This text is too long."))],
    )


class ConsentForm(Form):
    """The purposes that are asked, one box each; none is ticked beforehand."""

    impact_study = BooleanField(
        PURPOSES[Purpose.IMPACT_STUDY][0], description=PURPOSES[Purpose.IMPACT_STUDY][1]
    )
    testimonials = BooleanField(
        PURPOSES[Purpose.TESTIMONIALS][0], description=PURPOSES[Purpose.TESTIMONIALS][1]
    )
    sharing = BooleanField(PURPOSES[Purpose.SHARING][0], description=PURPOSES[Purpose.SHARING][1])

    def granted(self) -> set[Purpose]:
        return {purpose for purpose in Purpose if purpose.value in self and self[purpose.value].data}


class AcceptForm(ConsentForm):
    notice_id = HiddenField(validators=[InputRequired()])
    training = BooleanField(
        _l("I have read the notice, and agree that my data are used for the training"),
        validators=[DataRequired(_l("Without this we cannot let you in."))],
    )


class PauseForm(Form):
    """A firm asks for a pause."""

    reason = TextAreaField(
        _l("Why do you need a pause?"),
        validators=[DataRequired(_l("Tell us in a few words why your firm needs a pause.")), Length(max=500)],
    )
    weeks = IntegerField(
        _l("For how many weeks, more or less?"),
        default=2,
        validators=[
            InputRequired(_l("Write how many weeks, from 1 to 8.")),
            NumberRange(1, MOST_WEEKS_OF_PAUSE, _l("Write how many weeks, from 1 to 8.")),
        ],
    )


class PauseAnswerForm(Form):
    """The programme's answer to a firm that asks for a pause."""

    verdict = RadioField(
        _l("Your answer"),
        choices=[("approve", _l("Approve the pause, from today")), ("decline", _l("No pause now"))],
        validators=[InputRequired(_l("Choose yes or no."))],
    )
    words = TextAreaField(_l("Words for the firm"), validators=[Optional(), Length(max=500)])


def capacity_form(people: Iterable[User], before: Mapping[int, int]) -> Form:
    """One number for each mentor, filled in with what they take now."""

    class CapacityForm(Form):
        """Made anew for each cohort, because its mentors are the fields."""

        @property
        def firms(self) -> dict[int, int]:
            return {person.id: self[f"firms-{person.id}"].data for person in people}

    people = list(people)
    for person in people:
        field = IntegerField(
            person.name,
            validators=[InputRequired(_l("Write a number.")), NumberRange(0, 60, _l("From 0 to 60."))],
        )
        setattr(CapacityForm, f"firms-{person.id}", field)
    return CapacityForm(data={f"firms-{person.id}": before[person.id] for person in people})
