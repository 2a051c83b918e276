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


# Calendar


@dataclass(frozen=True, kw_only=True)
class CalendarFeedMade(Event):
    """A private address for somebody's calendar; any before stopped working."""

    user_id: int


@dataclass(frozen=True, kw_only=True)
class CalendarFeedStopped(Event):
    user_id: int
