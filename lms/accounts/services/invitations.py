"""Invitations: an offer bound to one address, role and firm, that works once and for seven days."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from lms import events
from lms.accounts.models import Invitation, Membership, MembershipKind, User
from lms.accounts.services.entry import clean_email, let_in, user_of
from lms.accounts.services.people import is_member, require_owner
from lms.foundation import tokens
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Gone, Refused
from lms.foundation.i18n import gettext as _
from lms.permissions import Role

INVITATION_LASTS = timedelta(days=7)

STAFF = (Role.TRAINER, Role.MENTOR, Role.LEAD, Role.ADMIN)


def invite(
    *,
    name: str,
    email: str,
    role: Role,
    by: Any,
    firm_id: int | None = None,
    kind: MembershipKind | None = None,
) -> Invitation:
    """Offer a place, bound to this address, role and firm. The letter carries the only copy of the link."""
    token = tokens.new_token()
    invitation = Invitation(
        token_hash=tokens.hash_token(token),
        firm_id=firm_id,
        role=role,
        kind=kind,
        name=" ".join(name.split()),
        email=clean_email(email),
        invited_by_id=by.id,
        created_at=now(),
        expires_at=now() + INVITATION_LASTS,
    )
    db.session.add(invitation)
    db.session.flush()
    _announce(invitation, token, by)
    return invitation


def invite_staff(*, name: str, email: str, role: Role, by: Any) -> Invitation:
    """Invite a trainer, mentor, lead or administrator."""
    if role not in STAFF:
        raise Refused(_("Members are invited with their firm, from their cohort."))
    known = user_of(email)
    if known is not None:
        raise Refused(
            _("That address is already %(name)s's. Change the role on their page.", name=known.name)
        )
    if _pending(Invitation.email == clean_email(email)):
        raise Refused(_("That address has an invitation already. Send it again or withdraw it."))
    return invite(name=name, email=email, role=role, by=by)


def invite_member(firm_id: int, *, name: str, email: str, kind: MembershipKind, by: Any) -> Invitation:
    """An owner's invitation of somebody to their own firm."""
    require_owner(firm_id, by)
    if _pending((Invitation.firm_id == firm_id) & (Invitation.email == clean_email(email))):
        raise Refused(_("That address has an invitation already. Send it again or withdraw it."))
    known = user_of(email)
    if known is not None:
        if is_member(firm_id, known.id):
            raise Refused(_("%(name)s is in your firm already.", name=known.name))
        check_may_join(known)
    return invite(name=name, email=email, role=Role.MEMBER, by=by, firm_id=firm_id, kind=kind)


def check_may_join(user: User) -> None:
    """Raises Refused when this person cannot join a firm: suspended, or one of those who judge firms."""
    if user.suspended_at is not None or user.role not in (Role.MEMBER, Role.MENTOR):
        raise Refused(_("This address cannot be invited. Write another one."))


def find_invitation(token: str) -> Invitation:
    """The invitation whose link this is. Raises Gone when it is used, withdrawn, expired or never was."""
    found = db.session.scalars(
        select(Invitation).where(Invitation.token_hash == tokens.hash_token(token))
    ).first()
    if found is None or not _is_open(found):
        raise Gone
    return found


def accept_invitation(invitation: Invitation) -> tuple[User, bool]:
    """Let the invited person in, and say whether they may enter right now. Raises Gone.

    A new person is made with the invitation's own address and role. Who is in the house already keeps the
    role they have, an invitation never raises it; and staff prove by a code that it is them.
    """
    open_still = update(Invitation).where(
        Invitation.id == invitation.id,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now(),
    )
    if db.session.scalar(open_still.values(accepted_at=now()).returning(Invitation.id)) is None:
        raise Gone
    user = user_of(invitation.email)
    may_enter = user is None or user.role is Role.MEMBER
    if user is None:
        user = User(name=invitation.name, email=invitation.email, role=invitation.role, created_at=now())
        db.session.add(user)
        db.session.flush()
    elif user.suspended_at is not None:
        raise Gone
    invitation.accepted_by_id = user.id
    if invitation.firm_id is not None:
        _join(invitation.firm_id, user, invitation.kind or MembershipKind.STAFF)
    accepted = events.InvitationAccepted(
        actor_id=user.id, invitation_id=invitation.id, user_id=user.id, firm_id=invitation.firm_id
    )
    events.publish(accepted)
    if may_enter:
        let_in(user)
    return user, may_enter


def resend(invitation: Invitation, *, by: Any) -> None:
    """A new link for seven more days; the one sent before stops working."""
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        raise Refused(_("This invitation is closed. Make a new one."))
    token = tokens.new_token()
    invitation.token_hash = tokens.hash_token(token)
    invitation.expires_at = now() + INVITATION_LASTS
    _announce(invitation, token, by)


def revoke(invitation: Invitation, *, by: Any) -> None:
    """The link stops working; who was let in already stays."""
    if invitation.accepted_at is not None:
        raise Refused(_("%(name)s has accepted already.", name=invitation.name))
    invitation.revoked_at = invitation.revoked_at or now()


def pending_invitations(firm_ids: list[int]) -> dict[int, list[Invitation]]:
    """What was sent and not answered, also when it expired, by firm."""
    waiting: dict[int, list[Invitation]] = {firm_id: [] for firm_id in firm_ids}
    for invitation in _pending(Invitation.firm_id.in_(firm_ids)):
        waiting[invitation.firm_id or 0].append(invitation)
    return waiting


def pending_staff() -> list[Invitation]:
    return _pending(Invitation.firm_id.is_(None))


def _pending(condition: Any) -> list[Invitation]:
    waiting = select(Invitation).where(
        condition, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None)
    )
    return list(db.session.scalars(waiting.order_by(Invitation.id)))


def _is_open(invitation: Invitation) -> bool:
    return invitation.accepted_at is None and invitation.revoked_at is None and invitation.expires_at > now()


def _announce(invitation: Invitation, token: str, by: Any) -> None:
    db.session.flush()
    invited = events.PersonInvited(
        actor_id=by.id, invitation_id=invitation.id, firm_id=invitation.firm_id, link_secret=token
    )
    events.publish(invited)


def _join(firm_id: int, user: User, kind: MembershipKind) -> None:
    place = db.session.scalars(
        select(Membership).where(Membership.firm_id == firm_id, Membership.user_id == user.id)
    ).first()
    if place is None:
        db.session.add(Membership(firm_id=firm_id, user_id=user.id, kind=kind, joined_at=now()))
    elif place.ended_at is not None:
        place.kind, place.joined_at, place.ended_at = kind, now(), None
    db.session.flush()
