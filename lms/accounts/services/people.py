"""Who belongs to a firm, who is in the house, with which role, and who is kept out."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from lms import events
from lms.accounts.models import Firm, Membership, MembershipKind, Sector, User
from lms.accounts.services.entry import clean_email, user_of
from lms.accounts.services.phones import stop_using_all
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.permissions import Role

A_PAGE = 50


@dataclass(frozen=True)
class PeoplePage:
    """One page of the people found; `page` counts from 1."""

    people: list[User]
    page: int
    pages: int
    total: int


# Firms and their members


def make_firm(
    *,
    name: str,
    sector: Sector,
    rfc: str | None,
    state: str,
    city: str,
    time_zone: str,
    invented: bool = False,
) -> Firm:
    firm = Firm(
        name=" ".join(name.split()),
        sector=sector,
        rfc=rfc,
        state=state,
        city=" ".join(city.split()),
        time_zone=time_zone,
        invented=invented,
        created_at=now(),
    )
    db.session.add(firm)
    db.session.flush()
    return firm


def firm_with_rfc(rfc: str) -> Firm | None:
    return db.session.scalars(select(Firm).where(Firm.rfc == rfc)).first()


def firms_of(user_id: int) -> list[Firm]:
    """The firms a person belongs to today, in the order they joined."""
    mine = select(Firm).join(Membership).where(Membership.user_id == user_id, Membership.ended_at.is_(None))
    return list(db.session.scalars(mine.order_by(Membership.id)))


def members_of(firm_id: int) -> list[Membership]:
    """Today's members with their people, in the order they joined."""
    today = select(Membership).where(Membership.firm_id == firm_id, Membership.ended_at.is_(None))
    return list(db.session.scalars(today.options(selectinload(Membership.user)).order_by(Membership.id)))


def membership_of(firm_id: int, user_id: int) -> Membership | None:
    mine = select(Membership).where(
        Membership.firm_id == firm_id, Membership.user_id == user_id, Membership.ended_at.is_(None)
    )
    return db.session.scalars(mine).first()


def is_member(firm_id: int, user_id: int) -> bool:
    return membership_of(firm_id, user_id) is not None


def is_owner(firm_id: int, user_id: int) -> bool:
    place = membership_of(firm_id, user_id)
    return place is not None and place.kind is MembershipKind.OWNER


def require_owner(firm_id: int, by: Any) -> None:
    if not is_owner(firm_id, by.id):
        raise Refused(_("Only the owner of the firm can do this."))


def leave_firm(firm_id: int, *, by: Any) -> None:
    """End one's own membership. What one did for the firm stays with the firm."""
    place = membership_of(firm_id, by.id)
    if place is None:
        raise Refused(_("You are not in this firm."))
    _end(place, by)


def remove_member(firm_id: int, user_id: int, *, by: Any) -> None:
    """An owner ends the membership of somebody who no longer works there."""
    require_owner(firm_id, by)
    place = membership_of(firm_id, user_id)
    if place is None:
        raise Refused(_("This person is not in your firm."))
    _end(place, by)


def _end(place: Membership, by: Any) -> None:
    others = [
        one for one in members_of(place.firm_id) if one.kind is MembershipKind.OWNER and one is not place
    ]
    if place.kind is MembershipKind.OWNER and not others:
        raise Refused(_("A firm keeps at least one owner. Ask your trainer before you leave."))
    place.ended_at = now()
    db.session.flush()
    stop_using_all(place.user_id, firm_id=place.firm_id, by=by)
    events.publish(events.MemberLeft(actor_id=by.id, user_id=place.user_id, firm_id=place.firm_id))


# People of the house


def find_people(search: str = "", page: int = 1) -> PeoplePage:
    """People by a part of their name, address or firm, fifty at a time, by name."""
    found = select(User)
    if wanted := " ".join(search.split()):
        in_firm = select(Membership.user_id).join(Firm).where(Firm.name.icontains(wanted, autoescape=True))
        found = found.where(
            or_(
                User.name.icontains(wanted, autoescape=True),
                User.email.icontains(wanted, autoescape=True),
                User.id.in_(in_firm),
            )
        )
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    pages = max(-(-total // A_PAGE), 1)
    page = min(max(page, 1), pages)
    with_firms = found.options(selectinload(User.memberships).selectinload(Membership.firm))
    rows = db.session.scalars(
        with_firms.order_by(User.name, User.id).limit(A_PAGE).offset((page - 1) * A_PAGE)
    )
    return PeoplePage(list(rows), page, pages, total)


def people_with_role(*roles: Role) -> list[User]:
    """Who holds one of these roles and may enter, by name."""
    active = select(User).where(User.role.in_(roles), User.suspended_at.is_(None))
    return list(db.session.scalars(active.order_by(User.name, User.id)))


def add_staff(*, name: str, email: str, role: Role, by: Any | None) -> User:
    """Put somebody of the staff into the house without an invitation: how an installation gets its first."""
    known = user_of(email)
    if known is not None:
        raise Refused(
            _("That address is already %(name)s's. Change the role on their page.", name=known.name)
        )
    user = User(name=" ".join(name.split()), email=clean_email(email), role=role, created_at=now())
    db.session.add(user)
    db.session.flush()
    events.publish(events.RoleChanged(actor_id=by.id if by else None, user_id=user.id, role=role.value))
    return user


def change_role(user: User, role: Role, *, by: Any) -> None:
    """Give a person another role; their sessions end, so that no page still shows the old rights."""
    if user.id == by.id:
        raise Refused(_("Nobody changes their own role. Ask another administrator."))
    if user.role is role:
        return
    user.role = role
    user.epoch += 1
    stop_using_all(user.id, by=by)
    events.publish(events.RoleChanged(actor_id=by.id, user_id=user.id, role=role.value))


def suspend(user: User, *, by: Any) -> None:
    """Keep a person out from their next request on; nothing of theirs is erased."""
    if user.id == by.id:
        raise Refused(_("Nobody suspends themselves. Ask another administrator."))
    if user.suspended_at is None:
        user.suspended_at = now()
        user.epoch += 1
        stop_using_all(user.id, by=by)
        events.publish(events.PersonSuspended(actor_id=by.id, user_id=user.id))


def restore(user: User, *, by: Any) -> None:
    """Let a suspended person in again; they ask for a new code."""
    if user.suspended_at is not None:
        user.suspended_at = None
        events.publish(events.PersonRestored(actor_id=by.id, user_id=user.id))


def choose_language(locale: str, *, by: Any) -> None:
    """Speak to this person in that language from now on, in pages and letters."""
    db.session.get_one(User, by.id).locale = locale
