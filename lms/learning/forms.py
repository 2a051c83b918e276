"""Forms of the lesson pages; those that ask a question are in answer_form.py."""

from collections.abc import Sequence

from wtforms import HiddenField, SelectChoice, SelectMultipleField

from lms.web.forms import ConfirmForm, Form

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


def _choices(texts: Sequence[str]) -> list[SelectChoice]:
    return [SelectChoice(place, text) for place, text in enumerate(texts)]
