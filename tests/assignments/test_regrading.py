"""A decision taken up again with a reason: standing, firm and history follow."""

import pytest

from lms.assignments import services
from lms.assignments.models import Outcome, Review, ReviewDraft, SubmissionState
from lms.cohorts.models import EnrolmentState
from lms.foundation.db import db
from lms.foundation.errors import Refused
from tests import build

ALL = {"level_0": "3", "level_1": "2", "level_2": "1"}


@pytest.fixture
def work(cast):
    return build.submission(
        cast.enrolment, cast.version.week_rows[1].brief, cast.owner, SubmissionState.ACCEPTED
    )


def standing(cast, work):
    return services.standings([cast.enrolment.id])[cast.enrolment.id][work.brief.slug]


def take_up(person, work, reason="Vi otra foto"):
    return person.submit(f"/submissions/{work.id}/reopen", "Calificarla otra vez", reason=reason)


def test_accepted_work_is_taken_up_again_and_decided_anew(cast, work, browser, letters):
    trainer, owner = browser(cast.trainer), browser(cast.owner)
    page = take_up(trainer, work)
    assert page.root.find("textarea", name="feedback").text.strip() == "Bien la luz."
    assert page.root.find("input", name="level_0", value="3").attributes.get("checked") is not None
    assert standing(cast, work).state is SubmissionState.HANDED_IN
    seen = owner.get(f"/briefs/{work.brief_id}")
    assert "Se está calificando otra vez." in seen.text and "Vi otra foto" in seen.text
    assert "se califica otra vez" in owner.get("/notices").text
    letters()
    trainer.send(page, f"/submissions/{work.id}/review", "Pedir cambios", feedback="Falta el cuello")
    assert (standing(cast, work).state, standing(cast, work).times_returned) == (SubmissionState.RETURNED, 1)
    before, after = db.session.query(Review).order_by(Review.id)
    assert (before.outcome, before.reopened_because) == (Outcome.ACCEPTED, "Vi otra foto")
    assert (after.outcome, after.reopened_at) == (Outcome.RETURNED, None)
    assert "Falta el cuello" in owner.get(f"/briefs/{work.brief_id}").text


def test_a_return_that_was_a_mistake_does_not_count(cast, browser):
    returned = build.submission(
        cast.enrolment, cast.version.week_rows[1].brief, cast.owner, SubmissionState.RETURNED
    )
    assert standing(cast, returned).times_returned == 1
    trainer = browser(cast.trainer)
    page = take_up(trainer, returned)
    trainer.send(page, f"/submissions/{returned.id}/review", "Aprobar", **ALL)
    assert standing(cast, returned).times_returned == 0
    assert standing(cast, returned).state is SubmissionState.ACCEPTED


def test_it_is_in_hand_of_who_took_it_up_and_the_first_grader_hears_it(cast, work, browser):
    take_up(browser(cast.lead), work)
    with pytest.raises(Refused):
        services.review(work, Outcome.RETURNED, {}, "x", revision=work.revision, by=cast.trainer)
    assert "se califica otra vez" in browser(cast.trainer).get("/notices").text
    assert db.session.query(ReviewDraft).one().user_id == cast.lead.id


def test_the_history_says_who_when_and_why(cast, work, browser):
    trainer = browser(cast.trainer)
    page = take_up(trainer, work)
    trainer.send(page, f"/submissions/{work.id}/review", "Aprobar", feedback="Ahora sí", **ALL)
    steps = services.history_of(services.for_review(work))
    assert len(steps) == 4  # sent, accepted, taken up, accepted
    page = browser(cast.lead).get(f"/submissions/{work.id}")
    history = next(one for one in page.root.find_all("details") if "Historia" in one.text)
    for words in ("versión 1", "Tere Luna", "Luz 3, Fondo 2, Detalle 2", "Vi otra foto", "Ahora sí"):
        assert words in history.text
    assert "Historia" not in browser(cast.owner).get(f"/submissions/{work.id}").text


def test_it_needs_a_reason_and_work_that_was_decided(cast, work, browser):
    trainer = browser(cast.trainer)
    assert take_up(trainer, work, "  ").status == 422
    page = trainer.get(f"/submissions/{work.id}/reopen")
    take_up(browser(cast.lead), work)
    answer = trainer.send(page, f"/submissions/{work.id}/reopen", reason="También yo")
    assert answer.status == 422 and "cambió mientras" in answer.text and "También yo" in answer.text
    assert trainer.get(f"/submissions/{work.id}/reopen").location == f"/submissions/{work.id}"


def test_what_was_decided_of_a_firm_whose_course_ended_stays(cast, work, browser):
    cast.enrolment.state = EnrolmentState.GRADUATED
    page = take_up(browser(cast.trainer), work)
    assert page.status == 422 and "lo decidido se queda" in page.text
    assert standing(cast, work).state is SubmissionState.ACCEPTED
