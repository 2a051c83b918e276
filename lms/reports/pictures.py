"""The charts that a report document draws, each with the rows of its table twin."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from lms.foundation.i18n import gettext as _
from lms.reports.drawings import Drawing
from lms.web import charts, interval_charts, share_charts
from lms.web.templating import signed_percent

# Whiskers that leave the scale end at its edge.
LEAST, MOST = 0.1, 10.0


def windows(document: Mapping[str, Any]) -> Drawing | None:
    """The typical change with its interval, in every window after the course."""
    rows = []
    for name, window in in_order(document):
        rows += _interval_row(window_words(name), window["program"])
    if document["graduates"]["hodges_lehmann"]:
        rows += _interval_row(_("Graduates"), document["graduates"])
    real = document["real"]["change"]
    if real:
        rows += _interval_row(_("Real pesos"), real)
    if not rows:
        return None
    head = [_("Window"), _("Typical change"), _("From"), _("To")]
    table = [[row[0], *(signed_percent(value) for value in row[1:4])] for row in rows]
    title = _("The typical change in each window with its interval; the numbers are in the table.")
    return Drawing(interval_charts.intervals(rows, title=title), head, table)


def in_order(document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The windows from the shortest on; a frozen report has its keys by the alphabet."""
    return sorted(document["windows"].items(), key=lambda pair: pair[1]["months_after"])


def window_words(name: str) -> str:
    """+1..+3 is “Months +1 to +3”."""
    first, last = name.split("..")
    return _("Months %(first)s to %(last)s", first=first, last=last)


def _interval_row(label: str, change: Mapping[str, Any]) -> list[interval_charts.Range]:
    found = change["hodges_lehmann"]
    if not found:
        return []
    low, high = signed_percent(found["low"]), signed_percent(found["high"])
    words = _("%(change)s (%(low)s to %(high)s)", change=signed_percent(found["ratio"]), low=low, high=high)
    value, least, most = _on_scale(found["ratio"], found["low"], found["high"])
    return [interval_charts.Range(label, value, least, most, words)]


def _on_scale(value: float | None, low: float | None, high: float | None) -> tuple[float, float, float]:
    value, low, high = (min(max(ratio or LEAST, LEAST), MOST) for ratio in (value, low, high))
    return value, low, high


def events(document: Mapping[str, Any]) -> Drawing | None:
    """Month by month, the programme's firms against the comparison firms."""
    study = document["event_study"]
    if not study:
        return None
    points, rows = [], []
    for one in study["months"]:
        edges = one["clustered"]
        month = f"{one['month']:+d}" if one["month"] else "0"
        values = _on_scale(one["ratio"], edges["ratio_low"], edges["ratio_high"])
        points.append(interval_charts.Range(str(one["month"]), *values, text=month))
        both = " / ".join(str(count) for count in one["n"])
        rows.append([month, *(signed_percent(value) for value in values), both])
    head = [_("Month from the start"), _("Difference"), _("From"), _("To"), _("Firms")]
    title = _(
        "Difference of sales against the comparison firms, month by month; the numbers are in the table."
    )
    return Drawing(
        interval_charts.events(points, title=title, shaded=(0, study["programme_months"])), head, rows
    )


def completeness(document: Mapping[str, Any]) -> Drawing | None:
    """Of how many firms each month is known."""
    months = document["completeness"]
    if not months or not any(one["known"] for one in months):
        return None
    rows = [[f"{one['month']:+d}", f"{one['known']}", f"{one['firms']}"] for one in months]
    points = [(f"{one['month']:+d}", one["known"] / one["firms"]) for one in months]
    title = _("Share of firms whose sales are known, month by month; the numbers are in the table.")
    svg = share_charts.shares_by_month(points, title=title)
    return Drawing(svg, [_("Month before or after the course"), _("Known"), _("Firms")], rows)


def practices(document: Mapping[str, Any]) -> Drawing | None:
    """For paper, where long names have room: start (hollow) and end (filled) of those that answered both."""
    found = [one for one in document["practices"] if one["asked"]]
    if not found:
        return None
    rows = [[one["text"], str(one["start"]), str(one["end"]), str(one["asked"])] for one in found]
    pairs = [(one["text"], one["start"] / one["asked"], one["end"] / one["asked"]) for one in found]
    title = _("Share of firms with each practice at the start and at the end; the numbers are in the table.")
    svg = share_charts.dumbbells(pairs, title=title)
    return Drawing(svg, [_("Practice"), _("Start"), _("End"), _("Firms")], rows)


def practice_rows(document: Mapping[str, Any]) -> list[tuple[str, str, str, Markup]]:
    """Each practice with its shares, in words and as a drawing for a cell: in a table long names can wrap."""
    rows = []
    for one in document["practices"]:
        if one["asked"]:
            start, end = one["start"] / one["asked"], one["end"] / one["asked"]
            rows.append((one["text"], f"{start:.0%}", f"{end:.0%}", charts.change_cell(start, end, 1)))
    return rows
