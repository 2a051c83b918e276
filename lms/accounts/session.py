"""What a browser keeps of a person: the session that begins and ends, and where they wanted to go."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, request, session, url_for
from flask_login import login_user

from lms.accounts.models import User
from lms.accounts.person import person
from lms.foundation import clock
from lms.web.templating import url_or_none


def begin(user: User) -> None:
    """Sign this person in, in a new session: nothing of who sat here before stays."""
    found = person(user.id)
    session.clear()
    login_user(found)
    session["firm_id"] = found.firm_id if found else None
    session["since"] = clock.now().isoformat()
    session.permanent = True


def end() -> None:
    session.clear()


def safe_target(target: str | None) -> str | None:
    """A place within this house to go to after signing in, or None: never another site, however written."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    # Browsers drop control characters and read a backslash as a slash.
    if "\\" in target or any(ord(character) <= 32 or ord(character) == 127 for character in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target


def start_page() -> str:
    return url_or_none("home.start") or "/"


def absolute(endpoint: str, **values: Any) -> str:
    """The full address of a page, for links that leave the house: the host of a request is not believed
    where the house knows its own address."""
    site = current_app.config["SITE_URL"] or request.url_root
    return site.rstrip("/") + url_for(endpoint, **values)


def unkept(page: str | tuple[str, int] | Response) -> Response:
    """A page that shows or takes a secret: no cache keeps it."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
