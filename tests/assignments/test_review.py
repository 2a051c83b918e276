"""Trainers at the queue and the grader: oldest first, claims, the rubric, two people at once, going on."""

from datetime import timedelta

import pytest

from lms import events
from lms.assignments import services
from lms.assignments.models import Outcome, Review, Submission, SubmissionState
from lms.events import listening
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from tests import build

ALL = {"level_0": "3", "level_1": "2", "level_2": "1"}


@pytest.fixture
def brief(cast):
    return cast.version.week_rows[1].brief


@pytest.fixture
def waiting(cast, brief):
    """Work of two firms: the rival's has waited longer."""
    mine = build.submission(cast.enrolment, brief, cast.owner)
    theirs = build.submission(cast.rival_enrolment, cast.version.week_rows[0].brief, cast.rival)
    theirs.handed_in_at = now() - timedelta(days=5)
    db.session.flush()
    return mine, theirs


@pytest.fixture
def heard():
    """The events that were published, in order."""
    told, before = [], tuple(listening._tables)
    events.listen(*before, {events.Event: [told.append]})
    yield told
    events.listen(*before)


def page_of(submission):
    return f"/submissions/{submission.id}/review"


def test_the_queue_shows_the_longest_wait_first(cast, waiting, browser):
    page = browser(cast.trainer).get("/review")
    assert page.text.index("Costuras Rosa") < page.text.index("Telas Lupita")
    assert "2 tareas" in page.text


def test_the_queue_holds_only_what_one_may_review(cast, waiting):
    ids = {submission.id for submission in waiting}
    assert {row.submission_id for row in services.queue_for(cast.trainer)} == ids
    assert {row.submission_id for row in services.queue_for(cast.lead)} == ids
    for person in (cast.other_trainer, cast.other_lead, cast.mentor, cast.admin, cast.owner):
        assert services.queue_for(person) == []


def test_filters_count_what_they_show_and_stay(cast, waiting, browser):
    trainer = browser(cast.trainer)
    page = trainer.get("/review?week=1")
    assert "1 tarea," in page.text and "Telas Lupita" in page.text and "Costuras Rosa" not in page.text
    assert f"{page_of(waiting[0])}?week=1" in page.links
    grader = trainer.get(f"{page_of(waiting[0])}?week=1")
    assert "1 de 1" in grader.text and "/review?week=1" in grader.links


def test_the_grader_shows_the_work_the_rubric_and_the_place_in_the_queue(cast, waiting, browser):
    page = browser(cast.trainer).get(page_of(waiting[0]))
    for words in ("Telas Lupita", "Mi trabajo", "Luz", "muy bien", "2 de 2", "Lo que entregó Lupita"):
        assert words in page.text
    assert page_of(waiting[1]) in page.links


def test_only_trainers_of_the_cohort_and_leads_of_the_programme_review(cast, waiting, browser):
    for person in (cast.trainer, cast.lead):
        assert browser(person).get(page_of(waiting[0])).status == 200
    strangers = (cast.owner, cast.rival, cast.mentor, cast.other_trainer, cast.other_lead, cast.admin)
    for person in strangers:
        assert browser(person).get(page_of(waiting[0])).status == 404, person.name


def test_accepting_needs_a_level_for_every_criterion(cast, waiting, browser):
    page = browser(cast.trainer).submit(page_of(waiting[0]), "Aprobar", level_0="3", feedback="Va bien")
    assert page.status == 422
    assert any("Fondo, Detalle" in error for error in page.errors)
    assert "Va bien" in page.text
    assert page.root.find("input", name="level_0", value="3").attributes.get("checked") is not None
    assert page.root.find("output").text == "3"


def test_accepted_work_is_kept_told_and_leads_to_the_next(cast, waiting, browser, heard):
    first = waiting[1]
    page = browser(cast.trainer).submit(page_of(first), "Aprobar", feedback="Muy bien", **ALL)
    assert page.heading == "Telas Lupita"
    db.session.refresh(first)
    assert first.state is SubmissionState.ACCEPTED
    made = db.session.query(Review).one()
    assert (made.levels, made.points) == ({"Luz": 3, "Fondo": 2, "Detalle": 1}, 6)
    told = [event for event in heard if isinstance(event, events.SubmissionReviewed)]
    assert [(event.accepted, event.submission_id) for event in told] == [(True, first.id)]


def test_after_the_last_one_comes_the_queue(cast, waiting, browser):
    trainer = browser(cast.trainer)
    trainer.submit(page_of(waiting[1]), "Aprobar", **ALL)
    page = trainer.submit(page_of(waiting[0]), "Aprobar", **ALL)
    assert "Todo está calificado" in page.text


def test_sending_back_needs_words(cast, waiting, browser):
    trainer = browser(cast.trainer)
    page = trainer.submit(page_of(waiting[0]), "Pedir cambios")
    assert page.status == 422 and any("escribe qué hay que cambiar" in error for error in page.errors)
    trainer.submit(page_of(waiting[0]), "Pedir cambios", feedback="Acércate más")
    db.session.refresh(waiting[0])
    assert waiting[0].state is SubmissionState.RETURNED


def test_a_level_that_is_not_there_is_refused(cast, waiting):
    with pytest.raises(Refused):
        services.review(waiting[0], Outcome.RETURNED, {"Luz": 9}, "x", revision=0, by=cast.trainer)


def test_sentences_are_put_into_the_comment_without_javascript(cast, waiting, browser):
    page = browser(cast.trainer).submit(
        page_of(waiting[0]), "Poner estas", phrases=["0"], feedback="Bien la luz.", level_1="2"
    )
    assert page.status == 200
    text = page.root.find("textarea", name="feedback").text
    assert "Bien la luz." in text and "Acércate más" in text
    assert page.root.find("input", name="level_1", value="2").attributes.get("checked") is not None
    assert db.session.query(Review).count() == 0


def test_two_trainers_at_once_lose_nothing(cast, waiting, browser):
    trainer, lead = browser(cast.trainer), browser(cast.lead)
    path = page_of(waiting[0])
    page = lead.get(path)
    trainer.submit(path, "Aprobar", feedback="Lo de Tere", **ALL)
    answer = lead.send(page, path, "Pedir cambios", feedback="Lo de Lena")
    assert answer.status == 409
    assert "Lo de Tere" in answer.text and "Lo de Lena" in answer.text
    assert db.session.query(Review).count() == 1


def test_a_stale_page_of_work_sent_again_can_be_sent_once_more(cast, waiting, browser):
    trainer, lead = browser(cast.trainer), browser(cast.lead)
    path = page_of(waiting[0])
    page = lead.get(path)
    trainer.submit(path, "Pedir cambios", feedback="Lo de Tere")
    waiting[0].state = SubmissionState.HANDED_IN
    answer = lead.send(page, path, "Pedir cambios", feedback="Lo de Lena")
    assert answer.status == 409
    lead.send(answer, path, "Pedir cambios", feedback="Lo de Lena")
    assert [review.feedback for review in db.session.query(Review).order_by(Review.id)] == [
        "Lo de Tere",
        "Lo de Lena",
    ]


def test_two_taps_review_once(cast, waiting, browser):
    trainer, path = browser(cast.trainer), page_of(waiting[0])
    page = trainer.get(path)
    first = trainer.send(page, path, "Aprobar", follow=False, **ALL)
    again = trainer.send(page, path, "Aprobar", follow=False, **ALL)
    assert first.location == again.location
    assert db.session.query(Review).count() == 1


def test_a_claim_is_shown_to_others_and_keeps_them_from_deciding(cast, waiting, browser):
    path = page_of(waiting[0])
    browser(cast.trainer).submit(path, "La califico yo")
    assert "Tere Luna" in browser(cast.lead).get("/review").text
    page = browser(cast.lead).get(path)
    assert "Tere Luna la está calificando" in page.text and "Aprobar" not in page.text
    with pytest.raises(Refused):
        services.review(waiting[0], Outcome.RETURNED, {}, "x", revision=0, by=cast.lead)
    assert "Aprobar" in browser(cast.trainer).get(path).text


def test_a_claim_lapses_and_is_taken_over(cast, waiting, browser):
    services.claim(waiting[0], 24, by=cast.trainer)
    with pytest.raises(Refused):
        services.claim(waiting[0], 24, by=cast.lead)
    waiting[0].claimed_until = now() - timedelta(minutes=1)
    db.session.flush()
    assert services.queue_for(cast.lead)[1].claimed_by is None
    services.claim(waiting[0], 24, by=cast.lead)
    assert services.claimant(waiting[0]).id == cast.lead.id


def test_a_claim_can_be_given_back(cast, waiting, browser):
    trainer, path = browser(cast.trainer), page_of(waiting[0])
    trainer.submit(path, "La califico yo")
    trainer.submit(path, "Dejarla")
    assert "Aprobar" in browser(cast.lead).get(path).text


def test_going_on_leaves_out_what_a_colleague_has_in_hand(cast, waiting, browser):
    services.claim(waiting[0], 24, by=cast.lead)
    page = browser(cast.trainer).submit(page_of(waiting[1]), "Aprobar", **ALL)
    assert page.heading == "Por calificar"


def test_earlier_versions_and_their_answers_are_at_hand(cast, waiting, browser):
    services.review(waiting[0], Outcome.RETURNED, {"Luz": 1}, "Está oscura", revision=0, by=cast.trainer)
    db.session.expire_all()
    waiting[0].text = "Otra vez"
    waiting[0].brief.slots = []
    services.hand_in(waiting[0], by=cast.owner)
    page = browser(cast.trainer).get(page_of(waiting[0]))
    assert "Está oscura" in page.text and "Otra vez" in page.text and "versión 2" in page.text


def test_reviewed_work_shows_its_history(cast, waiting, browser):
    trainer, path = browser(cast.trainer), page_of(waiting[0])
    trainer.submit(path, "Aprobar", feedback="Listo", **ALL)
    assert trainer.get(path).location.endswith(f"/submissions/{waiting[0].id}")


def many(cast, count):
    people = build.user(f"Persona {count}")
    for number in range(count):
        enrolment = build.enrol(build.firm(f"Taller {count}-{number}", people), cast.cohort)
        build.submission(enrolment, cast.version.week_rows[1].brief, people)
    db.session.flush()


def test_the_queue_and_the_grader_take_as_many_queries_for_thirty_as_for_three(cast, browser, count_queries):
    trainer = browser(cast.trainer)
    counted = []
    for count in (3, 27):
        many(cast, count)
        path = page_of(db.session.query(Submission).first())
        trainer.get("/review"), trainer.get(path)
        with count_queries() as of_queue:
            assert trainer.get("/review").status == 200
        with count_queries() as of_grader:
            assert trainer.get(path).status == 200
        counted.append((len(of_queue), len(of_grader)))
    assert counted[0] == counted[1]
    assert counted[0][0] <= 6 and counted[0][1] <= 12


def test_the_filter_by_whose_work_counts_and_stays_while_grading(cast, waiting, browser):
    services.claim(waiting[0], 24, by=cast.trainer)
    third = build.submission(
        cast.enrolment, cast.version.week_rows[0].brief, cast.owner, SubmissionState.HANDED_IN
    )
    moment = now() + timedelta(days=1)
    services.hold(third, Outcome.RETURNED, {}, "Después", moment, revision=0, by=cast.trainer)
    trainer = browser(cast.trainer)
    for show, firm, other in (
        ("mine", "Telas Lupita", "Costuras Rosa"),
        ("free", "Costuras Rosa", "Telas Lupita"),
    ):
        page = trainer.get(f"/review?show={show}")
        assert "Las mías (1)" in page.text and "Sin tomar (1)" in page.text
        assert "Se muestran después (1)" in page.text and "1 tarea," in page.text
        assert firm in page.text and other not in page.text
    held = trainer.get(f"/review?show=held&cohort={cast.cohort.id}")
    assert "se muestra el" in held.text and "Costuras Rosa" not in held.text
    assert trainer.get("/review?show=nada").text.count("Costuras Rosa") > 0
    fourth = build.submission(cast.rival_enrolment, cast.version.week_rows[1].brief, cast.rival)
    page = trainer.submit(f"{page_of(fourth)}?show=free&week=1", "Aprobar", **ALL)
    assert page.heading == "Por calificar" and "No hay nada con este filtro" in page.text
    assert "show=free" in "".join(page.links) and "week=1" in "".join(page.links)


def test_next_follows_the_filter(cast, waiting, browser):
    other = build.submission(cast.rival_enrolment, cast.version.week_rows[1].brief, cast.rival)
    for work in (waiting[0], other):
        services.claim(work, 24, by=cast.trainer)
    trainer = browser(cast.trainer)
    page = trainer.get(f"{page_of(waiting[0])}?show=mine")
    assert "de 2" in page.text and f"{page_of(other)}?show=mine" in page.links
    page = trainer.send(page, f"{page_of(waiting[0])}?show=mine", "Aprobar", **ALL)
    assert page.heading == "Costuras Rosa" and "Tarea 1" in page.text
