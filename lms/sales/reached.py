"""Milestones: recorded when figures prove them, claimed in the firm's words, checked by staff."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from lms import events
from lms.cohorts import schedule
from lms.cohorts.models import Enrolment
from lms.curriculum.models import MilestoneDefinition
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.money import format_money
from lms.sales import ledger, months
from lms.sales.milestones import Proof, Record, Sold, proven
from lms.sales.models import DIGITAL, MilestoneReached

# What a firm may say of itself; the others come from the baseline, the decision and the months afterwards.
CLAIMABLE = ("claim", "first_sale", "orders")


def milestones_of(enrolment_ids: Collection[int]) -> dict[int, list[MilestoneReached]]:
    """The milestones that each enrolment reached, in the order of their codes, in one query."""
    found = (
        select(MilestoneReached)
        .join(MilestoneReached.milestone)
        .where(MilestoneReached.enrolment_id.in_(enrolment_ids))
        .order_by(MilestoneReached.enrolment_id, MilestoneDefinition.code)
    )
    reached: dict[int, list[MilestoneReached]] = {}
    for one in db.session.scalars(found):
        reached.setdefault(one.enrolment_id, []).append(one)
    return reached


def claimable(enrolment: Enrolment, milestone_definition_id: int) -> MilestoneDefinition | None:
    """The milestone of the enrolment's course that a firm may claim, or None."""
    found = db.session.get(MilestoneDefinition, milestone_definition_id)
    if found is None or found.version_id != enrolment.cohort.course_version_id:
        return None
    return found if found.proof in CLAIMABLE else None


def reached_one(enrolment: Enrolment, milestone: MilestoneDefinition) -> MilestoneReached | None:
    """The firm's own record of one milestone."""
    wanted = (MilestoneReached.enrolment_id == enrolment.id) & (MilestoneReached.milestone_id == milestone.id)
    return db.session.scalars(select(MilestoneReached).where(wanted)).first()


def claim_milestone(
    enrolment: Enrolment,
    milestone: MilestoneDefinition,
    evidence: str,
    *,
    by: Any,
    reached_on: date | None = None,
) -> MilestoneReached:
    """Say that a milestone was reached and how to see it; until staff checked it, it may be said again."""
    day = today(enrolment.firm.time_zone)
    if reached_on and reached_on > day:
        raise Refused(_("That day has not come yet. Write the day on which it happened."))
    claim = reached_one(enrolment, milestone)
    if claim and claim.verified_at:
        raise Refused(_("This milestone was checked already. Congratulations."))
    if claim is None:
        claim = _record(enrolment, milestone, by_id=by.id, on=reached_on or day, evidence=evidence)
    claim.evidence, claim.reached_on = evidence, reached_on or day
    claim.user_id, claim.claimed_at = by.id, now()
    db.session.flush()
    events.publish(
        events.MilestoneClaimed(
            actor_id=by.id, enrolment_id=enrolment.id, firm_id=enrolment.firm_id, code=milestone.code
        )
    )
    return claim


def verify_milestone(reached: MilestoneReached, *, by: Any) -> None:
    """Staff looked and it is so."""
    if reached.verified_at:
        raise Refused(_("This milestone was checked already. Congratulations."))
    if reached.user_id == by.id:
        raise Refused(_("Somebody else has to check what you wrote down yourself."))
    reached.verified_by_id, reached.verified_at = by.id, now()
    events.publish(
        events.MilestoneVerified(
            actor_id=by.id,
            enrolment_id=reached.enrolment_id,
            firm_id=reached.firm_id,
            code=reached.milestone.code,
        )
    )


def record_proven(enrolment: Enrolment, *, by_id: int) -> list[MilestoneReached]:
    """Record every milestone that the figures prove by now; `by_id` is who wrote the figures that did.

    A frozen baseline needs no second look and counts as checked; figures can be wrong, so others wait.
    """
    known = {one.milestone_id for one in milestones_of([enrolment.id]).get(enrolment.id, [])}
    record = _record_of(enrolment)
    recorded = []
    for milestone in enrolment.cohort.course_version.milestones:
        proof = proven(milestone, record) if milestone.id not in known else None
        if proof is None:
            continue
        day = _day_of(proof, today(enrolment.firm.time_zone))
        one = _record(enrolment, milestone, by_id=by_id, on=day, evidence=_in_words(milestone.proof, proof))
        if milestone.proof == "baseline":
            one.verified_at = now()
        recorded.append(one)
    db.session.flush()
    return recorded


def _record(
    enrolment: Enrolment, milestone: MilestoneDefinition, *, by_id: int, on: date, evidence: str
) -> MilestoneReached:
    reached = MilestoneReached(
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        user_id=by_id,
        milestone_id=milestone.id,
        reached_on=on,
        evidence=evidence,
        claimed_at=now(),
    )
    db.session.add(reached)
    return reached


def _record_of(enrolment: Enrolment) -> Record:
    figures = ledger.figures_of(enrolment.firm_id)
    baseline = ledger.baseline_of(enrolment.id)
    cohort = enrolment.cohort
    end = schedule.ends_on(cohort.starts_on, cohort.course_version.weeks, enrolment.paused_days)
    return Record(
        start=ledger.start_month(enrolment),
        end=months.first_of(end),
        sold=tuple(
            Sold(month=one.month, is_digital=one.channel in DIGITAL, gross=one.gross, orders=one.orders)
            for one in figures
        ),
        baseline_months=ledger.known_months(baseline) if baseline else 0,
    )


def _day_of(proof: Proof, day: date) -> date:
    """A month's figure proves its milestone by the last day of the month."""
    return min(months.following(proof.month) - timedelta(days=1), day) if proof.month else day


def _in_words(kind: str, proof: Proof) -> str:
    month = months.write_month(proof.month) if proof.month else ""
    if kind == "baseline":
        return _("Starting point frozen with %(number)s known months.", number=proof.amount)
    if kind == "first_sale":
        return _(
            "Figures of %(month)s: %(amount)s sold online.", month=month, amount=format_money(proof.amount)
        )
    if kind == "orders":
        return _("%(number)s online orders added up until %(month)s.", month=month, number=proof.amount)
    return _("Sales written down until %(month)s.", month=month)
