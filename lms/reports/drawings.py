"""The charts of the reports, each with the rows of its table twin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from markupsafe import Markup

from lms.foundation.i18n import gettext as _
from lms.reports import words
from lms.reports.effect import SAME
from lms.reports.lines import ADMITTED, BASELINE, FLOW, GRADUATED, REPORTED, STARTED, Line
from lms.reports.services import Group, Report
from lms.reports.shown import ShownCell
from lms.web import charts
from lms.web.templating import signed_percent

# Where a change belongs in the table of changes: up to this ratio, and what that is called.
CLASSES = (
    (Decimal("0.99"), lambda: _("Fell")),
    (Decimal("1.01"), lambda: _("Stayed the same")),
    (Decimal("1.10"), lambda: _("Rose by less than 10%")),
    (Decimal("1.25"), lambda: _("Rose by 10% to 24%")),
    (Decimal("1.50"), lambda: _("Rose by 25% to 49%")),
)


@dataclass(frozen=True)
class Drawing:
    """A chart, its head and rows as a table."""

    svg: Markup
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def flow(report: Report) -> Drawing:
    """From admitted to reported after, each stage out of those admitted."""
    return flow_of({stage: report.stage(stage) for stage in FLOW})


def flow_of(stages: Mapping[str, int]) -> Drawing:
    """The same from the numbers."""
    names = (
        (ADMITTED, _("Admitted")),
        (STARTED, _("Started")),
        (BASELINE, _("Starting point frozen")),
        (GRADUATED, _("Firms that graduated")),
        (REPORTED, _("Reported sales after the course")),
    )
    total = stages[ADMITTED]
    counts = [(name, stages[stage]) for stage, name in names]
    rows = [(name, count, _("%(have)s of %(need)s", have=count, need=total)) for name, count in counts]
    svg = charts.bars(rows, title=_("How many firms came to each stage"), top=total)
    return Drawing(svg, [_("Stage"), _("Firms")], [[name, str(count)] for name, count in counts])


def spread(report: Report) -> Drawing | None:
    """One dot per firm; none for fewer than five, because the chart marks the middle."""
    found = report.summary.spread
    if found is None:
        return None
    ratios = [line.effect.ratio for line in report.measured if line.effect.ratio is not None]
    title = _(
        "Each dot is a firm. %(rose)s rose and %(fell)s fell. The change in the middle is %(change)s.",
        rose=found.rose,
        fell=found.fell,
        change=signed_percent(found.median),
    )
    return dots_of(ratios, title)


def dots_of(ratios: Sequence[Decimal], title: str) -> Drawing:
    """A dot for each change."""
    svg = charts.dots(ratios, title=title, same=float(SAME))
    return Drawing(svg, [_("Change in sales"), _("Firms")], classes_as_rows(ratios))


def classes_as_rows(ratios: Sequence[Decimal]) -> list[list[str]]:
    return [[name, str(count)] for name, count in classes(ratios)]


def classes(ratios: Sequence[Decimal]) -> list[tuple[str, int]]:
    """How many firms changed by how much; the borders are those by which a firm is said to rise or fall."""
    counts = [0] * (len(CLASSES) + 1)
    for ratio in ratios:
        counts[sum(_is_above(ratio, at) for at in range(len(CLASSES)))] += 1
    return list(zip([*(name() for _border, name in CLASSES), _("Rose by 50% or more")], counts, strict=True))


def _is_above(ratio: Decimal, at: int) -> bool:
    border = CLASSES[at][0]
    # From 10% on the class begins at its border; "the same" includes both of its own.
    return ratio > border if at == 1 else ratio >= border


def slopes(report: Report) -> Drawing | None:
    """Each firm from before to after, with the largest rise, the middle and the largest fall by name."""
    lines = report.measured
    if not lines:
        return None
    pairs = [(line.name, line.effect.before, line.effect.after) for line in lines]
    labelled = [line.name for line in telling(lines)]
    title = _("Monthly sales of each firm before and after. The numbers are in the table of each firm.")
    return Drawing(charts.slope(pairs, title=title, labelled=labelled))


def telling(lines: Sequence[Line]) -> list[Line]:
    """The firms worth a name: the one that rose most, the one in the middle, the one that fell most."""
    if len(lines) < 3:
        return list(lines)
    return [lines[0], lines[(len(lines) - 1) // 2], lines[-1]]


def top_of(report: Report) -> Decimal:
    """The right end of the scale that all rows of the table of firms share."""
    amounts = [line.effect.before or Decimal(0) for line in report.lines]
    return max([*amounts, *(line.effect.after or Decimal(0) for line in report.lines)], default=Decimal(0))


def group_shares(groups: Sequence[Group]) -> dict[str, Markup]:
    """A bar for each group that has a typical change, from none to the largest."""
    found = {group.key: group.summary.spread.median - 1 for group in groups if group.summary.spread}
    return _bars_of(found)


def cell_shares(cells: Sequence[ShownCell]) -> dict[tuple[str, ...], Markup]:
    return _bars_of({cell.keys: cell.median - 1 for cell in cells})


def _bars_of(changes: dict) -> dict:
    """Falls have no bar: the number beside it says it fell."""
    longest = max([0.1, *map(float, changes.values())])
    return {key: charts.share_cell(max(float(change), 0.0) / longest) for key, change in changes.items()}


def csv_rows(report: Report) -> tuple[list[str], list[list[object]]]:
    """The table of firms for a spreadsheet."""
    header = [
        *(_("Firm"), _("Sector"), _("State"), _("City"), _("Decision"), _("Result")),
        *(_("Before (pesos a month)"), _("After (pesos a month)"), _("Change (after / before)")),
        *(_("Adjusted for season"), _("Months before"), _("Months after")),
        *(_("Source before"), _("Source after"), _("Checked")),
    ]
    return header, [_csv_row(line) for line in report.lines]


def _csv_row(line: Line) -> list[object]:
    found = line.effect
    return [
        line.name,
        words.SECTORS[line.sector],
        words.state_name(line.state),
        line.city,
        words.decision(line),
        words.KINDS[found.kind],
        _rounded(found.before, "0.01"),
        _rounded(found.after, "0.01"),
        _rounded(found.ratio, "0.0001"),
        found.adjusted,
        len(found.compared),
        len(found.months),
        line.tier_before and line.tier_before.value,
        line.tier_after and line.tier_after.value,
        found.verified,
    ]


def _rounded(value: Decimal | None, to: str) -> Decimal | None:
    return None if value is None else value.quantize(Decimal(to))


def money_pair(report: Report) -> tuple[str, str, str]:
    """All sales a month after the course as number and unit, and before it in one piece."""
    found = report.summary.spread
    if found is None:
        return "", "", ""
    number, unit = words.big_money(found.after)
    before = " ".join(part for part in words.big_money(found.before) if part)
    return number, unit, before
