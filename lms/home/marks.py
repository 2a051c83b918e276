"""The four marks of a cell in the grid: what a firm read, its quiz, its task and its session of one week."""

from datetime import date
from enum import StrEnum

from lms.standing.shapes import WeekCell


class Mark(StrEnum):
    """How one of the four is; each has a shape of its own, so that nothing is told by colour alone."""

    DONE = "y"
    PART = "p"
    OPEN = "o"
    LATE = "l"
    NONE = "n"


Four = tuple[Mark, Mark, Mark, Mark]

_HANDED_OVER = {"accepted": Mark.DONE, "handed_in": Mark.PART, "returned": Mark.PART}
_SESSIONS = {"missed": Mark.LATE, "planned": Mark.OPEN, "made_up": Mark.DONE, "held": Mark.DONE}


def four(cell: WeekCell, session: str, today: date) -> Four:
    """`session` is the state of the week's session, "" when there is none."""
    # While the whole week is left in peace (a pause, a week that is ahead) nothing in it is late.
    still = Mark.LATE if cell.mark == "late" and cell.due_on < today else Mark.OPEN
    return (_read(cell, still), _quiz(cell, still), _task(cell, today), _SESSIONS.get(session, Mark.NONE))


def _read(cell: WeekCell, still: Mark) -> Mark:
    if not cell.lessons:
        return Mark.NONE
    if cell.read == cell.lessons:
        return Mark.DONE
    return Mark.PART if cell.read and still is Mark.OPEN else still


def _quiz(cell: WeekCell, still: Mark) -> Mark:
    if cell.quiz is None:
        return Mark.NONE
    return Mark.DONE if cell.quiz else still


def _task(cell: WeekCell, today: date) -> Mark:
    if cell.brief_state is None:
        return Mark.NONE
    if cell.brief_state in _HANDED_OVER:
        return _HANDED_OVER[cell.brief_state]
    is_late = cell.mark == "late" and cell.brief_due_on < today
    return Mark.LATE if is_late else Mark.OPEN
