"""A firm answers what was said of its work: as often as it needs, and its reviewer is told."""

import pytest

from lms.assignments import services
from lms.assignments.models import ReviewReply, SubmissionState
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.notifications.models import Notice
from tests import build


@pytest.fixture
def returned(cast):
    return build.submission(
        cast.enrolment, cast.version.week_rows[1].brief, cast.owner, SubmissionState.RETURNED
    )


def path_of(work):
    return f"/reviews/{work.reviews[0].id}/answer"


def test_the_firm_answers_twice_and_both_stay(cast, returned, browser):
    owner = browser(cast.owner)
    for page in (f"/briefs/{returned.brief_id}", f"/submissions/{returned.id}"):
        assert path_of(returned) in owner.get(page).links
    page = owner.submit(path_of(returned), "Enviar", text="¿Con qué luz?")
    assert "¿Con qué luz?" in page.text and "se mandó a Tere" in page.text
    browser(cast.son).submit(path_of(returned), "Enviar", text="Ya entendí")
    texts = [one.text for one in db.session.query(ReviewReply).order_by(ReviewReply.id)]
    assert texts == ["¿Con qué luz?", "Ya entendí"]


def test_the_reviewer_reads_it_with_the_work_and_is_told(cast, returned, browser):
    browser(cast.owner).submit(path_of(returned), "Enviar", text="¿Con qué luz?")
    told = db.session.query(Notice).filter(Notice.user_id == cast.trainer.id).all()
    assert [one for one in told if "Telas Lupita contesta tu comentario" in one.text]
    assert not db.session.query(Notice).filter(Notice.user_id == cast.other_trainer.id).count()
    assert "¿Con qué luz?" in browser(cast.trainer).get(f"/submissions/{returned.id}").text
    returned.brief.slots = []
    services.hand_in(returned, by=cast.owner)
    grader = browser(cast.trainer).get(f"/submissions/{returned.id}/review")
    assert "¿Con qué luz?" in grader.text and "Contestar" not in grader.text


def test_when_the_reviewer_left_the_trainers_are_told(cast, returned, browser):
    returned.reviews[0].grader_id = cast.other_trainer.id
    browser(cast.owner).submit(path_of(returned), "Enviar", text="¿Con qué luz?")
    assert not db.session.query(Notice).filter(Notice.user_id == cast.other_trainer.id).count()
    assert db.session.query(Notice).filter(Notice.user_id == cast.trainer.id).count() == 1


def test_nothing_is_no_answer_and_nobody_else_answers(cast, returned, browser):
    page = browser(cast.owner).submit(path_of(returned), "Enviar", text="  ")
    assert page.status == 422 and page.errors
    for person in (cast.rival, cast.outsider, cast.trainer, cast.mentor, cast.lead):
        assert browser(person).get(path_of(returned)).status == 404, person.name
    assert db.session.query(ReviewReply).count() == 0


def test_two_taps_answer_once(cast, returned, browser):
    owner = browser(cast.owner)
    page = owner.get(path_of(returned))
    for _tap in range(2):
        owner.send(page, path_of(returned), "Enviar", text="Una vez")
    assert db.session.query(ReviewReply).count() == 1


def test_twenty_answers_are_enough(cast, returned):
    for number in range(20):
        services.answer_review(returned.reviews[0], f"Van {number}", by=cast.owner)
    with pytest.raises(Refused):
        services.answer_review(returned.reviews[0], "Otra", by=cast.owner)
