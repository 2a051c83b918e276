"""Sessions and attendance, notes with their readers, actions, help requests, contacts and practice checks."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import User
from lms.cohorts.models import ByPerson, OfEnrolment
from lms.curriculum.models import Practice
from lms.foundation.db import Key, Model, reference


class SessionKind(StrEnum):
    VISIT = "visit"
    CALL = "call"
    WHATSAPP = "whatsapp"
    CLINIC = "clinic"


class SessionState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    MISSED = "missed"
    MADE_UP = "made_up"
    CANCELLED = "cancelled"


class Visibility(StrEnum):
    """Who reads a note: the firm and its staff, or only its author and the programme's leads."""

    SHARED = "shared"
    INTERNAL = "internal"


class ActionOwner(StrEnum):
    FIRM = "firm"
    MENTOR = "mentor"


class Moment(StrEnum):
    START = "start"
    MIDDLE = "middle"
    END = "end"


class Session(OfEnrolment, Model):
    """A meeting of a firm with its mentor; its state is also the firm's attendance.

    `sequence` rises with every change that calendars have to hear of. `arrived_at` is when somebody of the
    firm scanned the code at the door; `made_up_by_id` is the later session that stands for this missed one.
    """

    id: Mapped[Key]
    host_id: Mapped[int] = reference("user.id")
    kind: Mapped[SessionKind]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    minutes: Mapped[int] = mapped_column(default=45)
    state: Mapped[SessionState] = mapped_column(default=SessionState.PLANNED)
    closed_at: Mapped[datetime | None]
    series_id: Mapped[int | None] = reference("meeting_series.id")
    sequence: Mapped[int] = mapped_column(default=0)
    arrived_at: Mapped[datetime | None]
    made_up_by_id: Mapped[int | None] = reference("session.id")

    host: Mapped[User] = relationship()
    notes: Mapped[list["Note"]] = relationship(order_by="Note.id", back_populates="session")


class Note(OfEnrolment, Model):
    """Words kept of a session. An internal one is read by its author and the programme's leads, nobody
    else."""

    id: Mapped[Key]
    session_id: Mapped[int] = reference("session.id")
    author_id: Mapped[int] = reference("user.id")
    visibility: Mapped[Visibility]
    text: Mapped[str]
    written_at: Mapped[datetime]

    session: Mapped[Session] = relationship(back_populates="notes")
    author: Mapped[User] = relationship()


class Action(OfEnrolment, Model):
    """Something promised in a session. Open ones open the next session's agenda.

    It may be tied to a practice or a milestone, by key and code: other course versions know them by that too.
    """

    id: Mapped[Key]
    session_id: Mapped[int | None] = reference("session.id")
    owner: Mapped[ActionOwner]
    text: Mapped[str]
    due_on: Mapped[date]
    practice_key: Mapped[str] = mapped_column(default="")
    milestone_code: Mapped[str] = mapped_column(default="")
    created_by_id: Mapped[int] = reference("user.id")
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = reference("user.id")

    done_by: Mapped[User | None] = relationship(foreign_keys=[done_by_id])

    @property
    def tie(self) -> str:
        """What it serves, as `ties.ties_in` names it; "" when nothing."""
        if self.practice_key:
            return f"practice:{self.practice_key}"
        return f"milestone:{self.milestone_code}" if self.milestone_code else ""


class HelpRequest(ByPerson, Model):
    """A call for help from a page. `about_title` and `about_path` say what the person was looking at."""

    id: Mapped[Key]
    about_title: Mapped[str]
    about_path: Mapped[str]
    text: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = reference("user.id")

    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])


class Contact(OfEnrolment, Model):
    """A nudge that staff sent outside the house, noted so that others know of it."""

    id: Mapped[Key]
    by_id: Mapped[int] = reference("user.id")
    channel: Mapped[str]
    text: Mapped[str]
    minutes: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]

    by: Mapped[User] = relationship()


class PracticeCheck(ByPerson, Model):
    """A firm's yes or no to one practice at one moment of the programme."""

    __table_args__ = (UniqueConstraint("enrolment_id", "practice_id", "moment"),)

    id: Mapped[Key]
    practice_id: Mapped[int] = reference("practice.id")
    moment: Mapped[Moment]
    yes: Mapped[bool]
    answered_at: Mapped[datetime]

    practice: Mapped[Practice] = relationship()
