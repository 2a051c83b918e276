"""The code at the door of a session: a square on the wall that changes every half minute. Pure.

A code names a session of the group that meets and the half minute it was made in, sealed with the house's
secret. A photo of it that is sent on opens nothing a minute later.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

EVERY = timedelta(seconds=30)
# The present half minute and the one before: whoever points the phone just when it changes gets in.
WINDOWS = 2
# The door opens before the session begins and stays open for who comes late.
BEFORE, AFTER = timedelta(minutes=30), timedelta(minutes=60)
_SHAPE = re.compile(r"([0-9]{1,12})-([0-9]{1,12})-([0-9a-f]{20})", re.ASCII)


@dataclass(frozen=True)
class Code:
    """What a sealed code says; `is_fresh` while it opens the door."""

    session_id: int
    is_fresh: bool


def make_code(secret: str, session_id: int, moment: datetime) -> str:
    window = _window(moment)
    return f"{session_id}-{window}-{_seal(secret, session_id, window)}"


def read_code(secret: str, text: str, moment: datetime) -> Code | None:
    """What the code says, or None when it was not made here."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        return None
    session_id, window = int(shape[1]), int(shape[2])
    if not hmac.compare_digest(_seal(secret, session_id, window), shape[3]):
        return None
    return Code(session_id, 0 <= _window(moment) - window < WINDOWS)


def is_open(starts_at: datetime, minutes: int, moment: datetime) -> bool:
    """Whether somebody who comes at that moment comes to this session."""
    return starts_at - BEFORE <= moment <= starts_at + timedelta(minutes=minutes) + AFTER


def _window(moment: datetime) -> int:
    return int(moment.timestamp() // EVERY.total_seconds())


def _seal(secret: str, session_id: int, window: int) -> str:
    words = f"door:{session_id}:{window}".encode()
    return hmac.new(secret.encode(), words, hashlib.sha256).hexdigest()[:20]
