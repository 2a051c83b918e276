"""A review that is being written saves itself: per person and version, never over what came since."""

import pytest

from lms.assignments import services
from lms.assignments.models import Outcome, ReviewDraft
from lms.foundation.db import db
from tests import build
from tests.pages import values

ALL = {"level_0": "3", "level_1": "2", "level_2": "1"}


@pytest.fixture
def work(cast):
    return build.submission(cast.enrolment, cast.version.week_rows[1].brief, cast.owner)


def page_of(work):
    return f"/submissions/{work.id}/review"


def save(person, work, page=None, **fields):
    """What the script sends of the open form."""
    page = page or person.get(page_of(work))
    sent = values(page.form_with({"feedback"}, None)) | {name: [value] for name, value in fields.items()}
    return person.post(f"{page_of(work)}/draft", sent)


def comment(page):
    return page.root.find("textarea", name="feedback").text.strip()


def test_a_draft_is_saved_again_and_again_and_put_back(cast, work, browser):
    trainer = browser(cast.trainer)
    page = trainer.get(page_of(work))
    answer = save(trainer, work, page, feedback="Va", level_0="2")
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/plain")
    assert save(trainer, work, page, feedback="Va bien", level_0="3").status == 200
    back = browser(cast.trainer).get(page_of(work))
    assert comment(back) == "Va bien" and "Tu borrador" in back.text
    assert back.root.find("input", name="level_0", value="3").attributes.get("checked") is not None
    assert back.root.find("output").text == "3"
    assert db.session.query(ReviewDraft).count() == 1


def test_a_draft_is_of_one_person(cast, work, browser):
    save(browser(cast.trainer), work, feedback="Canarioborrador")
    assert comment(browser(cast.lead).get(page_of(work))) == ""
    owner = browser(cast.owner)
    for path in ("/home", f"/briefs/{work.brief_id}", f"/submissions/{work.id}"):
        page = owner.get(path)
        assert page.status == 200 and "Canarioborrador" not in page.text


def test_a_draft_is_gone_when_the_review_is_sent(cast, work, browser, letters):
    trainer = browser(cast.trainer)
    save(trainer, work, feedback="Canarioborrador")
    trainer.submit(page_of(work), "Aprobar", feedback="Muy bien", **ALL)
    assert db.session.query(ReviewDraft).count() == 0
    assert all("Canarioborrador" not in str(letter) for letter in letters())


def test_a_draft_that_comes_after_the_review_stays_away(cast, work, browser):
    trainer = browser(cast.trainer)
    page = trainer.get(page_of(work))
    trainer.submit(page_of(work), "Aprobar", **ALL)
    assert save(trainer, work, page, feedback="Tarde").status == 409
    assert db.session.query(ReviewDraft).count() == 0


def test_another_version_begins_without_a_draft(cast, work, browser):
    services.save_review_draft(work, {"Luz": 1}, "De la primera", revision=0, by=cast.lead)
    services.review(work, Outcome.RETURNED, {}, "Otra vez", revision=0, by=cast.trainer)
    db.session.expire_all()
    work.brief.slots = []
    services.hand_in(work, by=cast.owner)
    assert services.review_draft(work, by=cast.lead) is None


def test_an_error_keeps_what_was_typed_and_the_draft(cast, work, browser):
    trainer = browser(cast.trainer)
    save(trainer, work, feedback="Guardado antes")
    page = trainer.submit(page_of(work), "Aprobar", feedback="Guardado antes y más")
    assert page.status == 422 and comment(page) == "Guardado antes y más"
    assert comment(trainer.get(page_of(work))) == "Guardado antes"


def test_a_level_not_chosen_any_more_or_unknown_is_no_fault(cast, work, browser):
    trainer = browser(cast.trainer)
    assert save(trainer, work, level_0="hola").status in (200, 422)
    services.save_review_draft(work, {"Ya no existe": 2}, "x", revision=0, by=cast.trainer)
    assert trainer.get(page_of(work)).status == 200


def test_what_is_sent_holds_nothing_of_a_draft_made_elsewhere(cast, work, browser):
    trainer = browser(cast.trainer)
    page = trainer.get(page_of(work))
    services.save_review_draft(work, {"Luz": 3, "Fondo": 3, "Detalle": 3}, "x", revision=0, by=cast.trainer)
    answer = trainer.send(page, page_of(work), "Aprobar", feedback="Sin niveles")
    assert answer.status == 422 and any("Luz, Fondo, Detalle" in error for error in answer.errors)
