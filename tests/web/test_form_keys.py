"""A form carried out once is not carried out again, however often it arrives."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.accounts.models import User
from lms.foundation.clock import now
from lms.foundation.db import db, transaction
from lms.web import form_keys
from lms.web.form_keys import FormKey
from tests import pages
from tests.conftest import Browser


@pytest.fixture
def visitor(app, workshop):
    return Browser(workshop, None)


def people() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(User.name).order_by(User.id)))


def form_of(visitor) -> dict:
    page = visitor.get("/new")
    return pages.values(page.forms[0])


def test_a_double_tap_makes_one_person_and_leads_to_the_same_page(visitor):
    sent = form_of(visitor) | {"name": "Lupita"}
    first, second = visitor.post("/new", sent), visitor.post("/new", sent)
    assert first.status == second.status == 302
    assert first.location == second.location == "/person/1" or first.location == second.location
    assert people() == ["Lupita"]


def test_a_retry_that_says_something_else_still_gets_the_first_answer(visitor):
    sent = form_of(visitor)
    first = visitor.post("/new", sent | {"name": "Lupita"})
    second = visitor.post("/new", sent | {"name": "Rosa"})
    assert second.location == first.location and people() == ["Lupita"]


def test_two_showings_of_a_form_are_two_forms(visitor):
    one, another = form_of(visitor), form_of(visitor)
    assert one["form_key"] != another["form_key"]
    visitor.post("/new", one | {"name": "Lupita"})
    visitor.post("/new", another | {"name": "Rosa"})
    assert people() == ["Lupita", "Rosa"]


def test_a_form_that_was_refused_can_be_put_right_and_sent_again(visitor):
    sent = form_of(visitor)
    assert visitor.post("/new", sent | {"name": "Nadie"}).status == 422
    assert visitor.post("/new", sent | {"name": ""}).status == 422
    assert visitor.post("/new", sent | {"name": "Lupita"}).status == 302
    assert people() == ["Lupita"]


def test_a_form_without_its_key_does_nothing_and_says_what_to_do(visitor):
    sent = form_of(visitor) | {"name": "Lupita", "form_key": ""}
    answer = visitor.post("/new", sent)
    assert answer.status == 422 and answer.errors and people() == []


@pytest.mark.parametrize("key", ["x" * 65, "x" * 100_000])
def test_a_key_that_no_page_gave_is_refused_when_it_is_long(visitor, key):
    assert visitor.post("/new", form_of(visitor) | {"name": "Lupita", "form_key": key}).status == 422
    assert people() == []


def test_thirty_arrivals_at_once_make_one_person_and_all_are_led_to_the_same_page(visitor, workshop):
    sent = form_of(visitor) | {"name": "Lupita"}
    cookie = visitor.client.get_cookie("session").value
    answers, together = [], threading.Barrier(30)

    def send():
        client = workshop.test_client()
        client.set_cookie("session", cookie)
        together.wait()
        response = client.post("/new", data=sent)
        answers.append((response.status_code, response.location))

    senders = [threading.Thread(target=send) for _ in range(30)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert people() == ["Lupita"]
    assert len(answers) == 30 and len(set(answers)) == 1 and answers[0][0] == 302


def test_keys_are_forgotten_when_no_phone_holds_their_form_any_more(app, stopped_clock):
    with transaction():
        db.session.add(FormKey(key="old", used_at=now()))
    stopped_clock(now() + form_keys.KEEP + timedelta(hours=1))
    with transaction():
        db.session.add(FormKey(key="new", used_at=now()))
        form_keys.forget_form_keys()
    assert db.session.scalar(select(func.count()).select_from(FormKey)) == 1
