"""Signing in without passwords: six-digit codes by e-mail, and one-time links that staff pass on."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from lms import events
from lms.accounts.models import AccessKind, SignInSecret, User
from lms.foundation import tokens
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Gone, Refused
from lms.foundation.i18n import gettext as _
from lms.permissions import Role

CODE_LASTS = timedelta(minutes=30)
CODES_AN_HOUR = 5
WRONG_TRIES = 5
LINK_LASTS = timedelta(hours=24)


def clean_email(text: str) -> str:
    """An address as it is kept and compared."""
    return text.strip().casefold()


def user_of(email: str) -> User | None:
    return db.session.scalars(select(User).where(User.email == clean_email(email))).first()


def let_in(user: User) -> User:
    """Note that this person enters now."""
    user.last_seen_at = now()
    events.publish(events.SignedIn(actor_id=user.id, user_id=user.id))
    return user


def make_code(email: str, *, ticket: str, secret: str) -> None:
    """Have a six-digit code mailed, if the address is somebody's who may enter; the caller cannot tell.

    The code works only together with `ticket`, a random word kept by the browser that asked: wrong tries by a
    stranger burn the stranger's own codes. `secret` is the house's.
    """
    code = tokens.new_code()
    kept = _hash_of(code, ticket, secret)
    user = user_of(email)
    if user is None or user.suspended_at is not None or _codes_of_the_last_hour(user) >= CODES_AN_HOUR:
        return
    db.session.add(
        SignInSecret(
            user_id=user.id,
            kind=AccessKind.CODE,
            secret_hash=kept,
            created_at=now(),
            expires_at=now() + CODE_LASTS,
        )
    )
    db.session.flush()
    events.publish(events.SignInCodeMade(actor_id=None, user_id=user.id, code_secret=code))


def sign_in_with_code(email: str, code: str, *, ticket: str, secret: str) -> User | None:
    """The person whose code this is, once; None for any other. A wrong code counts against this browser's."""
    digits = "".join(character for character in code if character.isdigit())
    tried = _hash_of(digits, ticket, secret)
    user = user_of(email)
    if user is None or user.suspended_at is not None:
        return None
    for made in _live_codes(user, ticket):
        if tokens.same(made.secret_hash, tried) and _use_up(made):
            return let_in(user)
    for made in _live_codes(user, ticket):
        made.failures += 1
    return None


def make_link(user: User, *, by: Any | None) -> str:
    """A one-time link to enter; gives its token, which is kept nowhere.

    Staff make them for members, to pass on themselves. The house (`by` is None: who runs the server) makes
    one for anybody.
    """
    if user.suspended_at is not None or (by is not None and user.role is not Role.MEMBER):
        raise Refused(_("A link to sign in is made for members only. Others ask for a code by e-mail."))
    token, by_id = tokens.new_token(), by.id if by else None
    db.session.add(
        SignInSecret(
            user_id=user.id,
            kind=AccessKind.LINK,
            secret_hash=tokens.hash_token(token),
            created_at=now(),
            expires_at=now() + LINK_LASTS,
            made_by_id=by_id,
        )
    )
    db.session.flush()
    events.publish(events.SignInLinkMade(actor_id=by_id, user_id=user.id))
    return token


def check_link(token: str) -> None:
    """Raises Gone unless the link would work now; says nothing of whose it is."""
    _live_link(token)


def open_link(token: str) -> tuple[User, bool]:
    """The person the link was made for, and whether staff passed it on; the link is used up. Raises Gone."""
    link = _live_link(token)
    if not _use_up(link):
        raise Gone
    return let_in(link.user), link.made_by_id is not None


def _hash_of(code: str, ticket: str, secret: str) -> str:
    """What is kept of a code: first the browser's ticket, by which its codes are found, then the code."""
    return f"{tokens.hash_token(ticket)}.{tokens.hash_code(code, ticket, secret)}"


def _codes_of_the_last_hour(user: User) -> int:
    recent = select(func.count()).where(
        SignInSecret.user_id == user.id,
        SignInSecret.kind == AccessKind.CODE,
        SignInSecret.created_at > now() - timedelta(hours=1),
    )
    return db.session.scalar(recent) or 0


def _live_codes(user: User, ticket: str) -> list[SignInSecret]:
    live = select(SignInSecret).where(
        SignInSecret.user_id == user.id,
        SignInSecret.kind == AccessKind.CODE,
        SignInSecret.secret_hash.startswith(tokens.hash_token(ticket)),
        SignInSecret.used_at.is_(None),
        SignInSecret.expires_at > now(),
        SignInSecret.failures < WRONG_TRIES,
    )
    return list(db.session.scalars(live))


def _live_link(token: str) -> SignInSecret:
    link = db.session.scalars(
        select(SignInSecret).where(
            SignInSecret.secret_hash == tokens.hash_token(token), SignInSecret.kind == AccessKind.LINK
        )
    ).first()
    if link is None or link.used_at is not None or link.expires_at <= now():
        raise Gone
    if link.user.suspended_at is not None:
        raise Gone
    # Who was given a role after staff made the link has outgrown it.
    if link.made_by_id is not None and link.user.role is not Role.MEMBER:
        raise Gone
    return link


def _use_up(secret: SignInSecret) -> bool:
    """Mark the secret as used; False when somebody was faster."""
    used = update(SignInSecret).where(SignInSecret.id == secret.id, SignInSecret.used_at.is_(None))
    return db.session.scalar(used.values(used_at=now()).returning(SignInSecret.id)) is not None
