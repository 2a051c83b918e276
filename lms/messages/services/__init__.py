"""What views ask of this room: conversations, announcements, and how much waits to be read."""

from lms.messages.services.announcing import (
    FirmReached,
    Sent,
    announce,
    announcements_of,
    ask_to_send,
    change,
    delivered_to,
    deliveries_of,
    running_cohorts_of,
    see,
    send_announcement,
    who_gets,
    withdraw,
)
from lms.messages.services.counting import recount_cohorts_of, recount_firm, recount_staff
from lms.messages.services.retention import forget_old_conversations
from lms.messages.services.threads import Line, Thread, read, readers_of, thread, threads_of, whole, write

__all__ = [
    "FirmReached",
    "Line",
    "Sent",
    "Thread",
    "announce",
    "announcements_of",
    "ask_to_send",
    "change",
    "delivered_to",
    "deliveries_of",
    "forget_old_conversations",
    "read",
    "readers_of",
    "recount_cohorts_of",
    "recount_firm",
    "recount_staff",
    "running_cohorts_of",
    "see",
    "send_announcement",
    "thread",
    "threads_of",
    "who_gets",
    "whole",
    "withdraw",
    "write",
]
