"""What a report says besides sales: sources, help given, practices, what people learnt. It describes only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Firm
from lms.cohorts.models import Cohort, Enrolment
from lms.curriculum.models import Practice
from lms.foundation.db import db, in_parts
from lms.learning.sittings import cohort_gain
from lms.mentoring.models import Moment, PracticeCheck, Session, SessionState
from lms.reports import effect
from lms.reports.effect import FEWEST_FOR_STATISTICS
from lms.reports.lines import Line


@dataclass(frozen=True, kw_only=True)
class PracticeLine:
    """How many firms had a practice at the start and at the end, of those that answered both times."""

    text: str
    asked: int
    start: int
    end: int


def practices(*conditions: Any) -> list[PracticeLine]:
    """Every practice that firms answered at both ends."""
    first, last = aliased(PracticeCheck), aliased(PracticeCheck)
    same = and_(
        last.enrolment_id == first.enrolment_id,
        last.practice_id == first.practice_id,
        last.moment == Moment.END,
    )
    found = (
        select(
            Practice.text,
            func.count().label("asked"),
            func.sum(case((first.yes, 1), else_=0)).label("start"),
            func.sum(case((last.yes, 1), else_=0)).label("end"),
        )
        .join(first, and_(first.practice_id == Practice.id, first.moment == Moment.START))
        .join(last, same)
        .join(Enrolment, Enrolment.id == first.enrolment_id)
        .join(Firm, Firm.id == Enrolment.firm_id)
        .where(*conditions)
        .group_by(Practice.id, Practice.text, Practice.position)
        .order_by(Practice.position, Practice.id)
    )
    rows = db.session.execute(found)
    return [PracticeLine(text=row.text, asked=row.asked, start=row.start, end=row.end) for row in rows]


def sources(lines: Sequence[Line]) -> dict[str, Any]:
    """On what the figures of the firms with a change rest, by the weakest month of each side."""
    measured = [line for line in lines if line.effect.is_measured]
    return {
        "firms": len(measured),
        "before": dict(Counter(line.tier_before.value for line in measured if line.tier_before)),
        "after": dict(Counter(line.tier_after.value for line in measured if line.tier_after)),
        "self_reported": sum(line.is_self_reported for line in measured),
        "changed_source": sum(line.changed_source for line in measured),
        "checked": sum(line.effect.verified for line in measured),
    }


def dose(lines: Sequence[Line]) -> dict[str, Any]:
    """Firms with less and with more help, and with fewer and more new practices, each with its change."""
    ids = [line.enrolment_id for line in lines]
    return {
        "hours": _halves(lines, {key: minutes / 60 for key, minutes in _minutes(ids).items()}, default=0.0),
        "practices": _halves(lines, _adopted(ids)),
    }


def _minutes(enrolment_ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in in_parts(enrolment_ids):
        found |= _minutes_of(some)
    return found


def _minutes_of(enrolment_ids: Sequence[int]) -> dict[int, int]:
    held = (
        select(Session.enrolment_id, func.sum(Session.minutes))
        .where(
            Session.enrolment_id.in_(enrolment_ids),
            Session.state.in_([SessionState.HELD, SessionState.MADE_UP]),
        )
        .group_by(Session.enrolment_id)
    )
    return {key: int(minutes) for key, minutes in db.session.execute(held)}


def _adopted(enrolment_ids: Sequence[int]) -> dict[int, float]:
    """How many practices more a firm has at the end than at the start, where it answered both times."""
    found: dict[int, dict[Moment, int]] = {}
    for some in in_parts(enrolment_ids):
        for key, moment, count in db.session.execute(_counted(some)):
            found.setdefault(key, {})[moment] = int(count)
    return {
        key: float(both[Moment.END] - both[Moment.START]) for key, both in found.items() if len(both) == 2
    }


def _counted(enrolment_ids: Sequence[int]) -> Any:
    yes = func.sum(case((PracticeCheck.yes, 1), else_=0))
    return (
        select(PracticeCheck.enrolment_id, PracticeCheck.moment, yes)
        .where(
            PracticeCheck.enrolment_id.in_(enrolment_ids),
            PracticeCheck.moment.in_([Moment.START, Moment.END]),
        )
        .group_by(PracticeCheck.enrolment_id, PracticeCheck.moment)
    )


def _halves(
    lines: Sequence[Line], amounts: Mapping[int, float], default: float | None = None
) -> dict[str, Any] | None:
    """The firms with a change in two halves by an amount; None where either has fewer than five."""
    pairs = [
        (amount, line.effect.ratio)
        for line in lines
        if line.effect.ratio is not None and (amount := amounts.get(line.enrolment_id, default)) is not None
    ]
    if not pairs:
        return None
    middle = median(amount for amount, _ratio in pairs)
    less = [ratio for amount, ratio in pairs if amount <= middle]
    more = [ratio for amount, ratio in pairs if amount > middle]
    if min(len(less), len(more)) < FEWEST_FOR_STATISTICS:
        return None
    return {
        "middle": middle,
        "less": {"firms": len(less), "median_ratio": median(less)},
        "more": {"firms": len(more), "median_ratio": median(more)},
    }


def learning(cohorts: Sequence[Cohort]) -> dict[str, Any]:
    """The test before and after, over all cohorts: right answers of those who answered both forms."""
    gains = [cohort_gain(cohort) for cohort in cohorts]
    told = [(gain.both, one) for gain in gains for one in gain.gains]
    asked = sum(both for both, _one in told)
    return {
        "people_before": sum(gain.before for gain in gains),
        "people_both": sum(gain.both for gain in gains),
        "share_before": sum(one.before for _both, one in told) / asked if asked else None,
        "share_after": sum(one.after for _both, one in told) / asked if asked else None,
    }


def completeness(lines: Sequence[Line]) -> list[dict[str, int]]:
    """For each month before the course and after it, of how many firms the sales are known."""
    firms: Counter[int] = Counter()
    known: Counter[int] = Counter()
    for line in lines:
        sold = dict(line.known)
        for first, months in ((-effect.YEAR, line.windows.before), (1, line.windows.after)):
            for at, month in enumerate(months, first):
                firms[at] += 1
                known[at] += sold.get(month) is not None
    # Of the months before one says also that there is no firm.
    told = [*range(-effect.YEAR, 0), *(at for at in range(1, effect.YEAR + 1) if firms[at])]
    return [{"month": at, "firms": firms[at], "known": known[at]} for at in told]
