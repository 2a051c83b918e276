"""An evaluation in words and small tables for the command line: what was observed, and what it is worth."""

from collections.abc import Sequence

from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import ngettext
from lms.foundation.money import format_money
from lms.reports.evaluation import Change, Difference, Evaluation, Window
from lms.reports.evaluation_data import ratio_of
from lms.reports.statistics.comparison import Contrast
from lms.reports.statistics.event_study import EventStudy
from lms.reports.statistics.shapes import Estimate, Interval, Method
from lms.reports.typical import FEWEST_FOR_INTERVALS
from lms.sales import months

FEWEST_FOR_ONE_IN_TWENTY = 0.05
NOTHING = "—"


def as_text(found: Evaluation) -> str:
    """The whole answer, the sentence that says what it is worth first."""
    window = _told(found)
    parts = [verdict(found), _about(found), _flow(window), _changes(window)]
    if window.difference:
        parts.append(_difference(window.difference))
    parts.append(_all_windows(found))
    if found.events:
        parts.append(_events(found.events))
    return "\n\n".join(parts)


def verdict(found: Evaluation) -> str:
    """The raw change and, where there is a comparison, the difference beside it; never a cause."""
    window = _told(found)
    raw = window.program.summary.spread
    if raw is None:
        return _("Fewer than 5 firms have figures before and after: nothing is said about the group.")
    said = _("Observed change of the typical programme firm: %(change)s.", change=percent(float(raw.median)))
    if not found.has_comparison:
        return (
            said
            + " "
            + _("Observed change, not attributable to the programme: there is no comparison group.")
        )
    against = window.comparison.summary.spread if window.comparison else None
    if against:
        said += " " + _("Of the typical comparison firm: %(change)s.", change=percent(float(against.median)))
    if window.difference is None:
        few = {"need": FEWEST_FOR_INTERVALS}
        too_few = _("There are fewer than %(need)s firms to compare in one of the groups.", **few)
        return said + " " + too_few + " " + _("Observed change, not attributable to the programme.")
    return said + " " + _against(window.difference)


def _against(found: Difference) -> str:
    one = found.did.clustered
    about = {
        "change": percent(ratio_of(one.value)),
        "low": percent(ratio_of(one.low)),
        "high": percent(ratio_of(one.high)),
        "p": p_value(one.p),
    }
    if one.p < FEWEST_FOR_ONE_IN_TWENTY:
        return _(
            "Against the comparison firms in the same months the difference is %(change)s "
            "(%(low)s to %(high)s, p = %(p)s). Firms chose to join: a difference is not yet a cause.",
            **about,
        )
    return _(
        "Against the comparison firms in the same months the difference is %(change)s "
        "(%(low)s to %(high)s, p = %(p)s): it cannot be told from zero, and no change is attributable to the "
        "programme.",
        **about,
    )


def percent(ratio: float) -> str:
    """A ratio as a change with one decimal: 1.1704 is +17.0 %."""
    return f"{'+' if ratio >= 1 else '−'}{abs(ratio - 1) * 100:.1f} %"


def p_value(p: float) -> str:
    return f"{p:.4g}"


def _told(found: Evaluation) -> Window:
    """The primary window, or the first one in which anything can be said."""
    return next((one for one in found.windows if one.program.summary.spread), found.primary)


def _about(found: Evaluation) -> str:
    window = _told(found)
    lines = [
        _("Start of the programme: %(month)s", month=months.write_month(found.main_start)),
        ngettext(
            "%(num)s month of the programme is neither before nor after",
            "%(num)s months of the programme are neither before nor after",
            found.course.programme_months,
        ),
        _(
            "Primary window, named in advance: months +1 to +%(last)s after the programme",
            last=found.primary.length,
        ),
    ]
    if window is not found.primary:
        lines.append(
            _(
                "The primary window has too few firms; what follows is about months +1 to +%(last)s",
                last=window.length,
            )
        )
    if found.starts > 1:
        lines.append(
            _(
                "The programme's firms started in %(count)s different months; each is compared in its own",
                count=found.starts,
            )
        )
    return "\n".join(lines)


def _flow(window: Window) -> str:
    flows = [change.flow for change in _groups(window)]
    counts = [change.summary for change in _groups(window)]
    rows = [
        (_("Firms in the file"), *(flow.firms for flow in flows)),
        (_("with some month before"), *(flow.baseline for flow in flows)),
        (_("with all 12 months before"), *(flow.full_baseline for flow in flows)),
        (_("with some month after"), *(flow.reported for flow in flows)),
        (_("with a ratio"), *(flow.measured for flow in flows)),
        (_("of these not adjusted for season"), *(count.unadjusted for count in counts)),
        (_("of these with under 3 months before"), *(change.thin for change in _groups(window))),
        (_("of these with all months after"), *(change.complete for change in _groups(window))),
        (_("First sale: sold nothing before"), *(change.could_begin for change in _groups(window))),
        (_("of these sold something after"), *(count.began for count in counts)),
    ]
    return _table((_("Firms"), *_heads(window)), rows)


def _groups(window: Window) -> list[Change]:
    return [window.program, *([window.comparison] if window.comparison else [])]


def _heads(window: Window) -> tuple[str, ...]:
    return (_("programme"), *([_("comparison")] if window.comparison else []))


def _changes(window: Window) -> str:
    title = _("Observed change: after / before, months +1 to +%(last)s", last=window.length)
    columns = [_change_cells(change) for change in _groups(window)]
    rows = [(name, *(column[at] for column in columns)) for at, name in enumerate(_change_names())]
    return _table((title, *_heads(window)), rows)


def _change_names() -> list[str]:
    return [
        _("Median of the ratios"),
        _("Hodges-Lehmann ratio"),
        _("its signed-rank interval"),
        _("signed-rank test: V, p"),
        _("bootstrap interval of the median"),
        _("interval of the median by order"),
        _("up / equal / down, sign test p"),
        _("rose / same (±1 %) / fell"),
        _("mean log change, standard error, t, p"),
        _("mean ratio, winsorized, firms moved"),
        _("ratio of all sales together"),
        _("Poisson ratio with zeros, p"),
        _("sales before, after (a month, all firms)"),
        _("median if the missing had not changed / sold nothing"),
        _("smallest change that could have been shown"),
    ]


def _change_cells(change: Change) -> list[str]:
    spread, found = change.summary.spread, change.typical
    if spread is None:
        return [_("too few")] + [NOTHING] * 14
    before, after = format_money(spread.before), format_money(spread.after)
    plain = [
        f"{spread.rose} / {spread.same} / {spread.fell}",
        f"{spread.of_sums:.4f}",
        f"{before}, {after}",
        f"{spread.if_same:.4f} / {spread.if_nothing:.4f}",
    ]
    if found is None:
        few = [NOTHING] * 6
        return [f"{spread.median:.4f}", *few, plain[0], *few[:2], plain[1], NOTHING, *plain[2:], NOTHING]
    mean, signs = found.mean_log, found.signs
    error = mean.mean / mean.t if mean.t else 0.0
    return [
        f"{spread.median:.4f}",
        f"{found.hodges_lehmann.value:.4f}",
        _interval(found.hodges_lehmann.interval),
        f"{found.test.positive:g}, {p_value(found.test.p_two_sided)} ({_method(found.test.method)})",
        _interval(found.bootstrap.interval),
        _interval(found.order),
        f"{signs.above} / {signs.equal} / {signs.below}, {p_value(signs.p_two_sided)}",
        plain[0],
        f"{mean.mean:.4f}, {error:.4f}, {mean.t:.4f}, {p_value(mean.p_two_sided)}",
        f"{found.means.plain:.4f}, {found.means.winsorized:.4f}, {found.means.moved}",
        plain[1],
        _poisson(found.levels),
        *plain[2:],
        percent(found.smallest),
    ]


def _poisson(found: Contrast | None) -> str:
    return f"{ratio_of(found.value):.4f}, {p_value(found.clustered.p)}" if found else NOTHING


def _interval(interval: Interval) -> str:
    level = f"{100 * interval.level:.1f} %"
    return f"[{interval.low:.4f}, {interval.high:.4f}] {level} ({_method(interval.method)})"


def _method(method: Method) -> str:
    return {
        Method.EXACT: _("exact"),
        Method.NORMAL: _("normal approximation"),
        Method.BCA: "BCa",
        Method.PERCENTILE: _("percentile"),
        Method.BINOMIAL: _("order statistics"),
        Method.T: "t",
    }[method]


def _difference(found: Difference) -> str:
    head = (
        _("Difference against the comparison firms"),
        _("log"),
        _("standard error"),
        _("ratio [95 %]"),
        "p",
    )
    rows = [
        (_("Difference in differences, clustered by firm"), *_estimate(found.did.clustered)),
        (_("the same, HC2"), *_estimate(found.did.robust)),
    ]
    if found.ancova:
        rows.append((_("ANCOVA, clustered by firm"), *_estimate(found.ancova.clustered)))
        rows.append((_("the same, HC2"), *_estimate(found.ancova.robust)))
    if found.levels:
        rows.append((_("Poisson with zeros, clustered by firm"), *_estimate(found.levels.clustered)))
    shift, test = found.shift, found.ranks
    edges = f"{shift.value:.4f} [{shift.interval.low:.4f}, {shift.interval.high:.4f}]"
    name = _("Mann-Whitney and Hodges-Lehmann shift (%(method)s)", method=_method(test.method))
    rows.append((name, f"U = {test.statistic:g}", "", edges, p_value(test.p_two_sided)))
    table = _table(head, rows)
    notes = [
        _(
            "Firms: %(program)s and %(comparison)s",
            program=found.did.program,
            comparison=found.did.comparison,
        ),
        _("Smallest difference that could have been shown: %(change)s", change=percent(found.smallest)),
    ]
    if found.without_logarithm:
        notes.append(
            ngettext(
                "%(num)s firm with a zero has no logarithm: only the Poisson regression has it",
                "%(num)s firms with a zero have no logarithm: only the Poisson regression has them",
                found.without_logarithm,
            )
        )
    return table + "\n" + "\n".join(notes)


def _estimate(one: Estimate) -> tuple[str, ...]:
    edges = f"[{ratio_of(one.low):.4f}, {ratio_of(one.high):.4f}]"
    return (f"{one.value:.4f}", f"{one.error:.4f}", f"{ratio_of(one.value):.4f} {edges}", p_value(one.p))


def _all_windows(found: Evaluation) -> str:
    heads = (_("Every window"), _("firms"), _("median"), _("Hodges-Lehmann ratio"), _("difference"))
    rows = []
    for window in found.windows:
        spread, typical = window.program.summary.spread, window.program.typical
        did = window.difference.did if window.difference else None
        rows.append(
            (
                _("months +1 to +%(last)s", last=window.length),
                window.program.summary.measured,
                f"{spread.median:.4f}" if spread else _("too few"),
                f"{typical.hodges_lehmann.value:.4f}" if typical else NOTHING,
                f"{ratio_of(did.value):.4f} (p = {p_value(did.clustered.p)})" if did else NOTHING,
            )
        )
    return _table(heads, rows)


def _events(found: EventStudy) -> str:
    heads = (_("Month from the start"), _("log"), _("standard error"), _("ratio [95 %]"), "p", _("firms"))
    rows = [
        (f"{one.month:+d}", *_estimate(one.effect), f"{one.program} / {one.comparison}")
        for one in found.moments
    ]
    note = _("Differences in log sales against month %(month)s, clustered by firm", month=found.reference)
    return _table(heads, rows) + "\n" + note


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns in line, the first to the left and numbers to the right."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(head))]
    lines = [_line(row, widths) for row in cells]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first = row[0].ljust(widths[0])
    rest = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
    return "  ".join([first, *rest]).rstrip()
