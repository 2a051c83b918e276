"""Every error is one of our own calm pages: in Spanish, without a secret, with what was typed still there."""

import pytest

from lms.foundation.db import db
from tests import pages
from tests.conftest import Browser


@pytest.fixture
def visitor(app, workshop):
    return Browser(workshop, None)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/refused", 409), ("/gone", 404), ("/broken", 500), ("/disk", 503), ("/away", 503),
        ("/nothing-here", 404),
        ("/answer/403", 403), ("/answer/404", 404), ("/answer/413", 413),
        ("/answer/400", 400), ("/answer/429", 429),
        ("/answer/500", 500), ("/answer/503", 503),
    ],
)  # fmt: skip
def test_an_error_is_a_page_of_ours(visitor, path, status):
    page = visitor.get(path)
    assert page.status == status
    assert page.heading and page.root.find("html").attributes["lang"] == "es-MX"
    assert "/" in page.links
    assert "Traceback" not in page.html and "secret" not in page.html and "OperationalError" not in page.html


def test_a_refusal_says_why(visitor):
    assert "La regla dice que no." in visitor.get("/refused").text


def test_the_wrong_method_is_a_page_of_ours_too(visitor):
    page = visitor.post("/health")
    assert page.status in (400, 404, 405) and page.heading


@pytest.mark.parametrize("path", ["/broken", "/disk", "/away"])
def test_what_was_typed_can_be_sent_again_with_one_button(visitor, path):
    sent = pages.values(visitor.get("/new").forms[0]) | {"name": "Lupita <b>", "note": ["a", "b"]}
    page = visitor.post(path, sent)
    assert page.status >= 500
    kept = pages.values(page.forms[0])
    assert kept["name"] == ["Lupita <b>"] and kept["note"] == ["a", "b"]
    assert kept["csrf_token"] and kept["form_key"] and kept["form_key"] != sent["form_key"]
    assert page.forms[0].find("button").text


def test_a_page_that_was_open_too_long_keeps_what_was_typed_and_can_be_sent(visitor):
    visitor.get("/new")
    page = visitor.post("/new", {"name": "Lupita", "csrf_token": "old", "form_key": "old"})
    assert page.status == 400
    again = pages.values(page.forms[0])
    assert again["name"] == ["Lupita"]
    assert visitor.post("/new", again).status == 302


def test_when_the_database_is_away_a_page_says_when_to_come_back(visitor):
    assert visitor.get("/away").headers["Retry-After"] == "10"


def test_what_a_failed_page_wrote_is_forgotten(visitor):
    from sqlalchemy import func, select

    from lms.accounts.models import User

    visitor.get("/write-by-reading")
    assert db.session.scalar(select(func.count()).select_from(User)) == 0


def test_an_amount_that_is_none_is_shown_again_as_typed(visitor):
    sent = pages.values(visitor.get("/new").forms[0]) | {"name": "Lupita", "pesos": "12.345,6 <i>"}
    page = visitor.post("/new", sent)
    assert page.status == 422 and pages.values(page.forms[0])["pesos"] == ["12.345,6 <i>"]
