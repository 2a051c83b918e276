"""A report as one plain document: the page, every export and the published snapshot say what is in here.

Names of firms are not in it: rows carry the enrolment, and who may read the names looks them up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lms.cohorts import schedule
from lms.cohorts import services as cohorts
from lms.cohorts.models import Cohort, Enrolment, Purpose
from lms.followups import services as followups
from lms.foundation import apart
from lms.foundation.clock import today
from lms.foundation.db import db, in_parts
from lms.foundation.garbage import uncollected
from lms.reports import deflating, disclosure, effect, levels, lines, shown, volumes
from lms.reports.disclosure import PublicFirm
from lms.reports.effect import Effect, Kind, Totals
from lms.reports.evaluation import PRIMARY, WINDOWS, Block, Measured, by_distance, measured
from lms.reports.evaluation_data import Asked, Months, computed, finite, window_name
from lms.reports.lines import Line
from lms.reports.models import PriceIndex
from lms.reports.selection import Selection
from lms.sales import months

VERSION = 1
PUBLIC_STAGES = (lines.ADMITTED, lines.GRADUATED)
_GRADUATES, _REAL = "graduates", "real"


def document_of(
    selection: Selection,
    admitted: Sequence[Line] | None = None,
    told: Callable[[int], None] = lambda _firms: None,
) -> dict[str, Any]:
    """Everything that the report of this selection says; its firms are read if they are not given.

    `told` hears how many of them were read so far.
    """
    with uncollected():
        return _document(selection, admitted, told)


def _document(
    selection: Selection, admitted: Sequence[Line] | None, told: Callable[[int], None]
) -> dict[str, Any]:
    if admitted is None:
        admitted = lines.lines_of(*selection.conditions(), told=told)
    started = [line for line in admitted if lines.STARTED in line.stages]
    begun = [cohort for cohort in selection.cohorts if any(line.cohort_id == cohort.id for line in started)]
    others = _later_firms(selection, begun, started)
    pesos = _RealPesos(started)
    found = _computed(selection, begun, started, others, pesos)
    primary = found["windows"][window_name(PRIMARY)]
    has_started = Enrolment.started_at.is_not(None)
    content = {
        "version": VERSION,
        "about": _about(selection, begun),
        "flow": {stage: sum(stage in line.stages for line in admitted) for stage in lines.FLOW},
        "primary_window": window_name(PRIMARY),
        "windows": found["windows"],
        "graduates": found["groups"][_GRADUATES],
        "real": pesos.said(found["groups"].get(_REAL)),
        "event_study": _events(selection, begun, started, found["events"]),
        "comparison_firms": primary["comparison"]["flow"]["firms"] if primary["comparison"] else 0,
        "volumes": volumes.summarized(line.volumes for line in started),
        "sources": levels.sources(started),
        "months": sorted({month.month for line in started for month in line.effect.months}),
        "completeness": levels.completeness(started),
        "follow_ups": [asdict(one) for one in followups.counts(begun)],
        "dose": levels.dose(started),
        "practices": [asdict(one) for one in levels.practices(*selection.conditions(), has_started)],
        "learning": levels.learning(begun),
        "public": _public(admitted) if selection.is_whole_programme else None,
    }
    return finite(content) | {"firms": [_row(line) for line in started]}


def _about(selection: Selection, begun: Sequence[Cohort]) -> dict[str, Any]:
    programme = selection.programme
    return {
        "programme_id": programme.id,
        "programme": programme.name,
        "convener": programme.convener,
        "cohorts": [
            {
                "id": cohort.id,
                "name": cohort.name,
                "starts_on": cohort.starts_on.isoformat(),
                "ends_on": schedule.ends_on(cohort.starts_on, selection.weeks[cohort.id]).isoformat(),
            }
            for cohort in begun
        ],
        "sector": selection.sector.value if selection.sector else None,
        "state": selection.state or None,
        "made_on": today().isoformat(),
    }


def _measured(line: Line, length: int, totals: Totals | None = None) -> Measured:
    known = dict(line.known) if totals is None else totals
    when = effect.first_months(line.windows, length)
    is_read = totals is None and length == PRIMARY
    return measured(str(line.firm_id), known, when, line.effect if is_read else effect.effect_of(known, when))


def _computed(
    selection: Selection,
    begun: Sequence[Cohort],
    started: Sequence[Line],
    others: Sequence[Line],
    pesos: "_RealPesos",
) -> dict[str, Any]:
    """The statistics, one question at a time: all together would be in the memory of two processes."""
    found: dict[str, Any] = {"windows": {}, "groups": {}}
    for length in WINDOWS:
        blocks = _blocks(selection, begun, started, others, length)
        found["windows"] |= apart.shared.call(computed, Asked(windows={length: blocks}))["windows"]
    groups = {_GRADUATES: [_measured(line, PRIMARY) for line in started if lines.GRADUATED in line.stages]}
    if pesos.base:
        groups[_REAL] = [_measured(line, PRIMARY, pesos.totals(line)) for line in started]
    found["groups"] = apart.shared.call(computed, Asked(groups=groups))["groups"]
    around = _around_start(selection, begun, started, others)
    found["events"] = apart.shared.call(computed, Asked(months=around))["events"] if around else None
    return found


def _blocks(
    selection: Selection,
    begun: Sequence[Cohort],
    started: Sequence[Line],
    others: Sequence[Line],
    length: int,
) -> list[Block]:
    """The cohorts of one window, the one with most measured firms first."""
    blocks = [_block(selection, cohort, started, others, length) for cohort in begun]
    blocks.sort(key=lambda block: -sum(firm.effect.is_measured for firm in block.program))
    return blocks or [Block(start=today(), program=())]


def _block(
    selection: Selection, cohort: Cohort, started: Sequence[Line], others: Sequence[Line], length: int
) -> Block:
    """The firms of a cohort, and those that come later in the cohort's own months."""
    own = _of_cohort(cohort, started)
    when = effect.windows(cohort.starts_on, selection.weeks[cohort.id], today(cohort.time_zone))
    when = effect.first_months(when, length)
    compared = []
    for line in _comparable(cohort, own, others):
        known = line.books_before_start
        found = effect.effect_of(known, when)
        compared.append(measured(str(line.firm_id), known, when, found))
    return Block(
        start=months.first_of(cohort.starts_on),
        program=tuple(_measured(line, length) for line in own),
        comparison=tuple(compared),
    )


def _comparable(cohort: Cohort, own: Sequence[Line], others: Sequence[Line]) -> list[Line]:
    """Firms of the same sectors that came later and were in no course of the programme before."""
    sectors, ids = {line.sector for line in own}, {line.firm_id for line in own}
    return [
        line
        for line in others
        if line.sector in sectors and line.starts_on > cohort.starts_on and line.firm_id not in ids
    ]


def _later_firms(selection: Selection, begun: Sequence[Cohort], started: Sequence[Line]) -> list[Line]:
    """The programme's firms in later cohorts, each by its first one; whoever was there before is none."""
    if not begun or not started:
        return []
    first = min(cohort.starts_on for cohort in begun)
    later = (
        select(Enrolment.firm_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.programme_id == selection.programme.id, Cohort.starts_on > first)
    )
    found = lines.lines_of(Cohort.programme_id == selection.programme.id, Enrolment.firm_id.in_(later))
    earliest: dict[int, Line] = {}
    for line in sorted(found, key=lambda line: (line.starts_on, line.enrolment_id)):
        earliest.setdefault(line.firm_id, line)
    return [line for line in earliest.values() if line.starts_on > first]


def _around_start(
    selection: Selection, begun: Sequence[Cohort], started: Sequence[Line], others: Sequence[Line]
) -> Months | None:
    """Month by month for the cohort with most firms that have a change."""
    if not begun:
        return None
    main = _main(begun, started)
    own = _of_cohort(main, started)
    if not _comparable(main, own, others):
        return None
    length = len(schedule.programme_months(main.starts_on, selection.weeks[main.id]))

    def around(totals: Totals) -> Mapping[int, float]:
        return by_distance(totals, months.first_of(main.starts_on), length)

    return Months(
        program=[around(line.books) for line in own],
        comparison=[around(line.books_before_start) for line in _comparable(main, own, others)],
    )


def _events(
    selection: Selection, begun: Sequence[Cohort], started: Sequence[Line], found: dict[str, Any] | None
) -> dict[str, Any] | None:
    if not found:
        return None
    main = _main(begun, started)
    length = len(schedule.programme_months(main.starts_on, selection.weeks[main.id]))
    return {"cohort": main.name, "programme_months": length, **found}


def _main(begun: Sequence[Cohort], started: Sequence[Line]) -> Cohort:
    def with_change(cohort: Cohort) -> int:
        return sum(line.effect.is_measured for line in _of_cohort(cohort, started))

    return max(begun, key=with_change)


def _of_cohort(cohort: Cohort, started: Sequence[Line]) -> list[Line]:
    return [line for line in started if line.cohort_id == cohort.id]


class _RealPesos:
    """The primary window in pesos of its last month; only where no month that counts lacks its index."""

    def __init__(self, started: Sequence[Line]):
        self.prices = {row.month: row for row in db.session.scalars(select(PriceIndex))}
        self.index = {month: row.value for month, row in self.prices.items()}
        self.needed = deflating.needed_months(line.effect for line in started)
        self.missing = deflating.missing_months(self.needed, self.index)
        self.base = max(self.needed) if self.needed and not self.missing else None

    def totals(self, line: Line) -> Totals:
        assert self.base is not None
        return deflating.deflate(line.known, self.index, self.base)

    def said(self, change: dict[str, Any] | None) -> dict[str, Any]:
        written = months.write_month
        rows = sorted(self.needed) if self.base else []
        return {
            "change": change,
            "base": written(self.base) if self.base else None,
            "missing": [written(month) for month in self.missing],
            "index": [
                {
                    "month": written(month),
                    "value": str(self.index[month]),
                    "source": self.prices[month].source,
                }
                for month in rows
            ],
        }


def _row(line: Line) -> dict[str, Any]:
    """One firm; nothing in it can be without end, so that it need not be looked through for that."""
    found = line.effect
    return {
        "enrolment": line.enrolment_id,
        "kind": found.kind.value,
        "before": _number(found.before),
        "after": _number(found.after),
        "ratio": _number(found.ratio),
        "adjusted": found.adjusted,
        "checked": found.verified,
        "months_before": len(found.compared),
        "months_after": len(found.months),
        "source_before": line.tier_before.value if line.tier_before else None,
        "source_after": line.tier_after.value if line.tier_after else None,
        "orders_before": line.volumes.before.orders,
        "orders_after": line.volumes.after.orders,
        "units_before": line.volumes.before.units,
        "units_after": line.volumes.after.units,
        "online_share_before": line.volumes.before.online_share,
        "online_share_after": line.volumes.after.online_share,
        "began_online": line.volumes.began_online,
    }


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _public(admitted: Sequence[Line]) -> dict[str, Any]:
    """What strangers may read, and on which firms' figures it rests.

    Sales are those of firms whose owner agreed to the study of results; who only learns is counted in the
    flow alone.
    """
    admitted = [line for line in admitted if line.starts_on <= today()]
    agreed: set[int] = set()
    for some in in_parts(list({line.firm_id for line in admitted})):
        agreed |= cohorts.firms_granting(some, Purpose.IMPACT_STUDY)
    firms = [_as_public(line, line.firm_id in agreed) for line in lines.once_per_firm(admitted)]
    view = disclosure.publish(firms, PUBLIC_STAGES)
    return {
        "shown": shown.as_data(view),
        "adjusted": all(firm.effect.adjusted for firm in firms if firm.effect.is_measured),
        "rests_on": shown.rests_on(firms),
    }


def _as_public(line: Line, agreed: bool) -> PublicFirm:
    return PublicFirm(
        number=line.firm_id,
        sector=line.sector.value,
        state=line.state,
        effect=line.effect if agreed else Effect(kind=Kind.NO_AFTER),
        stages=line.stages,
    )
