"""Reasons for attention that staff put off: not now, because of this, until that day."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import User
from lms.cohorts.models import OfEnrolment
from lms.foundation.db import Key, Model, reference


class Snooze(OfEnrolment, Model):
    """One reason of one firm, put off as it was then: since when it held and how many it counted.

    It ends by itself on `until`, or when the reason is not the one that was put off: a new day, a bigger
    number. The firm never sees it.
    """

    id: Mapped[Key]
    reason: Mapped[str]
    since: Mapped[date]
    number: Mapped[int] = mapped_column(default=0)
    until: Mapped[date]
    note: Mapped[str]
    made_by_id: Mapped[int] = reference("user.id")
    made_at: Mapped[datetime]
    taken_back_by_id: Mapped[int | None] = reference("user.id")
    taken_back_at: Mapped[datetime | None]

    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
