"""A programme's sales before and after, alone and against comparison firms: what a report says, in numbers.

A comparison firm is one that joins later: until its own start it lives through the same months without the
course, and what it sells from then on is left out. Firms of the programme that started in different months
are compared within their own months, block by block. Pure: firms and their months in, numbers out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from lms.foundation.apart import sent_often
from lms.reports import effect
from lms.reports.effect import Effect, Summary, Totals, Windows
from lms.reports.statistics.comparison import (
    Contrast,
    Observation,
    Observed,
    Rows,
    ancova,
    difference_in_differences,
    observed,
    poisson_ratio,
)
from lms.reports.statistics.event_study import EventStudy, event_study
from lms.reports.statistics.missing import Attrition, attrition
from lms.reports.statistics.power import smallest_between
from lms.reports.statistics.shapes import Unidentified
from lms.reports.statistics.two_groups import MannWhitney, Shift, mann_whitney, shift
from lms.reports.typical import FEWEST_FOR_INTERVALS, Typical, interval_as_ratio, logarithms, typical_of
from lms.sales import months

# Months after the course that are looked at; the first is the one that counts, named before anybody looks.
PRIMARY = 3
WINDOWS = (PRIMARY, 6, 12)


class Group(StrEnum):
    PROGRAM = "program"
    COMPARISON = "comparison"


@dataclass(frozen=True, kw_only=True)
class FirmSales:
    """One firm's monthly totals. `start` is the first month of its own course, if it is not everybody's."""

    name: str
    group: Group
    totals: Totals
    start: date | None = None


@dataclass(frozen=True, kw_only=True)
class Course:
    """When it starts, how many months are neither before nor after, and how few months make a before."""

    start: date
    programme_months: int = 4
    fewest_before: int = effect.FEWEST_BASELINE_MONTHS


@sent_often
@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """One firm in one window: its change and what is known of it, without its months.

    `before` is the mean of all its known months before. Months themselves are many, and a question about
    many thousands of firms carries them to another process.
    """

    name: str
    effect: Effect
    known_before: int
    before: float | None
    is_complete: bool


def measured(name: str, totals: Totals, when: Windows, found: Effect) -> Measured:
    known = [float(sold) for month in when.before if (sold := totals.get(month)) is not None]
    return Measured(
        name=name,
        effect=found.without_months_before(),
        known_before=len(known),
        before=sum(known) / len(known) if known else None,
        is_complete=found.months == when.after,
    )


@dataclass(frozen=True, kw_only=True)
class Block:
    """Firms that lived through the same months: those that started then, and comparison firms."""

    start: date
    program: tuple[Measured, ...]
    comparison: tuple[Measured, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Flow:
    """How far the firms of a group came."""

    firms: int
    baseline: int
    full_baseline: int
    reported: int
    measured: int


@dataclass(frozen=True, kw_only=True)
class Change:
    """One group in one window. `complete` firms know every month after, `thin` ones under three before."""

    flow: Flow
    summary: Summary
    complete: int
    thin: int
    typical: Typical | None
    attrition: Attrition | None

    @property
    def could_begin(self) -> int:
        """The firms without sales before of which it is known whether they sold after."""
        return self.summary.began + self.summary.no_sales


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The programme's change against the comparison firms' in the same months, as logarithms.

    `ranks` and `shift` are those of the largest block alone; `shift` and `smallest` are ratios.
    """

    blocks: int
    without_logarithm: int
    did: Contrast
    ancova: Contrast | None
    levels: Contrast | None
    ranks: MannWhitney
    shift: Shift
    smallest: float


@dataclass(frozen=True, kw_only=True)
class Window:
    """Everything about one window after the course."""

    length: int
    program: Change
    comparison: Change | None = None
    difference: Difference | None = None


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """The whole answer. `main_start` is the month in which most of the programme's firms started."""

    course: Course
    main_start: date
    starts: int
    windows: tuple[Window, ...]
    events: EventStudy | None

    @property
    def primary(self) -> Window:
        return self.windows[0]

    @property
    def has_comparison(self) -> bool:
        return self.primary.comparison is not None


def evaluate(firms: Sequence[FirmSales], course: Course, lengths: Sequence[int] = WINDOWS) -> Evaluation:
    """Both groups in every window, and month by month."""
    program: dict[date, list[FirmSales]] = {}
    for firm in firms:
        if firm.group is Group.PROGRAM:
            program.setdefault(firm.start or course.start, []).append(firm)
    comparison = [before_own_start(firm) for firm in firms if firm.group is Group.COMPARISON]
    starts = sorted(program, key=lambda start: (-len(program[start]), start != course.start, start))
    windows = []
    for length in lengths:
        blocks = [_block(start, program[start], comparison, course, length) for start in starts]
        windows.append(window_of(length, blocks))
    return Evaluation(
        course=course,
        main_start=starts[0],
        starts=len(starts),
        windows=tuple(windows),
        events=events_of(
            [by_distance(firm.totals, starts[0], course.programme_months) for firm in program[starts[0]]],
            [by_distance(firm.totals, starts[0], course.programme_months) for firm in comparison],
        ),
    )


def before_own_start(firm: FirmSales) -> FirmSales:
    """A comparison firm without the months in which it was in a course itself."""
    start = firm.start
    if start is None:
        return firm
    return replace(firm, totals={month: sold for month, sold in firm.totals.items() if month < start})


def window_of(length: int, blocks: Sequence[Block]) -> Window:
    """One window from its blocks, the largest first."""
    program = [one for block in blocks for one in block.program]
    found = Window(length=length, program=change_of(program))
    if not blocks[0].comparison:
        return found
    return replace(found, comparison=change_of(blocks[0].comparison), difference=difference_of(blocks))


def change_of(firms: Sequence[Measured]) -> Change:
    """What one group has in common."""
    effects = [firm.effect for firm in firms]
    summary = effect.summarize(effects)
    with_change = [firm for firm in firms if firm.effect.is_measured]
    known = [firm.known_before for firm in firms]
    return Change(
        flow=Flow(
            firms=len(firms),
            baseline=sum(count > 0 for count in known),
            full_baseline=sum(count == effect.YEAR for count in known),
            reported=sum(bool(one.months) for one in effects),
            measured=summary.measured,
        ),
        summary=summary,
        complete=sum(firm.is_complete for firm in with_change),
        thin=sum(firm.known_before < effect.FEWEST_BASELINE_MONTHS for firm in with_change),
        typical=typical_of(effects),
        attrition=_attrition(firms),
    )


def difference_of(blocks: Sequence[Block]) -> Difference | None:
    """The two groups against each other; None where either has fewer than ten firms with a change."""
    blocks = [block for block in blocks if block.program and block.comparison]
    if not blocks:
        return None
    first, second = _ratios(blocks[0].program), _ratios(blocks[0].comparison)
    return difference_from(
        first, second, [row for block in blocks for row in _observations(block)], len(blocks)
    )


def difference_from(
    first: Sequence[float], second: Sequence[float], given: Rows, blocks: int
) -> Difference | None:
    """The same from the ratios of the largest block's groups, and every firm with figures on both sides."""
    import numpy as np

    if min(len(first), len(second)) < FEWEST_FOR_INTERVALS:
        return None
    rows = observed(given)
    logs = rows.where((rows.before > 0) & (rows.after > 0))
    if min(logs.in_program.sum(), (~logs.in_program).sum()) < FEWEST_FOR_INTERVALS:
        return None
    first, second = logarithms(first), logarithms(second)
    did, found = difference_in_differences(logs), shift(first, second)
    return Difference(
        blocks=blocks,
        without_logarithm=len(np.unique(rows.firm)) - len(np.unique(logs.firm)),
        did=did,
        ancova=_ancova(logs),
        levels=poisson_ratio(rows),
        ranks=mann_whitney(first, second),
        shift=replace(found, value=math.exp(found.value), interval=interval_as_ratio(found.interval)),
        smallest=math.exp(smallest_between(did.program, did.comparison) * _deviation(logs)),
    )


def events_of(
    program: Sequence[Mapping[int, float]], comparison: Sequence[Mapping[int, float]]
) -> EventStudy | None:
    """Month by month, counted from the start; none for fewer than ten firms in a group."""
    if min(len(program), len(comparison)) < FEWEST_FOR_INTERVALS:
        return None
    return event_study(program, comparison, fewest=FEWEST_FOR_INTERVALS)


def by_distance(totals: Totals, start: date, programme_months: int) -> Mapping[int, float]:
    """What a firm sold by months from the start, a year before and after the course."""
    reach = range(-effect.YEAR, programme_months + effect.YEAR)
    distances = {month: _distance(start, month) for month, sold in totals.items() if sold}
    return {at: float(totals[month] or 0) for month, at in distances.items() if at in reach}


_distance = lru_cache(maxsize=4096)(months.distance)


def _block(
    start: date, program: Sequence[FirmSales], comparison: Sequence[FirmSales], course: Course, length: int
) -> Block:
    when = effect.windows_from(start, course.programme_months, length)

    def of_firm(firm: FirmSales) -> Measured:
        found = effect.effect_of(firm.totals, when, fewest=course.fewest_before)
        return measured(firm.name, firm.totals, when, found)

    return Block(
        start=start, program=tuple(map(of_firm, program)), comparison=tuple(map(of_firm, comparison))
    )


def _ratios(firms: Sequence[Measured]) -> list[float]:
    return [float(firm.effect.ratio) for firm in firms if firm.effect.ratio is not None]


def _observations(block: Block) -> list[Observation]:
    """Every firm with a figure on both sides, zeros included."""
    return [
        Observation(
            firm=f"{in_program}{firm.name}",
            in_program=in_program,
            before=float(firm.effect.before),
            after=float(firm.effect.after),
            block=block.start.isoformat(),
        )
        for in_program, firms in ((True, block.program), (False, block.comparison))
        for firm in firms
        if firm.effect.before is not None and firm.effect.after is not None
    ]


def _ancova(rows: Observed) -> Contrast | None:
    """None where all firms sold the same before: then there is nothing to hold constant."""
    try:
        return ancova(rows)
    except Unidentified:
        return None


def _deviation(rows: Observed) -> float:
    """The standard deviation of the changes within the two groups."""
    import numpy as np

    changes = np.log(rows.after / rows.before)
    groups = (changes[rows.in_program], changes[~rows.in_program])
    squares = sum(float(((group - group.mean()) ** 2).sum()) for group in groups)
    return math.sqrt(squares / (len(rows) - len(groups)))


def _attrition(firms: Sequence[Measured]) -> Attrition | None:
    """Firms that reported after the course against those that did not, by their sales before it."""
    before: dict[bool, list[float]] = {True: [], False: []}
    for firm in firms:
        if firm.before is not None:
            before[bool(firm.effect.months)].append(firm.before)
    return attrition(before[True], before[False], FEWEST_FOR_INTERVALS)
