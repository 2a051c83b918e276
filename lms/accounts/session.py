"""What a browser keeps of a person: the session that begins and ends, and where they wanted to go."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, request, session, url_for
from flask_login import login_user

from lms.accounts import phone_cookie, services
from lms.accounts.models import User
from lms.accounts.person import person
from lms.foundation import clock
from lms.web.templating import url_or_none

# For how long after entering a PIN is offered on the first page.
OFFERED = timedelta(minutes=15)


class By(StrEnum):
    """How somebody proved who they are when they entered."""

    CODE = "code"
    LINK = "link"
    # A link that staff made and passed on: it went through other hands.
    PASSED_ON = "passed_on"
    INVITATION = "invitation"
    PIN = "pin"
    PASSKEY = "passkey"
    DEMO = "demo"


def begin(user: User, by: By, *, firm_id: int | None = None) -> None:
    """Sign this person in, in a new session: nothing of who sat here before stays."""
    found = person(user.id, firm_id=firm_id)
    place = services.phone_user(services.known_phone(phone_cookie.token()), user.id)
    session.clear()
    login_user(found)
    session["key"] = services.begin_session(user, phone_id=place.phone_id if place else None)
    session["firm_id"] = found.firm_id if found else None
    session["since"] = clock.now().isoformat()
    session["by"] = by.value
    session["on_known_phone"] = place is not None
    session.permanent = True


def end() -> None:
    session.clear()


def use_known_phone(phone_id: int) -> None:
    """From now on this session is one of that phone."""
    services.bind_session(session.get("key"), phone_id)
    session["on_known_phone"] = True


def is_on_known_phone() -> bool:
    """Whether who is signed in uses this phone together with others, as far as this session knows."""
    return bool(session.get("on_known_phone"))


def offers_pin() -> bool:
    """Right after entering with a letter or a link is the moment to say that there is a faster way."""
    by, since = session.get("by"), session.get("since")
    if (
        by not in (By.CODE, By.LINK, By.PASSED_ON, By.INVITATION, By.DEMO)
        or is_on_known_phone()
        or since is None
    ):
        return False
    return clock.now() - datetime.fromisoformat(since) < OFFERED


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
