"""What is asked of whoever decides, and of whoever checks a certificate."""

from typing import Any

from flask import request
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from lms.foundation.i18n import lazy_gettext as _l
from lms.graduation.models import Verdict
from lms.web.forms import Form


class DecideForm(Form):
    """The verdict; the reason is asked for by the service where the verdict goes against the rules."""

    verdict = RadioField(
        _l("What do you decide?"),
        choices=[
            SelectChoice(Verdict.GRADUATED.value, _l("It graduates")),
            SelectChoice(Verdict.PARTICIPATED.value, _l("It took part, without graduating")),
            SelectChoice(Verdict.NOT_GRADUATED.value, _l("It does not graduate")),
        ],
        validators=[InputRequired(_l("Choose one of the three."))],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Needed when you decide against the rules. It is kept with the decision."),
        validators=[Length(max=500, message=_l("Write it in 500 letters or fewer."))],
    )


class ApproveForm(Form):
    """Which firms stood on the page when the button was pressed: nobody else is approved by it."""

    firms = HiddenField(validators=[Regexp(r"\d+(,\d+)*")])

    @property
    def enrolment_ids(self) -> set[int]:
        return {int(each) for each in (self.firms.data or "").split(",")}


class FolioForm(Form):
    """A question, not an act: sent in the address, without a token."""

    once = False
    folio = StringField(_l("Folio"), validators=[Length(max=100)])

    def __init__(self, **options: Any) -> None:
        super().__init__(request.args, meta={"csrf": False}, **options)
