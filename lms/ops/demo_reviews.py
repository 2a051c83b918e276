"""Reviews of the invented programme that firms do not see yet, and second opinions among its trainers.

Made through the services, as people do it; the chances have seeds of their own, so that everything else stays
as it was.
"""

from datetime import timedelta
from random import Random

from sqlalchemy import select

from lms.assignments import services as assignments
from lms.assignments.models import Outcome, Submission, SubmissionState
from lms.cohorts.models import Cohort, Enrolment
from lms.foundation.clock import now
from lms.foundation.db import db

HELD, ASKED = 3, 2
QUESTION = "¿Tú la aprobarías? Dudo si las fotos ya alcanzan."
ANSWER = "Yo sí: se ve el producto completo. Le pediría una foto más cerca, sin regresarla."


def add_reviews() -> None:
    """In each cohort at work a few reviews wait for their moment, and one or two colleagues were asked."""
    for cohort in db.session.scalars(select(Cohort).where(Cohort.closed_at.is_(None)).order_by(Cohort.id)):
        chance = Random(f"reviews-{cohort.id}")
        waiting = _waiting(cohort)
        for submission in waiting[:HELD]:
            _hold(cohort, submission, chance)
        for number, submission in enumerate(waiting[HELD : HELD + ASKED]):
            _ask(cohort, submission, chance, answered=number > 0)


def _waiting(cohort: Cohort) -> list[Submission]:
    """The newest work that waits in this cohort: what waits longest stays at the head of the queue."""
    found = (
        select(Submission)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(Enrolment.cohort_id == cohort.id, Submission.state == SubmissionState.HANDED_IN)
        .where(~Submission.to_confirm)
        .order_by(Submission.handed_in_at.desc(), Submission.id)
        .limit(HELD + ASKED)
    )
    return list(db.session.scalars(found))


def _hold(cohort: Cohort, submission: Submission, chance: Random) -> None:
    by = chance.choice(cohort.trainers)
    levels = {row["criterion"]: chance.randint(2, 3) for row in submission.brief.rubric}
    moment = now() + timedelta(days=chance.randint(1, 3))
    words = f"¡Muy bien! {submission.brief.checklist[0]}"
    said = (Outcome.ACCEPTED, levels, words, moment)
    assignments.hold(submission, *said, revision=submission.revision, by=by)


def _ask(cohort: Cohort, submission: Submission, chance: Random, *, answered: bool) -> None:
    """The first trainer is the one whom visitors of a demonstration are offered to be."""
    first, *others = sorted(cohort.trainers, key=lambda trainer: trainer.id)
    if not others:
        return
    opinion = assignments.ask_opinion(submission, first.id, QUESTION, by=chance.choice(others))
    if answered:
        levels = {row["criterion"]: chance.randint(2, 3) for row in submission.brief.rubric}
        assignments.give_opinion(opinion, levels, ANSWER, by=first)
