"""Messages and announcements of a person, for the file of their own data."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select

from lms.accounts.models import Membership, User
from lms.foundation.db import db
from lms.foundation.own_data import Row
from lms.messages.models import Announcement, Delivery, Message


def messages(who: Any) -> Iterable[Row]:
    """What one wrote, and what staff wrote to one's firm since one is in it; not what colleagues wrote."""
    is_there = (Membership.firm_id == Message.firm_id) & (Membership.user_id == who.id)
    said = (
        select(Message, User.name)
        .join(User, User.id == Message.user_id)
        .outerjoin(Membership, is_there & Membership.ended_at.is_(None))
        .where(
            or_(
                Message.user_id == who.id,
                ~Message.from_firm & (Message.written_at >= Membership.joined_at),
            )
        )
        .order_by(Message.id)
    )
    for message, name in db.session.execute(said):
        yield {"written_at": message.written_at, "by": name, "text": message.text}


def announcements(who: Any) -> Iterable[Row]:
    """What was announced to one, except what was taken back."""
    received = (
        select(Announcement, Delivery.seen_at)
        .join(Delivery, Delivery.announcement_id == Announcement.id)
        .where(Delivery.user_id == who.id, Announcement.withdrawn_at.is_(None))
        .order_by(Delivery.id)
    )
    for one, seen_at in db.session.execute(received):
        yield {"sent_at": one.sent_at, "title": one.title, "text": one.text, "seen_at": seen_at}


TELLS = {"messages": messages, "announcements": announcements}
