"""The first page of each role: what it says to do now, and that it asks few questions of the database."""

import pytest

from lms.assignments.models import SubmissionState
from lms.cohorts.models import EnrolmentState
from lms.foundation.db import db
from tests import build


def test_a_stranger_sees_what_the_programme_is(cast, browser):
    page = browser().get("/")
    assert page.status == 200
    assert "puntada a puntada" in page.heading
    assert "/sign-in" in page.links


def test_who_is_signed_in_goes_straight_to_their_page(cast, browser):
    assert browser(cast.owner).get("/").location == "/home"


def test_a_member_sees_one_next_step_and_what_is_missing_to_graduate(cast, browser):
    page = browser(cast.owner).get("/home")
    assert page.heading == "Hola, Lupita"
    patches = page.root.find_all(class_="patch")
    assert len(patches) == 1
    assert "Lección 0.1" in patches[0].text
    assert "Prueba final" in page.text and "0 de 1" in page.text


def test_the_next_step_moves_on_when_a_lesson_is_done(cast, browser):
    owner = browser(cast.owner)
    lesson = cast.version.week_rows[0].lessons[0]
    owner.submit(f"/lessons/{lesson.id}", "seguir")
    assert "Lección 0.2" in owner.get("/home").root.find(class_="patch").text


def test_a_member_without_a_cohort_is_told_what_will_happen(app, browser):
    alone = build.user("Sola Paz")
    build.firm("Sin grupo", alone)
    page = browser(build.as_person(alone)).get("/home")
    assert page.status == 200
    assert "todavía no está en ninguna generación" in page.text


def test_work_sent_back_is_on_top_of_the_members_page(cast, browser):
    brief = cast.version.week_rows[0].brief
    build.submission(cast.enrolment, brief, cast.owner, SubmissionState.RETURNED)
    page = browser(cast.owner).get("/home")
    assert "Bien la luz." in page.text


def test_a_members_page_asks_at_most_twelve_questions(cast, browser, count_queries):
    owner = browser(cast.owner)
    owner.get("/home")
    with count_queries() as queries:
        owner.get("/home")
    assert len(queries) <= 12, "\n".join(queries)


def test_a_trainer_sees_only_their_own_firms(cast, browser):
    build.submission(cast.rival_enrolment, cast.version.week_rows[0].brief, cast.rival)
    page = browser(cast.trainer).get("/home")
    assert "Costuras Rosa" in page.text
    assert "Gil" not in page.text


def test_a_mentor_has_nothing_to_grade(cast, browser):
    page = browser(cast.mentor).get("/home")
    assert "Por calificar" not in page.text
    assert "Telas Lupita" in page.text
    assert "Costuras Rosa" not in page.text


def test_a_trainers_page_asks_as_many_questions_for_thirty_firms_as_for_three(cast, browser, count_queries):
    trainer = browser(cast.trainer)
    trainer.get("/home")
    with count_queries() as few:
        trainer.get("/home")
    for number in range(27):
        person = build.user(f"Persona {number}")
        enrolment = build.enrol(build.firm(f"Taller {number}", person), cast.cohort, _user(cast.trainer))
        build.submission(enrolment, cast.version.week_rows[0].brief, person)
    with count_queries() as many:
        trainer.get("/home")
    assert len(many) <= len(few) + 2


def test_a_lead_sees_the_groups_of_their_programme_only(cast, browser):
    page = browser(cast.lead).get("/home")
    assert page.heading == "Polo Puebla"
    assert "Otoño" in page.text
    assert browser(cast.lead).get(f"/programmes/{cast.other_programme.id}").status == 404


def test_an_administrator_starts_with_people(cast, browser):
    assert browser(cast.admin).get("/home").location == "/people"


@pytest.mark.parametrize(
    "who, answer", [("trainer", 200), ("lead", 200), ("other_trainer", 404), ("mentor", 404), ("owner", 404)]
)
def test_the_grid_is_for_who_trains_or_leads_the_cohort(cast, browser, who, answer):
    assert browser(getattr(cast, who)).get(f"/cohorts/{cast.cohort.id}/grid").status == answer


def test_the_grid_says_each_cell_in_words(cast, browser):
    cells = browser(cast.trainer).get(f"/cohorts/{cast.cohort.id}/grid").root.find_all(class_="wk")
    assert any("atrasada" in cell.text for cell in cells)


def test_a_firms_page_shows_its_history_to_its_staff(cast, browser):
    build.submission(cast.enrolment, cast.version.week_rows[0].brief, cast.owner)
    page = browser(cast.mentor).get(f"/enrolments/{cast.enrolment.id}")
    assert page.heading == "Telas Lupita"
    assert "Tarea 0" in page.text


def test_firms_can_be_narrowed_to_those_that_need_someone(cast, browser):
    cast.rival_enrolment.state = EnrolmentState.PAUSED
    db.session.flush()
    everyone = browser(cast.trainer).get("/firms")
    needing = browser(cast.trainer).get("/firms?only=attention")
    assert "Costuras Rosa" in everyone.text
    assert "Costuras Rosa" not in needing.text
    assert "Telas Lupita" in needing.text


def test_progress_names_every_milestone_and_that_growth_is_no_condition(cast, browser):
    page = browser(cast.owner).get("/progress")
    assert "Línea base" in page.text and "Diez ventas" in page.text
    assert "Vender más nunca es condición" in page.text


def test_a_person_chooses_their_language(cast, browser):
    owner = browser(cast.owner)
    owner.submit("/account", "Guardar", locale="en")
    assert owner.get("/home").heading == "Hello, Lupita"


def _user(person):
    from lms.accounts.models import User

    return db.session.get(User, person.id)
