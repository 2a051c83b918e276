"""The charts that a report document draws, each with the rows of its table twin."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from lms.foundation.i18n import gettext as _
from lms.reports import drawings, words
from lms.reports.drawings import Drawing
from lms.reports.effect import FEWEST_FOR_STATISTICS
from lms.sales import months
from lms.web import charts, interval_charts, share_charts
from lms.web.templating import signed_percent

# Whiskers that leave the scale end at its edge.
LEAST, MOST = 0.1, 10.0
# More dots than this make a wall, more lines a thicket: then the classes and the table say it.
MOST_DOTS, MOST_LINES = 500, 100


def primary(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the window that was named in advance says of the programme's firms."""
    program: Mapping[str, Any] = document["windows"][document["primary_window"]]["program"]
    return program


def flow(document: Mapping[str, Any]) -> Drawing | None:
    """From admitted to reported after."""
    return drawings.flow_of(document["flow"]) if document["flow"]["admitted"] else None


def spread(document: Mapping[str, Any]) -> Drawing | None:
    """One dot per firm, or a bar per class of change where there are very many; none for fewer than five."""
    change = primary(document)
    if change["median_ratio"] is None:
        return None
    ratios = [Decimal(str(row["ratio"])) for row in document["firms"] if row["ratio"] is not None]
    title = _(
        "Each dot is a firm. %(rose)s rose and %(fell)s fell. The change in the middle is %(change)s.",
        rose=change["directions"]["rose"],
        fell=change["directions"]["fell"],
        change=signed_percent(change["median_ratio"]),
    )
    if len(ratios) <= MOST_DOTS:
        return drawings.dots_of(ratios, title)
    rows = drawings.classes_as_rows(ratios)
    bars = [(name, int(count), f"{int(count):,}") for name, count in rows]
    return Drawing(charts.bars(bars, title=_("How many firms changed by how much")))


def slopes(document: Mapping[str, Any]) -> Drawing | None:
    """Each firm from before to after, without names: who gets the file may not be one who may read them."""
    found = [row for row in document["firms"] if row["ratio"] is not None]
    if not FEWEST_FOR_STATISTICS <= len(found) <= MOST_LINES:
        return None
    pairs = [("", row["before"], row["after"]) for row in found]
    counts = primary(document)["directions"]
    title = _(
        "Monthly sales of each firm before and after: %(rose)s rise and %(fell)s fall. The numbers of each "
        "firm are in the Excel and CSV files.",
        rose=counts["rose"],
        fell=counts["fell"],
    )
    return Drawing(charts.slope(pairs, title=title))


def sums(document: Mapping[str, Any]) -> tuple[str, str, str]:
    """All sales a month after the course as number and unit, and before it in one piece."""
    found = primary(document)["sums"]
    number, unit = words.big_money(Decimal(str(found["after"])))
    before = " ".join(part for part in words.big_money(Decimal(str(found["before"]))) if part)
    return number, unit, before


def windows(document: Mapping[str, Any]) -> Drawing | None:
    """The typical change with its interval, in every window after the course."""
    rows = []
    for name, window in passed(document):
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


def passed(document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The windows that some cohort has behind it, and the first; others would repeat its months so far."""
    whole = max((_whole_months_after(document, one) for one in document["about"]["cohorts"]), default=0)
    first = document["primary_window"]
    return [pair for pair in in_order(document) if pair[0] == first or pair[1]["months_after"] <= whole]


def _whole_months_after(document: Mapping[str, Any], cohort: Mapping[str, Any]) -> int:
    end, made = (date.fromisoformat(day) for day in (cohort["ends_on"], document["about"]["made_on"]))
    return months.distance(end, months.previous(months.first_of(made)))


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
        month = _month(one["month"])
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
    found = document["completeness"]
    if not any(one["known"] for one in found):
        return None
    rows = [[_month(one["month"]), f"{one['known']}", f"{one['firms']}"] for one in found]
    points = [(_month(one["month"]), one["known"] / one["firms"]) for one in found]
    title = _("Share of firms whose sales are known, month by month; the numbers are in the table.")
    svg = share_charts.shares_by_month(points, title=title)
    return Drawing(svg, [_("Month before or after the course"), _("Known"), _("Firms")], rows)


def practices(document: Mapping[str, Any]) -> Drawing | None:
    """For paper, where long names have room: start (hollow) and end (filled) of those that answered both."""
    found = told_practices(document)
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
    for one in told_practices(document):
        start, end = one["start"] / one["asked"], one["end"] / one["asked"]
        rows.append((one["text"], f"{start:.0%}", f"{end:.0%}", charts.change_cell(start, end, 1)))
    return rows


def told_practices(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Those that enough firms answered both times for a percentage."""
    return [one for one in document["practices"] if one["asked"] >= FEWEST_FOR_STATISTICS]


def _month(number: int) -> str:
    """A month counted from the course, with the sign that books use for minus."""
    return f"{number:+d}".replace("-", "−") if number else "0"
