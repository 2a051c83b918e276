"""Figures by firm, channel and month; their revisions, evidence, imports; baselines and milestones
reached."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import User
from lms.cohorts.models import ByPerson
from lms.curriculum.models import MilestoneDefinition
from lms.foundation.db import Key, Model, reference


class Channel(StrEnum):
    MERCADO_LIBRE = "mercado_libre"
    AMAZON = "amazon"
    OWN_SHOP = "own_shop"
    SOCIAL = "social"
    WHOLESALE = "wholesale"
    COUNTER = "counter"
    OTHER = "other"


# Where people buy without coming to the counter.
DIGITAL = (Channel.MERCADO_LIBRE, Channel.AMAZON, Channel.OWN_SHOP, Channel.SOCIAL)


class Tier(StrEnum):
    """How well a figure is backed, from the platform's own certificate to memory."""

    A_PLATFORM = "A"
    B_EXPORT = "B"
    C_INVOICE = "C"
    D_RECORD = "D"
    E_RECALL = "E"


class Figure(ByPerson, Model):
    """What a firm sold in one channel and calendar month.

    `gross` is the programme's one definition of a sale: valid product sales, VAT included, before fees,
    without
    cancellations, returns and shipping. A month known to be unknown has `gross` None: that is not zero.
    `month` is the first day of the month in the firm's time zone.
    """

    __table_args__ = (
        UniqueConstraint("firm_id", "channel", "month"),
        CheckConstraint("gross IS NULL OR gross >= 0", name="gross_not_negative"),
    )

    id: Mapped[Key]
    channel: Mapped[Channel]
    month: Mapped[date] = mapped_column(index=True)
    gross: Mapped[Decimal | None]
    net: Mapped[Decimal | None]
    orders: Mapped[int | None]
    units: Mapped[int | None]
    refunds: Mapped[Decimal | None]
    tier: Mapped[Tier]
    note: Mapped[str] = mapped_column(default="")
    evidence_id: Mapped[int | None] = reference("evidence.id")
    import_id: Mapped[int | None] = reference("sales_import.id")
    declared_at: Mapped[datetime]
    verified_by_id: Mapped[int | None] = reference("user.id")
    verified_at: Mapped[datetime | None]

    evidence: Mapped["Evidence | None"] = relationship()
    verified_by: Mapped[User | None] = relationship(foreign_keys=[verified_by_id])
    revisions: Mapped[list["FigureRevision"]] = relationship(
        order_by="FigureRevision.id", back_populates="figure"
    )

    @property
    def is_locked(self) -> bool:
        """A verified figure does not change until someone unlocks it with a reason."""
        return self.verified_at is not None


class FigureRevision(Model):
    """One change of a figure: what it said before and after, who changed it and why. Only ever added."""

    id: Mapped[Key]
    figure_id: Mapped[int] = reference("figure.id")
    by_id: Mapped[int | None] = reference("user.id")
    at: Mapped[datetime]
    what: Mapped[str]
    before: Mapped[Decimal | None]
    after: Mapped[Decimal | None]
    why: Mapped[str] = mapped_column(default="")

    figure: Mapped[Figure] = relationship(back_populates="revisions")
    by: Mapped[User | None] = relationship()


class Evidence(ByPerson, Model):
    """A file that backs figures: a photo of the notebook, a screenshot, a PDF."""

    id: Mapped[Key]
    original_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    storage_key: Mapped[str]
    thumbnail_key: Mapped[str | None]
    uploaded_at: Mapped[datetime]


class SalesImport(ByPerson, Model):
    """One import that was carried out: what kind of document, and what was counted and left out."""

    id: Mapped[Key]
    kind: Mapped[str]
    channel: Mapped[Channel]
    counted: Mapped[int]
    left_out: Mapped[int]
    summary: Mapped[dict[str, Any]]
    imported_at: Mapped[datetime]


class Invoice(Model):
    """A CFDI that was counted, by its fiscal UUID: the same document never counts twice.

    Of the document only what a month's sum needs is kept; who bought is never stored.
    """

    __table_args__ = (UniqueConstraint("firm_id", "uuid"),)

    id: Mapped[Key]
    firm_id: Mapped[int] = reference("firm.id", index=False)
    import_id: Mapped[int] = reference("sales_import.id")
    uuid: Mapped[str]
    kind: Mapped[str]
    month: Mapped[date]
    gross: Mapped[Decimal]
    net: Mapped[Decimal]


class Baseline(ByPerson, Model):
    """The months before the start, frozen: `months` is [[ISO month, gross as text or null], …] over all
    channels."""

    __table_args__ = (UniqueConstraint("enrolment_id"),)

    id: Mapped[Key]
    months: Mapped[list[Any]]
    source_note: Mapped[str] = mapped_column(default="")
    frozen_at: Mapped[datetime]


class MilestoneReached(ByPerson, Model):
    """A milestone a firm says it reached, with its evidence in words, and who of the staff checked it."""

    __table_args__ = (UniqueConstraint("enrolment_id", "milestone_id"),)

    id: Mapped[Key]
    milestone_id: Mapped[int] = reference("milestone_definition.id")
    reached_on: Mapped[date]
    evidence: Mapped[str]
    claimed_at: Mapped[datetime]
    verified_by_id: Mapped[int | None] = reference("user.id")
    verified_at: Mapped[datetime | None]

    milestone: Mapped[MilestoneDefinition] = relationship(lazy="joined", innerjoin=True)
    verified_by: Mapped[User | None] = relationship(foreign_keys=[verified_by_id])
