"""A voice note of the reviewer: told by its content, kept with the draft, heard when the review is known."""

import io
from datetime import timedelta

import pytest

from lms.assignments import services
from lms.assignments.models import HeldReview, Outcome, Recording, Review, ReviewDraft
from lms.foundation import clock
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.jobs import run_due
from tests import build
from tests.foundation.test_recordings_and_sheets import FRAME
from tests.pages import values

ALL = {"level_0": "3", "level_1": "2", "level_2": "1"}


@pytest.fixture
def work(cast):
    return build.submission(cast.enrolment, cast.version.week_rows[1].brief, cast.owner)


def page_of(work):
    return f"/submissions/{work.id}/review"


def say(person, work, content=FRAME, button="Guardar la grabación", **fields):
    return person.submit(page_of(work), button, files={"voice": (io.BytesIO(content), "voz.mp3")}, **fields)


def players(page):
    return [one.attributes["src"] for one in page.root.find_all("audio")]


def test_it_is_kept_with_what_was_typed_and_heard_when_the_review_is_known(cast, work, browser):
    trainer, owner = browser(cast.trainer), browser(cast.owner)
    page = say(trainer, work, feedback="Va bien", level_0="2")
    assert page.status == 200 and players(page) == ["/recordings/1"]
    assert page.root.find("textarea", name="feedback").text.strip() == "Va bien"
    assert trainer.get("/recordings/1").status == 200
    for person in (cast.owner, cast.mentor, cast.lead, cast.rival):
        assert browser(person).get("/recordings/1").status == 404
    trainer.send(page, page_of(work), "Aprobar", **ALL)
    assert db.session.query(Review).one().recording_id == 1
    for path in (f"/briefs/{work.brief_id}", f"/submissions/{work.id}"):
        assert players(owner.get(path)) == ["/recordings/1"]
    heard = owner.get("/recordings/1", headers={"Range": "bytes=0-9"})
    assert heard.status == 206 and heard.headers["Content-Type"].startswith("audio/mpeg")
    assert browser(cast.mentor).get("/recordings/1").status == 200
    assert browser(cast.rival).get("/recordings/1").status == 404


def test_a_held_one_is_heard_by_colleagues_and_not_by_the_firm(cast, work, browser):
    trainer = browser(cast.trainer)
    page = say(trainer, work)
    trainer.send(page, page_of(work), "Pedir cambios", when="later", show_on="2026-10-16", show_at="09:00")
    assert db.session.query(HeldReview).one().recording_id == 1
    assert browser(cast.lead).get("/recordings/1").status == 200
    for person in (cast.owner, cast.son, cast.mentor):
        assert browser(person).get("/recordings/1").status == 404
    browser(cast.lead).submit(page_of(work), "Retirarla")
    assert db.session.query(ReviewDraft).one().recording_id == 1
    assert browser(cast.lead).get("/recordings/1").status == 404
    assert players(trainer.get(page_of(work))) == ["/recordings/1"]


def test_a_file_that_is_chosen_goes_along_with_the_decision(cast, work, browser):
    say(browser(cast.trainer), work, button="Pedir cambios")
    made = db.session.query(Review).one()
    assert (made.outcome, made.feedback, made.recording_id) == (Outcome.RETURNED, "", 1)


def test_it_can_be_taken_away_again(cast, work, browser):
    trainer = browser(cast.trainer)
    page = say(trainer, work, feedback="Va")
    page = trainer.send(page, page_of(work), "Quitar la nota de voz")
    assert players(page) == [] and page.root.find("textarea", name="feedback").text.strip() == "Va"


@pytest.mark.parametrize("button", ["Guardar la grabación", "Pedir cambios"])
@pytest.mark.parametrize("content", [b"", b"<script>alert(1)</script>", b"%PDF-1.7 x"])
def test_what_is_no_voice_note_is_refused_and_words_stay(cast, work, browser, button, content):
    page = say(browser(cast.trainer), work, content, button, feedback="Va bien")
    assert page.status == 422 and page.errors and "Va bien" in page.text
    assert db.session.query(Recording).count() == db.session.query(Review).count() == 0


def test_only_ones_own_voice_for_this_work_is_named(cast, work, browser):
    other = build.submission(cast.rival_enrolment, work.brief, cast.rival)
    theirs = services.keep_recording(work, "a.mp3", FRAME, by=cast.lead)
    elsewhere = services.keep_recording(other, "a.mp3", FRAME, by=cast.trainer)
    for key in (theirs.id, elsewhere.id, 987654):
        with pytest.raises(Refused):
            services.review(work, Outcome.RETURNED, {}, "x", (), key, revision=work.revision, by=cast.trainer)
    trainer = browser(cast.trainer)
    page = trainer.get(page_of(work))
    sent = values(page.form_with({"feedback"}, None)) | {"recording": [str(elsewhere.id)]}
    assert trainer.post(f"{page_of(work)}/draft", sent).status == 422


def test_a_voice_note_that_was_replaced_goes_with_its_file(cast, work, browser, app):
    root, trainer = app.extensions["storage"].root, browser(cast.trainer)

    def kept():
        return sum(FRAME in path.read_bytes() for path in root.rglob("*") if path.is_file())

    before = kept()
    say(trainer, work)
    say(trainer, work, FRAME * 2, "Pedir cambios", when="later", show_on="2026-10-16", show_at="09:00")
    run_due()
    assert db.session.query(Recording).one().id == db.session.query(HeldReview).one().recording_id == 2
    assert kept() == before + 1
    say(trainer, work, FRAME * 3, "Pedir cambios", when="now")
    run_due()
    assert db.session.query(Recording).one().id == db.session.query(Review).one().recording_id
    assert kept() == before + 1


def test_one_that_no_review_names_is_gone_after_a_day(cast, work, stopped_clock):
    made = [services.keep_recording(work, "a.mp3", FRAME, by=cast.trainer).id for _number in range(2)]
    services.save_review_draft(work, {}, "Va", (), made[1], revision=work.revision, by=cast.trainer)
    db.session.commit()
    stopped_clock(clock.now() + timedelta(hours=23))
    run_due()
    assert db.session.query(Recording).count() == 2
    stopped_clock(clock.now() + timedelta(hours=12))
    run_due()
    assert db.session.query(Recording).one().id == made[1], "a draft names it"


def test_there_is_an_end_to_recordings(cast, work):
    for _number in range(20):
        services.keep_recording(work, "a.mp3", FRAME, by=cast.trainer)
    with pytest.raises(Refused):
        services.keep_recording(work, "a.mp3", FRAME, by=cast.trainer)


def test_only_the_grader_may_ask_for_the_microphone(cast, work, browser):
    trainer = browser(cast.trainer)
    assert "microphone=(self)" in trainer.get(page_of(work)).headers["Permissions-Policy"]
    assert "microphone=()" in trainer.get("/review").headers["Permissions-Policy"]
