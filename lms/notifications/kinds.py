"""What letters are about, and how often a person wants to hear of it by mail.

Pure. A letter without a kind is one that nobody can stop, because somebody waits for it: an invitation, a
code, a receipt, the decision, the certificate.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from lms.permissions import Role


class Kind(StrEnum):
    """What a letter is about."""

    WORK = "work"
    HELP = "help"
    SESSIONS = "sessions"
    MESSAGES = "messages"
    ANNOUNCEMENTS = "announcements"
    REMINDERS = "reminders"


class Rhythm(StrEnum):
    """How often one hears of it by mail; the notice in the page is left in any case."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


# Each template of templates/mail that a person may have later or not at all.
KIND_OF = {
    "reviewed": Kind.WORK,
    "to_review": Kind.WORK,
    "review_answered": Kind.WORK,
    "reopened": Kind.WORK,
    "opinion_asked": Kind.WORK,
    "opinion_given": Kind.WORK,
    "assisted": Kind.HELP,
    "days_asked": Kind.HELP,
    "days_answered": Kind.HELP,
    "new_attempt": Kind.HELP,
    "attempt_undone": Kind.HELP,
    "excused": Kind.HELP,
    "not_ours": Kind.HELP,
    "help_asked": Kind.HELP,
    "help_answered": Kind.HELP,
    "pause_asked": Kind.HELP,
    "pause_answered": Kind.HELP,
    "session_planned": Kind.SESSIONS,
    "session_cancelled": Kind.SESSIONS,
    "agreements": Kind.SESSIONS,
    "goal_changed": Kind.SESSIONS,
    "session_booked": Kind.SESSIONS,
    "session_moved": Kind.SESSIONS,
    "session_given_up": Kind.SESSIONS,
    "series_planned": Kind.SESSIONS,
    "series_ended": Kind.SESSIONS,
    "message": Kind.MESSAGES,
    "announcement": Kind.ANNOUNCEMENTS,
    "task_due": Kind.REMINDERS,
    "session_tomorrow": Kind.REMINDERS,
    "month_due": Kind.REMINDERS,
}

# What a person never has to ask for, but would not get up for at night.
WAITS_FOR_MORNING = frozenset({*KIND_OF, "decision", "certificate"})

DEFAULTS = {
    Kind.WORK: Rhythm.DAILY,
    Kind.HELP: Rhythm.AT_ONCE,
    Kind.SESSIONS: Rhythm.AT_ONCE,
    Kind.MESSAGES: Rhythm.AT_ONCE,
    Kind.ANNOUNCEMENTS: Rhythm.AT_ONCE,
    Kind.REMINDERS: Rhythm.DAILY,
}

FOR_FIRMS = (Kind.REMINDERS, Kind.ANNOUNCEMENTS)

# The day's letter is written in the morning; what a server that was down missed waits for the next morning.
FIRST_HOUR, LAST_HOUR = 7, 19


def kinds_for(role: Role) -> tuple[Kind, ...]:
    """What a person of this role is ever told of: firms are reminded and told, not those who work for
    them."""
    return tuple(kind for kind in Kind if role is Role.MEMBER or kind not in FOR_FIRMS)


def rhythm_of(chosen: Mapping[Kind, Rhythm], kind: Kind) -> Rhythm:
    return chosen.get(kind, DEFAULTS[kind])


def is_time_for_digest(local: datetime) -> bool:
    """Whether the letter of that day may be written at this local time."""
    return FIRST_HOUR <= local.hour <= LAST_HOUR
