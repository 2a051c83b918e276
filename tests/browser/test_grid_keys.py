"""The grid by keyboard: one stop of the tab key, arrows from cell to cell, Enter opens what waits there."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from lms.foundation.db import db
from tests import build
from tests.browser.visitor import LAPTOP, Findings, Visitor


@pytest.fixture
def at_grid(chromium, house):
    """Tere at the grid of her cohort: Costuras Rosa first, then Telas Lupita; two weeks each."""
    with house.app.app_context():
        cast = house.cast()
        work = build.submission(cast.enrolment, cast.version.week_rows[1].brief, cast.owner)
        email, cohort_id, submission_id = cast.trainer.email, cast.cohort.id, work.id
        db.session.commit()
        db.session.remove()
    findings = Findings()
    visitor = Visitor(chromium, SimpleNamespace(app=house.app, url=house.url), findings, viewport=LAPTOP)
    visitor.page.goto(house.make_link(email))
    visitor.page.get_by_role("button").first.click()
    visitor.page.wait_for_url("**/home")
    visitor.page.goto(f"{house.url}/cohorts/{cohort_id}/grid")
    yield visitor.page, submission_id
    visitor.close()
    findings.assert_none()


def test_arrows_go_from_cell_to_cell_and_enter_opens_what_waits(at_grid):
    page, submission_id = at_grid
    links = page.locator("[data-cells] tbody a")
    expect(links).to_have_count(6)
    expect(page.locator('[data-cells] tbody a[tabindex="0"]')).to_have_count(1)
    links.first.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    expect(links.last).to_be_focused()
    expect(page.locator('[data-cells] tbody a[tabindex="0"]')).to_have_count(1)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/submissions/{submission_id}/review")


def test_the_tab_key_leaves_the_grid_at_once(at_grid):
    page, _submission_id = at_grid
    page.locator("[data-cells] tbody a").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-cells]')") is None
