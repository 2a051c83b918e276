"""The test before and after the course: who is asked what when, sent once, told only after the second."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from lms.curriculum import syllabus
from lms.curriculum.models import KnowledgeTest, Objective, TestQuestion
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.learning import sittings
from lms.learning.models import Sitting, SittingMoment
from lms.standing import services as standing
from tests import build

OBJECTIVES = ("fotos", "precio")
BEFORE, AFTER = SittingMoment
_numbers = itertools.count()
IN_WEEK_0 = datetime(2026, 9, 10, 18, 0, tzinfo=UTC)


@pytest.fixture
def tests(cast):
    """Both forms, each with a question for each of two objectives; the second option is right."""
    version = cast.version
    for position, key in enumerate(OBJECTIVES, 1):
        texts = {"text": f"Objetivo {key}", "text_en": f"Objective {key}"}
        build.add(Objective(version_id=version.id, position=position, key=key, **texts))
    for form in "AB":
        titles = {"title": f"Examen {form}", "title_en": f"Test {form}", "summary_en": "", "html": ""}
        test = build.add(KnowledgeTest(version_id=version.id, form=form, **titles))
        for position, key in enumerate(OBJECTIVES, 1):
            asked = {"objective": key, "prompt": f"¿{key} {form}?", "options": build.question(1).options}
            build.add(TestQuestion(test_id=test.id, position=position, **asked))
    syllabus.forget()
    db.session.commit()
    return {test.form: test for test in version.tests}


def sat(enrolment, user, moment, test, right=()):
    """A form that this person sent, with these objectives right."""
    by = {"enrolment_id": enrolment.id, "firm_id": enrolment.firm_id, "user_id": user.id}
    marks = {key: key in right for key in OBJECTIVES}
    moments = {"started_at": build.LONG_AGO, "sent_at": build.LONG_AGO + timedelta(minutes=9)}
    return build.add(Sitting(**by, moment=moment, form=test.form, test_id=test.id, marks=marks, **moments))


def fill(page, choice, leave=0):
    """The fields of every question of the page but the last `leave`, with this option by its rank."""
    names = sorted({e.attributes["name"] for e in page.root.find_all("input", type="radio")})
    return dict.fromkeys(names[: len(names) - leave], str(choice))


def test_in_week_0_the_course_leads_to_the_test_and_once_sent_no_more(tests, cast, browser, stopped_clock):
    stopped_clock(IN_WEEK_0)
    member = browser(cast.owner)
    assert "/course/test" in member.get("/course").links
    page = member.get("/course/test")
    assert "no cuenta para tu constancia" in page.text and "Razón" not in page.html
    page = member.send(page, "/course/test", "Enviar mis respuestas", **fill(page, 1))
    assert "Tus respuestas están enviadas" in page.text and "Razón" not in page.html
    assert "/course/test" not in page.links
    assert member.get("/course/test").location == "/course" == member.get("/course/test/result").location
    kept = db.session.query(Sitting).one()
    assert kept.marks == {"fotos": True, "precio": True} and kept.form == sittings.first_form(cast.owner.id)


def test_what_is_missing_is_named_and_what_was_chosen_is_kept(tests, cast, browser, stopped_clock):
    stopped_clock(IN_WEEK_0)
    member = browser(cast.owner)
    page = member.get("/course/test")
    page = member.send(page, "/course/test", "Enviar mis respuestas", **fill(page, 1, leave=1))
    assert page.status == 422 and page.html.count(" checked") == 1
    assert any("Pregunta 2: Elige una" in error for error in page.errors), page.errors
    assert db.session.query(Sitting).count() == 0


def test_a_part_can_be_kept_and_gone_on_with_later(tests, cast, browser, stopped_clock):
    stopped_clock(IN_WEEK_0)
    member = browser(cast.owner)
    page = member.get("/course/test")
    page = member.send(page, "/course/test", "Guardarlas y seguir", **fill(page, 2, leave=1))
    assert "está guardado" in page.text and "Seguir contestando" in page.text
    page = member.get("/course/test")
    chosen = [e.attributes["value"] for e in page.root.find_all("input", type="radio", checked="")]
    assert chosen == ["2"] and db.session.query(Sitting).one().sent_at is None
    member.send(page, "/course/test", "Enviar mis respuestas", **fill(page, 0))
    kept = db.session.query(Sitting).one()
    assert kept.sent_at and kept.marks == {"fotos": False, "precio": False}


def test_it_is_sent_once(tests, cast, stopped_clock):
    stopped_clock(IN_WEEK_0)
    offered = sittings.offer(cast.enrolment, cast.owner)
    _test, questions = sittings.sheet(offered)
    given = {str(question.id): 1 for question in questions}
    with pytest.raises(Refused):
        sittings.send(cast.enrolment, offered, dict(list(given.items())[:1]), by=cast.owner)
    sittings.send(cast.enrolment, offered, given, by=cast.owner)
    for act in (sittings.send, sittings.save):
        with pytest.raises(Refused):
            act(cast.enrolment, offered, dict.fromkeys(given, 0), by=cast.owner)
    assert all(db.session.query(Sitting).one().marks.values())


def test_forms_are_crossed_half_and_half_and_the_second_is_the_other(tests, cast, stopped_clock):
    assert [sittings.first_form(key) for key in range(1, 101)].count("A") == 50
    for person, moment in ((cast.owner, IN_WEEK_0), (cast.son, IN_WEEK_0)):
        stopped_clock(moment)
        assert sittings.offer(cast.enrolment, person).test.form == sittings.first_form(person.id)
    sat(cast.enrolment, cast.owner, BEFORE, tests["B"])
    stopped_clock(datetime(2027, 1, 2, 18, 0, tzinfo=UTC))
    offered = sittings.offer(cast.enrolment, cast.owner)
    assert (offered.moment, offered.test.form, offered.sent) == (AFTER, "A", False)
    assert sittings.offer(cast.enrolment, cast.son) is None, "who did not begin has nothing to compare"


def test_between_week_0_and_the_last_there_is_no_test(tests, cast, browser, stopped_clock):
    cast.version.week_rows += [build.week(15, lessons=0)]
    for part in (cast.version.week_rows[-1].quiz, cast.version.week_rows[-1].brief):
        part.version_id = cast.version.id
    db.session.flush()
    syllabus.forget()
    sat(cast.enrolment, cast.owner, BEFORE, tests["A"])
    assert sittings.offer(cast.enrolment, cast.owner) is None
    assert "/course/test" not in browser(cast.owner).get("/course").links


def test_after_the_second_a_person_sees_what_changed_in_words(tests, cast, browser):
    sat(cast.enrolment, cast.owner, BEFORE, tests["A"], {"precio"})
    member = browser(cast.owner)
    page = member.get("/course/test")
    answers = fill(page, 1)
    answers[sorted(answers)[1]] = "0"
    page = member.send(page, "/course/test", "Enviar mis respuestas", **answers)
    assert page.heading == "Qué cambió en ti"
    assert "Objetivo fotos Nuevo" in " ".join(page.text.split()) or "Al principio no; ahora sí." in page.text
    assert "Al principio sí; esta vez elegiste otra cosa." in page.text
    assert "nadie ha medido si son igual de difíciles" in page.text
    assert "/course/test/result" in member.get("/course").links
    assert member.get("/course/test").location == "/course/test/result"
    assert browser(cast.son).get("/course/test/result").location == "/course"


def test_it_counts_for_nothing(tests, cast):
    before = standing.standing_of(cast.enrolment)
    for moment, form in ((BEFORE, "A"), (AFTER, "B")):
        sat(cast.enrolment, cast.owner, moment, tests[form])
    assert standing.standing_of(cast.enrolment) == before


def crowd(enrolment, tests, count):
    """So many people who answered both forms: with no objective right before, with one after."""
    for _number in range(count):
        user = build.user(f"Persona {next(_numbers)}")
        sat(enrolment, user, BEFORE, tests["A"])
        sat(enrolment, user, AFTER, tests["B"], {"fotos"})


def test_a_cohort_shows_the_gain_of_those_who_answered_both(tests, cast, browser):
    crowd(cast.enrolment, tests, 4)
    sat(cast.enrolment, cast.owner, BEFORE, tests["A"], {"fotos"})
    trainer, address = browser(cast.trainer), f"/cohorts/{cast.cohort.id}/test"
    page = trainer.get(address)
    assert "Muy pocas personas" in page.text and "Objetivo fotos" not in page.text
    sat(cast.enrolment, cast.owner, AFTER, tests["B"], {"fotos"})
    page = trainer.get(address)
    row = next(row.text for row in page.root.find_all("tr") if "Objetivo fotos" in row.text)
    assert "1 de 5" in row and "5 de 5" in row and "+4" in row and "%" not in row
    crowd(cast.rival_enrolment, tests, 5)
    row = next(row.text for row in trainer.get(address).root.find_all("tr") if "Objetivo fotos" in row.text)
    assert "1 de 10 · 10%" in row and "100%" in row


def test_the_page_of_a_cohort_asks_the_same_for_many_people_as_for_few(tests, cast, browser, count_queries):
    trainer, address = browser(cast.trainer), f"/cohorts/{cast.cohort.id}/test"
    crowd(cast.enrolment, tests, 5)
    trainer.get(address)
    with count_queries() as few:
        trainer.get(address)
    crowd(cast.rival_enrolment, tests, 10)
    with count_queries() as many:
        trainer.get(address)
    assert len(few) == len(many)


def test_the_page_of_a_firm_names_who_took_it_to_its_staff_only(tests, cast, browser):
    sat(cast.enrolment, cast.son, BEFORE, tests["A"])
    address = f"/enrolments/{cast.enrolment.id}"
    page = browser(cast.trainer).get(address)
    card = next(card.text for card in page.root.find_all("section") if "Examen de antes" in card.text)
    assert "Beto Ríos" in card and "antes: 31 jul" in card and "después" not in card.split("Beto")[1]
    assert browser(cast.owner).get(address).status == 404
