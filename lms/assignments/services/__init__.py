"""What people do with tasks: work on them, hand them in, review them; and where everybody's work stands."""

from lms.assignments.queue import QueueRow, queue_for
from lms.assignments.services.overview import (
    Standing,
    accepted_briefs,
    standings,
    submissions_of,
    work_states,
)
from lms.assignments.services.reviewing import HIGHEST_LEVEL, Stale, claim, claimant, release, review
from lms.assignments.services.working import (
    MOST_UPLOADS,
    OPEN,
    addressee,
    brief_of,
    hand_in,
    is_open,
    keep_file,
    remove_file,
    save_draft,
    with_history,
    work_at,
)

__all__ = [
    "HIGHEST_LEVEL",
    "MOST_UPLOADS",
    "OPEN",
    "QueueRow",
    "Stale",
    "Standing",
    "accepted_briefs",
    "addressee",
    "brief_of",
    "claim",
    "claimant",
    "hand_in",
    "is_open",
    "keep_file",
    "queue_for",
    "release",
    "remove_file",
    "review",
    "save_draft",
    "standings",
    "submissions_of",
    "with_history",
    "work_at",
    "work_states",
]
