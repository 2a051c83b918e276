"""Letters on their way by mail, notices shown in the page, and what each person wants by mail."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cohorts.models import Cohort
from lms.foundation.db import Key, Model, reference
from lms.notifications.kinds import Kind, Rhythm


class Letter(Model):
    """One e-mail to one address; the words are forgotten once it is sent.

    `stop_path` is the page on which the reader stops letters of this kind, where they may; `calendar` is an
    iCalendar object that goes along; `cohort_id` the one whose quiet hours hold for it, if any do.
    """

    id: Mapped[Key]
    cohort_id: Mapped[int | None] = reference("cohort.id")
    user_id: Mapped[int | None] = reference("user.id")
    to: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str] = mapped_column(default="")
    stop_path: Mapped[str] = mapped_column(default="")
    calendar: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    cohort: Mapped[Cohort | None] = relationship()


class Notice(Model):
    """One line for one person in the page, with the path of the page it is about.

    `in_digest` while it waits for the letter of the next morning.
    """

    id: Mapped[Key]
    user_id: Mapped[int] = reference("user.id")
    firm_id: Mapped[int | None] = reference("firm.id")
    kind: Mapped[Kind | None]
    text: Mapped[str]
    path: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None] = mapped_column(index=True)
    in_digest: Mapped[bool] = mapped_column(default=False, index=True)


class Preference(Model):
    """How often a person wants letters of one kind, where they chose another rhythm than the usual."""

    __table_args__ = (UniqueConstraint("user_id", "kind"),)

    id: Mapped[Key]
    user_id: Mapped[int] = reference("user.id", index=False)
    kind: Mapped[Kind]
    rhythm: Mapped[Rhythm]
