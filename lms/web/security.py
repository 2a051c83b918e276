"""Headers on every answer, refusal of requests from other sites, and a brake on guessing."""

import re
from urllib.parse import quote

from flask import Flask, Response, abort, request
from flask_login import current_user
from werkzeug.routing import IntegerConverter

from lms.foundation.db import SAFE_METHODS

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}


class KeyConverter(IntegerConverter):
    """A key that a database can hold, in plain digits: anything else in an address is not found."""

    regex = "[0-9]{1,9}"


def init_app(app: Flask) -> None:
    """Set the headers on everything the app answers, errors included. Call it before any route is added."""
    app.url_map.converters["int"] = KeyConverter

    @app.before_request
    def refuse_other_sites() -> None:
        # The CSRF token is the lock; this is the second bolt, and costs nothing.
        if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site") == "cross-site":
            abort(403)

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # An error page may hold what was typed.
        is_private = response.status_code >= 400 or current_user.is_authenticated
        response.headers.setdefault("Cache-Control", "no-store" if is_private else "no-cache")
        return response


def attachment_headers(response: Response, name: str, *, inline: bool) -> Response:
    """Make a file that somebody handed in harmless: never sniffed, never run, photos shown, the rest
    downloaded."""
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = f"{'inline' if inline else 'attachment'}; {_file_name(name)}"
    return response


def _file_name(name: str) -> str:
    """A name for a header, which holds few signs: any other sign goes in a second form (RFC 6266)."""
    plain = re.sub(r'[^ -~]|["\\]', "_", name)
    return f'filename="{plain}"' + ("" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}")
