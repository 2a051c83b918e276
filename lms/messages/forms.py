"""What people write in a conversation."""

from wtforms import IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from lms.foundation.i18n import lazy_gettext as _l
from lms.messages.models import LONGEST_MESSAGE
from lms.web.forms import Form


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
