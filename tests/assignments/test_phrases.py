"""Sentences that reviewers keep: filled in with names, shared inside a programme, never across."""

import pytest

from lms.assignments import services
from lms.assignments.models import Phrase, Review
from lms.assignments.phrases import add_to, fill, without_names
from lms.foundation.db import db
from lms.foundation.errors import Refused
from tests import build


@pytest.fixture
def brief(cast):
    return cast.version.week_rows[1].brief


@pytest.fixture
def mine(cast, brief):
    return build.submission(cast.enrolment, brief, cast.owner)


@pytest.fixture
def theirs(cast, brief):
    return build.submission(cast.rival_enrolment, brief, cast.rival)


def page_of(submission):
    return f"/submissions/{submission.id}/review"


def comment(page):
    return page.root.find("textarea", name="feedback").text.strip()


def test_names_go_in_and_other_braces_stay():
    assert fill("{persona} de {empresa}: {x} {0}", "A{persona}", "Lupe") == "Lupe de A{persona}: {x} {0}"


def test_names_come_out_as_whole_words_only():
    assert without_names(" Ana, Anahí compra en telas sol. ", "Telas Sol", "Ana") == (
        "{persona}, Anahí compra en {empresa}."
    )
    assert without_names("Bien", "", "") == "Bien"


def test_words_are_added_below_what_is_written():
    assert add_to("", "Bien") == "Bien"
    assert add_to("Hola  \n", "Bien") == "Hola\nBien"


def test_what_was_written_is_kept_and_said_to_another_firm(cast, mine, theirs, browser):
    trainer = browser(cast.trainer)
    page = trainer.submit(
        page_of(mine), "Guardar frase", feedback="Lupita, en Telas Lupita van bien.", level_0="2"
    )
    assert page.status == 200 and "Guardada como frase" in page.text
    assert comment(page) == "Lupita, en Telas Lupita van bien."
    assert page.root.find("input", name="level_0", value="2").attributes.get("checked") is not None
    assert db.session.query(Phrase).one().text == "{persona}, en {empresa} van bien."
    answer = trainer.submit(page_of(theirs), "Rosa, en Costuras Rosa", feedback="Hola.")
    assert comment(answer) == "Hola. Rosa, en Costuras Rosa van bien."  # a page's text has no lines
    assert "Lupita" not in comment(answer)
    assert db.session.query(Review).count() == 0


def test_the_form_that_kept_a_sentence_can_still_be_sent(cast, mine, browser):
    trainer = browser(cast.trainer)
    page = trainer.submit(page_of(mine), "Guardar frase", feedback="Acércate.")
    trainer.send(page, page_of(mine), "Pedir cambios")
    assert db.session.query(Review).one().feedback == "Acércate."


def test_a_part_of_the_comment_is_kept(cast, mine, browser):
    browser(cast.trainer).submit(page_of(mine), "Guardar frase", feedback="Uno. Dos.", to_keep="Dos.")
    assert db.session.query(Phrase).one().text == "Dos."


def test_kept_twice_is_one_sentence(cast, mine):
    first = services.keep_phrase(mine, "Bien.", False, by=cast.trainer)
    assert services.keep_phrase(mine, " Bien. ", True, by=cast.trainer) is first
    assert first.shared


@pytest.mark.parametrize("words", ["", "   ", "a" * 501])
def test_nothing_and_too_much_are_refused_and_stay(cast, mine, browser, words):
    page = browser(cast.trainer).submit(page_of(mine), "Guardar frase", feedback=words)
    assert page.status == 422 and page.errors
    assert comment(page) == words.strip()
    assert db.session.query(Phrase).count() == 0


def test_sixty_sentences_are_enough(cast, mine):
    for number in range(60):
        services.keep_phrase(mine, f"Frase {number}", False, by=cast.trainer)
    with pytest.raises(Refused):
        services.keep_phrase(mine, "Una más", False, by=cast.trainer)


def test_a_colleague_sees_only_what_is_shared(cast, mine, browser):
    services.keep_phrase(mine, "Solo para Tere", False, by=cast.trainer)
    services.keep_phrase(mine, "Para todos", True, by=cast.trainer)
    page = browser(cast.lead).get(page_of(mine))
    assert "Para todos" in page.text and "Solo para Tere" not in page.text


def test_another_programme_with_the_same_task_sees_nothing(cast, mine):
    services.keep_phrase(mine, "De este programa", True, by=cast.trainer)
    other = build.submission(cast.outsider_enrolment, cast.other_version.week_rows[1].brief, cast.outsider)
    assert other.brief.slug == mine.brief.slug
    assert services.phrases_for(other, by=cast.other_trainer) == []
    other.brief = mine.brief
    db.session.flush()
    assert services.phrases_for(other, by=cast.other_trainer) == []


def test_a_sentence_of_another_task_is_not_offered(cast, mine):
    services.keep_phrase(mine, "De la semana 1", True, by=cast.trainer)
    another = build.submission(cast.enrolment, cast.version.week_rows[0].brief, cast.owner)
    assert services.phrases_for(another, by=cast.trainer) == []


def test_one_changes_and_takes_away_ones_own(cast, mine, browser):
    kept = services.keep_phrase(mine, "Bien.", True, by=cast.trainer)
    trainer, path = browser(cast.trainer), f"/phrases/{kept.id}"
    assert f"{path}?from={mine.id}" in trainer.get(page_of(mine)).links
    refused = trainer.submit(path, "Guardar", text="")
    assert refused.status == 422 and refused.errors
    trainer.submit(f"{path}?from={mine.id}", "Guardar", text="Muy bien, {persona}.")
    assert "Muy bien, Lupita." in trainer.get(page_of(mine)).text
    assert browser(cast.lead).get(path).status == 404
    assert trainer.submit(f"{path}?from={mine.id}", "Quitarla").heading == "Telas Lupita"
    assert db.session.query(Phrase).count() == 0


def test_the_firm_never_reads_a_sentence_that_was_not_sent(cast, mine, browser):
    services.keep_phrase(mine, "Canariofrase", True, by=cast.trainer)
    owner = browser(cast.owner)
    for path in ("/home", f"/briefs/{mine.brief_id}", f"/submissions/{mine.id}"):
        assert "Canariofrase" not in owner.get(path).text
