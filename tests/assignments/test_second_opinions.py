"""A second opinion: asked of a colleague, written blind, read by reviewers and never by the firm."""

import pytest

from lms.assignments import services
from lms.assignments.models import Opinion, Outcome, ReviewDraft
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.permissions import Role
from tests import build
from tests.assignments.photos import handed_in

ALL = {"level_0": "3", "level_1": "2", "level_2": "1"}


@pytest.fixture
def work(cast):
    return handed_in(cast.enrolment, cast.version.week_rows[1].brief, cast.owner)


@pytest.fixture
def colleague(cast):
    """Tina trains another cohort of the same programme."""
    tina = build.user("Tina Ola", Role.TRAINER)
    there = build.cohort(cast.programme, cast.version, "Primavera", tina)
    db.session.commit()
    return build.as_person(tina, cohort_ids=[there.id])


def ask(person, work, colleague, question="¿Basta la sombra?"):
    path = f"/submissions/{work.id}/second-opinion"
    return person.submit(path, "Preguntar", colleague=str(colleague.id), question=question)


def test_it_is_asked_given_and_shown_beside_the_rubric(cast, work, colleague, browser):
    trainer, tina = browser(cast.trainer), browser(colleague)
    services.save_review_draft(work, {"Luz": 1}, "Canarioprimera", revision=work.revision, by=cast.trainer)
    ask(trainer, work, colleague)
    assert "Te piden tu opinión" in tina.get("/review").text
    assert "pide tu opinión" in tina.get("/notices").text
    page = tina.get("/opinions/1")
    assert "¿Basta la sombra?" in page.text and "Canarioprimera" not in page.html
    front = work.attachments[0].id
    assert tina.get(f"/opinions/1/files/{front}").headers["Content-Type"] == "image/webp"
    tina.send(page, "/opinions/1", "Dar mi opinión", level_0="2", text="Canariosegunda")
    seen = trainer.get(f"/submissions/{work.id}/review")
    assert "Segunda opinión de Tina Ola" in seen.text and "Canariosegunda" in seen.text
    assert (
        "Luz: 2 puntos" in seen.text
        and seen.root.find("textarea", name="feedback").text.strip() == "Canarioprimera"
    )
    assert "opinó" in trainer.get("/notices").text
    assert db.session.query(Opinion).one().levels == {"Luz": 2}
    for person in (cast.owner, cast.son, cast.mentor):
        for path in (f"/submissions/{work.id}", f"/briefs/{work.brief_id}", "/notices", "/home"):
            assert "Canariosegunda" not in browser(person).get(path).html


def test_who_is_asked_reaches_nothing_else_and_only_while_it_is_open(cast, work, colleague, browser):
    tina = browser(colleague)
    ask(browser(cast.trainer), work, colleague)
    other = handed_in(cast.rival_enrolment, work.brief, cast.rival)
    front = work.attachments[0].id
    for path in (
        f"/submissions/{work.id}", f"/submissions/{work.id}/review", f"/attachments/{front}",
        f"/opinions/1/files/{other.attachments[0].id}", "/opinions/1/files/987654", "/opinions/987654",
    ):  # fmt: skip
        assert tina.get(path).status == 404, path
    for person in (cast.trainer, cast.lead, cast.other_trainer, cast.mentor, cast.owner, cast.admin):
        assert browser(person).get("/opinions/1").status == 404
        assert browser(person).get(f"/opinions/1/files/{front}").status == 404
    page = tina.get("/opinions/1")
    browser(cast.trainer).submit(f"/submissions/{work.id}/review", "Aprobar", **ALL)
    late = tina.send(page, "/opinions/1", "Dar mi opinión", text="Tarde pero escrita")
    assert late.status == 422 and "Tarde pero escrita" in late.text
    assert tina.get(f"/opinions/1/files/{front}").status == 404
    assert services.opinions_asked(colleague) == []


def test_who_left_the_programme_is_asked_no_more(cast, work, colleague, browser):
    ask(browser(cast.trainer), work, colleague)
    gone = colleague.reaching(cohort_ids=frozenset(), programme_ids=frozenset())
    assert services.opinions_asked(gone) == []
    assert not services.is_colleague(db.session.query(Opinion).one(), by=gone)


def test_many_that_are_asked_take_no_more_questions_than_one(cast, work, colleague, count_queries):
    other = handed_in(cast.rival_enrolment, work.brief, cast.rival)
    counted = []
    for asked in (work, other):
        services.ask_opinion(asked, colleague.id, "¿Basta?", by=cast.trainer)
        db.session.commit()
        db.session.expire_all()
        with count_queries() as queries:
            found = services.opinions_asked(colleague)
            told = [(one.asked_by.name, one.submission.brief.title, one.question) for one in found]
        counted.append((len(told), len(queries)))
    (one, first), (two, second) = counted
    assert (one, two) == (1, 2) and first == second <= 3


def test_only_trainers_of_the_programme_are_asked_and_once(cast, work, colleague, browser):
    for nobody in (cast.other_trainer, cast.lead, cast.mentor, cast.trainer):
        with pytest.raises(Refused):
            services.ask_opinion(work, nobody.id, "", by=cast.trainer)
    services.ask_opinion(work, colleague.id, "", by=cast.trainer)
    with pytest.raises(Refused):
        services.ask_opinion(work, colleague.id, "", by=cast.lead)
    names = browser(cast.trainer).get(f"/submissions/{work.id}/second-opinion").text
    assert "Tina Ola" in names and "Tomás Mar" not in names


def test_an_opinion_says_something_and_is_said_once(cast, work, colleague, browser):
    opinion = services.ask_opinion(work, colleague.id, "", by=cast.trainer)
    for levels, text in (({}, "  "), ({"Luz": 9}, "x"), ({"Nada": 1}, "")):
        with pytest.raises(Refused):
            services.give_opinion(opinion, levels, text, by=colleague)
    services.give_opinion(opinion, {}, "Sí", by=colleague)
    with pytest.raises(services.Stale):
        services.give_opinion(opinion, {}, "No", by=colleague)
    assert opinion.text == "Sí" and opinion.given_at == now()
    assert browser(colleague).get("/opinions/1").status == 200


def test_the_first_reviewer_decides_whatever_was_said(cast, work, colleague):
    opinion = services.ask_opinion(work, colleague.id, "", by=cast.trainer)
    services.give_opinion(opinion, {"Luz": 0}, "Yo no", by=colleague)
    services.review(work, Outcome.RETURNED, {}, "Acércate", revision=work.revision, by=cast.trainer)
    assert len(services.history_of(services.for_review(work))) == 3
    assert db.session.query(ReviewDraft).count() == 0
