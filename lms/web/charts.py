"""Charts as fluid SVG drawn on the server: x in percent, y in pixels, no scripts, no inline style.

Without a viewBox the words keep their size at any width. Colours are classes of css/components/chart.css:
blue solid rose, orange dashed fell, hollow is before, filled is after. The table twin is the business of
macros/chart.html.
"""

import hashlib
import statistics
from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup, escape

from lms.foundation.i18n import gettext as _
from lms.foundation.money import format_money
from lms.web.templating import signed_percent

Number = float | Decimal

MONTH_TICKS = 6
NAME_HEIGHT = 38
BIN = 0.05


class Month(NamedTuple):
    """One month of a line; None where nothing is known, which is not zero."""

    label: str
    value: Number | None


class Pair(NamedTuple):
    """One firm before and after."""

    name: str
    before: float
    after: float


class Row(NamedTuple):
    """One bar; `text` is the value as people read it."""

    label: str
    value: Number | None
    text: str = ""


def line_by_month(
    points: Sequence[Month | tuple],
    previous_year: Sequence[Number | None] = (),
    *,
    title: str,
    height: int = 240,
) -> Markup:
    """Sales by month as a line from zero, with the same months a year before as a dotted one."""
    months = [Month(*point) for point in points]
    values = [month.value for month in months]
    known = [float(value) for value in (*values, *previous_year) if value is not None]
    left, right, top, bottom = 16.0, 94.0, 18.0, height - 28.0
    ticks = _round_ticks(max(known, default=0.0))
    y = scale(0, ticks[-1], bottom, top)
    x = scale(0, max(len(months) - 1, 1), left, right)
    parts = [_money_axis(ticks, y, left, right)]
    step = -(-len(months) // MONTH_TICKS)
    for at, month in enumerate(months):
        # The newest month always has its name.
        if (len(months) - 1 - at) % step == 0:
            parts.append(text(x(at), height - 6, month.label))
    parts.append(_line_of(previous_year, x, y, "c-p"))
    parts.append(_line_of(values, x, y, "c-l"))
    for at, value in enumerate(values):
        if value is not None:
            parts.append(dot(x(at), y(float(value)), 4, "f-a"))
    parts.append(_last_value(values, x, y))
    return svg(title, height, parts)


def slope(
    before_after: Sequence[Pair | tuple], *, title: str, labelled: Collection[str] = (), height: int = 420
) -> Markup:
    """Each firm as a line from before to after, from zero; at most three of them with their names."""
    pairs = [Pair(name, float(before), float(after)) for name, before, after in before_after]
    left, right, top, bottom = 22.0, 60.0, 26.0, height - 14.0
    ticks = _round_ticks(max((max(pair.before, pair.after) for pair in pairs), default=0.0))
    y = scale(0, ticks[-1], bottom, top)
    parts = [text(left, 16, _("Before"), "tb"), text(right, 16, _("After"), "tb")]
    parts.append(_money_axis(ticks, y, left, right))
    parts += [line(x, top, x, bottom, "c-g", stroke_width="2") for x in (left, right)]
    named = [pair for pair in pairs if pair.name in labelled][:3]
    # The named ones last: they lie on top.
    for pair in sorted(pairs, key=lambda one: one in named):
        fell = pair.after < pair.before
        kind, ends = ("c-d", "f-d") if fell else ("c-u", "f-a")
        wide = " c-w" if pair in named else ""
        parts.append(line(left, y(pair.before), right, y(pair.after), kind + wide))
        parts += [dot(left, y(pair.before), 3.5, ends), dot(right, y(pair.after), 3.5, ends)]
    parts.append(_names_beside(named, y, right, height))
    return svg(title, height, parts)


def dots(ratios: Sequence[Number], *, title: str, same: float = 0.0) -> Markup:
    """The spread of the changes: one dot per firm at its ratio of after to before (1.31 is +31%).

    What changed by `same` or less either way neither rose nor fell.
    """
    changes = sorted(round(float(ratio) - 1, 9) for ratio in ratios)
    step, low, high = _change_axis(changes)
    piles: dict[int, int] = {}
    places = []
    for change in changes:
        pile = round(change / BIN)
        # A dot stands beside "the same" only when its change rounds to nothing.
        kind = "f-m" if abs(change) <= same else "f-d" if change < 0 else "f-a"
        places.append((pile * BIN, piles.get(pile, 0), kind))
        piles[pile] = piles.get(pile, 0) + 1
    tallest = max(piles.values(), default=1)
    floor = 48 + 19 * max(tallest, 3)
    x = scale(low, high, 4, 96)
    parts = [_change_ticks(low, high, step, x, floor), line(4, floor, 96, floor, "c-z", stroke_width="1")]
    for place, level, kind in places:
        parts.append(dot(x(place), floor - 12 - 19 * level, 8, kind))
    if changes:
        parts.append(_median_mark(changes, x, floor))
        rose, fallen = sum(change > same for change in changes), sum(change < -same for change in changes)
        parts.append(text(4, floor + 40, _("← %(count)s fell", count=fallen), "td", anchor="start"))
        parts.append(text(96, floor + 40, _("%(count)s rose →", count=rose), "th", anchor="end"))
    return svg(title, floor + 46, parts)


def bars(rows: Sequence[Row | tuple], *, title: str, top: Number | None = None) -> Markup:
    """Amounts as rows: the name above the bar, the value at the end. `top` is the length of a full bar."""
    entries = [Row(*row) for row in rows]
    full = float(top if top is not None else max((row.value or 0 for row in entries), default=0)) or 1.0
    parts = []
    for at, row in enumerate(entries):
        y = 44 * at
        parts.append(text(0, y + 16, row.label, anchor="start"))
        words = row.text if row.value is not None else _("No figure")
        parts.append(text(100, y + 16, words, "tb", anchor="end"))
        parts.append(_rect(100, y + 24, "f-s"))
        if row.value:
            parts.append(_rect(_clamp(float(row.value) / full * 100), y + 24, "f-a"))
    return svg(title, max(44 * len(entries), 1), parts)


def share_cell(share: Number) -> Markup:
    """A bar for a table's cell; the number stands in the cell beside it, so this is decoration."""
    return _decoration(14, [_rect(100, 0, "f-s", 14), _rect(_clamp(float(share) * 100), 0, "f-a", 14)])


def change_cell(before: Number, after: Number, top: Number) -> Markup:
    """Before (hollow) and after (filled), for a table's cell; `top` is the right end of its scale."""
    x = scale(0, float(top) or 1.0, 2, 98)
    fell = after < before
    start, end = x(float(before)), x(float(after))
    stroke = line(start, 10, end, 10, "c-c neg" if fell else "c-c")
    return _decoration(20, [stroke, dot(start, 10, 5, "f-b"), dot(end, 10, 6.5, "f-d" if fell else "f-a")])


def week_columns(shares: Sequence[Number | None]) -> Markup:
    """Shares by week as small columns for a table's cell, the last one in colour; None leaves a gap."""
    parts = []
    for at, share in enumerate(shares):
        if share is None:
            continue
        tall = max(round(_clamp(float(share) * 100) * 0.28, 1), 1)
        kind = "f-a" if at == len(shares) - 1 else "f-m"
        parts.append(_tag("rect", class_=kind, x=9 * at, y=28 - tall, width=6, height=tall, rx=1))
    return _decoration(28, parts, width=str(9 * max(len(shares), 1)))


def axis_money(value: float) -> str:
    """Money at an axis: $0, $800, $50 mil."""
    if value < 1000:
        return format_money(round(value))
    return _("$%(count)s thousand", count=f"{value / 1000:,g}")


# --- parts ------------------------------------------------------------


def scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    return lambda value: round(start + (value - low) / ((high - low) or 1) * (end - start), 2)


def _clamp(percent: float) -> float:
    return round(min(max(percent, 0), 100), 2)


def _round_ticks(highest: float) -> list[float]:
    """From zero in two to five even steps of 1, 2 or 5 times a power of ten, past the highest value."""
    if highest <= 0:
        return [0.0, 1000.0]
    power = 10.0 ** (len(str(int(highest))) - 1)
    step = next(size * power for size in (0.2, 0.5, 1, 2) if highest / (size * power) <= 5)
    return [step * at for at in range(int(-(-highest // step)) + 1)]


def _money_axis(ticks: Sequence[float], y: Callable[[float], float], left: float, right: float) -> Markup:
    parts = []
    for tick in ticks:
        parts.append(line(left, y(tick), right, y(tick), "c-g"))
        # A shift in pixels within a chart in percent.
        label = text(left, y(tick), axis_money(tick), anchor="end")
        parts.append(_tag("g", label, transform="translate(-12 5)"))
    return _join(parts)


def _line_of(values: Sequence[Number | None], x: Callable, y: Callable, kind: str) -> Markup:
    """Pieces between neighbours that are both known: a gap stays a gap."""
    pieces = []
    for at, (start, end) in enumerate(zip(values, values[1:], strict=False)):
        if start is not None and end is not None:
            pieces.append(line(x(at), y(float(start)), x(at + 1), y(float(end)), kind))
    return _join(pieces)


def _last_value(values: Sequence[Number | None], x: Callable, y: Callable) -> Markup:
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    if not known:
        return Markup("")
    at, value = known[-1]
    anchor = "end" if at else "start"
    return text(x(at), y(float(value)) - 12, format_money(round(value)), "th halo", anchor=anchor)


def _names_beside(named: Sequence[Pair], y: Callable, right: float, bottom: float) -> Markup:
    """Names at the right end, pushed apart where they would lie on each other."""
    ordered = sorted(named, key=lambda one: y(one.after))
    places: list[float] = []
    for pair in ordered:
        places.append(max([y(pair.after) - 2, *(place + NAME_HEIGHT for place in places[-1:])]))
    overhang = max(places[-1] + NAME_HEIGHT / 2 - bottom, 0) if places else 0
    parts = []
    for pair, place in zip(ordered, places, strict=True):
        kind = "td" if pair.after < pair.before else "th"
        change = signed_percent(pair.after / pair.before) if pair.before else ""
        both = [text(right, place - overhang, change, f"{kind} halo", anchor="start")]
        both.append(text(right, place - overhang + 18, pair.name, "halo", anchor="start"))
        parts.append(_tag("g", _join(both), transform="translate(12 0)"))
    return _join(parts)


def _change_axis(changes: Sequence[float]) -> tuple[float, float, float]:
    """Step and ends of an axis of changes that holds all of them and "the same", with at most eight ticks."""
    low, high = min([0.0, *changes]) - BIN / 2, max([0.2, *changes]) + BIN / 2
    step = next((size for size in (0.2, 0.5, 1.0, 2.0) if (high - low) / size <= 7), 5.0)
    return step, -step * -(low // step) if low < 0 else 0.0, step * -(-high // step)


def _change_ticks(low: float, high: float, step: float, x: Callable, floor: float) -> Markup:
    parts = []
    places = range(round(low / step), round(high / step) + 1)
    # On a phone there is room for five words; with more ticks every other one has its name.
    named = 1 if len(places) <= 5 else 2
    for at in places:
        change = at * step
        same = at == 0
        parts.append(line(x(change), 34, x(change), floor, "c-z" if same else "c-g"))
        words = _("Same") if same else signed_percent(1 + change)
        if at % named == 0:
            parts.append(text(x(change), floor + 20, words, "tb" if same else ""))
    return _join(parts)


def _median_mark(changes: Sequence[float], x: Callable, floor: float) -> Markup:
    middle = statistics.median(changes)
    place = x(middle)
    words = _("Half of the firms: %(change)s or more", change=signed_percent(1 + middle))
    anchor = "middle" if 35 <= place <= 65 else "start" if place < 35 else "end"
    mark = line(place, 26, place, floor, "c-z", stroke_dasharray="5 4")
    return mark + text(place, 16, words, "tb halo", anchor=anchor)


# --- marks ------------------------------------------------------------


def _tag(name: str, body: Markup | str = "", **attributes: str | float) -> Markup:
    """One element; attribute names with _ for -, everything escaped, empty classes left out."""
    said = ""
    for key, value in attributes.items():
        if value != "":
            said += f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
    return Markup(f"<{name}{said}>{escape(body)}</{name}>")


def _join(parts: Sequence[Markup]) -> Markup:
    return Markup("").join(parts)


def _percent(value: float) -> str:
    return f"{value:g}%"


def line(x1: float, y1: float, x2: float, y2: float, kind: str, **more: str) -> Markup:
    return _tag("line", class_=kind, x1=_percent(x1), y1=f"{y1:g}", x2=_percent(x2), y2=f"{y2:g}", **more)


def column(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    places = {"x": _percent(x), "y": f"{y:g}", "width": _percent(width), "height": f"{height:g}"}
    return _tag("rect", class_=kind, **places)


def dot(x: float, y: float, radius: float, kind: str) -> Markup:
    return _tag("circle", class_=kind, cx=_percent(x), cy=f"{y:g}", r=radius)


def _rect(width: float, y: float, kind: str, height: int = 12) -> Markup:
    return _tag("rect", class_=kind, y=f"{y:g}", width=_percent(width), height=height, rx=3)


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "middle") -> Markup:
    return _tag("text", words, class_=kind, x=_percent(x), y=f"{y:g}", text_anchor=anchor)


def svg(title: str, height: float, parts: Sequence[Markup]) -> Markup:
    """The whole picture, which a screen reader reads as its title."""
    body = _join(parts)
    name = "t" + hashlib.sha256(f"{title}{body}".encode()).hexdigest()[:8]
    head = _tag("title", title, id=name)
    return _tag("svg", head + body, width="100%", height=f"{height:g}", role="img", aria_labelledby=name)


def _decoration(height: int, parts: Sequence[Markup], width: str = "100%") -> Markup:
    return _tag("svg", _join(parts), width=width, height=height, aria_hidden="true", focusable="false")
