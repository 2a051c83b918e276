"""Programmes and their notices, cohorts and their trainers, and the enrolment: one firm in one cohort."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from lms.accounts.models import Firm, User
from lms.cohorts.quiet import USUAL_FROM, USUAL_UNTIL, QuietHours
from lms.curriculum.models import CourseVersion
from lms.foundation.db import Key, Model, reference, unique_where

programme_lead = Table(
    "programme_lead",
    Model.metadata,
    Column("programme_id", ForeignKey("programme.id"), primary_key=True),
    Column("user_id", ForeignKey("user.id"), primary_key=True, index=True),
)

cohort_trainer = Table(
    "cohort_trainer",
    Model.metadata,
    Column("cohort_id", ForeignKey("cohort.id"), primary_key=True),
    Column("user_id", ForeignKey("user.id"), primary_key=True, index=True),
)


class EnrolmentState(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    PAUSED = "paused"
    GRADUATED = "graduated"
    NOT_GRADUATED = "not_graduated"
    WITHDRAWN = "withdrawn"


# The states in which a firm is at work with its cohort.
AT_WORK = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


class Purpose(StrEnum):
    """What a person's data are used for. Training is necessary; the others are asked one by one."""

    TRAINING = "training"
    IMPACT_STUDY = "impact_study"
    TESTIMONIALS = "testimonials"
    SHARING = "sharing"


class Programme(Model):
    """Who convenes and pays; its leads see its cohorts and no other's."""

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    convener: Mapped[str]
    contact: Mapped[str] = mapped_column(default="")
    commitments: Mapped[str] = mapped_column(default="")
    report_public: Mapped[bool] = mapped_column(default=False)
    invented: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    leads: Mapped[list[User]] = relationship(secondary=programme_lead, order_by=User.name)
    cohorts: Mapped[list["Cohort"]] = relationship(
        back_populates="programme", order_by="Cohort.starts_on.desc()"
    )
    notices: Mapped[list["PrivacyNotice"]] = relationship(order_by="PrivacyNotice.version.desc()")

    @property
    def programme_id(self) -> int:
        return self.id


class PrivacyNotice(Model):
    """One version of a programme's privacy notice, as text; never changed once published."""

    __table_args__ = (UniqueConstraint("programme_id", "version"),)

    id: Mapped[Key]
    programme_id: Mapped[int] = reference("programme.id", index=False)
    version: Mapped[int]
    text: Mapped[str]
    published_at: Mapped[datetime]


class ProgrammeFact(Model):
    """A figure that no public source gives, as a programme knows it, with where it was read and when."""

    __table_args__ = (UniqueConstraint("programme_id", "key"),)

    id: Mapped[Key]
    programme_id: Mapped[int] = reference("programme.id", index=False)
    key: Mapped[str]
    value: Mapped[str]
    source: Mapped[str]
    read_on: Mapped[date]
    written_by_id: Mapped[int] = reference("user.id")
    written_at: Mapped[datetime]


class Consent(Model):
    """What a person answered for one purpose under one notice. A change of mind is a new row."""

    id: Mapped[Key]
    user_id: Mapped[int] = reference("user.id")
    firm_id: Mapped[int] = reference("firm.id")
    notice_id: Mapped[int] = reference("privacy_notice.id")
    purpose: Mapped[Purpose]
    granted: Mapped[bool]
    answered_at: Mapped[datetime]


class Cohort(Model):
    """A course version taught in a programme from a Monday on.

    `rules` are the graduation rules (see `cohorts.rules`), fixed when the cohort starts. So is `late_days`:
    for how many days after its date a task is still taken; None means always. From `quiet_from` until
    `quiet_until` letters that can wait do wait.
    `thresholds` say from when on a firm needs someone (see `cohorts.thresholds`); None means the usual, and
    they may change at any time.
    """

    __table_args__ = (UniqueConstraint("programme_id", "name"),)

    id: Mapped[Key]
    programme_id: Mapped[int] = reference("programme.id", index=False)
    course_version_id: Mapped[int] = reference("course_version.id")
    name: Mapped[str]
    starts_on: Mapped[date]
    time_zone: Mapped[str] = mapped_column(default="America/Mexico_City")
    rules: Mapped[dict[str, Any]]
    late_days: Mapped[int | None]
    quiet_from: Mapped[time] = mapped_column(default=USUAL_FROM)
    quiet_until: Mapped[time] = mapped_column(default=USUAL_UNTIL)
    thresholds: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    programme: Mapped[Programme] = relationship(back_populates="cohorts", lazy="joined", innerjoin=True)
    course_version: Mapped[CourseVersion] = relationship()
    trainers: Mapped[list[User]] = relationship(secondary=cohort_trainer, order_by=User.name)

    @property
    def cohort_id(self) -> int:
        return self.id

    @property
    def quiet_hours(self) -> QuietHours:
        return QuietHours(self.quiet_from, self.quiet_until, self.time_zone)


class Enrolment(Model):
    """One firm in one cohort: the thread that progress, work and sales hang on.

    `paused_days` were added to every date of the firm by pauses that ended; a running one began on
    `paused_on`.
    """

    __table_args__ = (UniqueConstraint("cohort_id", "firm_id"),)

    id: Mapped[Key]
    cohort_id: Mapped[int] = reference("cohort.id", index=False)
    firm_id: Mapped[int] = reference("firm.id")
    mentor_id: Mapped[int | None] = reference("user.id")
    state: Mapped[EnrolmentState] = mapped_column(default=EnrolmentState.INVITED, index=True)
    reason: Mapped[str] = mapped_column(default="")
    invited_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    paused_on: Mapped[date | None]
    paused_days: Mapped[int] = mapped_column(default=0)
    last_activity_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship(lazy="joined", innerjoin=True)
    firm: Mapped[Firm] = relationship(lazy="joined", innerjoin=True)
    mentor: Mapped[User | None] = relationship(lazy="joined")

    @property
    def programme_id(self) -> int:
        return self.cohort.programme_id

    @property
    def enrolment_id(self) -> int:
        return self.id


class MentorPeriod(Model):
    """That somebody mentored a firm, from when until when; the present one has no end."""

    id: Mapped[Key]
    enrolment_id: Mapped[int] = reference("enrolment.id")
    mentor_id: Mapped[int] = reference("user.id")
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    mentor: Mapped[User] = relationship()


class MentorCapacity(Model):
    """How many firms a mentor takes, where somebody said so."""

    __table_args__ = (UniqueConstraint("user_id"),)

    id: Mapped[Key]
    user_id: Mapped[int] = reference("user.id", index=False)
    firms: Mapped[int]


class OfEnrolment:
    """What a firm's record of work has in common: the enrolment, the firm, and who may be asked about it."""

    enrolment_id: Mapped[int] = reference("enrolment.id")
    firm_id: Mapped[int] = reference("firm.id")

    @declared_attr
    def enrolment(cls) -> Mapped[Enrolment]:
        return relationship(Enrolment, lazy="joined", innerjoin=True)

    @property
    def cohort_id(self) -> int:
        return self.enrolment.cohort_id

    @property
    def programme_id(self) -> int:
        return self.enrolment.cohort.programme_id

    @property
    def mentor_id(self) -> int | None:
        return self.enrolment.mentor_id


class ByPerson(OfEnrolment):
    """A record of work that also names the person who did it."""

    user_id: Mapped[int] = reference("user.id")

    @declared_attr
    def user(cls) -> Mapped[User]:
        return relationship(User, foreign_keys=cls.user_id)  # type: ignore[arg-type]


class Exemption(OfEnrolment, Model):
    """That a firm is excused from a lesson, quiz or task, and why; all of them are kept.

    The item is named by its slug, so that a newer version of the course keeps it. It holds until it is taken
    back, and says nothing of what the firm does all the same: what is done counts.
    """

    __table_args__ = (
        unique_where("uq_exemption_in_force", "enrolment_id", "slug", where="ended_at IS NULL"),
    )

    id: Mapped[Key]
    slug: Mapped[str]
    reason: Mapped[str]
    given_by_id: Mapped[int] = reference("user.id")
    given_at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = reference("user.id")
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(default="")

    given_by: Mapped[User] = relationship(foreign_keys=[given_by_id])
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])


MOST_WEEKS_OF_PAUSE = 8


class PauseState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class PauseRequest(ByPerson, Model):
    """A firm that asks for a pause in its high season, and what the programme's lead answered.

    All of them are kept; at most one of a firm waits for an answer, also when two people press at once.
    `weeks` is what the firm expects: a pause lasts until somebody says that the firm is back.
    """

    __table_args__ = (unique_where("uq_pause_request_open", "enrolment_id", where="state = 'asked'"),)

    id: Mapped[Key]
    reason: Mapped[str]
    weeks: Mapped[int]
    asked_at: Mapped[datetime]
    state: Mapped[PauseState] = mapped_column(default=PauseState.ASKED, index=True)
    answer: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = reference("user.id")
    answered_at: Mapped[datetime | None]

    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
