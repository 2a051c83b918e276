"""How the cells of the gradebook read, on the page and in files."""

from lms.foundation.i18n import gettext as _
from lms.gradebook.choice import BRIEF, QUIZ, TEST
from lms.gradebook.services import Cell, Column
from lms.web.templating import titled

STATES = {
    "": lambda: _("nothing yet"),
    "read": lambda: _("read"),
    "failed": lambda: _("not passed"),
    "passed": lambda: _("passed"),
    "sent": lambda: _("sent"),
    "draft": lambda: _("begun"),
    "handed_in": lambda: _("to review"),
    "returned": lambda: _("sent back"),
    "accepted": lambda: _("accepted"),
}
BADGES = {
    "passed": "ok",
    "accepted": "ok",
    "read": "ok",
    "handed_in": "info",
    "sent": "info",
    "returned": "warn",
}


def states() -> dict[str, str]:
    return {state: words() for state, words in STATES.items()}


def kind_names() -> dict[str, str]:
    return {"lesson": _("Lesson"), QUIZ: _("Quiz"), BRIEF: _("Task"), TEST: _("Test")}


def firm_states() -> dict[str, str]:
    """What may be chosen of the firms; the keys are those of choice.STATES."""
    return {
        "at_work": _("At work"),
        "paused": _("Paused"),
        "graduated": _("Graduated"),
        "not_graduated": _("Did not graduate"),
        "withdrawn": _("Left"),
        "all": _("All"),
    }


def column_title(column: Column) -> str:
    """The whole title of a column; the test has none of its own."""
    if column.kind != TEST:
        return titled(column)
    return _("Test before the course") if column.slug == "before" else _("Test after the course")


def percent(cell: Cell) -> int | None:
    """The share as a whole number, rounded down as everywhere."""
    return cell.have * 100 // cell.most if cell.have is not None and cell.most else None
