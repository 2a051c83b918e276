"""The follow-ups of a firm that graduated, and the links by which its people answer them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import User
from lms.cohorts.models import OfEnrolment
from lms.followups.rules import Selling, State, state_on
from lms.foundation.db import Key, Model, reference
from lms.sales.models import Channel

Cell: TypeAlias = tuple[Channel, date]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the form asks for: the months that nobody answered for, in the channels that the firm uses."""

    months: list[date]
    channels: list[Channel]


class FollowUp(OfEnrolment, Model):
    """What is asked of a firm so many months after its course; `first` and `last` are months.

    `letters` are the days on which letters went out, as ISO dates. `cancelled_at`: it did not graduate after
    all. Answered without anybody (`answered_by_id` is empty): its books knew every month already.
    """

    __table_args__ = (UniqueConstraint("enrolment_id", "months_after"),)

    id: Mapped[Key]
    months_after: Mapped[int]
    first: Mapped[date]
    last: Mapped[date]
    opens_on: Mapped[date] = mapped_column(index=True)
    closes_on: Mapped[date]
    letters: Mapped[list[Any]] = mapped_column(default=list)
    selling: Mapped[Selling | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = reference("user.id")
    cancelled_at: Mapped[datetime | None]

    answered_by: Mapped[User | None] = relationship()

    def state_on(self, day: date) -> State:
        return state_on(day, self.opens_on, self.closes_on, answered=self.answered_at is not None)


class FollowUpLink(Model):
    """A secret address with which one person answers one follow-up, and can do nothing else."""

    id: Mapped[Key]
    follow_up_id: Mapped[int] = reference("follow_up.id")
    user_id: Mapped[int] = reference("user.id")
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = reference("user.id")

    follow_up: Mapped[FollowUp] = relationship(lazy="joined", innerjoin=True)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True, foreign_keys=[user_id])
