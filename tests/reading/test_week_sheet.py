"""A week on one sheet of paper: lessons, task, dates and a code that leads back to the screen."""

from datetime import date

from lms.curriculum.models import Week
from tests import build


def test_the_sheet_has_the_week_its_lessons_its_task_and_its_dates(cast, browser):
    week = cast.version.week_rows[1]
    week.lessons[1].optional = True
    page = browser(cast.owner).get("/course/weeks/1/sheet")
    assert page.heading == "Semana de prueba 1"
    for words in (
        "Semana 1 · lunes 14 de septiembre – domingo 20 de septiembre",
        "Resumen",
        "Lección 1.1 8 min La luz llega de lado.",
        "Lección 1.2 8 min · Opcional",
        "Una ventana",
        "Tarea: Tarea 1",
        "Tres fotos listas",
        "Foto de frente",
        "Foto de lado (si quieres)",
    ):
        assert words in page.text, words
    assert "Acércate más" not in page.text, "what trainers write is not for the firm to copy"
    assert page.root.find("button", data_do="print")


def test_the_dates_are_the_firms_own(cast, browser):
    cast.enrolment.paused_days = 7
    assert "lunes 14 de septiembre – domingo 27" in browser(cast.owner).get("/course/weeks/1/sheet").text
    assert "domingo 20" in browser(cast.rival).get("/course/weeks/1/sheet").text


def test_week_zero_has_no_first_day(cast, browser):
    assert "antes de empezar – domingo 13" in browser(cast.owner).get("/course/weeks/0/sheet").text


def test_a_week_without_a_task_fits_on_a_sheet_too(cast, browser):
    bare = Week(version_id=cast.version.id, number=4, title="Sola", summary="Nada", **build.english(4))
    build.add(bare)
    page = browser(cast.owner).get(f"/course/weeks/{bare.number}/sheet")
    assert page.heading == "Sola" and "Tarea" not in page.text


def test_the_code_opens_the_week_on_the_course_page(cast, browser):
    member = browser(cast.owner)
    code = member.get("/course/weeks/0/sheet").root.find(role="img", class_="sheet__code")
    assert code.find("svg").find("path") and code.attributes["aria-label"]
    course = member.get("/course?week=0")
    assert "open" in course.root.find("details", id="week-0").attributes
    assert "open" not in member.get("/course").root.find("details", id="week-0").attributes


def test_each_week_of_the_course_leads_to_its_sheet(cast, browser):
    assert {"/course/weeks/0/sheet", "/course/weeks/1/sheet"} <= set(browser(cast.owner).get("/course").links)


def test_a_week_that_the_course_has_not_is_not_found(cast, browser):
    for number in ("7", "99999999", "99999999999999999999999"):
        assert browser(cast.owner).get(f"/course/weeks/{number}/sheet").status == 404


def test_the_start_of_the_cohort_moves_the_dates(cast, browser):
    cast.cohort.starts_on = date(2026, 9, 21)
    assert "lunes 21 de septiembre" in browser(cast.owner).get("/course/weeks/1/sheet").text
