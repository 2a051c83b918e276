"""The headers on every answer, and what comes from other sites."""

import pytest
from flask import Response

from lms.app import create_app
from lms.foundation.db import db
from lms.web.security import HEADERS, attachment_headers
from tests.conftest import Browser
from tests.settings import settings

PROMISED = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'",
    "font-src": "'self'", "media-src": "'self'",
    "connect-src": "'self'", "form-action": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'",
}  # fmt: skip


def policy_of(headers) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def test_the_policy_lets_a_page_load_from_this_house_only():
    policy = policy_of(HEADERS)
    assert {name: policy.get(name) for name in PROMISED} == PROMISED
    assert set(policy.values()) <= {"'none'", "'self'"}


FOUND = ("/", "/sign-in", "/health")
FAILING = [
    "/nothing-here",
    "/refused",
    "/gone",
    "/broken",
    "/disk",
    "/away",
    "/answer/400",
    "/answer/403",
    "/answer/413",
]


@pytest.mark.parametrize("path", [*FOUND, *FAILING])
@pytest.mark.parametrize("who", [None, "owner"])
def test_every_answer_carries_the_headers(cast, workshop, path, who):
    page = Browser(workshop, getattr(cast, who) if who else None).get(path)
    for name, value in HEADERS.items():
        assert page.headers.get(name) == value, name
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age=63072000" in page.headers["Strict-Transport-Security"]
    assert page.headers["Cache-Control"] in ("no-store", "no-cache")
    assert "Server" not in page.headers and "X-Powered-By" not in page.headers


def test_a_signed_in_page_is_kept_by_no_browser(cast, workshop):
    for path in ("/home", "/new", "/nothing-here", "/broken"):
        assert Browser(workshop, cast.owner).get(path).headers["Cache-Control"] == "no-store", path


@pytest.mark.parametrize("site", ["cross-site"])
def test_a_form_from_another_site_is_refused_before_anything_else(cast, workshop, site):
    page = Browser(workshop, cast.owner).post("/new", {"name": "x"}, headers={"Sec-Fetch-Site": site})
    assert page.status in (400, 403)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app):
    response = app.test_client().get("/sign-in")
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_over_tls_the_cookie_is_bound_to_this_very_host(tmp_path):
    made = create_app(
        settings(tmp_path, f"sqlite:///{tmp_path / 'x.db'}", SITE_URL="https://pespunte.example.org")
    )
    with made.app_context():
        db.create_all()
    (cookie,) = (
        made.test_client()
        .get("/sign-in", base_url="https://pespunte.example.org")
        .headers.getlist("Set-Cookie")
    )
    assert (
        cookie.startswith("__Host-session=")
        and "Secure" in cookie
        and "Path=/" in cookie
        and "Domain" not in cookie
    )
    with made.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("name", ["foto.jpg", 'a"; filename="x.html', "ñandú 🦤.pdf", "a\\b.pdf", "../../x"])
@pytest.mark.parametrize("inline", [True, False])
def test_a_file_that_somebody_handed_in_can_do_nothing(name, inline):
    response = attachment_headers(Response(b""), name, inline=inline)
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    kind = response.headers["Content-Disposition"]
    assert kind.startswith("inline" if inline else "attachment") and "\n" not in kind
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ["a\r\nSet-Cookie: x=1", "a\nb"])
def test_a_name_with_a_line_break_cannot_add_a_header(name):
    try:
        response = attachment_headers(Response(b""), name, inline=False)
    except ValueError:
        return
    assert not any("\n" in value or "\r" in value for value in response.headers.values())
