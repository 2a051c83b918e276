"""What firm and mentor want to reach together, by which rules, and how both say it goes."""

from datetime import datetime

from sqlalchemy.orm import Mapped, relationship

from lms.accounts.models import User
from lms.cohorts.models import ByPerson, OfEnrolment
from lms.foundation.db import Key, Model, reference
from lms.mentoring.models.meetings import ActionOwner


class Goal(OfEnrolment, Model):
    """The firm's goal and the ground rules of the mentoring, as one side wrote them and the other agreed.

    A change is a new row: what was agreed before stays readable.
    """

    id: Mapped[Key]
    text: Mapped[str]
    ground_rules: Mapped[str]
    side: Mapped[ActionOwner]
    written_by_id: Mapped[int] = reference("user.id")
    written_at: Mapped[datetime]
    agreed_by_id: Mapped[int | None] = reference("user.id")
    agreed_at: Mapped[datetime | None]

    written_by: Mapped[User] = relationship(foreign_keys=[written_by_id])
    agreed_by: Mapped[User | None] = relationship(foreign_keys=[agreed_by_id])


class Pulse(ByPerson, Model):
    """One side's answer to how the mentoring goes: 1 badly, 2 so-so, 3 well. Leads read it."""

    id: Mapped[Key]
    side: Mapped[ActionOwner]
    score: Mapped[int]
    given_at: Mapped[datetime]
