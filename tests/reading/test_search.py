"""Searching one's course: what is found, in which order, and what is never shown."""

import pytest

from lms.curriculum import syllabus
from lms.curriculum.models import SearchTerm
from lms.curriculum.searching import index_what_is_missing
from lms.foundation.db import db
from lms.reading import services
from tests import build


@pytest.fixture
def course(cast):
    """A course of two weeks that speaks of commissions, threads and photos, in its index."""
    first, second = cast.version.week_rows[1].lessons
    first.title, first.html = (
        "Cuánto cobra el marketplace",
        "<p>La comisión es parte del precio.</p><p>Hilo</p>",
    )
    second.title, second.html = "Comisiones y envíos", "<h2>Precio</h2><p>Suma las <b>comisiones</b>.</p>"
    cast.version.week_rows[1].brief.html = "<p>Toma fotos del hilo dorado.</p>"
    quiz = cast.version.week_rows[1].quiz
    quiz.html, quiz.questions[0].prompt = "<p>Unas preguntas de botones.</p>", "¿Cuál es el cierre secreto?"
    # What only the other programme's course says.
    cast.other_version.week_rows[1].lessons[0].html = "<p>El barniz de la comisión.</p>"
    db.session.flush()
    index_what_is_missing()
    db.session.commit()
    return cast


def titles(cast, question):
    return [answer.entry.title for answer in services.search(cast.enrolment, question)]


def test_a_word_is_found_in_any_form_without_accents_and_capitals(course):
    for question in ("comisión", "COMISION", "comisiones", "la comisión"):
        assert titles(course, question) == ["Comisiones y envíos", "Cuánto cobra el marketplace"], question


def test_what_holds_more_of_the_words_comes_first(course):
    assert titles(course, "hilo comisión")[0] == "Cuánto cobra el marketplace"
    assert titles(course, "hilo fotos")[0] == course.version.week_rows[1].brief.title


def test_of_equal_answers_the_one_taught_first_comes_first(course):
    assert titles(course, "ventana") == []  # a list to tick is no text
    found = titles(course, "lateral luz llega")
    assert found[:2] == ["Lección 0.1", "Lección 0.2"]


def test_a_quiz_is_found_by_its_words_but_never_by_what_it_asks(course, browser):
    assert titles(course, "botón") == [course.version.week_rows[1].quiz.title]
    assert titles(course, "cierre secreto") == []
    assert titles(course, "opción razón") == []
    assert "secreto" not in browser(course.owner).get("/course/search?q=botones").text


def test_only_ones_own_course_is_searched(course, browser):
    assert titles(course, "barniz") == []
    page = browser(course.outsider).get("/course/search?q=barniz")
    assert [mark.text for mark in page.root.find_all("mark")] == ["barniz"]
    assert "Cuánto cobra" not in browser(course.outsider).get("/course/search?q=comision").text


def test_the_page_shows_week_kind_and_the_words_marked(course, browser):
    member = browser(course.owner)
    page = member.get("/course/search?q=comision")
    assert page.status == 200 and "2 partes de tu curso" in page.text
    assert "Semana 1 · Lección · 8 min" in page.text
    assert [mark.text for mark in page.root.find_all("mark")] == ["comisiones.", "comisión"]
    assert "parte del precio. Hilo" in page.text, "paragraphs do not run together"
    link = next(link for link in page.links if link.endswith("leccion-2"))
    assert member.follow(member.get(link)).heading == "Comisiones y envíos"


def test_the_course_page_leads_there(course, browser):
    form = browser(course.owner).get("/course").root.find("form", role="search")
    assert form.attributes["action"] == "/course/search" and form.find("input", name="q")


def test_without_a_question_and_without_an_answer_the_page_says_what_to_try(course, browser):
    member = browser(course.owner)
    for address in ("/course/search", "/course/search?q=", "/course/search?q=++"):
        page = member.get(address)
        assert page.status == 200 and "¿Qué buscas?" in page.text
    for question in ("helicóptero", "de la", "?!"):
        page = member.get("/course/search", query_string={"q": question})
        assert "Prueba con una sola palabra" in page.text
        assert page.root.find("input", name="q").attributes["value"] == question


def test_strange_questions_are_words_like_others(course, browser):
    for question in (
        "<script>alert(1)</script>",
        "'; DROP TABLE lesson; --",
        "%",
        "\x00",
        "a" * 3000,
        "* OR *",
    ):
        page = browser(course.owner).get("/course/search", query_string={"q": question})
        assert page.status == 200 and "<script>alert" not in page.html


def test_no_more_than_twenty_answers(app, cast, browser):
    week = build.week(3, lessons=30)
    for item in (*week.lessons, week.quiz, week.brief):
        item.version_id = cast.version.id
    cast.version.week_rows.append(week)
    db.session.flush()
    syllabus.forget()
    index_what_is_missing()
    assert len(titles(cast, "lección")) == services.MOST_FOUND


def test_an_excerpt_is_the_part_that_says_most():
    text = " ".join(["relleno"] * 60 + ["hilo"] + ["relleno"] * 60 + ["hilo", "y", "aguja"] + ["fin"] * 40)
    pieces = services.excerpt(text, {"hil", "aguj"})
    assert [piece.text for piece in pieces if piece.found] == ["hilo", "aguja"]
    assert pieces[0].text == pieces[-1].text == "…" and len(pieces) <= services.WORDS_SHOWN + 2


def test_a_version_is_put_into_the_index_once(course):
    before = db.session.query(SearchTerm).count()
    index_what_is_missing()
    assert db.session.query(SearchTerm).count() == before > 50


def test_the_search_asks_few_things(course, browser, count_queries):
    member = browser(course.owner)
    member.get("/course/search?q=comision")
    with count_queries() as queries:
        member.get("/course/search?q=comision")
    assert len(queries) <= 6, queries


def test_who_has_no_course_has_nothing_to_search(app, browser):
    alone = build.user("Sola")
    build.firm("Taller nuevo", alone)
    assert browser(build.as_person(alone)).get("/course/search?q=hilo").status == 404
