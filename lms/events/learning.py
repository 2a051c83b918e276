"""Lessons, tasks and mentoring: what can happen in them."""

from dataclasses import dataclass

from lms.events.listening import Event

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
class NewAttemptGiven(Event):
    """What a person had answered of a quiz or of the test was set aside, so that they may answer anew."""

    enrolment_id: int
    firm_id: int
    user_id: int
    attempt_reset_id: int
    quiz_slug: str
    moment: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class NewAttemptTakenBack(Event):
    """What was set aside counts again: nothing new had been begun."""

    enrolment_id: int
    firm_id: int
    user_id: int
    attempt_reset_id: int


@dataclass(frozen=True, kw_only=True)
class ExemptionChanged(Event):
    """A firm was excused from a lesson, quiz or task, or is asked for it again, and why."""

    enrolment_id: int
    firm_id: int
    exemption_id: int
    slug: str
    title: str
    in_force: bool
    reason: str


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
class ReviewReopened(Event):
    """A decision was taken up again, with the reason that the firm reads."""

    enrolment_id: int
    firm_id: int
    submission_id: int
    review_id: int
    title: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OpinionAsked(Event):
    enrolment_id: int
    opinion_id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class OpinionGiven(Event):
    enrolment_id: int
    opinion_id: int
    title: str


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


# Messages


@dataclass(frozen=True, kw_only=True)
class MessageWritten(Event):
    """A firm wrote to its staff, or (not `from_firm`) they to it. The words stay where they are."""

    enrolment_id: int
    firm_id: int
    message_id: int
    from_firm: bool


@dataclass(frozen=True, kw_only=True)
class MessagesRead(Event):
    """Somebody has read a conversation up to that message."""

    enrolment_id: int
    firm_id: int
    message_id: int


# Announcements


@dataclass(frozen=True, kw_only=True)
class AnnouncementWritten(Event):
    """Somebody wrote or changed (`what`) an announcement to those in that situation (`audience`)."""

    announcement_id: int
    cohort_id: int
    audience: str
    what: str


@dataclass(frozen=True, kw_only=True)
class AnnouncementSent(Event):
    """It went out to so many people; each of the deliveries is its key, the enrolment's and the person's."""

    announcement_id: int
    cohort_id: int
    people: int
    title_secret: str
    text_secret: str
    deliveries_secret: list[tuple[int, int, int]]


@dataclass(frozen=True, kw_only=True)
class AnnouncementSeen(Event):
    firm_id: int
    delivery_id: int


@dataclass(frozen=True, kw_only=True)
class AnnouncementWithdrawn(Event):
    announcement_id: int
    cohort_id: int
    delivery_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class ReasonPutOff(Event):
    """Staff put a reason for attention off, or took it up again before its day."""

    enrolment_id: int
    snooze_id: int
    reason: str
    is_off: bool


# Calendar


@dataclass(frozen=True, kw_only=True)
class CalendarFeedMade(Event):
    """A private address for somebody's calendar; any before stopped working."""

    user_id: int


@dataclass(frozen=True, kw_only=True)
class CalendarFeedStopped(Event):
    user_id: int
