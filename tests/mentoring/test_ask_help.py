"""Asking for help from any page, and answering."""

from datetime import date
from urllib.parse import quote

import pytest

from lms.accounts.models import User
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.mentoring import services
from lms.mentoring.addresses import chat_link, inner_path
from lms.mentoring.models import HelpRequest

ASK = f"/help?about=/lessons/3&title={quote('Fotos con luz de ventana')}"


def ask(cast, **fields):
    given = {"text": "No sale la foto", "about_title": "Fotos", "about_path": "/lessons/3", **fields}
    return services.ask_help(cast.enrolment, by=cast.owner, **given)


def test_the_page_one_came_from_is_shown_and_kept(cast, browser):
    page = browser(cast.owner).get(ASK)
    assert page.heading == "Necesito ayuda"
    assert "Fotos con luz de ventana" in page.text

    browser(cast.owner).submit(ASK, text="")

    asked = db.session.query(HelpRequest).one()
    assert (asked.about_path, asked.about_title) == ("/lessons/3", "Fotos con luz de ventana")
    assert (asked.firm_id, asked.user_id, asked.enrolment_id) == (
        cast.firm.id,
        cast.owner.id,
        cast.enrolment.id,
    )


def test_the_confirmation_says_who_reads_it_and_until_when_they_answer(cast, browser):
    page = browser(cast.owner).submit(ASK, text="No sale la foto")
    assert "Mario Vega, Tere Luna" in page.text
    assert "jueves 15 de octubre" in page.text


def test_asking_from_the_menu_needs_words_and_keeps_what_was_typed(cast, browser):
    page = browser(cast.owner).submit("/help", text="  ")
    assert page.status == 422
    assert any("Dinos en pocas palabras" in error for error in page.errors)
    assert db.session.query(HelpRequest).count() == 0


def test_sending_twice_asks_once(cast, browser):
    member = browser(cast.owner)
    page = member.get(ASK)
    first = member.send(page, ASK, text="Ayuda", follow=False)
    second = member.send(page, ASK, text="Ayuda", follow=False)
    assert first.location == second.location
    assert db.session.query(HelpRequest).count() == 1


@pytest.mark.parametrize(
    "path",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\tb", "x"],
)
def test_only_pages_of_this_house_travel_along(path):
    assert inner_path(path) == ""


def test_a_page_with_a_query_travels_along():
    assert inner_path("/sales?month=2026-09") == "/sales?month=2026-09"


def test_a_chat_is_offered_only_with_a_usable_phone(cast, browser):
    address = f"/help/{ask(cast).id}"
    assert not any("wa.me" in link for link in browser(cast.owner).get(address).links)

    db.session.get_one(User, cast.mentor.id).phone = "222 123 4567"
    chats = [link for link in browser(cast.owner).get(address).links if "wa.me" in link]

    assert chats and chats[0].startswith("https://wa.me/522221234567?text=")
    assert not any(word in chats[0] for word in ("Lupita", "Mario", "foto"))


@pytest.mark.parametrize("phone", ["", "12345", "no tengo"])
def test_a_number_that_cannot_be_called_makes_no_chat(phone):
    assert chat_link(phone, "Hola") == ""


def test_staff_see_what_the_request_is_about_and_answer_it(cast, browser, letters):
    asked = ask(cast)
    trainer = browser(cast.trainer)
    assert any(link.endswith(f"/help/{asked.id}") for link in trainer.get("/mentoring").links)
    page = trainer.get(f"/help/{asked.id}")
    assert asked.about_title in page.text
    assert asked.about_path not in page.links, "a member's page is nothing that staff can open"

    trainer.submit(f"/help/{asked.id}", answer="Acércate a la ventana.")

    assert services.open_help(cast.trainer) == []
    assert "Acércate a la ventana." in browser(cast.owner).get(f"/help/{asked.id}").text
    assert [letter.to for letter in letters() if "Acércate" in letter.text] == [cast.owner.email]


def test_the_first_answer_counts(cast):
    asked = ask(cast)
    services.answer_help(asked, "Así", by=cast.trainer)
    with pytest.raises(Refused):
        services.answer_help(asked, "Asá", by=cast.mentor)
    assert asked.answer == "Así"


@pytest.mark.parametrize(
    "who", ["rival", "outsider", "ex_member", "other_trainer", "other_mentor", "other_lead", "admin"]
)
def test_others_do_not_find_a_request(cast, browser, who):
    asked = ask(cast)
    assert browser(getattr(cast, who)).get(f"/help/{asked.id}").status == 404
    assert services.open_help(getattr(cast, who)) == []


def test_the_firm_reads_its_request_and_cannot_answer_it(cast, browser):
    asked = ask(cast)
    son = browser(cast.son)
    assert son.get(f"/help/{asked.id}").status == 200
    token = son.get("/help").root.find("input", name="csrf_token").attributes["value"]
    assert son.post(f"/help/{asked.id}/answer", {"answer": "Yo mismo", "csrf_token": token}).status == 404
    assert asked.answered_at is None


def test_staff_are_told_whom_to_ask(cast, browser):
    text = browser(cast.trainer).get("/help").text
    assert "Lena Díaz" in text and "Leo Cano" not in text
    assert browser(cast.admin).get("/help").status == 200


def test_an_answer_is_promised_for_the_next_working_day(cast, stopped_clock):
    from datetime import UTC, datetime

    stopped_clock(datetime(2026, 10, 16, 20, 0, tzinfo=UTC))
    assert services.answer_due_on(ask(cast)) == date(2026, 10, 19)


def test_what_people_write_is_not_markup(cast, browser):
    asked = ask(cast, text="<script>alert(1)</script>", about_title="<b>x</b>")
    html = browser(cast.trainer).get(f"/help/{asked.id}").html
    assert "<script>alert" not in html and "<b>x</b>" not in html
