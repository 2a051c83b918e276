"""What a person asked their mentors, for the file of their own data. What mentors note is not in it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from lms.foundation.db import db
from lms.foundation.own_data import Row
from lms.mentoring.models import HelpRequest


def help_requests(who: Any) -> Iterable[Row]:
    asked = select(HelpRequest).where(HelpRequest.user_id == who.id).order_by(HelpRequest.id)
    names = ("about_title", "text", "asked_at", "answer", "answered_at")
    for one in db.session.scalars(asked):
        yield {name: getattr(one, name) for name in names}


TELLS = {"help_requests": help_requests}
