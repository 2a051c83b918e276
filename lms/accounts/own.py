"""What accounts keep of a person, for the file of their own data."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from lms.accounts.models import Membership, Passkey, PhoneUser, User, UserSession
from lms.foundation.db import db
from lms.foundation.own_data import Row


def person(who: Any) -> Iterable[Row]:
    user = db.session.get_one(User, who.id)
    names = ("name", "email", "phone", "role", "locale", "created_at", "last_seen_at")
    yield {name: getattr(user, name) for name in names}


def firms(who: Any) -> Iterable[Row]:
    for place in _of(Membership, who):
        firm = {
            "firm": place.firm.name,
            "place": place.kind,
            "since": place.joined_at,
            "until": place.ended_at,
        }
        # Of a firm that one has left: only that one was there.
        is_there = place.ended_at is None
        names = ("rfc", "sector", "state", "city")
        yield firm | {name: getattr(place.firm, name) if is_there else None for name in names}


def entries(who: Any) -> Iterable[Row]:
    """When one entered, and with which phones and passkeys one may."""
    for one in _of(UserSession, who):
        yield {"what": "session", "name": "", "since": one.began_at, "until": one.ended_at}
    for one in _of(PhoneUser, who):
        yield {"what": "phone", "name": one.phone.name, "since": one.joined_at, "until": None}
    for one in _of(Passkey, who):
        yield {"what": "passkey", "name": one.name, "since": one.created_at, "until": None}


def _of(model: Any, who: Any) -> Iterable[Any]:
    return db.session.scalars(select(model).where(model.user_id == who.id).order_by(model.id))


TELLS = {"person": person, "firms": firms, "entries": entries}
