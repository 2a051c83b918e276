"""Reading lessons: the course page, a lesson with its list and its question, and going on to the next."""

from lms.cohorts.models import EnrolmentState
from lms.curriculum import syllabus
from lms.foundation.db import db
from lms.learning import outline, services
from lms.learning.done import items_done
from lms.learning.models import Reading
from lms.learning.outline import Item, Kind
from tests import build


def lesson_of(cast, week=1, place=0):
    return cast.version.week_rows[week].lessons[place]


def test_the_course_shows_weeks_with_minutes_weight_and_dates(cast, browser):
    page = browser(cast.owner).get("/course")
    assert page.status == 200
    assert "Lección 1.1" in page.text
    assert "8 min" in page.text and "5 KB" in page.text
    assert f"/lessons/{lesson_of(cast).id}" in page.links


def test_a_person_without_a_course_is_told_so(app, browser):
    alone = build.user("Sola")
    build.firm("Taller nuevo", alone)
    page = browser(build.as_person(alone)).get("/course")
    assert page.status == 200 and "todavía no tiene curso" in page.text


def test_later_weeks_say_when_they_open_and_can_be_read_now(cast, browser, stopped_clock):
    from datetime import UTC, datetime

    stopped_clock(datetime(2026, 9, 10, 18, tzinfo=UTC))
    page = browser(cast.owner).get("/course")
    assert "empieza el lunes 14 de septiembre" in page.text
    assert "ya puedes leerla; su tarea es para el domingo 20 de septiembre" in page.text
    assert browser(cast.owner).get(f"/lessons/{lesson_of(cast).id}").status == 200


def test_a_lesson_says_its_place_minutes_and_weight(cast, browser):
    page = browser(cast.owner).get(f"/lessons/{lesson_of(cast).id}")
    assert page.heading == "Lección 1.1"
    for words in ("Lección 1 de 2", "8 min", "5 KB", "La luz llega de lado.", "Texto de la lección."):
        assert words in page.text


def test_finishing_a_lesson_leads_to_the_next_item(cast, browser):
    first, second = cast.version.week_rows[1].lessons
    page = browser(cast.owner).submit(f"/lessons/{first.id}", "Ya la terminé", follow=False)
    assert page.location.endswith(f"/lessons/{second.id}")
    page = browser(cast.owner).submit(f"/lessons/{second.id}", "Ya la terminé", follow=False)
    assert page.location.endswith(f"/quizzes/{cast.version.week_rows[1].quiz.id}")
    assert items_done(cast.enrolment).lessons == {first.slug, second.slug}
    assert cast.enrolment.last_activity_at is not None


def test_what_one_person_read_is_done_for_the_firm(cast, browser):
    lesson = lesson_of(cast)
    browser(cast.son).submit(f"/lessons/{lesson.id}", "Ya la terminé")
    items = services.week_items(cast.enrolment, cast.owner, week=1)
    assert [item.is_done for item in items] == [True, False, False, False]
    assert not any(item.is_done for item in services.week_items(cast.rival_enrolment, cast.rival, week=1))


def test_two_taps_note_a_lesson_once(cast, browser):
    path, member = f"/lessons/{lesson_of(cast).id}", browser(cast.owner)
    page = member.get(path)
    first = member.send(page, path, "Ya la terminé", follow=False)
    again = member.send(page, path, "Ya la terminé", follow=False)
    assert again.location == first.location
    assert db.session.query(Reading).count() == 1


def test_the_list_keeps_its_ticks(cast, browser):
    path, member = f"/lessons/{lesson_of(cast).id}", browser(cast.owner)
    page = member.submit(path, "Guardar mi lista", list_ticked=["1"])
    boxes = page.root.find_all("input", type="checkbox")
    assert ["checked" in box.attributes for box in boxes] == [False, True]
    other = browser(cast.son).get(path).root.find_all("input", type="checkbox")
    assert not any("checked" in box.attributes for box in other)


def test_the_question_explains_every_option_only_after_the_answer(cast, browser):
    path, member = f"/lessons/{lesson_of(cast).id}", browser(cast.owner)
    assert "Razón" not in member.get(path).html
    page = member.submit(path, "Ver mi respuesta", check_answer="0")
    assert all(f"Razón {n}" in page.text for n in range(3))
    assert "Todavía no." in page.text
    page = member.submit(f"{path}?again=1", "Ver mi respuesta", check_answer="1")
    assert "¡Correcto!" in page.text


def test_an_empty_answer_is_asked_for_again(cast, browser):
    page = browser(cast.owner).submit(f"/lessons/{lesson_of(cast).id}", "Ver mi respuesta")
    assert page.status == 422
    assert any("Elige una de las respuestas" in error for error in page.errors)


def test_a_lesson_of_another_course_does_not_exist(cast, browser):
    lesson = cast.other_version.week_rows[1].lessons[0]
    assert browser(cast.owner).post(f"/lessons/{lesson.id}/done").status in (400, 404)
    lesson.slug = "week-01/only-there"
    assert browser(cast.owner).get(f"/lessons/{lesson.id}").status == 404


def test_a_link_to_an_older_text_finds_the_present_one(cast, browser):
    newer = build.course_version("fashion", number=2)
    old = lesson_of(cast)
    cast.cohort.course_version_id = newer.id
    page = browser(cast.owner).get(f"/lessons/{old.id}")
    assert page.location.endswith(f"/lessons/{newer.week_rows[1].lessons[0].id}")


def test_what_was_done_stays_done_when_the_cohort_moves(cast, browser):
    lesson = lesson_of(cast)
    browser(cast.owner).submit(f"/lessons/{lesson.id}", "Ya la terminé")
    cast.cohort.course_version_id = build.course_version("fashion", number=2).id
    db.session.flush()
    db.session.expire_all()
    assert services.week_items(cast.enrolment, cast.owner, week=1)[0].is_done


def test_a_link_by_name_finds_lesson_quiz_and_task(cast, browser):
    week = cast.version.week_rows[1]
    member = browser(cast.owner)
    for item, path in ((week.lessons[0], "lessons"), (week.quiz, "quizzes"), (week.brief, "briefs")):
        assert member.get(f"/learning/items/{item.slug}").location.endswith(f"/{path}/{item.id}")
    assert member.get("/learning/items/week-99/nothing").status == 404


def test_the_next_step_is_the_first_that_is_not_done(cast, browser):
    first = cast.version.week_rows[0].lessons[0]
    assert services.next_item(cast.enrolment, cast.owner).slug == first.slug
    browser(cast.son).submit(f"/lessons/{first.id}", "Ya la terminé")
    assert services.next_item(cast.enrolment, cast.owner).slug == "week-00/leccion-2"


def test_what_is_optional_holds_nobody_up():
    common = {
        "id": 1,
        "week": 1,
        "minutes": 5,
        "kilobytes": 5,
        "questions": None,
        "state": "",
        "title_en": "",
    }
    extra = Item(kind=Kind.LESSON, slug="extra", title="Extra", optional=True, **common)
    counts = Item(kind=Kind.LESSON, slug="counts", title="Counts", optional=False, **common)
    assert outline.first_open([extra, counts]) is counts
    assert outline.first_open([extra]) is None


def test_nobody_without_a_firm_reads_as_a_member(cast, browser):
    path = f"/lessons/{lesson_of(cast).id}"
    assert browser(cast.trainer).get(path).status == 404
    assert browser().get(path).status == 302


def test_who_withdrew_has_no_course(cast, browser):
    cast.enrolment.state = EnrolmentState.WITHDRAWN
    assert browser(cast.owner).get(f"/lessons/{lesson_of(cast).id}").status == 404


def test_a_lesson_takes_few_queries(cast, browser, count_queries):
    member = browser(cast.owner)
    path = f"/lessons/{lesson_of(cast).id}"
    member.get(path)
    with count_queries() as queries:
        assert member.get(path).status == 200
    assert len(queries) <= 7, queries


def test_the_course_page_takes_as_many_queries_for_two_weeks_as_for_sixteen(cast, browser, count_queries):
    member = browser(cast.owner)
    member.get("/course")
    with count_queries() as few:
        member.get("/course")
    for number in range(2, 16):
        week = build.week(number)
        week.version_id = cast.version.id
        for item in (*week.lessons, week.quiz, week.brief):
            item.version_id = cast.version.id
        db.session.add(week)
    db.session.flush()
    syllabus.forget()
    assert "Lección 9.1" in member.get("/course").text
    with count_queries() as many:
        member.get("/course")
    assert len(many) == len(few) <= 8
