"""The cells of the cohort grid as HTML: a thousand of them, of which only a few dozen differ."""

from collections.abc import Callable, Iterable, Mapping

from markupsafe import Markup

from lms.standing.services import WeekCell

_CELL = Markup('<td><span class="cell cell--{}"><span class="sr">{}, {}/{}</span></span></td>')


def drawer(marks: Mapping[str, str]) -> Callable[[Iterable[WeekCell]], Markup]:
    """A function that draws a firm's row of cells, each kind once; `marks` are the words of each kind."""
    drawn: dict[tuple[str, int, int], Markup] = {}

    def draw(cells: Iterable[WeekCell]) -> Markup:
        row = []
        for cell in cells:
            key = (cell.mark, cell.read, cell.lessons)
            if key not in drawn:
                drawn[key] = _CELL.format(cell.mark, marks[cell.mark], cell.read, cell.lessons)
            row.append(drawn[key])
        return Markup("").join(row)

    return draw
