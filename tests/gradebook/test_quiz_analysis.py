"""How a quiz went: the figures of its questions, who missed which, and what nobody is told of too few."""

import random

import pytest

from lms.cohorts.models import EnrolmentState
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.gradebook import quizzes
from lms.gradebook.item_analysis import FEWEST, FEWEST_TO_CORRELATE, analyse, correlation
from lms.learning.models import Answer, Attempt, AttemptState
from tests import build


@pytest.fixture
def quiz(cast):
    return cast.version.week_rows[1].quiz


def answered(enrolment, person, quiz, given, number=1):
    """A finished attempt with these options, by the place of the question."""
    right = [place == 1 for place in given]
    keys = [question.id for question in quiz.questions]
    attempt = build.add(
        Attempt(
            enrolment_id=enrolment.id, firm_id=enrolment.firm_id, user_id=person.id, quiz_id=quiz.id,
            number=number, drawn=keys, state=AttemptState.FINISHED, started_at=now(), finished_at=now(),
            right=sum(right), total=len(keys), passed=sum(right) >= 2,
        )
    )  # fmt: skip
    for key, place, is_right in zip(keys, given, right, strict=True):
        build.add(
            Answer(attempt_id=attempt.id, question_id=key, given=place, right=is_right, answered_at=now())
        )
    return attempt


def people(cast, count):
    for number in range(count):
        person = build.user(f"Persona {number:02d}")
        yield build.enrol(build.firm(f"Empresa {number:02d}", person), cast.cohort), person


def test_the_correlation_is_pearsons():
    scipy_stats = pytest.importorskip("scipy.stats")
    chance = random.Random(5)
    xs, ys = ([chance.randint(0, 6) for _ in range(40)] for _side in "xy")
    assert correlation(xs, ys) == pytest.approx(scipy_stats.pearsonr(xs, ys).statistic)
    assert correlation([1, 1, 1], [1, 2, 3]) is None and correlation([], []) is None
    assert correlation([0, 1], [0, 1]) == pytest.approx(1) and correlation([0, 1], [1, 0]) == pytest.approx(
        -1
    )


def test_a_question_is_compared_with_the_rest_of_the_try_and_not_with_itself():
    # "a" is known by those who know nothing else.
    tries = [{"a": number % 2 == 0, "b": number % 2 == 1, "c": number % 2 == 1} for number in range(20)]
    found = analyse(tries)
    assert found["a"].discrimination == pytest.approx(-1)
    assert found["a"].facility == found["b"].facility == 0.5
    few = analyse(tries[: FEWEST_TO_CORRELATE - 1])
    assert few["a"].discrimination is None and few["a"].facility is not None
    fewer = analyse(tries[: FEWEST - 1])
    assert fewer["a"].facility is None and not fewer["a"].is_enough


def test_only_what_is_beyond_chance_is_called_upside_down():
    rest = {f"{number}": False for number in range(3)}
    against = [{"a": number % 2 == 0, **dict.fromkeys(rest, number % 2 == 1)} for number in range(20)]
    assert analyse(against)["a"].is_upside_down
    half = [{"a": number % 4 < 2, "b": number % 5 < 2} for number in range(20)]
    found = analyse(half)["a"]
    low, high = found.interval
    assert low < found.discrimination < high and not found.is_upside_down
    assert (low, high) == pytest.approx((-0.4426, 0.4426), abs=0.001)


def test_what_was_drawn_for_some_only_is_counted_for_those():
    found = analyse([{"a": True, "b": False}] * 6 + [{"a": False, "c": True}] * 4)
    assert (found["a"].asked, found["a"].right) == (10, 6)
    assert found["c"].asked == 4 and found["c"].facility is None


def test_from_five_people_on_the_hardest_question_comes_first(cast, browser, quiz):
    for number, (enrolment, person) in enumerate(people(cast, FEWEST)):
        answered(enrolment, person, quiz, (1, 2 if number else 1, 0 if number < 3 else 1))
    page = browser(cast.trainer).get(f"/cohorts/{cast.cohort.id}/quizzes/{quiz.id}")
    heads = [head.text for head in page.root.find_all("h2")]
    assert heads == ["¿Pregunta 1?", "¿Pregunta 2?", "¿Pregunta 0?"]
    said = " ".join(page.text.split())
    assert (
        "¿Pregunta 1? Bien al primer intento: 1 de 5 0 · Opción 0 1 · Opción 1 Correcta 4 · Opción 2" in said
    )
    assert "Quién la falló (4)" in said and "Índice de discriminación: 0" not in said


def test_below_five_people_no_figure_is_told_but_each_answer_can_be_read(cast, browser, quiz):
    for enrolment, person in people(cast, FEWEST - 1):
        tried = answered(enrolment, person, quiz, (1, 1, 0))
    page = browser(cast.trainer).get(f"/cohorts/{cast.cohort.id}/quizzes/{quiz.id}")
    assert "La han terminado 4 personas." in page.text and "Pregunta" not in page.text
    assert f"/attempts/{tried.id}/answers" in page.links
    listed = browser(cast.trainer).get(f"/cohorts/{cast.cohort.id}/quizzes")
    assert "4 de 4" not in listed.text


def test_only_the_first_finished_try_of_a_person_counts(cast, quiz):
    for enrolment, person in people(cast, FEWEST):
        answered(enrolment, person, quiz, (0, 0, 0))
        answered(enrolment, person, quiz, (1, 1, 1), number=2)
    found = quizzes.analysis_of(cast.cohort, quiz)
    assert len(found.tries) == FEWEST and found.passed == 0
    assert [one.item.right for one in found.questions] == [0, 0, 0]


def test_an_answer_of_another_cohort_is_not_counted(cast, quiz):
    for enrolment, person in people(cast, FEWEST):
        answered(enrolment, person, quiz, (1, 1, 1))
    there = build.enrol(
        build.firm("De otra", build.user("Otra")), cast.other_cohort, state=EnrolmentState.ACTIVE
    )
    answered(there, cast.outsider, quiz, (0, 0, 0))
    assert len(quizzes.analysis_of(cast.cohort, quiz).tries) == FEWEST


def test_a_newer_version_with_the_same_questions_is_counted_together(cast, quiz):
    newer = build.course_version(number=2)
    later = newer.week_rows[1].quiz
    for number, (enrolment, person) in enumerate(people(cast, 6)):
        answered(enrolment, person, quiz if number < 3 else later, (1, 0, 0))
    found = quizzes.analysis_of(cast.cohort, quiz)
    assert [one.item.asked for one in found.questions] == [6, 6, 6]


def test_typed_answers_are_grouped_as_they_are_compared(cast, quiz):
    number, text, _third = quiz.questions
    number.kind, number.options = "number", []
    number.terms = {
        "value": 4.8,
        "tolerance": 0,
        "unit": "kg",
        "mistakes": [],
        "if_right": "",
        "if_wrong": "",
    }
    text.kind, text.terms = "text", {"mistakes": [], "if_right": "", "if_wrong": ""}
    text.options = [{"text": "algodón"}]
    given = [("4.8", "Algodón"), ("48", "algodon"), ("4.8", "lana"), ("48 ", "ALGODÓN."), ("4. 8", "lana")]
    for (enrolment, person), (one, other) in zip(people(cast, 5), given, strict=True):
        tried = answered(enrolment, person, quiz, (1, 1, 1))
        tried.answers[0].given, tried.answers[1].given = one, other
    db.session.flush()
    found = {one.question.id: one.taken for one in quizzes.analysis_of(cast.cohort, quiz).questions}
    assert [(one.text, one.count) for one in found[number.id]] == [("4.8", 3), ("48", 2)]
    assert [one.count for one in found[text.id]] == [3, 2]


def test_staff_read_an_attempt_as_it_was_answered_and_nobody_else_does(cast, browser, quiz):
    tried = answered(cast.enrolment, cast.owner, quiz, (1, 0, 2))
    where = f"/attempts/{tried.id}/answers"
    for person in (cast.trainer, cast.mentor, cast.lead):
        page = browser(person).get(where)
        assert "Su respuesta" in page.text and "Tu respuesta" not in page.text and "Razón 2" in page.text
    for person in (cast.owner, cast.son, cast.rival, cast.other_trainer, cast.other_mentor, cast.admin):
        assert browser(person).get(where).status == 404


def test_the_queries_do_not_grow_with_the_people(cast, browser, quiz, count_queries):
    for enrolment, person in people(cast, 40):
        answered(enrolment, person, quiz, (1, 0, 1))
    trainer = browser(cast.trainer)
    for where in (f"/cohorts/{cast.cohort.id}/quizzes", f"/cohorts/{cast.cohort.id}/quizzes/{quiz.id}"):
        trainer.get(where)
        with count_queries() as queries:
            trainer.get(where)
        assert len(queries) <= 12, "\n".join(queries)
