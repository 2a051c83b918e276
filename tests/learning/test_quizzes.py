"""Quizzes: counting, one open attempt, one question a page, reasons after the answer, the best counts."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from lms import events
from lms.events import listening
from lms.foundation.db import db, transaction
from lms.foundation.errors import Refused
from lms.learning import quizzes, services
from lms.learning.done import items_done
from lms.learning.models import Answer, Attempt, AttemptState
from tests import build


@pytest.fixture
def quiz(cast):
    return cast.version.week_rows[1].quiz


@pytest.fixture
def heard():
    """The events that were published, in order."""
    told, before = [], tuple(listening._tables)
    events.listen(*before, {events.Event: [told.append]})
    yield told
    events.listen(*before)


def take(member, quiz, *choices):
    """Start and answer as many questions as there are choices; the page after the last."""
    page = member.submit(f"/quizzes/{quiz.id}")
    attempt = db.session.query(Attempt).order_by(Attempt.id.desc()).first()
    for choice in choices:
        page = member.submit(f"/attempts/{attempt.id}", "Ver mi respuesta", answer=str(choice))
    return attempt, page


def test_seven_of_ten_is_exactly_seventy_percent():
    assert quizzes.is_passed(7, 10, 70) and not quizzes.is_passed(2, 3, 67)
    assert not quizzes.is_passed(0, 0, 0)


def test_the_best_score_is_the_one_with_the_greatest_share():
    scores = [quizzes.score(2, 3), quizzes.score(5, 6), quizzes.score(0, 3)]
    assert quizzes.best_score(scores) == quizzes.score(5, 6)
    assert quizzes.best_score([]) is None


def test_the_next_question_is_the_first_without_an_answer():
    assert quizzes.next_unanswered([4, 5, 6], {4}) == 5
    assert quizzes.next_unanswered([4, 5], {4, 5}) is None


def test_a_second_try_asks_what_the_first_did_not():
    bank = list(range(12))
    first = quizzes.draw(bank, 6, [], "a")
    second = quizzes.draw(bank, 6, [first], "b")
    assert len(first) == len(second) == 6 and not set(first) & set(second)
    assert sorted(first) == first, "in the order of the bank"
    assert sorted((*first, *second)) == bank
    # The third has to repeat, and chance decides: another seed may ask others.
    assert len({tuple(quizzes.draw(bank, 6, [first, second], seed)) for seed in "cdefgh"}) > 1


def test_a_try_is_drawn_the_same_from_the_same_seed():
    assert quizzes.draw(range(12), 6, [], "a") == quizzes.draw(range(12), 6, [], "a")


def test_through_the_pages_a_second_try_asks_other_questions(cast, browser, quiz):
    quiz.questions += [build.question(n) for n in range(3, 6)]
    member = browser(cast.owner)
    first, _page = take(member, quiz, 1, 1, 1)
    second, _page = take(member, quiz, 1)
    assert not set(first.drawn) & set(second.drawn)
    # Leaving and coming back changes nothing of what is asked.
    page = member.get(f"/quizzes/{quiz.id}")
    assert "3 preguntas, una por página." in page.text
    drawn = list(second.drawn)
    for _left in range(2):
        member.submit(f"/attempts/{second.id}", "Ver mi respuesta", answer="1")
    db.session.refresh(second)
    assert (second.drawn, second.right) == (drawn, 3)
    answered = db.session.query(Answer).filter_by(attempt_id=second.id)
    assert {answer.question_id for answer in answered} == set(second.drawn)


def test_the_first_page_says_what_to_expect(cast, browser, quiz):
    page = browser(cast.owner).get(f"/quizzes/{quiz.id}")
    assert "3 preguntas, una por página." in page.text and "60%" in page.text
    assert "intentado" not in page.text


def test_nothing_tells_the_right_answer_before_the_answer_is_in(cast, browser, quiz):
    member = browser(cast.owner)
    attempt, page = take(member, quiz)
    assert "¿Pregunta 0?" in page.heading
    assert "Razón" not in page.html and "¿Pregunta 1?" not in page.html and "right" not in page.html
    later = services.questions(attempt)[2]
    assert "Razón" not in member.get(f"/attempts/{attempt.id}?after={later.id}").html


def test_after_the_answer_every_option_has_its_reason(cast, browser, quiz):
    _attempt, page = take(browser(cast.owner), quiz, 0)
    assert "Todavía no." in page.text
    assert all(f"Razón {n}" in page.text for n in range(3))
    assert "Siguiente pregunta" in page.text


def test_a_passed_quiz_is_told_and_the_result_shows_what_was_missed(cast, browser, quiz, heard):
    member = browser(cast.owner)
    attempt, page = take(member, quiz, 1, 1, 0)
    assert "Ver mi resultado" in page.text
    page = member.get(f"/attempts/{attempt.id}/result")
    assert page.heading == "2 de 3 correctas" and "Pasaste" in page.text
    assert "¿Pregunta 2?" in page.text and "¿Pregunta 1?" not in page.text
    assert f"/lessons/{cast.version.week_rows[1].lessons[0].id}" in page.links
    assert [event.passed for event in heard if isinstance(event, events.QuizFinished)] == [True]


def test_the_best_attempt_counts(cast, browser, quiz):
    member = browser(cast.owner)
    take(member, quiz, 1, 1, 1)
    take(member, quiz, 0, 0, 0)
    page = member.get(f"/quizzes/{quiz.id}")
    assert "2 veces" in page.text and "3 de 3" in page.text
    tries = items_done(cast.enrolment).tries[quiz.slug]
    assert (tries.made, tries.failed, tries.passed, tries.best.percent) == (2, 1, True, 100)


def test_what_one_person_passed_is_passed_for_the_firm(cast, browser, quiz):
    take(browser(cast.son), quiz, 1, 1, 1)
    assert "la pasó Beto Ríos" in browser(cast.owner).get(f"/quizzes/{quiz.id}").text
    assert items_done(cast.enrolment).quizzes == {quiz.slug}


def test_leaving_and_coming_back_goes_on_at_the_same_question(cast, browser, quiz):
    member = browser(cast.owner)
    attempt, _page = take(member, quiz, 1)
    assert f"/attempts/{attempt.id}" in member.get(f"/quizzes/{quiz.id}").links
    assert "¿Pregunta 1?" in member.get(f"/attempts/{attempt.id}").heading


def test_an_answer_is_never_changed(cast, browser, quiz):
    member = browser(cast.owner)
    attempt, _page = take(member, quiz)
    page = member.get(f"/attempts/{attempt.id}")
    member.send(page, f"/attempts/{attempt.id}", "Ver mi respuesta", answer="0")
    member.send(page, f"/attempts/{attempt.id}", "Ver mi respuesta", answer="1")
    assert [(answer.given, answer.right) for answer in db.session.query(Answer)] == [(0, False)]


def test_nobody_else_sees_or_answers_an_attempt(cast, browser, quiz):
    attempt, _page = take(browser(cast.owner), quiz)
    for other in (cast.son, cast.rival, cast.trainer, cast.lead):
        assert browser(other).get(f"/attempts/{attempt.id}").status == 404
        assert browser(other).get(f"/attempts/{attempt.id}/result").status == 404


def test_a_choice_that_is_not_there_is_refused(cast, quiz):
    attempt = services.start_attempt(cast.enrolment, quiz, by=cast.owner)
    question = services.questions(attempt)[0]
    for choice in (-1, 3):
        with pytest.raises(Refused):
            services.answer(attempt, question.id, choice, by=cast.owner)


def test_an_empty_answer_is_asked_for_again(cast, browser, quiz):
    member = browser(cast.owner)
    attempt, _page = take(member, quiz)
    page = member.submit(f"/attempts/{attempt.id}", "Ver mi respuesta")
    assert page.status == 422 and "Elige una de las respuestas" in page.text


def test_thirty_starts_at_once_make_one_attempt(app, cast, quiz):
    enrolment_id, quiz_id, owner = cast.enrolment.id, quiz.id, cast.owner
    db.session.commit()
    db.session.remove()

    def start(_number):
        from lms.cohorts.models import Enrolment
        from lms.curriculum.models import Quiz

        with app.app_context(), transaction():
            enrolment, of = db.session.get(Enrolment, enrolment_id), db.session.get(Quiz, quiz_id)
            return services.start_attempt(enrolment, of, by=owner).id

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(start, range(30)))
    assert len(made) == 1
    assert [attempt.state for attempt in db.session.query(Attempt)] == [AttemptState.OPEN]


def test_a_start_that_comes_second_finds_the_first(cast, quiz, monkeypatch):
    """The other tap was kept between our look and our writing: the database says so, we get its attempt."""
    first = services.start_attempt(cast.enrolment, quiz, by=cast.owner)
    look = db.session.scalar
    blind = iter([lambda *_: None])
    monkeypatch.setattr(db.session, "scalar", lambda statement: next(blind, look)(statement))
    assert services.start_attempt(cast.enrolment, quiz, by=cast.owner).id == first.id
