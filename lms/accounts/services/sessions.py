"""Sessions that can be ended one by one: on this phone, on another, or everywhere."""

from datetime import timedelta

from sqlalchemy import delete, update

from lms.accounts.models import User, UserSession
from lms.foundation import tokens
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.jobs import every

KEEP = timedelta(days=31)


def begin_session(user: User, *, phone_id: int | None = None) -> str:
    """A new session of this person; gives the key that their browser keeps."""
    key = tokens.new_token()
    db.session.add(
        UserSession(user_id=user.id, phone_id=phone_id, key_hash=tokens.hash_token(key), began_at=now())
    )
    db.session.flush()
    return key


def bind_session(key: str | None, phone_id: int) -> None:
    """From now on this session is one of that phone, and ends when the phone is taken out."""
    if key:
        found = UserSession.key_hash == tokens.hash_token(key)
        db.session.execute(update(UserSession).where(found).values(phone_id=phone_id))


def end_session(user_id: int, key: str | None) -> None:
    """End this session only. One from before sessions had keys can only be ended with all others."""
    if key is None:
        sign_out_everywhere(user_id)
    else:
        _end((UserSession.user_id == user_id) & (UserSession.key_hash == tokens.hash_token(key)))


def end_sessions_on(phone_id: int, user_id: int) -> None:
    """End every session of this person on that phone."""
    _end((UserSession.user_id == user_id) & (UserSession.phone_id == phone_id))


def sign_out_everywhere(user_id: int) -> None:
    """End every session of this person, here and on other devices: a copied cookie is worth nothing after."""
    db.session.execute(update(User).where(User.id == user_id).values(epoch=User.epoch + 1))
    _end(UserSession.user_id == user_id)


def _end(which) -> None:
    open_ones = update(UserSession).where(which, UserSession.ended_at.is_(None))
    db.session.execute(open_ones.values(ended_at=now()))


@every(timedelta(days=1))
def forget_old_sessions() -> None:
    """No session lasts longer, so an older row says nothing."""
    db.session.execute(delete(UserSession).where(UserSession.began_at < now() - KEEP))
