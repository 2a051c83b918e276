"""Phones that several members of a firm use: who uses them, their PINs, and entering with one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import joinedload

from lms import events
from lms.accounts import pins
from lms.accounts.models import KnownPhone, Membership, PhoneUser, User
from lms.accounts.services.entry import let_in
from lms.accounts.services.sessions import end_sessions_on
from lms.foundation import tokens
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.permissions import Role

NAME_AT_MOST = 60


@dataclass(frozen=True)
class Entered:
    """Who entered with their PIN, and for which firm: the phone's."""

    user: User
    firm_id: int


def known_phone(token: str | None) -> KnownPhone | None:
    """The phone that holds this token."""
    if not token:
        return None
    of_token = select(KnownPhone).where(KnownPhone.token_hash == tokens.hash_token(token))
    return db.session.scalars(of_token).first()


def phone_user(phone: KnownPhone | None, user_id: int) -> PhoneUser | None:
    """This person's place on the phone."""
    if phone is None:
        return None
    mine = select(PhoneUser).where(PhoneUser.phone_id == phone.id, PhoneUser.user_id == user_id)
    return db.session.scalars(mine).first()


def people_with_pin(token: str | None) -> list[User]:
    """Who can enter on this phone with a PIN: members of its firm who chose to, by the order they came."""
    if not token:
        return []
    return list(db.session.scalars(_may_enter(token).with_only_columns(User).order_by(PhoneUser.id)))


def phones_of(user_id: int) -> list[PhoneUser]:
    """The phones that this person uses, the last used first."""
    mine = select(PhoneUser).where(PhoneUser.user_id == user_id).options(joinedload(PhoneUser.phone))
    return list(db.session.scalars(mine.order_by(PhoneUser.last_used_at.desc(), PhoneUser.id)))


def use_phone(token: str, *, firm_id: int, name: str, by: Any) -> PhoneUser:
    """Make the phone that holds this token known, if it is not, and this person one of those who use it."""
    if by.role is not Role.MEMBER or firm_id not in by.firm_ids:
        raise Refused(_("Only members of a firm enter with a PIN."))
    phone = known_phone(token)
    if phone is not None and phone.firm_id != firm_id:
        raise Refused(_("Another firm uses this phone. Whoever put it there takes it out first."))
    if phone is None:
        phone = KnownPhone(
            firm_id=firm_id,
            token_hash=tokens.hash_token(token),
            name=_clean_name(name),
            added_at=now(),
            last_used_at=now(),
        )
        db.session.add(phone)
        db.session.flush()
        events.publish(
            events.PhoneAdded(actor_id=by.id, user_id=by.id, firm_id=firm_id, known_phone_id=phone.id)
        )
    place = phone_user(phone, by.id)
    if place is None:
        place = PhoneUser(phone_id=phone.id, user_id=by.id, joined_at=now(), last_used_at=now())
        db.session.add(place)
        db.session.flush()
    return place


def set_pin(place: PhoneUser, pin: str, *, token: str, by: Any) -> None:
    """Give this person that PIN on this phone. Raises Refused when it is too easy."""
    user = db.session.get_one(User, place.user_id)
    if by.id != user.id or user.role is not Role.MEMBER:
        raise Refused(_("Only members of a firm enter with a PIN."))
    pins.check_strength(pin, user.phone)
    place.pin_salt = pins.new_salt()
    place.pin_hash = pins.hash_pin(pin, salt=place.pin_salt, token=token)
    place.failures, place.locked_until = 0, None
    db.session.flush()
    events.publish(events.PinSet(actor_id=by.id, user_id=user.id, known_phone_id=place.phone_id))


def remove_pin(place: PhoneUser, *, by: Any) -> None:
    """This person enters with a code here again; who is in stays in."""
    if place.pin_hash:
        place.pin_salt, place.pin_hash, place.failures, place.locked_until = "", "", 0, None
        db.session.flush()
        removed = events.PinRemoved(
            actor_id=by.id, user_id=place.user_id, known_phone_id=place.phone_id, guessed=False
        )
        events.publish(removed)


def rename_phone(phone: KnownPhone, name: str) -> None:
    phone.name = _clean_name(name)


def stop_using(place: PhoneUser, *, by: Any) -> None:
    """Take the phone from this person's: their PIN and their sessions on it end. The last one takes the phone
    out."""
    phone_id, user_id = place.phone_id, place.user_id
    end_sessions_on(phone_id, user_id)
    db.session.delete(place)
    db.session.flush()
    events.publish(
        events.PhoneRemoved(actor_id=by.id if by else None, user_id=user_id, known_phone_id=phone_id)
    )
    if not db.session.scalar(select(PhoneUser.id).where(PhoneUser.phone_id == phone_id).limit(1)):
        db.session.execute(delete(KnownPhone).where(KnownPhone.id == phone_id))


def stop_using_all(user_id: int, *, by: Any, firm_id: int | None = None) -> None:
    """Take every phone from somebody who is kept out, given a role of staff, or left that firm."""
    for place in phones_of(user_id):
        if firm_id in (None, place.phone.firm_id):
            stop_using(place, by=by)


# Entering


def resting_until(token: str | None, user_id: int) -> datetime | None:
    """Until when no PIN is tried for this person here, after too many wrong ones."""
    phone = known_phone(token)
    place = phone_user(phone, user_id)
    is_resting = place is not None and place.locked_until is not None and place.locked_until > now()
    return place.locked_until if place is not None and is_resting else None


def enter_with_pin(token: str, user_id: int, typed: str) -> Entered | None:
    """The person, if this is their PIN on this phone; None for any other reason, after the same work.

    A try is counted before it is looked at, in one statement, so that guesses at the same moment count each.
    """
    place = db.session.execute(
        _may_enter(token)
        .where(User.id == user_id)
        .with_only_columns(PhoneUser.id, PhoneUser.pin_salt, PhoneUser.phone_id, KnownPhone.firm_id)
    ).first()
    salt = place.pin_salt if place else pins.new_salt()
    tried = pins.hash_pin(pins.read_pin(typed), salt=salt, token=token)
    counted = place and _count_try(place.id)
    if not place or not counted:
        return None
    if not tokens.same(counted.pin_hash, tried):
        _punish(place.id, place.phone_id, user_id, counted.failures)
        return None
    _change(PhoneUser, place.id, failures=0, locked_until=None, last_used_at=now())
    _change(KnownPhone, place.phone_id, last_used_at=now())
    return Entered(let_in(db.session.get_one(User, user_id)), place.firm_id)


def _count_try(place_id: int) -> Any:
    """One more try, unless it rests or has no PIN: then None. Whoever comes second waits for the first."""
    counted = update(PhoneUser).where(
        PhoneUser.id == place_id,
        PhoneUser.pin_hash != "",
        PhoneUser.failures < pins.TRIES_AT_MOST,
        or_(PhoneUser.locked_until.is_(None), PhoneUser.locked_until <= now()),
    )
    returned = counted.values(failures=PhoneUser.failures + 1).returning(
        PhoneUser.failures, PhoneUser.pin_hash
    )
    return db.session.execute(returned).first()


def _punish(place_id: int, phone_id: int, user_id: int, failures: int) -> None:
    consequence = pins.after(failures)
    if consequence.rest:
        _change(PhoneUser, place_id, locked_until=now() + consequence.rest)
        events.publish(events.PinLocked(actor_id=None, user_id=user_id, known_phone_id=phone_id))
    if consequence.removed:
        _change(PhoneUser, place_id, pin_hash="", pin_salt="", failures=0, locked_until=None)
        removed = events.PinRemoved(actor_id=None, user_id=user_id, known_phone_id=phone_id, guessed=True)
        events.publish(removed)


def _change(model: Any, key: int, **values: Any) -> None:
    db.session.execute(update(model).where(model.id == key).values(**values))


def _may_enter(token: str) -> Select:
    """Whose PIN counts on this phone: members of its firm today, who hold no role of staff."""
    return (
        select(PhoneUser)
        .join(KnownPhone, KnownPhone.id == PhoneUser.phone_id)
        .join(User, User.id == PhoneUser.user_id)
        .join(Membership, (Membership.user_id == User.id) & (Membership.firm_id == KnownPhone.firm_id))
        .where(
            KnownPhone.token_hash == tokens.hash_token(token),
            PhoneUser.pin_hash != "",
            Membership.ended_at.is_(None),
            User.role == Role.MEMBER,
            User.suspended_at.is_(None),
        )
    )


def _clean_name(name: str) -> str:
    return " ".join(name.split())[:NAME_AT_MOST] or _("Phone")
