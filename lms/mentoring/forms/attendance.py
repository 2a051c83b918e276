"""Forms of attendance."""

from typing import Any

from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Regexp

from lms.mentoring.models import SessionState
from lms.web.forms import Form

MARKS = {
    "held": SessionState.HELD,
    "missed": SessionState.MISSED,
    "made_up": SessionState.MADE_UP,
    "planned": SessionState.PLANNED,
}


class RollForm(Form):
    """One tap: which session, and whether its firm came. Tapping again does no harm."""

    once = False

    mark = StringField(validators=[InputRequired(), Regexp(rf"^\d{{1,12}}:({'|'.join(MARKS)})\Z")])

    @property
    def said(self) -> tuple[int, SessionState]:
        session_id, _colon, state = (self.mark.data or "").partition(":")
        return int(session_id), MARKS[state]


class ArriveForm(Form):
    """`ticket` says that this person saw the code a moment ago."""

    ticket = HiddenField(validators=[InputRequired()])

    @classmethod
    def with_ticket(cls, ticket: Any) -> "ArriveForm":
        form = cls()
        if not form.is_submitted():
            form.ticket.data = ticket
        return form
