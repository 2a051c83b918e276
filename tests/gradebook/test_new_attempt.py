"""A new attempt that a trainer gives: what was answered is set aside, told, traced, and may come back."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.cohorts.models import EnrolmentState
from lms.curriculum import syllabus
from lms.curriculum.models import KnowledgeTest, TestQuestion
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.learning import resets, services, sittings
from lms.learning.done import items_done
from lms.learning.models import Attempt, AttemptReset, AttemptState, Sitting, SittingMoment
from lms.ops.models import AuditEntry
from lms.standing.services import standing_of
from tests import build
from tests.standing.deeds import attempt

IN_WEEK_0 = datetime(2026, 9, 10, 18, 0, tzinfo=UTC)
BEFORE, AFTER = SittingMoment


@pytest.fixture
def quiz(cast):
    return cast.version.week_rows[1].quiz


@pytest.fixture
def where(cast, quiz):
    return f"/enrolments/{cast.enrolment.id}/people/{cast.owner.id}/quizzes/{quiz.id}/new"


def give(cast, quiz, reason="Se cayó la luz", person=None):
    person = person or cast.owner
    return resets.give_quiz_again(cast.enrolment, person.id, quiz, reason, by=cast.trainer)


def test_what_was_answered_stays_and_counts_nowhere(cast, quiz):
    tried = attempt(cast.enrolment, cast.owner, quiz, passed=True)
    before = standing_of(cast.enrolment)
    assert quiz.slug in before.done and before.final_quiz_passed
    reset = give(cast, quiz)
    assert tried.reset_id == reset.id and db.session.get(Attempt, tried.id).passed
    after = standing_of(cast.enrolment)
    assert quiz.slug not in after.done and after.quizzes_passed == 0 and not after.final_quiz_passed
    assert items_done(cast.enrolment).quizzes == frozenset()
    items = {item.slug: item for item in services.week_items(cast.enrolment, cast.owner, week=1)}
    assert items[quiz.slug].state == ""
    assert services.attempts_at(cast.enrolment, quiz) == []


def test_four_failed_tries_set_aside_are_no_reason_for_attention(cast, quiz):
    for number in range(1, 5):
        attempt(cast.enrolment, cast.owner, quiz, passed=False, number=number)
    assert standing_of(cast.enrolment).failed_often == 1
    give(cast, quiz)
    assert standing_of(cast.enrolment).failed_often == 0


def test_only_that_person_begins_anew(cast, quiz):
    attempt(cast.enrolment, cast.owner, quiz, passed=False)
    others = attempt(cast.enrolment, cast.son, quiz, passed=True)
    give(cast, quiz)
    assert others.reset_id is None and standing_of(cast.enrolment).quizzes_passed == 1


def test_an_open_try_is_set_aside_too_and_the_next_one_has_the_next_number(cast, quiz):
    first = services.start_attempt(cast.enrolment, quiz, by=cast.owner)
    give(cast, quiz)
    with pytest.raises(Refused, match="se apartó"):
        services.answer(first, first.drawn[0], 1, by=cast.owner)
    with pytest.raises(Refused, match="se apartó"):
        services.answer_all(cast.enrolment, quiz, 1, dict.fromkeys(first.drawn, 1), by=cast.owner)
    second = services.start_attempt(cast.enrolment, quiz, by=cast.owner)
    assert (second.number, second.state) == (2, AttemptState.OPEN) and first.state is AttemptState.OPEN
    assert services.planned_try(cast.enrolment, quiz, by=cast.owner).number == 2


def test_the_page_that_was_open_leads_to_the_quiz(cast, quiz, browser):
    first = services.start_attempt(cast.enrolment, quiz, by=cast.owner)
    member = browser(cast.owner)
    page = member.get(f"/attempts/{first.id}")
    give(cast, quiz)
    page = member.send(page, f"/attempts/{first.id}", "Ver mi respuesta", answer="1")
    assert page.status == 422 and "Este intento se apartó" in str(page.errors)
    assert member.follow(member.get(f"/attempts/{first.id}")).heading == "Prueba 1"


def test_it_is_given_with_a_reason_told_and_traced(cast, quiz, where, browser, letters):
    attempt(cast.enrolment, cast.owner, quiz, passed=False)
    trainer = browser(cast.trainer)
    marks = f"/enrolments/{cast.enrolment.id}/marks"
    assert where in trainer.get(marks).links
    page = trainer.submit(where, "Dar otro intento", reason=" ")
    assert page.status == 422 and "Escribe el motivo" in str(page.errors)
    page = trainer.submit(where, "Dar otro intento", reason="Contestó su hijo")
    assert "Ya se le avisó a Lupita." in page.html and "Contestó su hijo" in page.text
    assert "aparte" in page.text
    mine = [one for one in letters() if one.to == cast.owner.email]
    assert [one.subject for one in mine] == ["Tienes otro intento"] and "Contestó su hijo" in mine[0].text
    assert not [one for one in letters() if one.to == cast.son.email]
    assert "Tienes otro intento en «Prueba 1»" in browser(cast.owner).get("/notices").text
    page = browser(cast.owner).get(f"/quizzes/{quiz.id}")
    assert "Tere te dio otro intento: «Contestó su hijo»" in page.text and "Empezar" in page.text
    trail = db.session.query(AuditEntry).filter(AuditEntry.event == "NewAttemptGiven").one()
    assert trail.actor_id == cast.trainer.id and trail.details["reason"] == "Contestó su hijo"


def test_it_is_undone_while_nothing_new_was_begun(cast, quiz, browser):
    tried = attempt(cast.enrolment, cast.owner, quiz, passed=True)
    give(cast, quiz)
    marks = f"/enrolments/{cast.enrolment.id}/marks"
    page = browser(cast.trainer).submit(marks, "Deshacer")
    assert "vuelve a contar" in page.html and "lo deshizo Tere Luna" in page.text
    db.session.expire_all()
    assert tried.reset_id is None and standing_of(cast.enrolment).quizzes_passed == 1
    assert db.session.query(AuditEntry).filter(AuditEntry.event == "NewAttemptTakenBack").count() == 1


def test_who_was_told_of_it_is_told_that_it_is_undone(cast, quiz, browser, letters):
    attempt(cast.enrolment, cast.owner, quiz, passed=True)
    resets.take_back(give(cast, quiz), by=cast.trainer)
    told = browser(cast.owner).get("/notices").text
    assert "Lo que habías contestado de «Prueba 1» vuelve a contar" in told
    assert [one.subject for one in letters()].count("Tienes otro intento") == 1


def test_once_begun_it_cannot_be_undone(cast, quiz, browser):
    attempt(cast.enrolment, cast.owner, quiz, passed=False)
    reset = give(cast, quiz)
    trainer, marks = browser(cast.trainer), f"/enrolments/{cast.enrolment.id}/marks"
    page = trainer.get(marks)
    services.start_attempt(cast.enrolment, quiz, by=cast.owner)
    page = trainer.send(page, marks, "Deshacer")
    assert page.status == 422 and "Ya no se puede deshacer" in page.text
    assert db.session.get(AttemptReset, reset.id).undone_at is None
    assert "Deshacer" not in trainer.get(marks).text


def test_only_the_last_one_can_be_undone(cast, quiz):
    attempt(cast.enrolment, cast.owner, quiz, passed=False)
    first = give(cast, quiz)
    attempt(cast.enrolment, cast.owner, quiz, passed=True, number=2)
    second = give(cast, quiz)
    with pytest.raises(Refused):
        resets.take_back(first, by=cast.trainer)
    resets.take_back(second, by=cast.trainer)
    with pytest.raises(Refused):
        resets.take_back(second, by=cast.trainer)
    assert standing_of(cast.enrolment).quizzes_passed == 1


def test_where_nothing_was_answered_there_is_nothing_to_set_aside(cast, quiz, where, browser):
    page = browser(cast.trainer).submit(where, "Dar otro intento", reason="Por si acaso")
    assert page.status == 422 and "No hay nada que apartar" in page.text
    assert "Por si acaso" in page.html, "what was typed is kept"
    attempt(cast.enrolment, cast.owner, quiz, passed=False)
    cast.enrolment.state = EnrolmentState.WITHDRAWN
    with pytest.raises(Refused, match="no está trabajando"):
        give(cast, quiz)


def test_who_is_not_of_the_firm_has_no_such_page(cast, quiz, browser):
    trainer, firm = browser(cast.trainer), f"/enrolments/{cast.enrolment.id}/people"
    for person in (cast.rival, cast.ex_member, cast.trainer):
        assert trainer.get(f"{firm}/{person.id}/quizzes/{quiz.id}/new").status == 404
    assert trainer.get(f"{firm}/{cast.owner.id}/test/during/new").status == 404
    for person in (cast.owner, cast.mentor, cast.other_trainer, cast.admin):
        assert browser(person).get(f"{firm}/{cast.owner.id}/quizzes/{quiz.id}/new").status == 404


@pytest.fixture
def tests(cast):
    """Both forms, in a course whose last week is far away."""
    cast.version.week_rows += [last := build.week(15, lessons=0)]
    for item in (last.quiz, last.brief):
        item.version_id = cast.version.id
    for form in "AB":
        titles = {"title": f"Examen {form}", "title_en": f"Test {form}", "summary_en": "", "html": ""}
        test = build.add(KnowledgeTest(version_id=cast.version.id, form=form, **titles))
        asked = {"objective": "fotos", "prompt": f"¿Fotos {form}?", "options": build.question(1).options}
        build.add(TestQuestion(test_id=test.id, position=1, **asked))
    syllabus.forget()
    db.session.commit()
    return {test.form: test for test in cast.version.tests}


def sit(cast):
    offered = sittings.offer(cast.enrolment, cast.owner)
    _test, questions = sittings.sheet(offered)
    sittings.send(cast.enrolment, offered, {str(one.id): 1 for one in questions}, by=cast.owner)
    return offered


def test_the_test_opens_again_whatever_the_week_is(cast, tests, stopped_clock, browser, letters):
    stopped_clock(IN_WEEK_0)
    first = sit(cast)
    stopped_clock(IN_WEEK_0 + timedelta(weeks=5))
    assert sittings.offer(cast.enrolment, cast.owner) is None
    where = f"/enrolments/{cast.enrolment.id}/people/{cast.owner.id}/test/before/new"
    page = browser(cast.trainer).submit(where, "Dar otro intento", reason="No era ella")
    assert "aparte" in page.text and sittings.sittings_in(cast.enrolment) == []
    assert "te abrió el examen" in letters()[-1].text
    again = sittings.offer(cast.enrolment, cast.owner)
    assert (again.moment, again.test.id, again.sent) == (BEFORE, first.test.id, False)
    assert "/course/test" in browser(cast.owner).get("/course").links
    sit(cast)
    assert sittings.offer(cast.enrolment, cast.owner) is None
    aside, current = db.session.query(Sitting).order_by(Sitting.id)
    assert aside.reset_id and aside.sent_at and current.reset_id is None
    assert sittings.cohort_gain(cast.cohort).before == 1


def test_a_reset_of_the_test_can_be_undone(cast, tests, stopped_clock):
    stopped_clock(IN_WEEK_0)
    sit(cast)
    reset = resets.give_test_again(cast.enrolment, cast.owner.id, BEFORE, "Otra persona", by=cast.trainer)
    assert sittings.cohort_gain(cast.cohort).before == 0
    resets.take_back(reset, by=cast.trainer)
    assert (
        sittings.cohort_gain(cast.cohort).before == 1 and sittings.offer(cast.enrolment, cast.owner) is None
    )
