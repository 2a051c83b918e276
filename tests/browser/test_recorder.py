"""The microphone of the grader: what is said reaches the server, the form stays, and the draft keeps it."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from lms.assignments.models import ReviewDraft
from lms.foundation.db import db
from tests import build
from tests.browser.visitor import LAPTOP, Findings, Visitor
from tests.engines import chromium_launch

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture
def grader(chromium, house):
    """Tere at a piece of work, on a machine whose microphone hears a tone."""
    with house.app.app_context():
        cast = house.cast()
        work = build.submission(cast.enrolment, cast.version.week_rows[1].brief, cast.owner)
        email, path = cast.trainer.email, f"/submissions/{work.id}/review"
        db.session.commit()
        db.session.remove()
    options = chromium_launch()
    options["args"] = [*options.get("args", ()), *MICROPHONE]
    browser, findings = chromium.browser_type.launch(**options), Findings()
    visitor = Visitor(browser, SimpleNamespace(app=house.app, url=house.url), findings, viewport=LAPTOP)
    visitor.context.grant_permissions(["microphone"], origin=house.url)
    visitor.page.goto(house.make_link(email))
    visitor.page.get_by_role("button").first.click()
    visitor.page.wait_for_url("**/home")
    visitor.page.goto(house.url + path)
    yield visitor
    visitor.close()
    browser.close()
    findings.assert_none()


def test_what_is_said_is_kept_and_the_form_stays(grader, house):
    page = grader.page
    page.locator("[name=feedback]").fill("Escúchame")
    page.get_by_role("button", name="Grabar").click()
    expect(page.get_by_role("button", name="Terminar y guardar")).to_be_visible()
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Terminar y guardar").click()
    expect(page.locator("#spoken audio")).to_be_focused()
    expect(page.locator("[name=feedback]")).to_have_value("Escúchame")
    expect(page.locator("[data-saved]")).to_contain_text("Guardado")
    heard = page.request.get(page.locator("#spoken audio").get_attribute("src"))
    assert (heard.status, heard.headers["content-type"]) == (200, "audio/webm") and len(heard.body()) > 500
    with house.app.app_context():
        assert [one.recording_id for one in db.session.query(ReviewDraft)] == [1]
        db.session.remove()
    page.reload()  # from its beginning: the bar at the foot covers what lies below it
    expect(page.locator("#spoken audio")).to_have_count(1)
    grader.arrive()
