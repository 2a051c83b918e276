"""People, programmes, cohorts and enrolments: what can happen to them."""

from dataclasses import dataclass

from lms.events.listening import Event

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
class CapacitySet(Event):
    user_id: int
    firms: int


@dataclass(frozen=True, kw_only=True)
class ConsentAnswered(Event):
    user_id: int
    firm_id: int
    purpose: str
    granted: bool
