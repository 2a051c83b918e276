"""The evaluation of very many firms: their rows go by once, and what stays of a firm are some bytes.

Each firm's change is worked out by the function of the report, from its exact amounts; what is kept of it are
floating numbers, in arrays that the same statistics take. Its months wait in a temporary file for the month
by month. Everybody starts in the same month. Pure but for that file.
"""

import math
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal

from lms.foundation.i18n import gettext as _
from lms.reports import effect
from lms.reports.effect import MEASURED, Effect, Kind, Spread, Summary
from lms.reports.evaluation import (
    FEWEST_FOR_INTERVALS,
    WINDOWS,
    Change,
    Course,
    Evaluation,
    FirmSales,
    Flow,
    Group,
    Window,
    before_own_start,
    by_distance,
    difference_from,
)
from lms.reports.statistics.comparison import Observed
from lms.reports.statistics.event_study import EventStudy, study_of
from lms.reports.statistics.missing import Attrition, attrition
from lms.reports.statistics.shapes import Array
from lms.reports.typical import typical_from

KINDS = list(Kind)
_ADJUSTED, _COMPLETE, _REPORTED = 1, 2, 4
# So many firms' months are worked on at a time.
AT_ONCE = 20_000


class OtherStart(Exception):
    """A firm of the programme starts in a month of its own: here all of them start in the same."""

    def __str__(self) -> str:
        return _(
            "the firm %(firm)s has a start of its own; in turn all start in the same month", firm=self.args[0]
        )


@dataclass
class _Firms:
    """One group in one window: a place in every array for each firm."""

    kinds: array = field(default_factory=lambda: array("b"))
    marks: array = field(default_factory=lambda: array("b"))
    before: array = field(default_factory=lambda: array("d"))
    after: array = field(default_factory=lambda: array("d"))
    ratio: array = field(default_factory=lambda: array("d"))

    def take(self, found: Effect, is_complete: bool) -> None:
        self.kinds.append(KINDS.index(found.kind))
        marks = (
            (found.adjusted and _ADJUSTED) | (is_complete and _COMPLETE) | (bool(found.months) and _REPORTED)
        )
        self.marks.append(marks)
        for kept, amount in (
            (self.before, found.before),
            (self.after, found.after),
            (self.ratio, found.ratio),
        ):
            kept.append(math.nan if amount is None else float(amount))

    def has(self, mark: int) -> Array:
        import numpy as np

        return (np.asarray(self.marks) & mark) > 0

    def are(self, kinds: Iterable[Kind]) -> Array:
        import numpy as np

        return np.isin(np.asarray(self.kinds), [KINDS.index(kind) for kind in kinds])

    def ratios(self) -> Sequence[float]:
        return array("d", (ratio for ratio in self.ratio if not math.isnan(ratio)))

    def with_both(self) -> tuple[Array, Array]:
        """Before and after of the firms that have both."""
        import numpy as np

        before, after = np.asarray(self.before), np.asarray(self.after)
        both = np.isfinite(before) & np.isfinite(after)
        return before[both], after[both]


def _number(amount: Decimal | None) -> float:
    return math.nan if amount is None else float(amount)


class _Spilled:
    """Logarithms of months in a temporary file, read a part at a time."""

    def __init__(self, file, months: list[int]):
        self._file, self._waiting, self.firms, self.months = file, array("d"), 0, months

    def take(self, sold: dict[int, float]) -> None:
        self._waiting.extend(math.log(sold[month]) if month in sold else math.nan for month in self.months)
        self.firms += 1
        if self.firms % AT_ONCE == 0:
            self._spill()

    def _spill(self) -> None:
        self._waiting.tofile(self._file)
        self._waiting = array("d")

    def parts(self) -> Iterator[Array]:
        import numpy as np

        if self._waiting:
            self._spill()
        self._file.flush()
        self._file.seek(0)
        while (read := np.fromfile(self._file, count=AT_ONCE * len(self.months))).size:
            yield read.reshape(-1, len(self.months))


@dataclass
class _Group:
    """Everything that is kept of one group: what is the same in all windows, and each window."""

    windows: dict[int, _Firms]
    months: _Spilled
    known: array = field(default_factory=lambda: array("b"))
    mean_before: array = field(default_factory=lambda: array("d"))


def evaluate_many(
    firms: Iterable[FirmSales],
    course: Course,
    lengths: Sequence[int] = WINDOWS,
    told: Callable[[str], None] = lambda _step: None,
) -> Evaluation:
    """The same answer as `evaluate` gives for fewer firms; `told` hears which window is computed."""
    reach = list(range(-effect.YEAR, course.programme_months + effect.YEAR))
    with ExitStack() as files:
        groups = {
            group: _Group(
                windows={length: _Firms() for length in lengths},
                months=_Spilled(files.enter_context(tempfile.TemporaryFile()), reach),
            )
            for group in Group
        }
        when = {
            length: effect.windows_from(course.start, course.programme_months, length) for length in lengths
        }
        for firm in firms:
            _take(groups[firm.group], firm, course, when)
        windows = []
        for length in lengths:
            told(f"+1..+{length}")
            windows.append(_window(length, groups))
        told("months")
        events = _events(groups)
    return Evaluation(course=course, main_start=course.start, starts=1, windows=tuple(windows), events=events)


def _take(group: _Group, firm: FirmSales, course: Course, when: dict[int, effect.Windows]) -> None:
    if firm.group is Group.PROGRAM and firm.start not in (None, course.start):
        raise OtherStart(firm.name)
    totals = firm.totals if firm.group is Group.PROGRAM else before_own_start(firm).totals
    year = next(iter(when.values())).before
    known = [float(sold) for month in year if (sold := totals.get(month)) is not None]
    group.known.append(len(known))
    group.mean_before.append(sum(known) / len(known) if known else math.nan)
    for length, months in when.items():
        found = effect.effect_of(totals, months, fewest=course.fewest_before)
        group.windows[length].take(found, found.months == months.after)
    group.months.take(dict(by_distance(totals, course.start, course.programme_months)))


def _window(length: int, groups: dict[Group, _Group]) -> Window:
    program, comparison = groups[Group.PROGRAM], groups[Group.COMPARISON]
    if not comparison.known:
        return Window(length=length, program=_change(program, length))
    return Window(
        length=length,
        program=_change(program, length),
        comparison=_change(comparison, length),
        difference=difference_from(
            program.windows[length].ratios(),
            comparison.windows[length].ratios(),
            _both(program.windows[length], comparison.windows[length]),
            blocks=1,
        ),
    )


def _both(program: _Firms, comparison: _Firms) -> Observed:
    import numpy as np

    sides = [program.with_both(), comparison.with_both()]
    before, after = (np.concatenate([side[at] for side in sides]) for at in (0, 1))
    in_program = np.repeat([True, False], [len(side[0]) for side in sides])
    return Observed(firm=np.arange(len(before)), in_program=in_program, before=before, after=after)


def _change(group: _Group, length: int) -> Change:
    import numpy as np

    firms, known = group.windows[length], np.asarray(group.known)
    with_change = firms.are(MEASURED)
    summary = _summary(firms, with_change)
    return Change(
        flow=Flow(
            firms=len(known),
            baseline=int((known > 0).sum()),
            full_baseline=int((known == effect.YEAR).sum()),
            reported=int(firms.has(_REPORTED).sum()),
            measured=summary.measured,
        ),
        summary=summary,
        complete=int((with_change & firms.has(_COMPLETE)).sum()),
        thin=int((with_change & (known < effect.FEWEST_BASELINE_MONTHS)).sum()),
        typical=typical_from(firms.ratios(), lambda: _alone(firms)),
        attrition=_attrition(np.asarray(group.mean_before), firms.has(_REPORTED)),
    )


def _alone(firms: _Firms) -> Observed:
    import numpy as np

    before, after = firms.with_both()
    count = len(before)
    return Observed(firm=np.arange(count), in_program=np.ones(count, dtype=bool), before=before, after=after)


def _summary(firms: _Firms, with_change: Array) -> Summary:
    counts = {kind: int(firms.are([kind]).sum()) for kind in Kind}
    return Summary(
        firms=len(firms.kinds),
        measured=int(with_change.sum()),
        began=counts[Kind.BEGAN],
        no_sales=counts[Kind.NO_SALES],
        no_baseline=counts[Kind.NO_BASELINE],
        no_after=counts[Kind.NO_AFTER],
        too_soon=counts[Kind.TOO_SOON],
        adjusted=int((with_change & firms.has(_ADJUSTED)).sum()),
        verified=0,
        spread=_spread(firms, with_change, counts),
    )


def _spread(firms: _Firms, with_change: Array, counts: dict[Kind, int]) -> Spread | None:
    import numpy as np

    ratios = np.asarray(firms.ratio)[with_change]
    if len(ratios) < effect.FEWEST_FOR_STATISTICS:
        return None
    missing = counts[Kind.NO_BASELINE] + counts[Kind.NO_AFTER]
    low, middle, high = (Decimal(float(one)) for one in np.quantile(ratios, [0.25, 0.5, 0.75]))
    sums = [Decimal(math.fsum(np.asarray(side)[with_change])) for side in (firms.before, firms.after)]
    bounds = [Decimal(float(np.median(np.append(ratios, np.full(missing, sold))))) for sold in (1.0, 0.0)]
    return Spread(
        rose=counts[Kind.ROSE],
        same=counts[Kind.SAME],
        fell=counts[Kind.FELL],
        median=middle,
        quartiles=(low, high) if len(ratios) >= effect.FEWEST_FOR_QUARTILES else None,
        before=sums[0],
        after=sums[1],
        if_same=bounds[0],
        if_nothing=bounds[1],
    )


def _attrition(before: Array, reported: Array) -> Attrition | None:
    import numpy as np

    known = np.isfinite(before)
    return attrition(before[known & reported], before[known & ~reported], FEWEST_FOR_INTERVALS)


def _events(groups: dict[Group, _Group]) -> EventStudy | None:
    program, comparison = (groups[group].months for group in (Group.PROGRAM, Group.COMPARISON))
    if min(program.firms, comparison.firms) < FEWEST_FOR_INTERVALS:
        return None
    return study_of(program, comparison, fewest=FEWEST_FOR_INTERVALS)
