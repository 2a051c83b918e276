"""The course page says in words why something waits, what opens it, and what counts."""

from datetime import date

from lms.assignments.models import SubmissionState
from lms.cohorts.models import EnrolmentState
from lms.curriculum.models import Week
from lms.learning import services
from tests import build


def week_of(page, number):
    return page.root.find("details", id=f"week-{number}")


def test_what_is_optional_stands_apart_and_lowers_nothing(cast, browser):
    week = cast.version.week_rows[1]
    week.lessons[1].optional, week.brief.required = True, False
    member = browser(cast.owner)
    member.submit(f"/lessons/{week.lessons[0].id}", "Ya la terminé")
    shown = week_of(member.get("/course"), 1)
    assert "1 de 2 listas" in shown.find("summary").text
    counting, extra = shown.find_all("ul", class_="checks")
    assert "Lección 1.1" in counting.text and "Lección 1.2" not in counting.text
    assert "Lección 1.2" in extra.text and "Tarea 1" in extra.text
    assert "No cuenta: lo que dejes no baja nada." in shown.text
    plan = services.course_plan(cast.enrolment, cast.owner)[1]
    assert (plan.done, len(plan.counting), len(plan.extra)) == (1, 2, 2)


def test_a_week_without_anything_optional_has_no_second_list(cast, browser):
    shown = week_of(browser(cast.owner).get("/course"), 1)
    assert len(shown.find_all("ul", class_="checks")) == 1 and "No cuenta" not in shown.text


def test_a_week_that_is_not_written_yet_says_that_one_has_nothing_to_do(cast, browser):
    build.add(Week(version_id=cast.version.id, number=2, title="Luego", summary="Más", **build.english(2)))
    shown = week_of(browser(cast.owner).get("/course"), 2)
    assert "todavía no se publica" in shown.find("summary").text
    assert "cuando tu grupo reciba la siguiente versión" in shown.text
    assert not any("sheet" in link.attributes["href"] for link in shown.find_all("a", href=None))


def test_a_firm_on_a_break_is_told_how_to_come_back(cast, browser):
    cast.enrolment.state, cast.enrolment.paused_on = EnrolmentState.PAUSED, date(2026, 10, 12)
    page = browser(cast.owner).get("/course")
    assert "Ya regresamos" in page.text
    assert "Ya regresamos" not in browser(cast.rival).get("/course").text


def test_after_the_course_it_says_what_no_longer_changes(cast, browser):
    cast.enrolment.state = EnrolmentState.GRADUATED
    assert "las tareas ya no cambian" in browser(cast.owner).get("/course").text
    assert "las tareas ya no cambian" not in browser(cast.rival).get("/course").text


def test_a_task_out_of_ones_hands_says_when_it_can_be_changed(cast, browser):
    brief = cast.version.week_rows[1].brief
    build.submission(cast.enrolment, brief, cast.owner, SubmissionState.HANDED_IN)
    assert (
        "La puedes cambiar cuando llegue la respuesta." in week_of(browser(cast.owner).get("/course"), 1).text
    )
    build.submission(cast.rival_enrolment, brief, cast.rival, SubmissionState.RETURNED)
    assert "corrígela y mándala otra vez" in week_of(browser(cast.rival).get("/course"), 1).text
