"""Staff read the courses as published; members and strangers do not."""

import pytest

from lms.curriculum import publishing, services
from lms.foundation.db import transaction

OBJECTIVE = """[[objectives]]
key = "luz"
text = "Escoges la luz."
text_en = "You choose the light."
"""
TEST = """+++
kind = "test"
form = "{form}"
title = "Antes y después {form}"
title_en = "Before and after {form}"
summary_en = "One question."
[[questions]]
objective = "luz"
prompt = "¿De dónde llega la luz {form}?"
[[questions.options]]
text = "De la ventana"
right = true
reason = "Así se ve la textura."
[[questions.options]]
text = "Del foco"
reason = "Sale amarilla."
+++
Contesta sin ayuda.
"""
STAFF = ("trainer", "lead", "admin")


@pytest.fixture
def version(app, cast, folders):
    with transaction():
        publishing.publish(folders.read())
        folders.replace("fashion/week-01/brief.md", "Toma tres fotos.", "Toma cuatro fotos.")
        publishing.publish(folders.read())
    return services.current_version("fashion")


def addresses(version):
    week = version.week_rows[1]
    return [
        "/curriculum/",
        f"/curriculum/versions/{version.id}",
        f"/curriculum/versions/{version.id}/changes",
        f"/curriculum/lessons/{week.lessons[0].id}",
        f"/curriculum/quizzes/{week.quiz.id}",
        f"/curriculum/briefs/{week.brief.id}",
        f"/curriculum/briefs/{week.brief.id}/sheet",
    ]


@pytest.mark.parametrize("name", STAFF)
def test_staff_open_every_page(version, cast, browser, name):
    person = browser(getattr(cast, name))
    assert [person.get(address).status for address in addresses(version)] == [200] * 7


@pytest.mark.parametrize("name", ["owner", "mentor"])
def test_for_others_the_pages_do_not_exist(version, cast, browser, name):
    person = browser(getattr(cast, name))
    assert {person.get(address).status for address in addresses(version)} == {404}


def test_a_stranger_is_asked_to_sign_in(version, browser):
    assert browser().get("/curriculum/").status == 302


def test_the_list_leads_to_the_newest_version(version, cast, browser):
    page = browser(cast.trainer).get("/curriculum/")
    assert f"/curriculum/versions/{version.id}" in page.links and f"{version.title}" in page.text


def test_a_version_shows_minutes_and_weight(version, cast, browser):
    page = browser(cast.trainer).get(f"/curriculum/versions/{version.id}")
    assert page.heading == "Ropa" and "Fotos con luz" in page.text
    assert "8 min" in page.text and "1 KB" in page.text and "M0" in page.text


def test_a_lesson_is_shown_as_learners_read_it_with_the_answer(version, cast, browser):
    page = browser(cast.trainer).get(f"/curriculum/lessons/{version.week_rows[1].lessons[0].id}")
    assert page.heading == "Fotos con luz" and "cobra 15 % por venta" in page.text
    assert page.root.find("figure", class_="frame").find("img").attributes["alt"]
    assert "Aplana el producto." in page.text and "Lente limpio" in page.text


def test_a_quiz_is_shown_with_its_reasons(version, cast, browser):
    page = browser(cast.trainer).get(f"/curriculum/quizzes/{version.week_rows[1].quiz.id}")
    assert "¿Cuántas fotos?" in page.text and "No alcanza." in page.text and "70%" in page.text


def test_a_brief_is_shown_with_its_rubric(version, cast, browser):
    page = browser(cast.trainer).get(f"/curriculum/briefs/{version.week_rows[1].brief.id}")
    assert "Toma cuatro fotos." in page.text and "Amarilla" in page.text and "Se ve la costura." in page.text


def test_a_task_fits_on_one_sheet_with_what_to_send_and_how_it_is_graded(version, cast, browser):
    page = browser(cast.trainer).get(f"/curriculum/briefs/{version.week_rows[1].brief.id}/sheet")
    assert page.heading == "Toma tres fotos" and "Toma cuatro fotos." in page.text
    assert "Foto de frente" in page.text and "3 · Muy claro" in page.text


def test_a_test_is_shown_with_the_objective_of_each_question(app, cast, browser, folders):
    for sector in ("fashion", "footwear"):
        folders.replace(f"{sector}/course.toml", "[[practices]]", OBJECTIVE + "[[practices]]")
        for form in ("a", "b"):
            folders.write(f"{sector}/test-{form}.md", TEST.format(form=form.upper()))
    with transaction():
        publishing.publish(folders.read())
    made = services.current_version("fashion")
    trainer = browser(cast.trainer)
    page = trainer.get(f"/curriculum/tests/{made.tests[1].id}")
    assert page.heading == "Antes y después B" and "Forma B" in page.text
    assert "Escoges la luz." in page.text and "Así se ve la textura." in page.text
    whole = trainer.get(f"/curriculum/versions/{made.id}")
    assert "Forma A · Preguntas: 1" in whole.text and "Escoges la luz." in whole.text
    assert browser(cast.owner).get(f"/curriculum/tests/{made.tests[0].id}").status == 404


def test_changes_show_what_was_and_what_is(version, cast, browser):
    page = browser(cast.trainer).get(f"/curriculum/versions/{version.id}/changes")
    assert [gone.text for gone in page.root.find_all("del")][0].endswith("1. Toma tres fotos.")
    assert [new.text for new in page.root.find_all("ins")][0].endswith("1. Toma cuatro fotos.")


def test_changes_since_a_version_of_another_course_do_not_exist(version, cast, browser):
    other = services.current_version("footwear")
    page = browser(cast.trainer).get(f"/curriculum/versions/{version.id}/changes?since={other.id}")
    assert page.status == 404


def test_a_first_version_has_nothing_to_compare(version, cast, browser):
    other = services.current_version("footwear")
    assert browser(cast.trainer).get(f"/curriculum/versions/{other.id}/changes").status == 200


def test_a_picture_is_public_harmless_and_kept_for_ever(version, browser):
    source = services.contents(version, with_texts=True).week_rows[1].lessons[0].html
    address = source.split('src="')[1].split('"')[0]
    page = browser().get(address)
    assert page.status == 200 and page.headers["Content-Type"].startswith("image/svg+xml")
    assert "immutable" in page.headers["Cache-Control"]
    assert "sandbox" in page.headers["Content-Security-Policy"]
    assert browser().get(address.replace(".svg", ".png")).status == 404
    assert browser().get("/curriculum/figures/0.svg").status == 404
