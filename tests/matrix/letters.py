"""What a firm and its staff wrote to each other and what it was told: one of each, in words of that firm."""

from typing import Any

from lms.cohorts.models import Enrolment
from lms.foundation.clock import now
from lms.messages.models import Announcement, Delivery, Message
from tests.build import add


def written(by: dict, enrolment: Enrolment, words) -> dict[str, Any]:
    add(Message(**by, from_firm=True, text=words.work, written_at=now()))
    told = add(
        Announcement(
            cohort_id=enrolment.cohort_id,
            author_id=enrolment.cohort.trainers[0].id,
            audience="all",
            title="Clínica",
            text="El jueves",
            written_at=now(),
            send_at=now(),
            sent_at=now(),
        )
    )
    delivery = add(Delivery(**by, announcement_id=told.id))
    return {"announcement_id": told.id, "delivery_id": delivery.id}
