"""For when an invented firm's tasks were, the days it asked for, and what its mentor handed in for it.

The chances have seeds of their own, so that everything else of the invented programme stays as it was.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from lms.assignments.deadlines import day_of
from lms.assignments.models import Assistance, Extension, ExtensionState, SubmissionState
from lms.cohorts.schedule import due_on

ZONE = "America/Mexico_City"
REASONS = (
    "Tuvimos un pedido grande y no alcanzamos.",
    "Se descompuso la máquina y la arreglan el jueves.",
    "Mi hija toma las fotos y está en exámenes.",
)


def arrived(world: Any, case: Any, week: int, at: datetime) -> datetime:
    """When the work came: now and then some days after its date."""
    chance = Random(f"late-{case.enrolment_id}-{week}")
    later = at + timedelta(days=chance.randint(2, 5)) if chance.random() < 0.12 else at
    return min(later, world.now - timedelta(minutes=5))


def due_facts(case: Any, week: int, at: datetime) -> dict[str, Any]:
    due = due_on(case.starts_on, week)
    return {"due_on": due, "late": day_of(at, ZONE) > due}


def is_assisted(case: Any, week: int, state: SubmissionState) -> bool:
    """Whether the mentor handed it in during a visit."""
    return Random(f"assisted-{case.enrolment_id}-{week}").random() < (
        0.12 if state is SubmissionState.HANDED_IN else 0.04
    )


def assistance(case: Any, state: SubmissionState, at: datetime, assisted: bool) -> dict[str, Any]:
    """What the firm said to it: work that is reviewed was confirmed, what waits is not yet."""
    waits = state is SubmissionState.HANDED_IN
    answer = (Assistance.ASKED if waits else Assistance.CONFIRMED) if assisted else None
    is_answered = answer is Assistance.CONFIRMED
    return {
        "assistance": answer,
        "answered_by_id": case.people[0] if is_answered else None,
        "answered_at": at + timedelta(hours=1) if is_answered else None,
    }


def add_more_days(world: Any, case: Any, brief: Any, week: int) -> None:
    """Some firms that have not sent the task of these weeks asked for days, and some were given them."""
    chance = Random(f"days-{case.enrolment_id}-{week}")
    draw, asked_at = chance.random(), world.now - timedelta(hours=chance.randint(3, 40))
    if not case.is_at_work or week < case.plan.present_week - 1 or draw > 0.3:
        return
    is_given = draw < 0.12
    today = day_of(world.now, ZONE)
    world.rows.add(
        Extension,
        **case.common,
        brief_slug=brief.slug,
        state=ExtensionState.GRANTED if is_given else ExtensionState.ASKED,
        asked_by_id=case.people[0],
        asked_at=asked_at,
        asked_days=7,
        asked_because=chance.choice(REASONS),
        due_on=max(due_on(case.starts_on, week), today) + timedelta(days=7) if is_given else None,
        reason="Con una semana más alcanza. Mándame la foto aunque sea una." if is_given else "",
        decided_by_id=case.trainers[0] if is_given else None,
        decided_at=world.now - timedelta(hours=2) if is_given else None,
    )
