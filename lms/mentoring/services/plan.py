"""The connection plan of a cohort, and what of it each mentor has to do now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from lms import events
from lms.cohorts.models import Cohort, Enrolment, EnrolmentState
from lms.cohorts.schedule import week_of
from lms.cohorts.services import enrolments_visible_to, paused_days_today
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.mentoring.models import PlanStep, PlanTick
from lms.mentoring.services.keeping import add

MOST_STEPS = 60


@dataclass
class Due:
    """One step with the firms of a mentor for which its week has come: those that wait, those done."""

    step: PlanStep
    waiting: list[Enrolment] = field(default_factory=list)
    done: list[Enrolment] = field(default_factory=list)


def usual_plan() -> tuple[tuple[int, str], ...]:
    """What a programme begins with, until its lead writes something else."""
    return (
        (1, _("First call: who they are, their goal, and how you will work together")),
        (1, _("Check with them that the starting point is written down")),
        (2, _("Visit or video call: see the workshop and the products")),
        (4, _("Go through their first listing with them")),
        (6, _("Look at costs and price with their own numbers")),
        (8, _("Halfway: what of the goal is reached, what gets in the way")),
        (10, _("Look at orders and answers to buyers")),
        (12, _("Check the months of sales and their evidence")),
        (14, _("What is missing to graduate")),
        (16, _("Close: what stays, what comes next, and thanks")),
    )


def steps_of(cohort: Cohort) -> list[PlanStep]:
    """The plan as it stands, week by week."""
    kept = select(PlanStep).where(PlanStep.cohort_id == cohort.id, PlanStep.dropped_at.is_(None))
    return list(db.session.scalars(kept.order_by(PlanStep.week, PlanStep.id)))


def add_step(cohort: Cohort, week: int, text: str, *, by: Any) -> PlanStep:
    if not 0 <= week <= cohort.course_version.weeks:
        raise Refused(_("This course has weeks 0 to %(last)s.", last=cohort.course_version.weeks))
    if len(steps_of(cohort)) >= MOST_STEPS:
        raise Refused(_("A plan nobody can keep helps nobody. Take something out first."))
    step = PlanStep(cohort_id=cohort.id, week=week, text=text.strip(), created_at=now())
    add(step)
    _tell(cohort, by)
    return step


def use_usual_plan(cohort: Cohort, *, by: Any) -> None:
    if steps_of(cohort):
        raise Refused(_("This cohort has a plan already."))
    for week, text in usual_plan():
        if week <= cohort.course_version.weeks:
            add(PlanStep(cohort_id=cohort.id, week=week, text=text, created_at=now()))
    _tell(cohort, by)


def drop_step(step: PlanStep, *, by: Any) -> None:
    """Take a step out; what was done of it stays on record."""
    if step.dropped_at is None:
        step.dropped_at = now()
        db.session.flush()
        _tell(step.cohort, by)


def _tell(cohort: Cohort, by: Any) -> None:
    events.publish(
        events.ProgrammeChanged(actor_id=by.id, programme_id=cohort.programme_id, what="connection plan")
    )


def due_for(person: Any, *, with_done: bool = False) -> list[Due]:
    """The steps whose week has come for the firms that this person mentors, oldest first."""
    own = enrolments_visible_to(person).where(
        Enrolment.mentor_id == person.id, Enrolment.state == EnrolmentState.ACTIVE
    )
    enrolments = sorted(db.session.scalars(own), key=lambda one: one.firm.name)
    if not enrolments:
        return []
    ticks = _ticks(enrolments)
    by_cohort: dict[int, list[Enrolment]] = defaultdict(list)
    for enrolment in enrolments:
        by_cohort[enrolment.cohort_id].append(enrolment)
    kept = select(PlanStep).where(PlanStep.cohort_id.in_(by_cohort), PlanStep.dropped_at.is_(None))
    found = []
    for step in db.session.scalars(kept.order_by(PlanStep.week, PlanStep.id)):
        due = Due(step)
        for enrolment in by_cohort[step.cohort_id]:
            if step.week <= _week_now(enrolment):
                (due.done if (enrolment.id, step.id) in ticks else due.waiting).append(enrolment)
        if due.waiting or (with_done and due.done):
            found.append(due)
    return found


def waiting_steps(weeks: Mapping[int, Mapping[int, int]]) -> list[tuple[PlanStep, list[int]]]:
    """The steps whose week has come and the enrolments that wait for each, in one query.

    `weeks` says for each cohort in which week each of the enrolments is.
    """
    ids = [key for of_cohort in weeks.values() for key in of_cohort]
    is_tick = (PlanTick.step_id == PlanStep.id) & PlanTick.enrolment_id.in_(ids)
    kept = (
        select(PlanStep, PlanTick.enrolment_id)
        .outerjoin(PlanTick, is_tick)
        .where(PlanStep.cohort_id.in_(weeks), PlanStep.dropped_at.is_(None))
        .order_by(PlanStep.week, PlanStep.id)
        .options(lazyload(PlanStep.cohort))
    )
    done: dict[PlanStep, set[int]] = {}
    for step, enrolment_id in db.session.execute(kept):
        done.setdefault(step, set()).add(enrolment_id)
    found = []
    for step, ticked in done.items():
        come = [key for key, week in weeks[step.cohort_id].items() if step.week <= week]
        if waiting := [key for key in come if key not in ticked]:
            found.append((step, waiting))
    return found


def _ticks(enrolments: Iterable[Enrolment]) -> set[tuple[int, int]]:
    done = select(PlanTick.enrolment_id, PlanTick.step_id).where(
        PlanTick.enrolment_id.in_([one.id for one in enrolments])
    )
    return {(enrolment_id, step_id) for enrolment_id, step_id in db.session.execute(done)}


def _week_now(enrolment: Enrolment) -> int:
    cohort = enrolment.cohort
    return week_of(cohort.starts_on, today(cohort.time_zone), paused_days_today(enrolment))


def tick_step(enrolment: Enrolment, step_id: int, done: bool, *, by: Any) -> None:
    """Say that a step was done with a firm, or that it was not after all. Saying it twice changes nothing."""
    step = db.session.get(PlanStep, step_id)
    if step is None or step.cohort_id != enrolment.cohort_id:
        raise Refused(_("This is not in the plan of this firm's cohort."))
    tick = db.session.scalars(
        select(PlanTick).where(PlanTick.enrolment_id == enrolment.id, PlanTick.step_id == step_id)
    ).first()
    if done and tick is None:
        add(
            PlanTick(
                enrolment=enrolment,
                firm_id=enrolment.firm_id,
                user_id=by.id,
                step_id=step_id,
                done_at=now(),
            )
        )
    elif not done and tick is not None:
        db.session.delete(tick)
        db.session.flush()
