"""Everything that can happen in the programme, and who hears of it.

Rooms publish; notifications and the audit trail listen. A handler runs inside the publisher's transaction
and only
writes rows: mail goes through a job, so nothing leaves the house before the change is kept. Fields whose
names end
in `secret` are for letters only and never reach the audit trail.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, kw_only=True)
class Event:
    """`actor_id` is who did it, None for the house itself."""

    actor_id: int | None


# People


@dataclass(frozen=True, kw_only=True)
class PersonInvited(Event):
    invitation_id: int
    firm_id: int | None
    link_secret: str


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted(Event):
    invitation_id: int
    user_id: int
    firm_id: int | None


@dataclass(frozen=True, kw_only=True)
class SignInCodeMade(Event):
    user_id: int
    code_secret: str


@dataclass(frozen=True, kw_only=True)
class SignInLinkMade(Event):
    """A link that staff pass on themselves: nobody is mailed."""

    user_id: int


@dataclass(frozen=True, kw_only=True)
class SignedIn(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class PersonSuspended(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class PersonRestored(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    user_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class MemberLeft(Event):
    user_id: int
    firm_id: int


# Programmes, cohorts, enrolments


@dataclass(frozen=True, kw_only=True)
class ProgrammeChanged(Event):
    programme_id: int
    what: str


@dataclass(frozen=True, kw_only=True)
class CoursePublished(Event):
    course_version_id: int


@dataclass(frozen=True, kw_only=True)
class CohortOpened(Event):
    cohort_id: int


@dataclass(frozen=True, kw_only=True)
class CohortMoved(Event):
    """The cohort teaches another version of its course from now on."""

    cohort_id: int
    course_version_id: int


@dataclass(frozen=True, kw_only=True)
class FirmEnrolled(Event):
    enrolment_id: int
    firm_id: int


@dataclass(frozen=True, kw_only=True)
class EnrolmentChanged(Event):
    """A firm started, paused, resumed or withdrew; `state` is the new one."""

    enrolment_id: int
    firm_id: int
    state: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class FirmChanged(Event):
    """Something about the firm itself was put right; `what` names it."""

    firm_id: int
    what: str


@dataclass(frozen=True, kw_only=True)
class MentorAssigned(Event):
    enrolment_id: int
    mentor_id: int | None


@dataclass(frozen=True, kw_only=True)
class CapacitySet(Event):
    user_id: int
    firms: int


@dataclass(frozen=True, kw_only=True)
class ConsentAnswered(Event):
    user_id: int
    firm_id: int
    purpose: str
    granted: bool


# Learning and work


@dataclass(frozen=True, kw_only=True)
class LessonDone(Event):
    enrolment_id: int
    lesson_id: int


@dataclass(frozen=True, kw_only=True)
class QuizFinished(Event):
    enrolment_id: int
    attempt_id: int
    passed: bool


@dataclass(frozen=True, kw_only=True)
class SubmissionHandedIn(Event):
    enrolment_id: int
    firm_id: int
    submission_id: int
    title: str
    folio: str


@dataclass(frozen=True, kw_only=True)
class SubmissionReviewed(Event):
    enrolment_id: int
    firm_id: int
    submission_id: int
    title: str
    accepted: bool


# Mentoring


@dataclass(frozen=True, kw_only=True)
class HelpAsked(Event):
    enrolment_id: int
    firm_id: int
    help_request_id: int
    about: str


@dataclass(frozen=True, kw_only=True)
class HelpAnswered(Event):
    enrolment_id: int
    user_id: int
    help_request_id: int


@dataclass(frozen=True, kw_only=True)
class SessionPlanned(Event):
    enrolment_id: int
    firm_id: int
    session_id: int


@dataclass(frozen=True, kw_only=True)
class SessionClosed(Event):
    enrolment_id: int
    firm_id: int
    session_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class SessionMoved(Event):
    enrolment_id: int
    firm_id: int
    session_id: int


@dataclass(frozen=True, kw_only=True)
class SeriesPlanned(Event):
    """Sessions that repeat were planned or moved; `session_ids` are those ahead."""

    enrolment_id: int
    firm_id: int
    series_id: int
    session_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class SeriesEnded(Event):
    """What was ahead of a series was called off; `session_ids` are those."""

    enrolment_id: int
    firm_id: int
    series_id: int
    session_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class AttendanceNoted(Event):
    """A firm was noted present, absent or neither after all; perhaps by itself, with the door's code."""

    enrolment_id: int
    firm_id: int
    session_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class GoalChanged(Event):
    enrolment_id: int
    firm_id: int
    goal_id: int
    agreed: bool


@dataclass(frozen=True, kw_only=True)
class ActionTicked(Event):
    enrolment_id: int
    action_id: int
    done: bool


@dataclass(frozen=True, kw_only=True)
class ContactNoted(Event):
    enrolment_id: int
    contact_id: int


# Calendar


@dataclass(frozen=True, kw_only=True)
class CalendarFeedMade(Event):
    """A private address for somebody's calendar; any before stopped working."""

    user_id: int


@dataclass(frozen=True, kw_only=True)
class CalendarFeedStopped(Event):
    user_id: int


# Sales


@dataclass(frozen=True, kw_only=True)
class SalesReported(Event):
    enrolment_id: int
    firm_id: int
    month: str


@dataclass(frozen=True, kw_only=True)
class SalesImported(Event):
    enrolment_id: int
    firm_id: int
    import_id: int


@dataclass(frozen=True, kw_only=True)
class FigureVerified(Event):
    figure_id: int
    firm_id: int


@dataclass(frozen=True, kw_only=True)
class FigureUnlocked(Event):
    figure_id: int
    firm_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class BaselineFrozen(Event):
    enrolment_id: int
    firm_id: int


@dataclass(frozen=True, kw_only=True)
class MilestoneClaimed(Event):
    enrolment_id: int
    firm_id: int
    code: str


@dataclass(frozen=True, kw_only=True)
class MilestoneVerified(Event):
    enrolment_id: int
    firm_id: int
    code: str


# Graduation


@dataclass(frozen=True, kw_only=True)
class DecisionMade(Event):
    enrolment_id: int
    firm_id: int
    decision_id: int
    verdict: str
    by_exception: bool


@dataclass(frozen=True, kw_only=True)
class CertificateIssued(Event):
    enrolment_id: int
    firm_id: int
    certificate_id: int


@dataclass(frozen=True, kw_only=True)
class CertificateRevoked(Event):
    certificate_id: int
    firm_id: int
    reason: str


Handlers: TypeAlias = Mapping[type[Event], Sequence[Callable[..., None]]]

_tables: list[Handlers] = []


def listen(*tables: Handlers) -> None:
    """Install the handler tables of the rooms that listen, in place of any before.

    A handler listed under `Event` hears everything.
    """
    _tables[:] = tables


@contextmanager
def silenced() -> Iterator[None]:
    """Let nobody hear of what happens inside: for loading what never really happened."""
    heard = list(_tables)
    _tables.clear()
    try:
        yield
    finally:
        _tables[:] = heard


def publish(event: Event) -> None:
    """Tell whoever listens, within the present transaction."""
    for table in _tables:
        for handler in (*table.get(type(event), ()), *table.get(Event, ())):
            handler(event)
