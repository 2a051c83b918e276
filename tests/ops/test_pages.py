"""Health, the audit trail's page, and the doors that only a demonstration has."""

import pytest

from lms import events
from lms.foundation import db as database
from lms.foundation.db import db
from lms.ops import people
from tests import build


def test_health_says_that_the_database_answers(app, browser):
    answer = app.test_client().get("/health")
    assert answer.status_code == 200
    assert answer.json["status"] == "ok" and answer.json["database"] == "ok" and answer.json["version"]


def test_health_says_when_the_database_is_gone(app, monkeypatch):
    monkeypatch.setattr(database.db.session, "execute", _broken)
    answer = app.test_client().get("/health")
    assert answer.status_code == 503
    assert answer.json["database"] == "gone"


def _broken(*_arguments, **_options):
    raise ConnectionError("no database")


def test_an_administrator_reads_what_happened(cast, browser):
    events.publish(events.PersonSuspended(actor_id=cast.admin.id, user_id=cast.owner.id))
    db.session.commit()
    page = browser(cast.admin).get("/audit")
    assert "PersonSuspended" in page.text and "Adán Rey" in page.text


@pytest.mark.parametrize("who", ["owner", "trainer", "lead", "mentor"])
def test_nobody_else_reads_the_audit_trail(cast, browser, who):
    assert browser(getattr(cast, who)).get("/audit").status == 404


def test_outside_a_demonstration_nobody_enters_without_a_code(cast, browser):
    user = build.user("Inventada", invented=True)
    page = browser().get("/sign-in")
    token = page.root.find("input", name="csrf_token").attributes["value"]
    answer = browser().post(f"/demo/enter/{user.id}", {"csrf_token": token, "form_key": "k" * 20})
    assert answer.status in (400, 404)


@pytest.fixture
def demonstration(app, monkeypatch):
    monkeypatch.setitem(app.config, "DEMO", True)


def test_in_a_demonstration_one_tap_enters_as_an_invented_person(demonstration, app, browser):
    user = build.user("Inventada", invented=True)
    build.firm("Inventos", user)
    stranger = browser()
    cast = build.cast()
    assert cast.owner
    db.session.commit()
    sign_in = stranger.get("/sign-in")
    token = sign_in.root.find("input", name="csrf_token").attributes["value"]
    answer = stranger.post(f"/demo/enter/{user.id}", {"csrf_token": token, "form_key": "k" * 20})
    assert answer.location == "/home"
    assert stranger.get("/home").status == 200


def test_even_in_a_demonstration_no_real_person_is_entered_as(demonstration, cast, browser):
    stranger = browser()
    token = stranger.get("/sign-in").root.find("input", name="csrf_token").attributes["value"]
    answer = stranger.post(f"/demo/enter/{cast.owner.id}", {"csrf_token": token, "form_key": "k" * 20})
    assert answer.status == 404


def test_the_demonstration_offers_people_of_every_role(cast):
    from lms.accounts.models import User

    for user in db.session.query(User).all():
        user.invented = True
    db.session.flush()
    offered = people.invented_people()
    assert {person.role for person in offered} == {"member", "mentor", "trainer", "lead", "admin"}
    of_cohort = [person for person in offered if person.cohort == "Otoño" and person.role == "member"]
    assert len({person.firm for person in of_cohort}) == 2
