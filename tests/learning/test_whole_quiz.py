"""A quiz answered on one page, at once or days later: the same questions, the same rules, one result."""

import pytest
from sqlalchemy import func, select

from lms.foundation.db import db
from lms.learning import services
from lms.learning.models import Answer, Attempt, AttemptState
from tests import build, pages


@pytest.fixture
def quiz(cast):
    quiz = cast.version.week_rows[1].quiz
    for number in range(3, 6):
        quiz.questions.append(build.question(number))
    db.session.commit()
    return quiz


@pytest.fixture
def phone(browser, cast):
    return browser(cast.owner)


def answers_on(page, option: str = "Opción 1") -> dict:
    """The form of the page with this option chosen in every question."""
    form = page.form_with({"number"}, None)
    sent = pages.values(form)
    for label in form.find_all("label"):
        if label.text == option:
            box = label.find("input")
            sent[box.attributes["name"]] = [box.attributes["value"]]
    return sent


def attempts() -> list[Attempt]:
    return list(db.session.scalars(select(Attempt).order_by(Attempt.id)))


def test_all_answers_at_once_are_a_try_with_its_result(phone, quiz):
    path = f"/quizzes/{quiz.id}/whole"
    answer = phone.post(path, answers_on(phone.get(path)))
    assert answer.status == 302
    (attempt,) = attempts()
    assert attempt.state is AttemptState.FINISHED and (attempt.right, attempt.total) == (3, 3)
    assert "3 de 3" in phone.get(answer.location).text


def test_a_kept_page_asks_what_the_server_draws_for_that_try(phone, quiz, cast):
    path = f"/quizzes/{quiz.id}/whole"
    kept = phone.get(path)
    planned = services.planned_try(cast.enrolment, quiz, by=cast.owner)
    assert [question.prompt in kept.text for question in planned.questions] == [True] * 3
    attempt = services.start_attempt(cast.enrolment, quiz, by=cast.owner)
    assert attempt.drawn == [question.id for question in planned.questions]


def test_it_goes_on_where_a_try_was_left_and_asks_only_what_is_open(phone, quiz, cast):
    attempt = services.start_attempt(cast.enrolment, quiz, by=cast.owner)
    first = attempt.drawn[0]
    services.answer(attempt, first, 0, by=cast.owner)
    path = f"/quizzes/{quiz.id}/whole"
    page = phone.get(path)
    assert db.session.get(Answer, 1).question.prompt not in page.text
    phone.post(path, answers_on(page))
    (finished,) = attempts()
    assert finished.state is AttemptState.FINISHED and finished.right == 2
    assert db.session.scalar(select(func.count()).select_from(Answer)) == 3


def test_a_try_finished_meanwhile_keeps_its_result_and_says_so(phone, quiz, cast):
    path = f"/quizzes/{quiz.id}/whole"
    kept = answers_on(phone.get(path))
    attempt = services.start_attempt(cast.enrolment, quiz, by=cast.owner)
    for question in attempt.drawn:
        services.answer(attempt, question, 0, by=cast.owner)
    answer = phone.post(path, kept, headers={"Replay": "60"})
    assert answer.status == 422 and "Ya terminaste este intento" in answer.json["problems"][0]
    assert [one.right for one in attempts()] == [0]


def test_a_question_left_out_is_asked_for_and_nothing_is_kept(phone, quiz):
    path = f"/quizzes/{quiz.id}/whole"
    sent = answers_on(phone.get(path))
    left = next(name for name in sent if name.endswith("_answer"))
    del sent[left]
    answer = phone.post(path, sent)
    assert answer.status == 422 and "Elige una de las respuestas" in answer.text
    assert attempts() == []


@pytest.mark.parametrize("number", ["0", "7", "-1", "x", ""])
def test_a_try_that_cannot_be_is_refused_or_is_the_next_one(phone, quiz, number):
    path = f"/quizzes/{quiz.id}/whole"
    sent = answers_on(phone.get(path)) | {"number": number}
    assert phone.post(path, sent).status in (302, 404)
    assert len(attempts()) <= 1


def test_what_the_page_holds_does_not_depend_on_what_is_right(phone, quiz):
    path = f"/quizzes/{quiz.id}/whole"

    def shown() -> list:
        form = phone.get(path).form_with({"number"}, None)
        boxes = form.find_all("input", type="radio")
        values = [(box.attributes["name"], box.attributes["value"]) for box in boxes]
        return values + [label.text for label in form.find_all("label")]

    before = shown()
    for question in quiz.questions:
        question.options = [{**row, "right": place == 0} for place, row in enumerate(question.options)]
    db.session.commit()
    assert shown() == before
