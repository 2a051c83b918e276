"""A hundred reviews without touching the mouse; what is typed saves itself at the server."""

import time
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from lms.assignments import services
from lms.assignments.models import Review, ReviewDraft, Submission, SubmissionState
from lms.foundation.db import db
from tests import build
from tests.browser.visitor import LAPTOP, Findings, Visitor

MANY = 100


@pytest.fixture
def trainer(chromium, house, request):
    """Tere at the first of some pieces of work, with two sentences kept."""
    with house.app.app_context():
        cast = house.cast()
        person, brief = build.user("Ana Paz"), cast.version.week_rows[1].brief
        for number in range(getattr(request, "param", 2)):
            enrolment = build.enrol(build.firm(f"Taller {number}", person), cast.cohort)
            work = build.submission(enrolment, brief, person)
        services.keep_phrase(work, "Muy bien, {persona}.", False, by=cast.trainer)
        services.keep_phrase(work, "Se ve el taller de {empresa}.", True, by=cast.trainer)
        email = cast.trainer.email
        db.session.commit()
        db.session.remove()
    findings = Findings()
    visitor = Visitor(chromium, SimpleNamespace(app=house.app, url=house.url), findings, viewport=LAPTOP)
    visitor.page.goto(house.make_link(email))
    visitor.page.get_by_role("button").first.click()
    visitor.page.wait_for_url("**/home")
    visitor.page.goto(house.url + "/review")
    visitor.page.get_by_role("link", name="Calificar la primera").click()
    yield visitor
    visitor.close()
    findings.assert_none()


def asked(house, question):
    with house.app.app_context():
        answer = question()
        db.session.remove()
    return answer


@pytest.mark.parametrize("trainer", [MANY], indirect=True)
def test_a_hundred_reviews_by_keyboard_alone(trainer, house):
    page, keys = trainer.page, trainer.page.keyboard
    page.locator(".crit input").first.focus()
    for number in range(MANY):
        place = page.locator(".pager b")
        expect(place).to_have_text(f"1 de {MANY - number}")
        expect(page.locator(".crit input").first).to_be_focused()
        for key in ("4", "j", "3", "j", "2", "f", "Enter", "c"):
            keys.press(key)
        keys.press("Control+End")
        keys.type(f" Va {number}.")
        for key in ("Escape", "s"):
            keys.press(key)
        page.wait_for_load_state()
    expect(page.get_by_role("heading", name="Por calificar")).to_be_visible()
    reviews = asked(house, lambda: [(one.levels, one.feedback) for one in db.session.query(Review)])
    assert [levels for levels, _words in reviews] == [{"Luz": 3, "Fondo": 2, "Detalle": 1}] * MANY
    assert [words for _levels, words in reviews] == [f"Muy bien, Ana. Va {number}." for number in range(MANY)]
    assert asked(house, lambda: {one.state for one in db.session.query(Submission)}) == {
        SubmissionState.ACCEPTED
    }


def test_keys_do_nothing_in_the_comment_and_the_question_mark_shows_them(trainer, house):
    page = trainer.page
    page.locator("textarea").focus()
    page.keyboard.type("s d 1 ? j")
    expect(page.locator("textarea")).to_have_value("s d 1 ? j")
    page.keyboard.press("Escape")
    page.keyboard.type("?")
    expect(page.get_by_text("escogen el nivel")).to_be_visible()
    assert asked(house, lambda: db.session.query(Review).count()) == 0


def test_what_is_typed_saves_itself_and_comes_back_on_another_device(trainer, house):
    page = trainer.page
    page.locator("textarea").fill("Va muy bien")
    page.locator(".crit input").nth(2).check()
    expect(page.locator("[data-saved]")).to_contain_text("Guardado")
    page.evaluate("() => localStorage.clear()")
    page.reload()
    expect(page.locator("textarea")).to_have_value("Va muy bien")
    expect(page.locator(".crit input").nth(2)).to_be_checked()
    assert asked(house, lambda: db.session.query(ReviewDraft).count()) == 1


def test_what_was_typed_last_is_saved_when_the_page_is_left(trainer, house):
    page = trainer.page
    page.locator("textarea").fill("A medias")
    page.goto(house.url + "/review")
    expect(page.get_by_role("heading", name="Por calificar")).to_be_visible()
    # The request outlives its page, so that only the server can tell when it came.
    ends = time.monotonic() + 8
    while not (kept := asked(house, drafts)) and time.monotonic() < ends:
        page.wait_for_timeout(50)
    assert kept == ["A medias"]


def drafts():
    return [one.feedback for one in db.session.query(ReviewDraft)]
