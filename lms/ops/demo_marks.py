"""What some invented firms are excused from, and who of them was given a new attempt.

The chances have seeds of their own, so that everything else of the invented programme stays as it was.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from lms.cohorts.models import Exemption
from lms.learning.models import Attempt, AttemptReset

REASONS = (
    "Ya lo tienen resuelto: lo vimos en la visita.",
    "Esa semana estuvieron en la feria de León.",
    "Su taller trabaja solo sobre pedido y esto no le toca.",
)


def add_exemption(world: Any, case: Any, brief: Any, week: int) -> bool:
    """Whether the firm was excused from a task that it never sent; those that are tried have all to do."""
    chance = Random(f"excused-{case.enrolment_id}-{week}")
    if not case.is_at_work or case.is_tried or chance.random() > 0.12:
        return False
    world.rows.add(
        Exemption,
        **case.common,
        slug=brief.slug,
        reason=chance.choice(REASONS),
        given_by_id=case.trainers[0],
        given_at=world.now - timedelta(days=chance.randint(1, 6)),
    )
    return True


def set_aside(world: Any, case: Any, quiz: Any, person: int, at: datetime, tries: int) -> None:
    """Now and then a first try that failed was not the person's own, and its trainer set it aside."""
    chance = Random(f"aside-{case.enrolment_id}-{quiz.id}")
    if tries < 2 or chance.random() > 0.15:
        return
    reset = world.rows.add(
        AttemptReset,
        **case.common,
        user_id=person,
        quiz_slug=quiz.slug,
        reason="La contestó otra persona de tu empresa. Ahora te toca a ti.",
        given_by_id=case.trainers[0],
        given_at=at - timedelta(minutes=2),
    )
    world.rows.of[Attempt][-tries]["reset_id"] = reset
