"""Forms in which staff say why."""

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from lms.foundation.i18n import lazy_gettext as _l
from lms.web.forms import Form

LONGEST_REASON = 500


class ReasonForm(Form):
    reason = TextAreaField(
        _l("Why?"),
        validators=[
            InputRequired(_l("Write the reason: the firm reads it.")),
            Length(max=LONGEST_REASON, message=_l("The text is too long.")),
        ],
    )
