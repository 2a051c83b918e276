"""What each person wants by mail, and the address on which they stop it without entering."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, select

from lms.accounts.models import User
from lms.foundation.db import db
from lms.notifications.kinds import DEFAULTS, Kind, Rhythm, rhythm_of
from lms.notifications.models import Preference


def chosen_by(user_id: int) -> dict[Kind, Rhythm]:
    """Every kind with this person's rhythm."""
    rows = db.session.execute(select(Preference.kind, Preference.rhythm).where(Preference.user_id == user_id))
    chosen = {row.kind: row.rhythm for row in rows}
    return {kind: rhythm_of(chosen, kind) for kind in Kind}


def choose(user_id: int, rhythms: Mapping[Kind, Rhythm]) -> None:
    """Keep what differs from the usual, so that a better usual reaches whoever never chose."""
    for kind, rhythm in rhythms.items():
        mine = (Preference.user_id == user_id) & (Preference.kind == kind)
        db.session.execute(delete(Preference).where(mine))
        if rhythm is not DEFAULTS[kind]:
            db.session.add(Preference(user_id=user_id, kind=kind, rhythm=rhythm))
    db.session.flush()


def stop_token(user_id: int, kind: Kind) -> str:
    """Opens the page that stops one kind of letter for one person, and nothing else; it does not expire,
    since old letters are read late."""
    return _signer().dumps([user_id, kind.value])


def read_stop_token(token: str) -> tuple[User, Kind] | None:
    """Whom and what a token is for, unless it was not made here or its person is gone."""
    try:
        user_id, kind = _signer().loads(token)
        person = db.session.get(User, user_id)
        return (person, Kind(kind)) if person is not None else None
    except (BadSignature, ValueError, TypeError):
        return None


def _signer() -> Any:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="stop-letters")
