"""What came of a session, as it travels from the form to the service."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from lms.mentoring.models import ActionOwner, SessionState

MOST_PROMISES = 3


@dataclass(frozen=True)
class Promise:
    """Something that firm or mentor will do by a day; `tie` says which practice or milestone it serves."""

    text: str
    owner: ActionOwner
    due_on: date
    tie: str = ""


@dataclass(frozen=True)
class Outcome:
    """How a session went: the words for the firm and for staff, what was promised and what was done."""

    state: SessionState
    shared_note: str = ""
    internal_note: str = ""
    promises: Collection[Promise] = ()
    done_action_ids: Collection[int] = ()
