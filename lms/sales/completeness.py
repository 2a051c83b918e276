"""Which months of which firms are known and checked, who has to act, and whether sources stay the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import case, func, select

from lms.cohorts.models import AT_WORK, Cohort, Enrolment
from lms.cohorts.services import enrolments_of
from lms.foundation.db import db
from lms.sales import ledger, months
from lms.sales.models import DIGITAL, Channel, Figure


class MonthState(StrEnum):
    CHECKED = "checked"
    TO_CHECK = "to_check"
    UNKNOWN = "unknown"
    MISSING = "missing"


class Acts(StrEnum):
    """Who has to do something next."""

    FIRM = "firm"
    STAFF = "staff"
    NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True)
class FirmLine:
    """A firm's months, oldest first; those not over yet are not there."""

    enrolment: Enrolment
    states: Mapping[date, MonthState]
    is_frozen: bool
    acts: Acts

    def count(self, state: MonthState) -> int:
        return sum(1 for one in self.states.values() if one == state)


@dataclass(frozen=True, kw_only=True)
class Completeness:
    """The months of a cohort, and its firms: those of whom something is awaited first."""

    months: Sequence[date]
    start: date
    lines: Sequence[FirmLine]

    def number(self, acts: Acts) -> int:
        return sum(1 for line in self.lines if line.acts == acts)


def completeness(cohort: Cohort) -> Completeness:
    """Every firm at work in a cohort, in as many queries for thirty firms as for three."""
    enrolments = [one for one in enrolments_of(cohort) if one.state in AT_WORK]
    start = months.first_of(cohort.starts_on)
    states = _states([one.firm_id for one in enrolments])
    frozen = ledger.baselines_of([one.id for one in enrolments])
    lines = [_line(one, states.get(one.firm_id, {}), one.id in frozen, start) for one in enrolments]
    shown = sorted({month for line in lines for month in line.states})
    order = list(Acts)
    lines.sort(key=lambda line: (order.index(line.acts), -line.count(MonthState.MISSING)))
    return Completeness(months=shown, start=start, lines=lines)


def _states(firm_ids: Sequence[int]) -> dict[int, dict[date, MonthState]]:
    known = func.sum(case((Figure.gross.is_not(None), 1), else_=0))
    checked = func.sum(case((Figure.verified_at.is_not(None), 1), else_=0))
    counts = (
        select(Figure.firm_id, Figure.month, known, checked, func.count())
        .where(Figure.firm_id.in_(firm_ids))
        .group_by(Figure.firm_id, Figure.month)
    )
    found: dict[int, dict[date, MonthState]] = {}
    for firm_id, month, known_ones, checked_ones, all_ones in db.session.execute(counts):
        found.setdefault(firm_id, {})[month] = _state(known_ones, checked_ones, all_ones)
    return found


def _state(known: int, checked: int, all_ones: int) -> MonthState:
    if checked < known:
        return MonthState.TO_CHECK
    return MonthState.CHECKED if known == all_ones else MonthState.UNKNOWN


def _line(enrolment: Enrolment, states: Mapping[date, MonthState], is_frozen: bool, start: date) -> FirmLine:
    newest = ledger.last_ended_month(enrolment.firm)
    first = ledger.baseline_months(enrolment)[0]
    asked = {month: states.get(month, MonthState.MISSING) for month in months.months_between(first, newest)}
    awaited = any(
        state is MonthState.MISSING and (month >= start or not is_frozen) for month, state in asked.items()
    )
    if awaited:
        acts = Acts.FIRM
    elif MonthState.TO_CHECK in asked.values():
        acts = Acts.STAFF
    else:
        acts = Acts.NOBODY
    return FirmLine(enrolment=enrolment, states=asked, is_frozen=is_frozen, acts=acts)


# One source before and after


@dataclass(frozen=True, kw_only=True)
class SourceChange:
    """A channel whose figures before the course come from elsewhere than those since."""

    channel: Channel
    before: Sequence[str]
    after: Sequence[str]


def source_changes(figures: Iterable[Figure], start: date) -> list[SourceChange]:
    """Channels in which a change of source could look like a change of sales."""
    sources: dict[Channel, tuple[set[str], set[str]]] = {}
    for figure in figures:
        if figure.gross is not None:
            before, after = sources.setdefault(figure.channel, (set(), set()))
            (before if figure.month < start else after).add(figure.source)
    return [
        SourceChange(channel=channel, before=sorted(before), after=sorted(after))
        for channel, (before, after) in sources.items()
        if before and after and before != after
    ]


def digital_share(figures: Iterable[Figure]) -> Decimal | None:
    """Which part of a month was sold online; None while the total is not known or nothing was sold."""
    figures = list(figures)
    total = ledger.total_of(figures)
    if not total:
        return None
    online = sum((one.gross or Decimal(0) for one in figures if one.channel in DIGITAL), Decimal(0))
    return online / total


def part_of(figure: Figure, figures: Iterable[Figure]) -> Decimal | None:
    """Which part of its month a figure is."""
    total = ledger.total_of(figures)
    return figure.gross / total if total and figure.gross is not None else None
