"""Who is signed in, read in as few columns as the guard needs, with what they reach gathered beside them."""

from dataclasses import dataclass, replace

from flask_login import UserMixin
from sqlalchemy import bindparam, select

from lms.accounts.models import Membership, User, UserSession
from lms.foundation import tokens
from lms.foundation.db import rows_of
from lms.permissions import Role


@dataclass(frozen=True, kw_only=True)
class Person(UserMixin):
    """A signed-in person acting for one firm at a time (`firm_id`), or for none.

    `unread_of` is what waits to be read at each of `firm_ids`, `unread_as_staff` what waits for somebody who
    works for the house. `cohort_ids` are the cohorts a trainer is assigned to, `programme_ids` those a lead
    leads. They are gathered by the roof, because cohorts and programmes live above this room.
    """

    id: int
    name: str
    email: str
    role: Role
    locale: str
    epoch: int
    firm_id: int | None = None
    firm_ids: tuple[int, ...] = ()
    unread_of: tuple[int, ...] = ()
    unread_as_staff: int = 0
    cohort_ids: frozenset[int] = frozenset()
    programme_ids: frozenset[int] = frozenset()

    def get_id(self) -> str:
        """What the session keeps: the epoch makes older sessions worthless when it is raised."""
        return f"{self.id}.{self.epoch}"

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def unread(self) -> int:
        """How many messages wait for this person where they act now."""
        if self.role is not Role.MEMBER:
            return self.unread_as_staff
        return self.unread_of[self.firm_ids.index(self.firm_id)] if self.firm_id in self.firm_ids else 0

    def acting_for(self, firm_id: int | None) -> "Person":
        """The same person, acting for that firm if they belong to it, else for the first of theirs."""
        if firm_id not in self.firm_ids:
            firm_id = self.firm_ids[0] if self.firm_ids else None
        return replace(self, firm_id=firm_id)

    def reaching(self, *, cohort_ids: frozenset[int], programme_ids: frozenset[int]) -> "Person":
        return replace(self, cohort_ids=cohort_ids, programme_ids=programme_ids)


_SESSION = (
    select(UserSession.id)
    .where(
        UserSession.key_hash == bindparam("key_hash"),
        UserSession.user_id == User.id,
        UserSession.ended_at.is_(None),
    )
    .scalar_subquery()
)

_PERSON = (
    select(
        User.id,
        User.name,
        User.email,
        User.role,
        User.locale,
        User.epoch,
        User.suspended_at,
        User.unread.label("unread_as_staff"),
        Membership.firm_id,
        Membership.unread,
        _SESSION.label("session_id"),
    )
    .outerjoin(Membership, (Membership.user_id == User.id) & Membership.ended_at.is_(None))
    .where(User.id == bindparam("user_id"))
    .order_by(Membership.id)
)


def person(
    user_id: int, *, epoch: int | None = None, firm_id: int | None = None, key: str | None = None
) -> Person | None:
    """The person with that id, or None when unknown, suspended, of another `epoch`, or when the session of
    that `key` has ended."""
    key_hash = tokens.hash_token(key) if key else ""
    found = rows_of(_PERSON, {"user_id": user_id, "key_hash": key_hash}).all()
    if not found or found[0].suspended_at is not None or (epoch is not None and found[0].epoch != epoch):
        return None
    row = found[0]
    if key and row.session_id is None:
        return None
    places = [place for place in found if place.firm_id is not None]
    who = Person(
        id=row.id,
        name=row.name,
        email=row.email,
        role=row.role,
        locale=row.locale,
        epoch=row.epoch,
        firm_ids=tuple(place.firm_id for place in places),
        unread_of=tuple(place.unread for place in places),
        unread_as_staff=row.unread_as_staff,
    )
    return who.acting_for(firm_id)
