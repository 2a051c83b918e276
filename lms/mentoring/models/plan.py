"""The connection plan: what every mentor of a cohort does with each firm, week by week."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from lms.cohorts.models import ByPerson, Cohort
from lms.foundation.db import Key, Model, reference


class PlanStep(Model):
    """One thing that mentors do in one week of a cohort. One that was taken out keeps its ticks."""

    id: Mapped[Key]
    cohort_id: Mapped[int] = reference("cohort.id")
    week: Mapped[int]
    text: Mapped[str]
    created_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship(lazy="joined", innerjoin=True)

    @property
    def programme_id(self) -> int:
        return self.cohort.programme_id


class PlanTick(ByPerson, Model):
    """That a step was done with a firm, by whom and when."""

    __table_args__ = (UniqueConstraint("enrolment_id", "step_id"),)

    id: Mapped[Key]
    step_id: Mapped[int] = reference("plan_step.id")
    done_at: Mapped[datetime]

    step: Mapped[PlanStep] = relationship()
