"""Messages between a firm and its staff with up to where each has read, and announcements to a cohort."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import User
from lms.cohorts.models import ByPerson, Cohort
from lms.foundation.db import Key, Model, reference

LONGEST_MESSAGE = 4000


class Message(ByPerson, Model):
    """One message in the conversation of a firm with its mentor and trainers; never changed once sent.

    `from_firm` is kept, because people change sides: a graduate may mentor others later.
    """

    __table_args__ = (Index("ix_message_enrolment_id_id", "enrolment_id", "id"),)

    id: Mapped[Key]
    enrolment_id: Mapped[int] = reference("enrolment.id", index=False)
    from_firm: Mapped[bool]
    text: Mapped[str]
    written_at: Mapped[datetime]


class ReadMark(Model):
    """The last message of a conversation that a person has seen."""

    __table_args__ = (UniqueConstraint("enrolment_id", "user_id"),)

    id: Mapped[Key]
    enrolment_id: Mapped[int] = reference("enrolment.id", index=False)
    user_id: Mapped[int] = reference("user.id")
    message_id: Mapped[int] = reference("message.id")
    read_at: Mapped[datetime]


class Announcement(Model):
    """What the trainers or leads of a cohort tell it, or those in it who are in one situation (`audience`).

    Who receives it is decided when it goes out, at `send_at`; until then it can be changed. One that was
    withdrawn stays, with who did it.
    """

    id: Mapped[Key]
    cohort_id: Mapped[int] = reference("cohort.id")
    author_id: Mapped[int] = reference("user.id")
    audience: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    written_at: Mapped[datetime]
    send_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = reference("user.id")
    withdrawn_because: Mapped[str] = mapped_column(default="")

    cohort: Mapped[Cohort] = relationship(lazy="joined", innerjoin=True)
    author: Mapped[User] = relationship(foreign_keys=[author_id])
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=[withdrawn_by_id])

    @property
    def programme_id(self) -> int:
        return self.cohort.programme_id

    @property
    def can_change(self) -> bool:
        return self.sent_at is None and self.withdrawn_at is None


class Delivery(ByPerson, Model):
    """An announcement as one person of one firm received it, and when they saw it."""

    __table_args__ = (UniqueConstraint("announcement_id", "enrolment_id", "user_id"),)

    id: Mapped[Key]
    announcement_id: Mapped[int] = reference("announcement.id", index=False)
    seen_at: Mapped[datetime | None]

    announcement: Mapped[Announcement] = relationship()
