"""How each firm's sales changed from before the course to after it, and what many firms have in common.

The change is worked out per firm; only then is the middle one taken. Medians are never subtracted from each
other: a group's medians can fall while most of its firms rise. Pure: amounts and dates in, numbers out.
"""

import statistics
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from lms.cohorts import schedule
from lms.foundation.apart import sent_often
from lms.sales import months

Totals = Mapping[date, Decimal | None]

YEAR = 12
# A mean of one or two months says more about those months than about the firm.
FEWEST_BASELINE_MONTHS = 3
# A change of up to one percent either way is no change: it is less than the figures are good for.
SAME = Decimal("0.01")
_NOTHING = Decimal(0)
FEWEST_FOR_STATISTICS = 5
FEWEST_FOR_QUARTILES = 10


class Kind(StrEnum):
    """What can be said of one firm."""

    ROSE = "rose"
    SAME = "same"
    FELL = "fell"
    BEGAN = "began"  # nothing sold before, something after: there is no ratio to nothing
    NO_SALES = "no_sales"  # nothing sold before, nothing after
    NO_BASELINE = "no_baseline"
    NO_AFTER = "no_after"
    TOO_SOON = "too_soon"


MEASURED = (Kind.ROSE, Kind.SAME, Kind.FELL)
MISSING = (Kind.NO_BASELINE, Kind.NO_AFTER)


@dataclass(frozen=True)
class Windows:
    """The months of one firm: twelve before the course and whole ones after it; its own are in neither."""

    before: tuple[date, ...]
    after: tuple[date, ...]
    first_after: date


@sent_often
@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """The change of one firm. `before` and `after` are monthly means, over `compared` and `months`.

    `adjusted` says whether the same calendar months were compared; `verified`, whether staff checked all of
    them.
    """

    kind: Kind
    before: Decimal | None = None
    after: Decimal | None = None
    ratio: Decimal | None = None
    adjusted: bool = False
    verified: bool = False
    compared: tuple[date, ...] = ()
    months: tuple[date, ...] = ()

    @property
    def is_measured(self) -> bool:
        return self.kind in MEASURED

    def without_months_before(self) -> "Effect":
        return Effect(
            kind=self.kind,
            before=self.before,
            after=self.after,
            ratio=self.ratio,
            adjusted=self.adjusted,
            verified=self.verified,
            months=self.months,
        )

    @property
    def is_a_year_apart(self) -> bool:
        """Whether each month was compared with the month exactly a year before it."""
        year_before = {months.same_month_last_year(month) for month in self.months}
        return self.adjusted and set(self.compared) == year_before


@dataclass(frozen=True, kw_only=True)
class Spread:
    """What many firms have in common; there is none for fewer than five of them.

    `median` is the middle of the firms' changes (the typical firm); `of_sums` is the change of all their
    sales together, in which large firms weigh more. `quartiles` from ten firms on. `if_same` and
    `if_nothing` are the median if every missing firm had sold as before, or nothing.
    """

    rose: int
    same: int
    fell: int
    median: Decimal
    quartiles: tuple[Decimal, Decimal] | None
    before: Decimal
    after: Decimal
    if_same: Decimal
    if_nothing: Decimal

    @property
    def of_sums(self) -> Decimal:
        return self.after / self.before


@dataclass(frozen=True, kw_only=True)
class Summary:
    """How many firms stand behind a statement, counted apart by what is known of them."""

    firms: int
    measured: int
    began: int
    no_sales: int
    no_baseline: int
    no_after: int
    too_soon: int
    adjusted: int
    verified: int
    spread: Spread | None

    @property
    def missing(self) -> int:
        return self.no_baseline + self.no_after

    @property
    def unadjusted(self) -> int:
        return self.measured - self.adjusted

    @property
    def unverified(self) -> int:
        return self.measured - self.verified


def windows(starts_on: date, weeks: int, today: date, paused_days: int = 0) -> Windows:
    """Which months count, for a course of so many weeks. A pause moves the end, never the start."""
    last = schedule.programme_months(starts_on, weeks, paused_days)[-1]
    first_after, running = months.following(last), months.first_of(today)
    after = months.months_between(first_after, min(months.previous(running), months.shift(last, YEAR)))
    return Windows(
        before=tuple(months.months_before(starts_on, YEAR)), after=tuple(after), first_after=first_after
    )


def windows_from(start: date, programme_months: int, length: int) -> Windows:
    """The months that count for a course given in whole months: so many of its own, so many after them."""
    first_after = months.shift(start, programme_months)
    after = months.months_between(first_after, months.shift(first_after, length - 1))
    return Windows(
        before=tuple(months.months_before(start, YEAR)), after=tuple(after), first_after=first_after
    )


@lru_cache(maxsize=256)
def first_months(when: Windows, length: int) -> Windows:
    """The same with only so many months after the course; firms of one cohort share them."""
    end = months.shift(when.first_after, length)
    return replace(when, after=tuple(month for month in when.after if month < end))


def effect_of(
    totals: Totals, when: Windows, verified: Collection[date] = (), fewest: int = FEWEST_BASELINE_MONTHS
) -> Effect:
    """The change of one firm from its monthly totals; None, like an absent month, is unknown and never zero.

    With twelve known months before the course, each month after it is compared with the same calendar month
    before ("adjusted for season"); with eleven or less, with the mean of those; with fewer than `fewest`,
    there is nothing to compare.
    """
    if not when.after:
        return Effect(kind=Kind.TOO_SOON)
    before, after = _known(totals, when.before), _known(totals, when.after)
    if len(before) < fewest:
        mean_after = _mean(totals, after) if after else None
        return Effect(kind=Kind.NO_BASELINE, after=mean_after, months=after)
    if not after:
        return Effect(kind=Kind.NO_AFTER, before=_mean(totals, before), compared=before)
    compared, adjusted = _compared(totals, before, after)
    mean_before, mean_after = _mean(totals, compared), _mean(totals, after)
    ratio = mean_after / mean_before if mean_before else None
    return Effect(
        kind=_kind(ratio, mean_after),
        before=mean_before,
        after=mean_after,
        ratio=ratio,
        adjusted=adjusted,
        verified=bool(verified) and {*compared, *after} <= set(verified),
        compared=compared,
        months=after,
    )


def summarize(effects: Iterable[Effect]) -> Summary:
    """Many firms in numbers."""
    effects = list(effects)
    kinds = [effect.kind for effect in effects]
    measured = [effect for effect in effects if effect.is_measured]
    return Summary(
        firms=len(effects),
        measured=len(measured),
        began=kinds.count(Kind.BEGAN),
        no_sales=kinds.count(Kind.NO_SALES),
        no_baseline=kinds.count(Kind.NO_BASELINE),
        no_after=kinds.count(Kind.NO_AFTER),
        too_soon=kinds.count(Kind.TOO_SOON),
        adjusted=sum(effect.adjusted for effect in measured),
        verified=sum(effect.verified for effect in measured),
        spread=_spread(measured, kinds.count(Kind.NO_BASELINE) + kinds.count(Kind.NO_AFTER)),
    )


def _known(totals: Totals, asked: tuple[date, ...]) -> tuple[date, ...]:
    """The months with an amount; where that is all of them, one and the same tuple for every firm."""
    found = [month for month in asked if totals.get(month) is not None]
    return asked if len(found) == len(asked) else tuple(found)


def _compared(
    totals: Totals, before: tuple[date, ...], after: tuple[date, ...]
) -> tuple[tuple[date, ...], bool]:
    """The months before the course to compare with, and whether they are the same calendar months."""
    if len(before) == YEAR:
        partners = _partners(before, after)
        if any(totals[month] for month in partners) or not any(totals[month] for month in before):
            return partners, True
    return before, False


@lru_cache(maxsize=4096)
def _partners(before: tuple[date, ...], after: tuple[date, ...]) -> tuple[date, ...]:
    # Twelve months in a row hold every calendar month once. Late months after a long course have their
    # partner two years before: a year before, the course was running.
    wanted = {month.month for month in after}
    return tuple(month for month in before if month.month in wanted)


def _mean(totals: Totals, over: Sequence[date]) -> Decimal:
    return sum([totals[month] or _NOTHING for month in over], _NOTHING) / len(over)


def _kind(ratio: Decimal | None, after: Decimal) -> Kind:
    if ratio is None:
        return Kind.BEGAN if after else Kind.NO_SALES
    if abs(ratio - 1) <= SAME:
        return Kind.SAME
    return Kind.ROSE if ratio > 1 else Kind.FELL


def _spread(measured: Sequence[Effect], missing: int) -> Spread | None:
    if len(measured) < FEWEST_FOR_STATISTICS:
        return None
    ratios = [effect.ratio for effect in measured if effect.ratio is not None]
    kinds = [effect.kind for effect in measured]
    quartiles = None
    if len(ratios) >= FEWEST_FOR_QUARTILES:
        low, _middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
        quartiles = (low, high)
    return Spread(
        rose=kinds.count(Kind.ROSE),
        same=kinds.count(Kind.SAME),
        fell=kinds.count(Kind.FELL),
        median=statistics.median(ratios),
        quartiles=quartiles,
        before=sum((effect.before for effect in measured if effect.before), Decimal(0)),
        after=sum((effect.after for effect in measured if effect.after), Decimal(0)),
        if_same=statistics.median([*ratios, *[Decimal(1)] * missing]),
        if_nothing=statistics.median([*ratios, *[Decimal(0)] * missing]),
    )
