"""What a firm and its staff wrote to each other: one of each, in words of that firm."""

from typing import Any

from lms.cohorts.models import Enrolment
from lms.foundation.clock import now
from lms.messages.models import Message
from tests.build import add


def written(by: dict, enrolment: Enrolment, words) -> dict[str, Any]:
    add(Message(**by, from_firm=True, text=words.work, written_at=now()))
    return {}
