"""Messages between a firm and its staff, and up to where each person has read."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from lms.cohorts.models import ByPerson
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
