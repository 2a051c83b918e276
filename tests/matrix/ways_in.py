"""How the people of each firm come in and what they agreed to: links, phones, consents, a pause."""

from datetime import date, timedelta
from typing import Any

from lms.accounts.models import (
    AccessKind,
    Invitation,
    KnownPhone,
    MembershipKind,
    Passkey,
    PhoneUser,
    SignInSecret,
)
from lms.cohorts.models import Consent, Enrolment, PauseRequest, Purpose
from lms.followups.models import FollowUp, FollowUpLink
from lms.foundation import tokens
from lms.foundation.clock import now, today
from lms.notifications.kinds import Kind
from lms.notifications.preferences import stop_token
from lms.permissions import Role
from tests import build
from tests.build import add
from tests.matrix.furniture import Canaries


def invite(firm_id: int, email: str, token: str) -> Invitation:
    return add(
        Invitation(
            token_hash=tokens.hash_token(token),
            firm_id=firm_id,
            role=Role.MEMBER,
            kind=MembershipKind.STAFF,
            name="Nueva Persona",
            email=email,
            created_at=now(),
            expires_at=now() + timedelta(days=7),
        )
    )


def consents(person, enrolment: Enrolment) -> None:
    notice = enrolment.cohort.programme.notices[0]
    for purpose in Purpose:
        add(
            Consent(
                user_id=person.id,
                firm_id=enrolment.firm_id,
                notice_id=notice.id,
                purpose=purpose,
                granted=True,
                answered_at=build.LONG_AGO,
            )
        )


def asked_again(by: dict, name: str) -> dict[str, Any]:
    """A firm that is asked for its sales after the course, and the link to answer."""
    months = {"first": date(2026, 9, 1), "last": date(2026, 10, 1)}
    whose = {"enrolment_id": by["enrolment_id"], "firm_id": by["firm_id"]}
    open_now = {"opens_on": today() - timedelta(days=1), "closes_on": today() + timedelta(days=30)}
    follow_up = add(FollowUp(**whose, months_after=3, **months, **open_now, letters=[]))
    secret = tokens.hash_token(f"follow-up-of-{name}")
    add(FollowUpLink(follow_up_id=follow_up.id, user_id=by["user_id"], token_hash=secret, made_at=now()))
    return {"follow_up_id": follow_up.id, "followups.answer_by_link token": f"follow-up-of-{name}"}


def pausing(by: dict, words: Canaries) -> dict[str, Any]:
    """A firm that waits for the answer to its wish for a pause."""
    return {"pause_request_id": add(PauseRequest(**by, reason=words.work, weeks=2, asked_at=now())).id}


def phones(person, firm_id: int, name: str) -> dict[str, Any]:
    """A phone on which this person has a PIN, and a passkey of theirs."""
    phone = add(
        KnownPhone(
            firm_id=firm_id, token_hash=f"phone {name}", name="Celular", added_at=now(), last_used_at=now()
        )
    )
    place = PhoneUser(
        phone_id=phone.id, user_id=person.id, pin_salt="s", pin_hash="h", joined_at=now(), last_used_at=now()
    )
    key = Passkey(
        user_id=person.id,
        credential_id=f"key {name}",
        public_key="",
        sign_count=0,
        name="Celular",
        created_at=now(),
    )
    return {"phone_user_id": add(place).id, "passkey_id": add(key).id}


def invitations(enrolment: Enrolment, name: str) -> dict[str, Any]:
    invitation = invite(enrolment.firm_id, f"nueva.{name}@example.org", f"token-of-{name}")
    somebody = enrolment.firm.memberships[0].user_id
    secret = tokens.hash_token(f"link-of-{name}")
    add(
        SignInSecret(
            user_id=somebody,
            kind=AccessKind.LINK,
            secret_hash=secret,
            created_at=now(),
            expires_at=now() + timedelta(minutes=30),
        )
    )
    return {
        "invitation_id": invitation.id,
        # The one that waits for the person of the second column.
        "cohorts.accept_invitation token": "invited" if name == "own" else f"token-of-{name}",
        "accounts.open_link token": f"link-of-{name}",
        "notifications.stop_letters token": stop_token(somebody, Kind.WORK),
    }
