"""Sessions, notes, promises and calls for help; goals, hours on offer, series, and the plan of a cohort."""

from lms.mentoring.models.booking import Availability, MeetingRules, MeetingSeries
from lms.mentoring.models.meetings import (
    Action,
    ActionOwner,
    Contact,
    HelpRequest,
    Moment,
    Note,
    PracticeCheck,
    Session,
    SessionKind,
    SessionState,
    Visibility,
)
from lms.mentoring.models.pairs import Goal, Pulse
from lms.mentoring.models.plan import PlanStep, PlanTick
from lms.mentoring.models.snoozes import Snooze

__all__ = [
    "Action",
    "ActionOwner",
    "Availability",
    "Contact",
    "Goal",
    "HelpRequest",
    "MeetingRules",
    "MeetingSeries",
    "Moment",
    "Note",
    "PlanStep",
    "PlanTick",
    "PracticeCheck",
    "Pulse",
    "Session",
    "SessionKind",
    "SessionState",
    "Snooze",
    "Visibility",
]
