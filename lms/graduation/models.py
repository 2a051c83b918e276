"""The decision, kept with the rules it used and their results, and the certificate issued from it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import User
from lms.cohorts.models import OfEnrolment
from lms.foundation.db import Key, Model, reference, unique_where


class Verdict(StrEnum):
    """A firm that took part to the end without meeting the rules is neither a graduate nor a failure."""

    GRADUATED = "graduated"
    PARTICIPATED = "participated"
    NOT_GRADUATED = "not_graduated"


class Decision(OfEnrolment, Model):
    """What was decided on one firm, once in force (`replaced_at` is empty), the earlier ones kept.

    `results`: [{"key", "met", "have", "need"}] as they were on that day; `exception` is the reason for
    graduating
    a firm that misses a rule.
    """

    __table_args__ = (unique_where("uq_decision_in_force", "enrolment_id", where="replaced_at IS NULL"),)

    id: Mapped[Key]
    verdict: Mapped[Verdict]
    rules: Mapped[dict[str, Any]]
    results: Mapped[list[Any]]
    exception: Mapped[str] = mapped_column(default="")
    course_version_id: Mapped[int] = reference("course_version.id")
    decided_by_id: Mapped[int] = reference("user.id")
    decided_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]

    decided_by: Mapped[User] = relationship()
    certificate: Mapped["Certificate | None"] = relationship(back_populates="decision")


class Certificate(OfEnrolment, Model):
    """What a graduated firm shows: its fields are signed and never change; revoking says so on the public
    page."""

    __table_args__ = (UniqueConstraint("decision_id"),)

    id: Mapped[Key]
    decision_id: Mapped[int] = reference("decision.id", index=False)
    folio: Mapped[str] = mapped_column(unique=True)
    firm_name: Mapped[str]
    people: Mapped[list[Any]]
    programme_name: Mapped[str]
    course_title: Mapped[str]
    hours: Mapped[int]
    issued_on: Mapped[date]
    key_id: Mapped[str]
    signature: Mapped[str]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(default="")
    revoked_by_id: Mapped[int | None] = reference("user.id")

    decision: Mapped[Decision] = relationship(back_populates="certificate")
