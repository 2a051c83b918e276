"""The page with the words of one's course, and lessons that explain them where they stand."""

import pytest

from lms.curriculum.models import CourseWord
from lms.curriculum.searching import index_what_is_missing
from lms.foundation.db import db
from lms.reading import services
from tests import build

MEANING = '<div class="words"><h2>Palabras</h2><ul><li id="word-x">x: la palabra barniz</li></ul></div>'


@pytest.fixture
def words(cast):
    for version, terms in ((cast.version, "SKU comisión avíos"), (cast.other_version, "horma")):
        for term in terms.split():
            key = {"avíos": "avios", "comisión": "comision"}.get(term, term.lower())
            build.add(CourseWord(version_id=version.id, key=key, term=term, explanation=f"Qué es {term}."))
    return cast


def test_the_page_has_the_words_of_ones_own_course_in_order(words, browser):
    page = browser(words.owner).get("/course/words")
    assert page.heading == "Las palabras de tu curso"
    assert [term.text for term in page.root.find_all("dt")] == ["avíos", "comisión", "SKU"]
    assert page.root.find("dd").text == "Qué es avíos." and "horma" not in page.text
    assert page.root.find("button", data_do="print")


def test_a_course_without_words_says_so(cast, browser):
    assert "Todavía no hay palabras" in browser(cast.owner).get("/course/words").text


def test_the_course_leads_there(words, browser):
    assert "/course/words" in browser(words.owner).get("/course").links


def test_what_only_an_explanation_says_is_not_found(cast):
    cast.version.week_rows[1].lessons[0].html = f"<p>Hilo</p>{MEANING}"
    db.session.flush()
    index_what_is_missing()
    assert [answer.entry.title for answer in services.search(cast.enrolment, "hilo")] == ["Lección 1.1"]
    assert services.search(cast.enrolment, "barniz") == []
