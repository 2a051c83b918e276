"""When mentors can be booked, sessions that repeat, and the rules of a cohort for both."""

from datetime import date, datetime, time

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import User
from lms.cohorts.models import OfEnrolment
from lms.foundation.db import Key, Model, reference
from lms.mentoring.models.meetings import SessionKind


class Availability(Model):
    """Hours that a mentor offers: every week on `weekday` (Monday is 0), or once on `day`.

    Hours are those of the clock on the wall in `time_zone`, so that a change of the clock moves none of them.
    """

    id: Mapped[Key]
    user_id: Mapped[int] = reference("user.id")
    kind: Mapped[SessionKind]
    minutes: Mapped[int]
    weekday: Mapped[int | None]
    day: Mapped[date | None]
    opens: Mapped[time]
    closes: Mapped[time]
    time_zone: Mapped[str]
    created_at: Mapped[datetime]

    user: Mapped[User] = relationship()


class MeetingSeries(OfEnrolment, Model):
    """Sessions that repeat until a day; each of them is a session of its own."""

    id: Mapped[Key]
    host_id: Mapped[int] = reference("user.id")
    kind: Mapped[SessionKind]
    minutes: Mapped[int]
    every_weeks: Mapped[int]
    until: Mapped[date]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    host: Mapped[User] = relationship()


class MeetingRules(Model):
    """What a lead decided for one cohort; where there is no row, the usual holds."""

    __table_args__ = (UniqueConstraint("cohort_id"),)

    id: Mapped[Key]
    cohort_id: Mapped[int] = reference("cohort.id", index=False)
    notice_hours: Mapped[int] = mapped_column(default=12)
    days_ahead: Mapped[int] = mapped_column(default=28)
    makeup_days: Mapped[int] = mapped_column(default=14)
