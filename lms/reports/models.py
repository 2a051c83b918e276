"""Consumer prices by month, and published reports: frozen, numbered, with the hash of what they say."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import User
from lms.cohorts.models import Programme
from lms.foundation.db import Key, Model, reference


class PriceIndex(Model):
    """The consumer price index (INPC) of one month, with where it was read and when."""

    id: Mapped[Key]
    month: Mapped[date] = mapped_column(unique=True)
    # A whole number: the index is published with three decimals, and SQLite would keep a NUMERIC as a float.
    thousandths: Mapped[int]
    source: Mapped[str]
    read_on: Mapped[date]
    written_by_id: Mapped[int] = reference("user.id")
    written_at: Mapped[datetime]

    written_by: Mapped[User] = relationship()

    @property
    def value(self) -> Decimal:
        return Decimal(self.thousandths).scaleb(-3)


class ReportDraft(Model):
    """A report of very many firms, made by a job: how far it is, and what came of it.

    `selection` are the arguments of its address as JSON; `told_at` is when the job last said how far it is.
    """

    id: Mapped[Key]
    programme_id: Mapped[int] = reference("programme.id")
    selection: Mapped[str]
    firms: Mapped[int]
    firms_read: Mapped[int] = mapped_column(default=0)
    content: Mapped[str | None] = mapped_column(Text)
    asked_by_id: Mapped[int] = reference("user.id")
    asked_at: Mapped[datetime]
    told_at: Mapped[datetime]


class ReportSnapshot(Model):
    """A published report. `content` is canonical JSON and never changes; its number is the key.

    `is_public` says whether strangers may read its public part: never one that, held against the one before,
    would tell what one to four firms did.
    """

    id: Mapped[Key]
    programme_id: Mapped[int] = reference("programme.id")
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str]
    is_public: Mapped[bool] = mapped_column(default=False)
    published_by_id: Mapped[int] = reference("user.id")
    published_at: Mapped[datetime]

    programme: Mapped[Programme] = relationship()
    published_by: Mapped[User] = relationship()
