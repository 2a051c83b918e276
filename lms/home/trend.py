"""Firms of a cohort that need someone, by reason and week, as a table with small columns in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from lms.cohorts.models import Cohort
from lms.foundation.clock import today
from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import ngettext
from lms.standing.attention import KEYS
from lms.standing.trends import Count, count_today, monday_of, weeks_before
from lms.standing.words import reason_titles
from lms.web import charts

Week = tuple[date, Count | None]


@dataclass(frozen=True)
class Line:
    """One reason (or any): its numbers week by week, None where nobody counted, and the same as columns."""

    title: str
    numbers: list[int | None]
    columns: Markup


@dataclass(frozen=True)
class Trend:
    """`weeks` are the Mondays of the past that are shown; the last number of each line is today's."""

    weeks: list[date]
    lines: list[Line]
    at_work: list[int | None]
    finding: str


def trend_of(cohort: Cohort) -> Trend:
    kept = {week.week_on: Count(week.at_work, week.needing, week.by_reason) for week in weeks_before(cohort)}
    weeks = _weeks(kept, monday_of(today(cohort.time_zone)))
    now = count_today(cohort)
    counts = [*(count for _monday, count in weeks), now]
    titles, top = reason_titles(), max(_share(count, count.needing) for count in counts if count)
    return Trend(
        weeks=[monday for monday, _count in weeks],
        lines=[
            _line(_("Any reason"), counts, lambda count: count.needing, top),
            *(_line(titles[key], counts, _of(key), top) for key in KEYS),
        ],
        at_work=[count.at_work if count else None for count in counts],
        finding=_finding(weeks, now),
    )


def _of(key: str) -> Callable[[Count], int]:
    return lambda count: count.by_reason.get(key, 0)


def _weeks(kept: Mapping[date, Count], this_week: date) -> list[Week]:
    """Every week from the first that was counted; one that nobody counted stays a gap, and is no zero."""
    if not kept:
        return []
    first = min(kept)
    return [
        (monday, kept.get(monday))
        for monday in (first + timedelta(weeks=n) for n in range((this_week - first).days // 7))
    ]


def _share(count: Count, number: int) -> float:
    """Of the firms at work, so that a cohort that grew does not look worse."""
    return number / max(count.at_work, 1)


def _line(title: str, counts: list[Count | None], number: Callable[[Count], int], top: float) -> Line:
    """All lines have one scale: a full column is the largest share that is shown."""
    shares = [_share(count, number(count)) / (top or 1) if count else None for count in counts]
    numbers = [number(count) if count else None for count in counts]
    return Line(title, numbers, charts.week_columns(shares))


def _finding(weeks: list[Week], now: Count) -> str:
    """What there is today and what there was first, as plain for more as for less."""
    said = _("Today %(part)s of %(all)s firms need someone", part=now.needing, all=now.at_work)
    before = next((count for _monday, count in weeks if count), None)
    if before is None:
        return said
    then = ngettext(
        "%(num)s week ago there were %(part)s of %(all)s",
        "%(num)s weeks ago there were %(part)s of %(all)s",
        len(weeks),
        part=before.needing,
        all=before.at_work,
    )
    return f"{said}; {then}"
