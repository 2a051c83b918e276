"""The token by which a phone is known again, in a cookie that no script reads and that outlives sessions."""

import secrets
from datetime import timedelta

from flask import current_app, request
from werkzeug import Response

# As long as browsers keep any cookie (RFC 6265bis).
LASTS = timedelta(days=400)


def token() -> str | None:
    """What this phone holds, if it is a known one."""
    return request.cookies.get(_name()) or None


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def give(response: Response, phone_token: str) -> Response:
    """Let the phone hold this token; one that has it keeps it for as long again."""
    response.set_cookie(_name(), phone_token, max_age=LASTS, path="/", **_strict())
    return response


def take(response: Response) -> Response:
    response.delete_cookie(_name(), path="/", **_strict())
    return response


def _name() -> str:
    return "__Host-phone" if current_app.config["SESSION_COOKIE_SECURE"] else "phone"


def _strict() -> dict:
    return {"secure": current_app.config["SESSION_COOKIE_SECURE"], "httponly": True, "samesite": "Lax"}
