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
class PhoneAdded(Event):
    """A phone became one that people of this firm enter with their PIN on."""

    user_id: int
    firm_id: int
    known_phone_id: int


@dataclass(frozen=True, kw_only=True)
class PhoneRemoved(Event):
    """This person no longer uses that phone; others may."""

    user_id: int
    known_phone_id: int


@dataclass(frozen=True, kw_only=True)
class PinSet(Event):
    user_id: int
    known_phone_id: int


@dataclass(frozen=True, kw_only=True)
class PinLocked(Event):
    """Too many wrong PINs one after the other: none is tried for a while."""

    user_id: int
    known_phone_id: int


@dataclass(frozen=True, kw_only=True)
class PinRemoved(Event):
    """By its owner, or (`guessed`) by the house because somebody went on guessing."""

    user_id: int
    known_phone_id: int
    guessed: bool


@dataclass(frozen=True, kw_only=True)
class PasskeyAdded(Event):
    user_id: int
    passkey_id: int


@dataclass(frozen=True, kw_only=True)
class PasskeyRemoved(Event):
    user_id: int
    passkey_id: int


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
class PauseAsked(Event):
    enrolment_id: int
    firm_id: int
    pause_request_id: int


@dataclass(frozen=True, kw_only=True)
class PauseAnswered(Event):
    enrolment_id: int
    firm_id: int
    pause_request_id: int
    approved: bool


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
    assisted: bool = False


@dataclass(frozen=True, kw_only=True)
class AssistedWorkAnswered(Event):
    """A firm said whether what staff handed in for it is its work; if not, maybe why."""

    enrolment_id: int
    firm_id: int
    submission_id: int
    title: str
    version: int
    confirmed: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class SubmissionReviewed(Event):
    enrolment_id: int
    firm_id: int
    submission_id: int
    title: str
    accepted: bool


@dataclass(frozen=True, kw_only=True)
class ReviewAnswered(Event):
    enrolment_id: int
    firm_id: int
    submission_id: int
    review_reply_id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class MoreDaysAsked(Event):
    enrolment_id: int
    firm_id: int
    extension_id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class MoreDaysAnswered(Event):
    """A firm was given more days for a task (asked for or not), was refused them, or has them no more.

    `state` is the new one of the extension, `due_on` the day it is about (ISO), if any.
    """

    enrolment_id: int
    firm_id: int
    extension_id: int
    title: str
    state: str
    due_on: str | None
    reason: str


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
class ActionTicked(Event):
    enrolment_id: int
    action_id: int
    done: bool


@dataclass(frozen=True, kw_only=True)
class ContactNoted(Event):
    enrolment_id: int
    contact_id: int


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
class SalesImportUndone(Event):
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


# Results


@dataclass(frozen=True, kw_only=True)
class ReportPublished(Event):
    programme_id: int
    report_snapshot_id: int


@dataclass(frozen=True, kw_only=True)
class PriceIndexWritten(Event):
    price_index_id: int


@dataclass(frozen=True, kw_only=True)
class InventionLoaded(Event):
    """The invented programmes are all written: whoever shows something of them may get it ready."""


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
