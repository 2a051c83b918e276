"""Passkeys (W3C WebAuthn): a key pair in a phone or computer, unlocked by fingerprint, face or screen lock.

The library that checks signatures is loaded only when somebody uses one.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms import events
from lms.accounts.models import Passkey, User
from lms.accounts.services.entry import let_in
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.log import Logger

AT_MOST = 10
PATIENCE = 120_000  # milliseconds in which a person finds the right finger

log = Logger("passkeys")


@dataclass(frozen=True)
class Site:
    """For whom a passkey is: the browser gives it to no other address."""

    rp_id: str
    origin: str
    name: str


def passkeys_of(user_id: int) -> list[Passkey]:
    mine = select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)
    return list(db.session.scalars(mine))


def options_to_enter(site: Site, challenge: str) -> dict[str, Any]:
    """What the browser is asked (PublicKeyCredentialRequestOptionsJSON): any passkey that it has for us."""
    return {
        "challenge": challenge,
        "rpId": site.rp_id,
        "timeout": PATIENCE,
        "userVerification": "required",
        "allowCredentials": [],
    }


def options_to_add(user: User, site: Site, challenge: str) -> dict[str, Any]:
    """What the browser is asked for (PublicKeyCredentialCreationOptionsJSON): a passkey that finds its person
    by itself."""
    from webauthn import base64url_to_bytes, generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=site.rp_id,
        rp_name=site.name,
        user_id=_handle(user.id),
        user_name=user.email,
        user_display_name=user.name,
        challenge=base64url_to_bytes(challenge),
        timeout=PATIENCE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id))
            for one in passkeys_of(user.id)
        ],
    )
    return json.loads(options_to_json(options))


def add_passkey(answer: str, *, site: Site, challenge: str, name: str, by: Any) -> Passkey:
    """Keep what the browser made for this challenge. Raises Refused when it is not that."""
    from webauthn import base64url_to_bytes, verify_registration_response
    from webauthn.helpers import bytes_to_base64url

    if len(passkeys_of(by.id)) >= AT_MOST:
        raise Refused(_("You have many already. Remove one that you do not use."))
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception as wrong:  # the library also lets through what its parsers of JSON, CBOR and keys raise
        log.warning("passkey refused", person=by.id, why=type(wrong).__name__)
        raise Refused(_("Your phone's answer could not be read. Try again.")) from wrong
    credential_id = bytes_to_base64url(made.credential_id)
    if _with_id(credential_id) is not None:
        raise Refused(_("This phone can enter already."))
    passkey = Passkey(
        user_id=by.id,
        credential_id=credential_id,
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        name=name,
        created_at=now(),
    )
    db.session.add(passkey)
    db.session.flush()
    events.publish(events.PasskeyAdded(actor_id=by.id, user_id=by.id, passkey_id=passkey.id))
    return passkey


def enter_with_passkey(answer: str, *, site: Site, challenge: str) -> User | None:
    """The person whose passkey signed this challenge; None for anything else."""
    from webauthn import base64url_to_bytes, verify_authentication_response

    try:
        said = json.loads(answer)
        passkey = _with_id(said["id"])
        if passkey is None or passkey.user.suspended_at is not None:
            return None
        checked = verify_authentication_response(
            credential=said,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            # A count that does not grow is a copied key.
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
        if base64url_to_bytes(said["response"]["userHandle"]) != _handle(passkey.user_id):
            return None
    except Exception as wrong:  # as above
        log.warning("passkey refused", why=type(wrong).__name__)
        return None
    passkey.sign_count, passkey.last_used_at = checked.new_sign_count, now()
    return let_in(passkey.user)


def remove_passkey(passkey: Passkey, *, by: Any) -> None:
    removed = events.PasskeyRemoved(actor_id=by.id, user_id=passkey.user_id, passkey_id=passkey.id)
    db.session.delete(passkey)
    db.session.flush()
    events.publish(removed)


def _with_id(credential_id: Any) -> Passkey | None:
    if not isinstance(credential_id, str):
        return None
    return db.session.scalars(select(Passkey).where(Passkey.credential_id == credential_id)).first()


def _handle(user_id: int) -> bytes:
    """By what an authenticator knows the person: it says nothing of them (WebAuthn 14.6.1)."""
    return f"person-{user_id}".encode()
