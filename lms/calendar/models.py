"""The private address of a person's calendar."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from lms.foundation.db import Key, Model, reference


class CalendarFeed(Model):
    """The random address under which a person's calendar can be read; only its hash is kept.

    A new address takes the place of the old one, which opens nothing any more.
    """

    __table_args__ = (UniqueConstraint("user_id"), UniqueConstraint("token_hash"))

    id: Mapped[Key]
    user_id: Mapped[int] = reference("user.id", index=False)
    token_hash: Mapped[str]
    made_at: Mapped[datetime]
