"""Milestones and sales as the gathering pages show them: to the firm with what to do next, to staff with
what to check."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from lms.cohorts.models import Enrolment
from lms.curriculum.syllabus import Milestone, syllabus
from lms.foundation.i18n import gettext as _
from lms.foundation.money import format_money
from lms.sales import services as sales
from lms.sales.models import MilestoneReached
from lms.sales.months import months_before
from lms.standing.services import Standing
from lms.web import charts
from lms.web.templating import month_name, short_date, short_month

MONTHS_SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A chart with its finding and its numbers, as macros/chart.html shows it."""

    svg: Markup
    finding: str
    measure: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One milestone of a firm."""

    title: str
    note: str
    reached: bool
    is_next: bool = False
    url: str = ""
    action: str = ""
    verify_url: str = ""


def for_member(enrolment: Enrolment, standing: Standing) -> list[Line]:
    """The milestones in order; the first that is missing is the next one."""
    claims = _claims(enrolment)
    definitions = syllabus(enrolment.cohort.course_version_id).milestones
    missing = next((d.code for d in definitions if d.code not in standing.milestones), None)
    return [
        Line(
            title=definition.title,
            note=_note(definition, claims.get(definition.id), definition.code in standing.milestones),
            reached=definition.code in standing.milestones,
            is_next=definition.code == missing,
            **_what_to_do(definition, claims.get(definition.id), definition.code in standing.milestones),
        )
        for definition in definitions
    ]


def for_staff(enrolment: Enrolment, standing: Standing) -> list[Line]:
    """The same with a way to check what the firm says it reached."""
    claims = _claims(enrolment)
    lines = []
    for definition in syllabus(enrolment.cohort.course_version_id).milestones:
        claim, reached = claims.get(definition.id), definition.code in standing.milestones
        waits = claim is not None and claim.verified_at is None and not reached
        url = url_for("sales.verify_milestone", milestone_reached_id=claim.id) if claim and waits else ""
        lines.append(
            Line(
                title=definition.title,
                note=_note(definition, claim, reached),
                reached=reached,
                verify_url=url,
            )
        )
    return lines


def _claims(enrolment: Enrolment) -> dict[int, MilestoneReached]:
    return {claim.milestone_id: claim for claim in sales.milestones_of([enrolment.id]).get(enrolment.id, [])}


def _note(definition: Milestone, claim: MilestoneReached | None, reached: bool) -> str:
    if reached and claim:
        return _("%(day)s · %(evidence)s", day=short_date(claim.reached_on), evidence=claim.evidence)
    if reached:
        return _("Done")
    if claim:
        return _("You said so; your mentor has to check it")
    if definition.months_after:
        return _("%(months)s months after the course", months=definition.months_after)
    return _("Week %(number)s", number=definition.week_number)


def _what_to_do(definition: Milestone, claim: MilestoneReached | None, reached: bool) -> dict[str, str]:
    if reached or claim:
        return {}
    if definition.proof == "baseline":
        return {"url": url_for("sales.baseline"), "action": _("Write down my starting point")}
    if definition.proof == "claim":
        url = url_for("sales.claim_milestone", milestone_definition_id=definition.id)
        return {"url": url, "action": _("I reached it")}
    return {}


def sales_chart(enrolment: Enrolment) -> Drawing | None:
    """The firm's own months as a line with the same months a year before; None until there is one."""
    totals = sales.monthly_totals([enrolment.firm_id]).get(enrolment.firm_id, {})
    known = {month: amount for month, amount in totals.items() if amount is not None}
    if not known:
        return None
    last = max(known)
    months = [*months_before(last, MONTHS_SHOWN - 1), last]
    year_before = [known.get(month.replace(year=month.year - 1)) for month in months]
    points = [(short_month(month), known.get(month)) for month in months]
    title = _finding(known, last)
    return Drawing(
        svg=charts.line_by_month(points, year_before, title=title),
        finding=title,
        measure=_("Sales of each month, in pesos; dotted, the same months a year before"),
        head=(_("Month"), _("Sales")),
        rows=[(month_name(month), format_money(known.get(month))) for month in months],
    )


def _finding(known: dict, last: Any) -> str:
    """What the newest month says, as plain for a fall as for a rise."""
    before = known.get(last.replace(year=last.year - 1))
    month = month_name(last)
    if not before:
        return _("In %(month)s you sold %(amount)s", month=month, amount=format_money(known[last]))
    change = round((float(known[last]) / float(before) - 1) * 100)
    if abs(change) <= 1:
        return _("In %(month)s you sold about the same as a year before", month=month)
    if change > 0:
        return _("In %(month)s you sold %(percent)s%% more than a year before", month=month, percent=change)
    return _("In %(month)s you sold %(percent)s%% less than a year before", month=month, percent=-change)


def reached_chart(lines: Iterable[Any]) -> Drawing | None:
    """How many firms of the newest cohort at work reached each milestone."""
    line = next((one for one in lines if one.reached and one.active), None)
    if line is None:
        return None
    rows = [(title, count, str(count)) for title, count in line.reached]
    title = _("Milestones reached: %(cohort)s", cohort=line.cohort.name)
    return Drawing(
        svg=charts.bars(rows, title=title, top=line.active + line.paused),
        finding=title,
        measure=_("Firms that reached each one, of %(all)s at work", all=line.active + line.paused),
        head=(_("Milestone"), _("Firms")),
        rows=[(name, text) for name, _value, text in rows],
    )
