"""Letters on their way by mail, and notices shown in the page."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.db import Key, Model, reference


class Letter(Model):
    """One e-mail to one address; the text is forgotten once it is sent."""

    id: Mapped[Key]
    user_id: Mapped[int | None] = reference("user.id")
    to: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Notice(Model):
    """One line for one person in the page, with the path of the page it is about."""

    id: Mapped[Key]
    user_id: Mapped[int] = reference("user.id")
    firm_id: Mapped[int | None] = reference("firm.id")
    text: Mapped[str]
    path: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None] = mapped_column(index=True)
