"""Headers on every answer, refusal of requests from other sites, and a brake on guessing."""

from flask import Flask, Response, abort, request
from flask_login import current_user

from lms.foundation.db import SAFE_METHODS

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
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


def init_app(app: Flask) -> None:
    """Set the headers on everything the app answers, errors included."""

    @app.before_request
    def refuse_other_sites() -> None:
        # The CSRF token is the lock; this is the second bolt, and costs nothing.
        if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site") == "cross-site":
            abort(403)

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint and current_user and current_user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        else:
            response.headers.setdefault("Cache-Control", "no-cache")
        return response


def attachment_headers(response: Response, name: str, *, inline: bool) -> Response:
    """Make a file that somebody handed in harmless: never sniffed, never run, photos shown, the rest downloaded."""
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers.set("Content-Disposition", "inline" if inline else "attachment", filename=name)
    return response
