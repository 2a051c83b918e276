"""What a passkey has to sign: a random challenge in the session, for one form and for a few minutes."""

import secrets
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import current_app, request, session

from lms.accounts.services.passkeys import Site
from lms.foundation import clock

LASTS = timedelta(minutes=10)


def site() -> Site | None:
    """The house as browsers know it; None where its address is a number, for which there are no passkeys."""
    address = urlsplit(current_app.config["SITE_URL"] or request.host_url)
    host = address.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return Site(host, f"{address.scheme}://{address.netloc}", current_app.config["SITE_NAME"])
    return None


def new_challenge(form_key: str) -> str:
    """A challenge for the form of that one-time key: as the key is used up once, so is the challenge."""
    challenge = secrets.token_urlsafe(32)
    session["challenge"] = [form_key, challenge, clock.now().isoformat()]
    return challenge


def take_challenge(form_key: str) -> str | None:
    """The challenge of that form; None when there is none, it is another form's, or it is too old."""
    of_form, challenge, made_at = session.pop("challenge", None) or (None, None, None)
    if of_form != form_key or made_at is None:
        return None
    return challenge if clock.now() - datetime.fromisoformat(made_at) < LASTS else None
