"""Work with photos, handed in as a firm does it."""

import io

from PIL import Image

from lms.assignments import services
from lms.foundation.db import db


def picture(colour: str = "navy", size: tuple[int, int] = (800, 600)) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", size, colour).save(kept, "JPEG")
    return kept.getvalue()


def handed_in(enrolment, brief, by):
    """A photo in each of the task's two places, sent."""
    for slot in ("frente", "lado"):
        services.keep_file(enrolment, brief, slot, f"{slot}.jpg", picture(), by=by)
    work = services.work_at(enrolment, brief)
    services.hand_in(work, by=by)
    db.session.commit()
    return work
