"""Forms of what firm and mentor agree on for the whole course."""

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from lms.foundation.i18n import lazy_gettext as _l
from lms.web.forms import Form


class GoalForm(Form):
    text = TextAreaField(
        _l("Our goal"),
        validators=[InputRequired(_l("Write the goal in one sentence.")), Length(max=400)],
    )
    ground_rules = TextAreaField(_l("How we work together"), validators=[Optional(), Length(max=1500)])
