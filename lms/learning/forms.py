"""Forms of the lesson and quiz pages."""

from collections.abc import Sequence

from wtforms import HiddenField, RadioField, SelectChoice, SelectMultipleField
from wtforms.validators import InputRequired

from lms.foundation.i18n import lazy_gettext as _l
from lms.web.forms import ConfirmForm, Form

CHOSEN = InputRequired(_l("Choose one of the answers."))

# A lesson carries three forms: the prefixes keep the names of their fields apart.


class DoneForm(ConfirmForm):
    """It carries the name of what comes next, which the page that shows it has found out already."""

    upcoming = HiddenField()

    def __init__(self, upcoming: str = "") -> None:
        super().__init__(prefix="done_", data={"upcoming": upcoming})


class ListForm(Form):
    """What to have at hand before going on. Sending it again changes nothing."""

    once = False

    ticked = SelectMultipleField(coerce=int)

    def __init__(self, lines: Sequence[str], ticked: Sequence[int]) -> None:
        super().__init__(prefix="list_", data={"ticked": list(ticked)})
        self.ticked.choices = _choices(lines)


class CheckForm(Form):
    """The question at the end of a lesson, as often as one likes."""

    once = False

    choice = RadioField(coerce=int, validate_choice=False, validators=[CHOSEN])

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__(prefix="check_")
        self.choice.choices = _choices(texts)


class AnswerForm(Form):
    """One question of a quiz. It says which one, so that a page left open never answers another."""

    once = False  # an answer is kept once in any case: the second one to a question changes nothing

    question = HiddenField()
    choice = RadioField(coerce=int, validate_choice=False, validators=[CHOSEN])

    def __init__(self, question_id: int, texts: Sequence[str]) -> None:
        super().__init__(data={"question": question_id})
        self.choice.choices = _choices(texts)


def _choices(texts: Sequence[str]) -> list[SelectChoice]:
    return [SelectChoice(place, text) for place, text in enumerate(texts)]
