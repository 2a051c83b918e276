"""A submission and the life it leads: draft, handed in, then accepted or sent back; every version is kept."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import User
from lms.assignments import pins
from lms.assignments.pins import GRAIN, Pin
from lms.cohorts.models import ByPerson, OfEnrolment
from lms.curriculum.models import Brief
from lms.foundation.db import Key, Model, reference, unique_where


class SubmissionState(StrEnum):
    DRAFT = "draft"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    RETURNED = "returned"


class Assistance(StrEnum):
    """What a firm says to work that staff handed in for it."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    OBJECTED = "objected"


class Submission(OfEnrolment, Model):
    """A firm's answer to one brief. Work sent back is handed in again as the same row, with a new version.

    `revision` counts changes, so that two people who grade at once do not overwrite each other. A claim says
    who reviews it now, and lapses by itself. `to_confirm`: staff handed in the last version, and the firm has
    not said yet whether it is its work.
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
    to_confirm: Mapped[bool] = mapped_column(default=False)

    brief: Mapped[Brief] = relationship()
    claimed_by: Mapped[User | None] = relationship()
    versions: Mapped[list["SubmissionVersion"]] = relationship(
        order_by="SubmissionVersion.number", back_populates="submission"
    )
    reviews: Mapped[list["Review"]] = relationship(order_by="Review.id", back_populates="submission")
    attachments: Mapped[list["Attachment"]] = relationship(
        order_by="Attachment.id", back_populates="submission"
    )
    held: Mapped["HeldReview | None"] = relationship(viewonly=True)
    opinions: Mapped[list["Opinion"]] = relationship(order_by="Opinion.id", back_populates="submission")


class SubmissionVersion(ByPerson, Model):
    """What was handed in at one moment, with the folio of its receipt. Only the firm's answer to what staff
    handed in for it (`assistance` and what follows) is written later.

    `made_offline_at`: when the firm pressed the button, if that was on a phone without a connection. `due_on`
    and `late` are as they were at that moment, so that dates that change later rewrite nothing; a correction
    keeps those of the work it corrects. Versions from before that was noted have no `due_on`.
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
    due_on: Mapped[date | None]
    late: Mapped[bool] = mapped_column(default=False)
    assistance: Mapped[Assistance | None]
    answered_by_id: Mapped[int | None] = reference("user.id")
    answered_at: Mapped[datetime | None]
    objection: Mapped[str] = mapped_column(default="")

    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
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


class Recording(ByPerson, Model):
    """A voice note of a reviewer. The firm hears it when a review that names it is known."""

    id: Mapped[Key]
    submission_id: Mapped[int] = reference("submission.id")
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    storage_key: Mapped[str]
    recorded_at: Mapped[datetime]


class Review(OfEnrolment, Model):
    """One decision on one version: accepted or sent back, the level of each criterion, words for the firm.

    A decision that was a mistake is not changed: it is re-opened with a reason, and the next one counts.
    """

    id: Mapped[Key]
    submission_id: Mapped[int] = reference("submission.id")
    version_number: Mapped[int]
    grader_id: Mapped[int] = reference("user.id")
    outcome: Mapped[Outcome]
    levels: Mapped[dict[str, Any]]
    feedback: Mapped[str]
    recording_id: Mapped[int | None] = reference("recording.id")
    reviewed_at: Mapped[datetime]
    reopened_by_id: Mapped[int | None] = reference("user.id")
    reopened_at: Mapped[datetime | None]
    reopened_because: Mapped[str] = mapped_column(default="")

    submission: Mapped[Submission] = relationship(back_populates="reviews")
    grader: Mapped[User] = relationship(foreign_keys=[grader_id])
    reopened_by: Mapped[User | None] = relationship(foreign_keys=[reopened_by_id])
    replies: Mapped[list["ReviewReply"]] = relationship(order_by="ReviewReply.id", back_populates="review")
    pin_rows: Mapped[list["ReviewPin"]] = relationship(order_by="ReviewPin.id")

    @property
    def points(self) -> int:
        """The sum of the levels, each 0 to 3."""
        return sum(self.levels.values())

    @property
    def remarks(self) -> list[Pin]:
        return [Pin(one.attachment_id, one.x / GRAIN, one.y / GRAIN, one.text) for one in self.pin_rows]


class ReviewPin(Model):
    """A remark of a review at a place on one of the photos of its version. The place is counted in
    ten-thousandths of the photo's width and height, so that it is the same on every database."""

    id: Mapped[Key]
    review_id: Mapped[int] = reference("review.id")
    attachment_id: Mapped[int] = reference("attachment.id")
    x: Mapped[int]
    y: Mapped[int]
    text: Mapped[str]


class ReviewReply(ByPerson, Model):
    """What the firm says to a review: a question, or what it will do."""

    id: Mapped[Key]
    review_id: Mapped[int] = reference("review.id")
    text: Mapped[str]
    written_at: Mapped[datetime]

    review: Mapped[Review] = relationship(back_populates="replies")


class Phrase(Model):
    """Words that a reviewer keeps for one task, alone or for all who review it in the programme.

    The task is named by course and slug, so that a newer version of the course keeps them. `{empresa}` and
    `{persona}` stand for whom it is said to.
    """

    __table_args__ = (Index("ix_phrase_programme_id_brief_slug", "programme_id", "brief_slug"),)

    id: Mapped[Key]
    programme_id: Mapped[int] = reference("programme.id", index=False)
    course_id: Mapped[int] = reference("course.id")
    brief_slug: Mapped[str]
    user_id: Mapped[int] = reference("user.id")
    text: Mapped[str]
    shared: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime]

    user: Mapped[User] = relationship()


class ReviewDraft(Model):
    """What a reviewer has chosen and typed and not sent yet. Nobody else reads it; a review takes it away."""

    __table_args__ = (UniqueConstraint("submission_id", "version_number", "user_id"),)

    id: Mapped[Key]
    submission_id: Mapped[int] = reference("submission.id", index=False)
    version_number: Mapped[int]
    user_id: Mapped[int] = reference("user.id")
    levels: Mapped[dict[str, Any]]
    feedback: Mapped[str]
    pins: Mapped[list[Any]] = mapped_column(default=list)
    recording_id: Mapped[int | None] = reference("recording.id")
    saved_at: Mapped[datetime]


class HeldReview(OfEnrolment, Model):
    """A finished review that the firm sees at a set moment. Until then the work stays handed in and there is
    no Review: whatever is made for the firm, here or in another room, has nothing to give away."""

    __table_args__ = (UniqueConstraint("submission_id"),)

    id: Mapped[Key]
    submission_id: Mapped[int] = reference("submission.id", index=False)
    version_number: Mapped[int]
    grader_id: Mapped[int] = reference("user.id")
    outcome: Mapped[Outcome]
    levels: Mapped[dict[str, Any]]
    feedback: Mapped[str]
    pins: Mapped[list[Any]] = mapped_column(default=list)
    recording_id: Mapped[int | None] = reference("recording.id")
    reviewed_at: Mapped[datetime]
    show_at: Mapped[datetime]

    submission: Mapped[Submission] = relationship()
    grader: Mapped[User] = relationship()

    @property
    def points(self) -> int:
        return sum(self.levels.values())

    @property
    def remarks(self) -> list[Pin]:
        return pins.read(self.pins)


class Opinion(ByPerson, Model):
    """A second opinion on one version: asked of a colleague, who writes it without having read the first.
    It is for the reviewer alone; no firm ever reads it."""

    __table_args__ = (UniqueConstraint("submission_id", "version_number", "user_id"),)

    id: Mapped[Key]
    submission_id: Mapped[int] = reference("submission.id", index=False)
    version_number: Mapped[int]
    asked_by_id: Mapped[int] = reference("user.id")
    asked_at: Mapped[datetime]
    question: Mapped[str]
    levels: Mapped[dict[str, Any]] = mapped_column(default=dict)
    text: Mapped[str] = mapped_column(default="")
    given_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship(back_populates="opinions")
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])


class Sample(ByPerson, Model):
    """Accepted work that shows reviewers what good work is, with a word why. Firms never see it."""

    __table_args__ = (UniqueConstraint("submission_id"),)

    id: Mapped[Key]
    submission_id: Mapped[int] = reference("submission.id", index=False)
    note: Mapped[str]
    marked_at: Mapped[datetime]

    submission: Mapped[Submission] = relationship()


class ExtensionState(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


def _only_one(state: str) -> Index:
    """Of the same firm and task at most one is in this state, also when two people press at once."""
    return unique_where(f"uq_extension_{state}", "enrolment_id", "brief_slug", where=f"state = '{state}'")


class Extension(OfEnrolment, Model):
    """More days for one task of one firm: asked for by it, or given without asking. All of them are kept.

    The task is named by its slug, so that a newer version of the course keeps the day. `paused_days` are
    those of the firm when the day was given: a later pause moves it too.
    """

    __table_args__ = (_only_one("asked"), _only_one("granted"))

    id: Mapped[Key]
    brief_slug: Mapped[str]
    state: Mapped[ExtensionState] = mapped_column(index=True)
    asked_by_id: Mapped[int | None] = reference("user.id")
    asked_at: Mapped[datetime | None]
    asked_days: Mapped[int | None]
    asked_because: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    paused_days: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = reference("user.id")
    decided_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = reference("user.id")
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(default="")

    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])
