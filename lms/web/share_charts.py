"""Charts of shares: columns by month, and pairs of points on a line; drawn like those of `charts`."""

from collections.abc import Sequence

from markupsafe import Markup

from lms.foundation.i18n import gettext as _
from lms.web import charts


def shares_by_month(points: Sequence[tuple[str, float]], *, title: str, height: int = 170) -> Markup:
    """One column for each month, from nothing to all; labels where they have room."""
    left, right, top, floor = 12.0, 99.0, 14.0, height - 28.0
    wide = (right - left) / max(len(points), 1)
    parts = []
    for share in (0.0, 0.5, 1.0):
        level = floor - share * (floor - top)
        parts.append(charts.line(left, level, right, level, "c-z" if not share else "c-g"))
        parts.append(charts.text(left - 1.5, level + 5, f"{share:.0%}", anchor="end"))
    for at, (label, share) in enumerate(points):
        tall = share * (floor - top)
        place = left + at * wide
        parts.append(charts.column(place + wide * 0.15, floor - tall, wide * 0.7, tall, "f-a"))
        if at % max(len(points) // 6, 1) == 0:
            parts.append(charts.text(place + wide / 2, height - 8, label))
    return charts.svg(title, height, parts)


def dumbbells(rows: Sequence[tuple[str, float, float]], *, title: str) -> Markup:
    """A share before (hollow) and after (filled) in each row, from nothing to all; the name stands above."""
    left, right = 2.0, 98.0
    bottom = 52 * len(rows) + 4
    parts = []
    for share in (0.0, 0.5, 1.0):
        place = left + share * (right - left)
        anchor = "start" if not share else "end" if share == 1 else "middle"
        parts += [charts.line(place, 52 * n + 25, place, 52 * n + 46, "c-g") for n in range(len(rows))]
        parts.append(charts.text(place, bottom + 20, f"{share:.0%}", anchor=anchor))
    for at, (name, before, after) in enumerate(rows):
        y = 52 * at + 34
        start, end = (left + share * (right - left) for share in (before, after))
        parts.append(charts.text(0, y - 14, name, "halo", anchor="start"))
        words = _("%(before)s → %(after)s", before=f"{before:.0%}", after=f"{after:.0%}")
        parts.append(charts.text(100, y - 14, words, "tb halo", anchor="end"))
        parts.append(charts.line(start, y, end, y, "c-c neg" if after < before else "c-c"))
        parts.append(charts.dot(start, y, 6, "f-b"))
        parts.append(charts.dot(end, y, 7, "f-d" if after < before else "f-a"))
    return charts.svg(title, bottom + 26, parts)
