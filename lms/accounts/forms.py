"""What people write to enter, and whom they invite."""

from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, EqualTo, InputRequired, Length

from lms.accounts.models import MembershipKind
from lms.foundation.i18n import lazy_gettext as _l
from lms.permissions import Role
from lms.web.forms import ConfirmForm, Form

KINDS = {
    MembershipKind.OWNER: _l("Owner"),
    MembershipKind.DIGITAL_LEAD: _l("In charge of selling online"),
    MembershipKind.STAFF: _l("Works in the workshop"),
}

ROLES = {
    Role.TRAINER: _l("Trainer"),
    Role.MENTOR: _l("Mentor"),
    Role.LEAD: _l("Programme lead"),
    Role.ADMIN: _l("Administrator"),
    Role.MEMBER: _l("Member of a firm"),
}

ROLE_NOTES = {
    Role.TRAINER: _l("Reviews tasks and mentors the firms of their cohorts."),
    Role.MENTOR: _l("Sees only the firms assigned to them."),
    Role.LEAD: _l("Sees the cohorts of their programmes and decides graduations."),
    Role.ADMIN: _l("Keeps people and programmes; does not see the sales of firms."),
    Role.MEMBER: _l("Works for their own firm."),
}

SENT_AGAIN = _l("Sent again. The link sent before no longer works.")
WITHDRAWN = _l("Withdrawn. That link no longer works.")


def email_field() -> StringField:
    return StringField(
        _l("E-mail"),
        filters=[lambda text: text.strip() if text else text],
        validators=[
            InputRequired(_l("Write the e-mail address.")),
            Length(max=254, message=_l("This address is too long.")),
            Email(_l("Write the whole address, for example lupita@correo.mx")),
        ],
    )


def name_field() -> StringField:
    return StringField(
        _l("Full name"),
        filters=[lambda text: " ".join(text.split()) if text else text],
        validators=[
            InputRequired(_l("Write the name.")),
            Length(max=120, message=_l("This name is too long.")),
        ],
    )


class EmailForm(Form):
    email = email_field()


class CodeForm(Form):
    code = StringField(
        _l("Code of 6 digits"), validators=[InputRequired(_l("Write the 6 digits.")), Length(max=40)]
    )


class MemberForm(Form):
    name = name_field()
    email = email_field()
    kind = RadioField(
        _l("What do they do in the firm?"),
        choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()],
        default=MembershipKind.STAFF.value,
        validators=[InputRequired(_l("Choose one."))],
    )


class StaffForm(Form):
    name = name_field()
    email = email_field()
    role = RadioField(
        _l("Role"),
        choices=[SelectChoice(role.value, label) for role, label in ROLES.items() if role is not Role.MEMBER],
        validators=[InputRequired(_l("Choose a role."))],
    )


class RoleForm(Form):
    role = RadioField(
        _l("Role"),
        choices=[SelectChoice(role.value, label) for role, label in ROLES.items()],
        validators=[InputRequired(_l("Choose a role."))],
    )


class FirmForm(Form):
    firm_id = RadioField(_l("Firm"), coerce=int, validators=[InputRequired(_l("Choose one."))])


class LeaveForm(ConfirmForm):
    """Leaving the phone; `keep` is set by a phone that still has something to send. The second button says
    `everywhere`."""

    keep = HiddenField()


class PinForm(Form):
    pin = PasswordField(
        _l("PIN of 6 digits"), validators=[InputRequired(_l("Write your PIN.")), Length(max=40)]
    )


class NewPinForm(Form):
    pin = PasswordField(
        _l("PIN of 6 digits"), validators=[InputRequired(_l("Write 6 digits.")), Length(max=40)]
    )
    again = PasswordField(
        _l("The same PIN again"),
        validators=[
            InputRequired(_l("Write the PIN again.")),
            EqualTo("pin", message=_l("It is not the same PIN. Write it again.")),
        ],
    )


def phone_name_field() -> StringField:
    return StringField(
        _l("What do you call this phone?"),
        filters=[lambda text: " ".join(text.split()) if text else text],
        validators=[
            InputRequired(_l("Write a name, for example: the workshop's phone")),
            Length(max=60, message=_l("This name is too long.")),
        ],
    )


class NewPhoneForm(NewPinForm):
    name = phone_name_field()


class PhoneNameForm(Form):
    name = phone_name_field()


class PasskeyForm(Form):
    """What a browser answers for the person; a script fills it in."""

    answer = HiddenField(validators=[InputRequired(_l("Your browser sent nothing.")), Length(max=20_000)])
