"""A submission and the life it leads: draft, handed in, then accepted or sent back; every version is kept."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import User
from lms.cohorts.models import ByPerson, OfEnrolment
from lms.curriculum.models import Brief
from lms.foundation.db import Key, Model, reference


class SubmissionState(StrEnum):
    DRAFT = "draft"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    RETURNED = "returned"


class Submission(OfEnrolment, Model):
    """A firm's answer to one brief. Work sent back is handed in again as the same row, with a new version.

    `revision` counts changes, so that two people who grade at once do not overwrite each other. A claim
    says who
    reviews it now, and lapses by itself.
    """

    __table_args__ = (UniqueConstraint("enrolment_id", "brief_id"),)

    id: Mapped[Key]
    brief_id: Mapped[int] = reference("brief.id")
    state: Mapped[SubmissionState] = mapped_column(default=SubmissionState.DRAFT, index=True)
    text: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    draft_saved_at: Mapped[datetime | None]
    handed_in_at: Mapped[datetime | None] = mapped_column(index=True)
    claimed_by_id: Mapped[int | None] = reference("user.id")
    claimed_until: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)

    brief: Mapped[Brief] = relationship()
    claimed_by: Mapped[User | None] = relationship()
    versions: Mapped[list["SubmissionVersion"]] = relationship(
        order_by="SubmissionVersion.number", back_populates="submission"
    )
    reviews: Mapped[list["Review"]] = relationship(order_by="Review.id", back_populates="submission")
    attachments: Mapped[list["Attachment"]] = relationship(
        order_by="Attachment.id", back_populates="submission"
    )


class SubmissionVersion(ByPerson, Model):
    """What was handed in at one moment, with the folio of its receipt. Never changed.

    `made_offline_at`: when the firm pressed the button, if that was on a phone without a connection.
    """

    __table_args__ = (UniqueConstraint("submission_id", "number"),)

    id: Mapped[Key]
    submission_id: Mapped[int] = reference("submission.id", index=False)
    number: Mapped[int]
    folio: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    link: Mapped[str]
    attachment_ids: Mapped[list[Any]]
    handed_in_at: Mapped[datetime]
    made_offline_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship(back_populates="versions")


class Attachment(ByPerson, Model):
    """A photo or file in a named slot. A replaced one is kept for the versions that show it."""

    id: Mapped[Key]
    submission_id: Mapped[int] = reference("submission.id")
    slot: Mapped[str]
    original_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    storage_key: Mapped[str]
    thumbnail_key: Mapped[str | None]
    uploaded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship(back_populates="attachments")


class Review(OfEnrolment, Model):
    """One decision on one version: accepted or sent back, the level of each criterion, words for the firm."""

    id: Mapped[Key]
    submission_id: Mapped[int] = reference("submission.id")
    version_number: Mapped[int]
    grader_id: Mapped[int] = reference("user.id")
    outcome: Mapped[Outcome]
    levels: Mapped[dict[str, Any]]
    feedback: Mapped[str]
    reviewed_at: Mapped[datetime]

    submission: Mapped[Submission] = relationship(back_populates="reviews")
    grader: Mapped[User] = relationship()

    @property
    def points(self) -> int:
        """The sum of the levels, each 0 to 3."""
        return sum(self.levels.values())
