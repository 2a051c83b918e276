"""The cells of the cohort grid as HTML: a thousand of them, of which only a few dozen differ.

A cell is a link with four marks. Its drawing is a symbol that stands on the page once for each four; what a
cell says is put together once for each kind. Only the address is a cell's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from lms.home.marks import Four, Mark, four
from lms.standing.shapes import Progress, WeekCell

# Read and quiz above, task and session below.
_PLACES = ((7, 7), (21, 7), (7, 21), (21, 21))
_SHAPES = {
    Mark.DONE: '<circle class="m-y" cx="{x}" cy="{y}" r="5"/>',
    Mark.PART: (
        '<circle class="m-o" cx="{x}" cy="{y}" r="4"/><path class="m-y" d="M{x} {top}a5 5 0 0 0 0 10z"/>'
    ),
    Mark.OPEN: '<circle class="m-o" cx="{x}" cy="{y}" r="4"/>',
    Mark.LATE: '<path class="m-l" d="M{x} {top}l6 10h-12z"/>',
    Mark.NONE: '<path class="m-n" d="M{left} {y}h6"/>',
}


@dataclass(frozen=True)
class Words:
    """What cells say: of the whole week, of each part that may be done or not, of tasks and sessions."""

    weeks: Mapping[str, str]
    read: str
    quiz: Mapping[Mark, str]
    task: Mapping[str, str]
    session: Mapping[str, str]


@dataclass(frozen=True)
class Addresses:
    """The pages that cells open, up to the key and after it."""

    firm: str
    review: tuple[str, str]
    session: str


class Drawer:
    """Draws the rows of one grid and remembers which symbols they use."""

    def __init__(self, words: Words, addresses: Addresses, today: date) -> None:
        self._words, self._to, self._today = words, addresses, today
        self._drawn: dict[tuple, str] = {}
        self._fours: dict[Four, str] = {}

    def row(self, firm: Progress) -> Markup:
        to, key = self._to, firm.enrolment_id
        before, after = to.review
        parts = []
        for cell in firm.per_week:
            number = cell.number
            session = firm.sessions.get(number)
            if number in firm.to_review:
                address = f"{before}{firm.to_review[number]}{after}"
            elif session and session.state == "planned":
                address = f"{to.session}{session.id}"
            else:
                address = f"{to.firm}{key}?week={number}#week"
            parts.append(f'<td><a href="{address}" {self._inside(cell, session.state if session else "")}')
        return Markup("".join(parts))  # noqa: S704 (keys are numbers; words are escaped where they are put in)

    def _inside(self, cell: WeekCell, session: str) -> str:
        is_late = cell.brief_due_on < self._today
        key = (cell.mark, cell.read, cell.lessons, cell.quiz, cell.brief_state, is_late, session)
        if key not in self._drawn:
            self._drawn[key] = self._draw(cell, session)
        return self._drawn[key]

    def _draw(self, cell: WeekCell, session: str) -> str:
        marks = four(cell, session, self._today)
        symbol = self._fours.setdefault(marks, "".join(marks))
        return (
            f'class="wk wk-{cell.mark}"><svg><use href="#{symbol}"/></svg>'
            f'<span class="sr">{escape(self._said(cell, marks, session))}</span></a></td>'
        )

    def _said(self, cell: WeekCell, marks: Four, session: str) -> str:
        words = self._words
        parts = [words.weeks[cell.mark]]
        if cell.lessons:
            parts.append(words.read % {"part": cell.read, "all": cell.lessons})
        if cell.quiz is not None:
            parts.append(words.quiz[marks[1]])
        if cell.brief_state is not None:
            parts.append(words.task[cell.brief_state])
        if session:
            parts.append(words.session[session])
        return ", ".join(parts)

    @property
    def symbols(self) -> Markup:
        """To stand on the page once, below the rows: the drawing of each four that they use."""
        drawn = (
            f'<symbol id="{key}" viewBox="0 0 28 28">{_shapes(marks)}</symbol>'
            for marks, key in self._fours.items()
        )
        return Markup(f'<svg class="defs" aria-hidden="true">{"".join(drawn)}</svg>')  # noqa: S704 (fixed shapes)


def _shapes(marks: Iterable[Mark]) -> str:
    return "".join(
        _SHAPES[mark].format(x=x, y=y, top=y - 5, left=x - 3)
        for mark, (x, y) in zip(marks, _PLACES, strict=True)
    )


def sample(mark: Mark) -> Markup:
    """One mark alone, for the legend."""
    shape = _SHAPES[mark].format(x=7, y=7, top=2, left=4)
    return Markup(f'<svg width="14" height="14" aria-hidden="true">{shape}</svg>')  # noqa: S704 (fixed shapes)
