"""A photo in the grader: marks by click and by keys, closer and turned; the firm finds them there."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from lms.assignments.models import Review, ReviewDraft
from lms.foundation.db import db
from tests.assignments.photos import handed_in
from tests.browser.visitor import LAPTOP, Findings, Visitor


@pytest.fixture
def work(house):
    """Work with two photos of Lupita's, and who is who."""
    with house.app.app_context():
        cast = house.cast()
        made = handed_in(cast.enrolment, cast.version.week_rows[1].brief, cast.owner)
        found = SimpleNamespace(
            id=made.id, brief=made.brief_id, trainer=cast.trainer.email, owner=cast.owner.email
        )
        db.session.remove()
    return found


def enter(chromium, house, email, findings):
    visitor = Visitor(chromium, SimpleNamespace(app=house.app, url=house.url), findings, viewport=LAPTOP)
    visitor.page.goto(house.make_link(email))
    visitor.page.get_by_role("button").first.click()
    visitor.page.wait_for_url("**/home")
    return visitor


def asked(house, question):
    with house.app.app_context():
        answer = question()
        db.session.remove()
    return answer


@pytest.fixture
def findings():
    found = Findings()
    yield found
    found.assert_none()


@pytest.fixture
def grader(chromium, house, work, findings):
    visitor = enter(chromium, house, work.trainer, findings)
    visitor.page.goto(f"{house.url}/submissions/{work.id}/review")
    yield visitor
    visitor.close()


def marks_kept(page, house):
    expect(page.locator("[data-saved]")).to_contain_text("Guardado")
    [kept] = asked(house, lambda: [one.pins for one in db.session.query(ReviewDraft)])
    return [(one["x"], one["y"], one["text"]) for one in kept]


def test_a_mark_by_keys_alone(grader, house):
    page, keys = grader.page, grader.page.keyboard
    page.locator(".crit input").first.focus()
    keys.press("p")
    stage = page.locator(".look__stage").first
    expect(stage).to_be_focused()
    for key in ("ArrowLeft", "Shift+ArrowUp", "Enter"):
        keys.press(key)
    keys.type("Por teclas")
    keys.press("Escape")
    expect(stage).to_be_focused()
    for key in ("+", "+", "r"):
        keys.press(key)
    box = stage.locator("img").bounding_box()
    assert box["height"] > box["width"], "it lies on its side"
    keys.press("Escape")
    expect(page.locator(".crit input").first).to_be_focused()
    assert marks_kept(page, house) == [(0.48, 0.4, "Por teclas")]
    grader.arrive()
    page.reload()
    expect(page.locator("[name=pin_text]")).to_have_value("Por teclas")
    page.get_by_role("button", name="Quitar").click()
    expect(page.locator("[data-saved]")).to_contain_text("Guardado")
    page.reload()
    expect(page.locator("[name=pin_text]")).to_have_count(0)


def test_a_mark_by_click_on_a_turned_photo_reaches_the_firm(chromium, grader, house, work, findings):
    page = grader.page
    page.get_by_role("button", name="Girar").first.click()
    # Turned by a quarter, its left upper corner is at the right: what is set there is there on the file.
    box = page.locator(".look__stage img").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.1)
    page.keyboard.type("Por clic")
    [(x, y, _words)] = marks_kept(page, house)
    assert abs(x - 0.1) < 0.02 and abs(y - 0.25) < 0.02
    for place in range(3):
        page.locator(".crit").nth(place).locator("input").nth(3).check()
    page.get_by_role("button", name="Aprobar y seguir").click()
    page.wait_for_url("**/review")
    assert asked(house, lambda: [one.text for one in db.session.query(Review).one().remarks]) == ["Por clic"]
    owner = enter(chromium, house, work.owner, findings)
    owner.page.goto(f"{house.url}/briefs/{work.brief}")
    owner.arrive()
    photo = owner.page.locator(".pinned img")
    photo.scroll_into_view_if_needed()
    frame, dot = photo.bounding_box(), owner.page.locator(".pins circle").bounding_box()
    assert abs((dot["x"] + dot["width"] / 2 - frame["x"]) / frame["width"] - x) < 0.02
    assert abs((dot["y"] + dot["height"] / 2 - frame["y"]) / frame["height"] - y) < 0.02
    expect(owner.page.get_by_text("Por clic")).to_be_visible()
    owner.close()
