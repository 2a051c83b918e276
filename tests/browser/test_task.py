"""A photo that is sent by itself while its page stays open, on a good line and on a bad one."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from lms.assignments.models import Attachment
from lms.foundation.db import db
from tests.browser.pictures import photo
from tests.browser.visitor import Findings, Visitor


@pytest.fixture
def member(chromium, house):
    """Lupita at the first task of her course."""
    with house.app.app_context():
        cast = house.cast()
        path, owner = f"/briefs/{cast.version.week_rows[1].brief.id}", cast.owner.email
        db.session.commit()
        db.session.remove()
    findings = Findings()
    visitor = Visitor(chromium, SimpleNamespace(app=house.app, url=house.url), findings)
    visitor.page.goto(house.make_link(owner))
    visitor.page.get_by_role("button").first.click()
    visitor.page.wait_for_url("**/home")
    visitor.page.goto(house.url + path)
    yield visitor
    visitor.close()


def kept(house) -> int:
    with house.app.app_context():
        count = db.session.query(Attachment).count()
        db.session.remove()
    return count


def choose(member, name="frente"):
    member.page.locator("#frente-file").set_input_files(photo(name))


def test_a_chosen_photo_is_saved_and_shown_while_the_page_stays(member, house):
    member.page.locator("textarea").fill("A medias")
    member.page.evaluate("() => { window.stays = true; }")
    choose(member)
    slot = member.page.locator("#slot-frente")
    expect(slot.get_by_text("Guardada")).to_be_visible()
    expect(slot.locator("img")).to_have_attribute("src", re.compile("/attachments/1/small"))
    expect(member.page.locator("#uploads")).to_contain_text("Guardada: Foto de frente")
    member.does_not_see("Falta 1 foto")
    assert member.page.evaluate("() => window.stays")
    expect(member.page.locator("textarea")).to_have_value("A medias")
    member.page.get_by_role("button", name="Enviar a Mario").click()
    member.page.wait_for_url("**/receipts/1")
    assert kept(house) == 1


def test_how_much_has_left_is_said_in_words_and_as_a_bar(member):
    member.page.route("**/slots/frente", lambda route: None)  # on its way, never answered
    choose(member)
    bar = member.page.locator("#slot-frente progress")
    expect(bar).to_be_visible()
    expect(member.page.locator("#slot-frente .sending")).to_contain_text(re.compile(r"Guardando… \d+ %"))


def test_what_the_server_refuses_is_said_at_its_place(member, house):
    paper = {"name": "nota.jpg", "mimeType": "image/jpeg", "buffer": b"esto no es una foto"}
    member.page.locator("#frente-file").set_input_files(paper)
    expect(member.page.locator("#slot-frente .err")).to_contain_text("no es una foto")
    assert kept(house) == 0
    choose(member)
    expect(member.page.locator("#slot-frente").get_by_text("Guardada")).to_be_visible()
    assert kept(house) == 1


def test_a_server_that_is_not_well_is_tried_again_by_one_button(member, house):
    member.page.route("**/slots/frente", lambda route: route.fulfill(status=503, body="ocupado"))
    choose(member)
    expect(member.page.locator("#slot-frente .err")).to_contain_text("sigue escogido")
    member.page.unroute("**/slots/frente")
    member.page.get_by_role("button", name="Intentar otra vez").click()
    expect(member.page.locator("#slot-frente").get_by_text("Guardada")).to_be_visible()
    assert kept(house) == 1
