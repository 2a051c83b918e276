"""Figures by firm, channel and month; their revisions, evidence, imports; baselines and milestones
reached."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import User
from lms.cohorts.models import ByPerson
from lms.curriculum.models import MilestoneDefinition
from lms.foundation.db import Key, Model, reference, unique_where


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
    cancelled: Mapped[Decimal | None]
    refunds: Mapped[Decimal | None]
    fees: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(default="MXN")
    tier: Mapped[Tier]
    # The format of the file that the figure comes from; empty when a person wrote it down.
    source: Mapped[str] = mapped_column(default="")
    # Whether the file surely holds the whole month; None when nobody can tell.
    is_whole: Mapped[bool | None]
    note: Mapped[str] = mapped_column(default="")
    evidence_id: Mapped[int | None] = reference("evidence.id")
    import_id: Mapped[int | None] = reference("sales_import.id")
    declared_at: Mapped[datetime]
    verified_by_id: Mapped[int | None] = reference("user.id")
    verified_at: Mapped[datetime | None]

    evidence: Mapped["Evidence | None"] = relationship()
    brought_by: Mapped["SalesImport | None"] = relationship()
    verified_by: Mapped[User | None] = relationship(foreign_keys=[verified_by_id])
    revisions: Mapped[list["FigureRevision"]] = relationship(
        order_by="FigureRevision.id", back_populates="figure"
    )

    @property
    def file_hash(self) -> str | None:
        """SHA-256 of the file that it comes from; the file itself was not kept."""
        return self.brought_by.file_hash if self.brought_by else None

    @property
    def is_locked(self) -> bool:
        """A verified figure does not change until someone unlocks it with a reason."""
        return self.verified_at is not None


class FigureRevision(Model):
    """One change of a figure: what it said before and after, who changed it and why. Only ever added.

    It names firm, channel and month itself, because a figure goes when the import that brought it is undone.
    `details` is {field: [before, after]} of whatever else changed.
    """

    __table_args__ = (Index("ix_figure_revision_firm_id_channel_month", "firm_id", "channel", "month"),)

    id: Mapped[Key]
    firm_id: Mapped[int] = reference("firm.id", index=False)
    channel: Mapped[Channel]
    month: Mapped[date]
    figure_id: Mapped[int | None] = reference("figure.id")
    by_id: Mapped[int | None] = reference("user.id")
    at: Mapped[datetime]
    what: Mapped[str]
    before: Mapped[Decimal | None]
    after: Mapped[Decimal | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    why: Mapped[str] = mapped_column(default="")

    figure: Mapped[Figure | None] = relationship(back_populates="revisions")
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
    source_id: Mapped[int | None] = reference("sales_source.id")
    # SHA-256 of the file, or of the hashes of several.
    file_hash: Mapped[str | None]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    # What the figures said before, to be given back: [[ISO month, {field: value} or null], …].
    before: Mapped[list[Any]] = mapped_column(default=list)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = reference("user.id")

    undone_by: Mapped[User | None] = relationship(foreign_keys=[undone_by_id])


class SalesSource(Model):
    """Where figures of a firm's channel come from: a format, or files with the same columns."""

    __table_args__ = (UniqueConstraint("firm_id", "channel", "name"),)

    id: Mapped[Key]
    firm_id: Mapped[int] = reference("firm.id", index=False)
    channel: Mapped[Channel]
    name: Mapped[str]
    # With it the numbers of orders are hashed.
    salt: Mapped[bytes]


class Amounts:
    """What an entry adds to its month, in millionths of a peso, so that months add up exactly."""

    month: Mapped[date]
    gross: Mapped[int] = mapped_column(BigInteger)
    net: Mapped[int | None] = mapped_column(BigInteger)
    orders: Mapped[int]
    units: Mapped[int]
    cancelled: Mapped[int] = mapped_column(BigInteger)
    refunded: Mapped[int] = mapped_column(BigInteger)
    fees: Mapped[int] = mapped_column(BigInteger)


class SalesEntry(Amounts, Model):
    """The newest state of one order in one source; `key` is the salted hash of its number."""

    __table_args__ = ({"sqlite_with_rowid": False},)

    source_id: Mapped[int] = mapped_column(ForeignKey("sales_source.id"), primary_key=True)
    key: Mapped[bytes] = mapped_column(primary_key=True)
    import_id: Mapped[int] = reference("sales_import.id")


class SalesEntryBefore(Amounts, Model):
    """The state that an order had before an import changed it, and which import had written that."""

    __table_args__ = ({"sqlite_with_rowid": False},)

    import_id: Mapped[int] = mapped_column(ForeignKey("sales_import.id"), primary_key=True)
    source_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(primary_key=True)
    import_before_id: Mapped[int]


class ColumnMapping(Model):
    """Which column means what in files with these headers, as the firm said the last time."""

    __table_args__ = (UniqueConstraint("firm_id", "signature"),)

    id: Mapped[Key]
    firm_id: Mapped[int] = reference("firm.id", index=False)
    signature: Mapped[str]
    columns: Mapped[dict[str, Any]]
    channel: Mapped[Channel]
    used_at: Mapped[datetime]


class UploadState(StrEnum):
    TO_MAP = "to_map"
    READING = "reading"
    READY = "ready"
    WRITING = "writing"
    WRITTEN = "written"
    REFUSED = "refused"


class SalesUpload(ByPerson, Model):
    """Files on their way: kept until they were read (or nobody came back), then only what they add up to."""

    id: Mapped[Key]
    state: Mapped[UploadState]
    channel: Mapped[Channel | None]
    # The files as they came; gone as soon as they were read.
    files_key: Mapped[str | None]
    # What was read: orders by hash and their amounts.
    batch_key: Mapped[str | None]
    options: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any]] = mapped_column(default=dict)
    rows_read: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(default="")
    import_id: Mapped[int | None] = reference("sales_import.id")
    uploaded_at: Mapped[datetime]


class ConnectionState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    OPEN = "open"
    ENDED = "ended"


class SalesConnection(ByPerson, Model):
    """A firm's leave to read its sales at a marketplace, given by one of its people (`user`).

    It begins when that person is sent there (asked), waits for a worker to fetch tokens (answered), is open,
    and ends for good: then nothing secret is left of it.
    """

    __table_args__ = (unique_where("uq_sales_connection_open", "firm_id", "channel", where="state = 'open'"),)

    id: Mapped[Key]
    channel: Mapped[Channel]
    state: Mapped[ConnectionState]
    # Hash of what comes back with the person, so that nobody else's answer is taken for theirs.
    state_hash: Mapped[str | None] = mapped_column(unique=True)
    # What is secret at each step, encrypted (see lms.foundation.sealing).
    sealed: Mapped[bytes | None]
    asked_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = reference("user.id")
    ended_why: Mapped[str] = mapped_column(default="")

    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])


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
