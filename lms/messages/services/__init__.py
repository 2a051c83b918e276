"""What views ask of this room: conversations, and how much waits to be read."""

from lms.messages.services.counting import recount_cohorts_of, recount_firm, recount_staff
from lms.messages.services.threads import Line, Thread, read, readers_of, thread, threads_of, whole, write

__all__ = [
    "Line",
    "Thread",
    "read",
    "readers_of",
    "recount_cohorts_of",
    "recount_firm",
    "recount_staff",
    "thread",
    "threads_of",
    "whole",
    "write",
]
