"""Firms, the people who sign in, their membership, and their ways in: by invitation, code, link, phone or
passkey."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.foundation.db import Key, Model, reference
from lms.permissions import Role


class Sector(StrEnum):
    FASHION = "fashion"
    FOOTWEAR = "footwear"
    FURNITURE = "furniture"


class MembershipKind(StrEnum):
    OWNER = "owner"
    DIGITAL_LEAD = "digital_lead"
    STAFF = "staff"


class AccessKind(StrEnum):
    """How a one-time secret reaches the person: a code by e-mail, or a link that staff pass on."""

    CODE = "code"
    LINK = "link"


class Firm(Model):
    """A manufacturer. `state` is the SAT code (c_Estado), `time_zone` an IANA name."""

    id: Mapped[Key]
    name: Mapped[str]
    rfc: Mapped[str | None] = mapped_column(unique=True)
    sector: Mapped[Sector]
    state: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(default="America/Mexico_City")
    employees: Mapped[int | None]
    invented: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="firm", order_by="Membership.id")

    @property
    def firm_id(self) -> int:
        return self.id

    @property
    def people(self) -> list["User"]:
        """The members of today, in the order they came."""
        return [membership.user for membership in self.memberships if membership.ended_at is None]


class User(Model):
    """A person who signs in. Raising `epoch` ends every session of theirs with the next request.

    `unread` is how much waits for them as staff; as a member it is kept with the membership. Both are counted
    where messages live, and kept here because every page shows them.
    """

    id: Mapped[Key]
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str] = mapped_column(default="")
    role: Mapped[Role]
    locale: Mapped[str] = mapped_column(default="es_MX")
    epoch: Mapped[int] = mapped_column(default=0)
    invented: Mapped[bool] = mapped_column(default=False)
    suspended_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    unread: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="user", order_by="Membership.id")

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]


class Membership(Model):
    """A person's place in a firm. A person may belong to several; one who left keeps the row, ended."""

    __table_args__ = (UniqueConstraint("firm_id", "user_id"),)

    id: Mapped[Key]
    firm_id: Mapped[int] = reference("firm.id", index=False)
    user_id: Mapped[int] = reference("user.id")
    kind: Mapped[MembershipKind]
    joined_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    unread: Mapped[int] = mapped_column(default=0)

    firm: Mapped[Firm] = relationship(back_populates="memberships")
    user: Mapped[User] = relationship(back_populates="memberships")


class Invitation(Model):
    """An offer to join: bound to one e-mail address, role and firm; single use; seven days; kept only as a
    hash."""

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(unique=True)
    firm_id: Mapped[int | None] = reference("firm.id")
    role: Mapped[Role]
    kind: Mapped[MembershipKind | None]
    name: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    invited_by_id: Mapped[int | None] = reference("user.id")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = reference("user.id")
    revoked_at: Mapped[datetime | None]

    firm: Mapped[Firm | None] = relationship()
    invited_by: Mapped[User | None] = relationship(foreign_keys=[invited_by_id])


class SignInSecret(Model):
    """A one-time code or link: single use, thirty minutes, few tries, kept only as a hash."""

    id: Mapped[Key]
    user_id: Mapped[int] = reference("user.id")
    kind: Mapped[AccessKind]
    secret_hash: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    made_by_id: Mapped[int | None] = reference("user.id")

    user: Mapped[User] = relationship(foreign_keys=[user_id])


class KnownPhone(Model):
    """A phone that several people of one firm use: known by a random token that only the phone holds."""

    id: Mapped[Key]
    firm_id: Mapped[int] = reference("firm.id")
    token_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime]

    users: Mapped[list["PhoneUser"]] = relationship(back_populates="phone", order_by="PhoneUser.id")


class PhoneUser(Model):
    """A member who uses a known phone, and their PIN on it; without one they enter as everywhere else.

    `failures` are the wrong PINs since the last right one.
    """

    __table_args__ = (UniqueConstraint("phone_id", "user_id"),)

    id: Mapped[Key]
    phone_id: Mapped[int] = reference("known_phone.id", index=False)
    user_id: Mapped[int] = reference("user.id")
    pin_salt: Mapped[str] = mapped_column(default="")
    pin_hash: Mapped[str] = mapped_column(default="")
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    joined_at: Mapped[datetime]
    last_used_at: Mapped[datetime]

    phone: Mapped[KnownPhone] = relationship(back_populates="users")
    user: Mapped[User] = relationship()


class UserSession(Model):
    """One person at one browser, from entering to leaving; the browser holds the key. `phone_id` is the known
    phone, if it is one that this person uses."""

    id: Mapped[Key]
    user_id: Mapped[int] = reference("user.id")
    phone_id: Mapped[int | None] = reference("known_phone.id", ondelete="SET NULL")
    key_hash: Mapped[str] = mapped_column(unique=True)
    began_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class Passkey(Model):
    """A key pair (WebAuthn) whose private half stays in a phone or computer, behind its fingerprint."""

    id: Mapped[Key]
    user_id: Mapped[int] = reference("user.id")
    credential_id: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    sign_count: Mapped[int]
    name: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
