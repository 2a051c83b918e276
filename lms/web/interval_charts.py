"""Charts of changes with their intervals, on a scale of logarithms; drawn like those of `charts`."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from lms.foundation.i18n import gettext as _
from lms.web import charts
from lms.web.templating import signed_percent

# Up to so many months every third has its name, beyond it every sixth.
NEAR = 18


class Range(NamedTuple):
    """A ratio with its interval; `text` is what people read of it."""

    label: str
    value: float
    low: float
    high: float
    text: str = ""


def intervals(rows: Sequence[Range | tuple], *, title: str) -> Markup:
    """Changes with their intervals, one under the other, on one scale in which half and double are as far."""
    entries = [Range(*row) for row in rows]
    low, high = _log_ends(entries)
    x = charts.scale(low, high, 3, 97)
    bottom = 50 * len(entries) + 6
    parts = [charts.line(x(0), 0, x(0), bottom, "c-z")]
    for ratio in _ratio_ticks(low, high):
        place = x(math.log(ratio))
        anchor = "start" if place < 10 else "end" if place > 90 else "middle"
        words = _("Same") if ratio == 1 else signed_percent(ratio)
        # Beside the intervals only: a line through the words above them would be hard to read.
        if ratio != 1:
            parts += [charts.line(place, 50 * n + 25, place, 50 * n + 46, "c-g") for n in range(len(entries))]
        parts.append(charts.text(place, bottom + 20, words, "tb" if ratio == 1 else "", anchor=anchor))
    for at, row in enumerate(entries):
        y = 50 * at + 34
        parts.append(charts.text(0, y - 14, row.label, "halo", anchor="start"))
        parts.append(charts.text(100, y - 14, row.text, "tb halo", anchor="end"))
        parts.append(charts.line(x(math.log(row.low)), y, x(math.log(row.high)), y, "c-l"))
        parts.append(charts.dot(x(math.log(row.value)), y, 7, "f-d" if row.value < 1 else "f-a"))
    return charts.svg(title, bottom + 26, parts)


def events(
    points: Sequence[Range | tuple], *, title: str, shaded: tuple[int, int], height: int = 300
) -> Markup:
    """Differences month by month with their intervals; the months from `shaded` on are the course itself.

    `label` of a point is its month, counted from the start.
    """
    entries = [Range(*point) for point in points]
    low, high = _log_ends(entries)
    y = charts.scale(low, high, height - 34, 12)
    at = {int(row.label): n for n, row in enumerate(entries)}
    x = charts.scale(0, max(len(entries) - 1, 1), 14, 97)
    inside = [x(n) for month, n in at.items() if shaded[0] <= month < shaded[1]]
    parts = (
        [charts.column(inside[0] - 1, 0, inside[-1] - inside[0] + 2, height - 34, "f-s")] if inside else []
    )
    for ratio in _ratio_ticks(low, high):
        level = y(math.log(ratio))
        parts.append(charts.line(14, level, 97, level, "c-z" if ratio == 1 else "c-g"))
        words = _("Same") if ratio == 1 else signed_percent(ratio)
        parts.append(charts.text(12, level + 5, words, anchor="end"))
    for n, row in enumerate(entries):
        parts.append(charts.line(x(n), y(math.log(row.low)), x(n), y(math.log(row.high)), "c-u"))
        parts.append(charts.dot(x(n), y(math.log(row.value)), 4.5, "f-d" if row.value < 1 else "f-a"))
        if int(row.label) % (3 if len(entries) <= NEAR else 6) == 0:
            parts.append(charts.text(x(n), height - 8, row.text, "tb" if row.label == "0" else ""))
    return charts.svg(title, height, parts)


def _log_ends(rows: Sequence[Range]) -> tuple[float, float]:
    """The ends of a scale of logarithms that holds all intervals, and at least a fifth either way."""
    low = min([0.8, *(row.low for row in rows)])
    high = max([1.25, *(row.high for row in rows)])
    # What lies further out than to a tenth or tenfold is cut: it would make all others a point.
    return math.log(max(low, 0.1)) - 0.03, math.log(min(high, 10.0)) + 0.03


def _ratio_ticks(low: float, high: float) -> list[float]:
    """Round ratios on that scale, always with "the same", far enough from each other to be read."""
    kept = [1.0]
    for ratio in (0.5, 2.0, 0.8, 1.25, 0.25, 4.0, 0.1, 10.0):
        place = math.log(ratio)
        apart = min(abs(place - math.log(one)) for one in kept)
        if low <= place <= high and apart > (high - low) / 6:
            kept.append(ratio)
    return sorted(kept)
