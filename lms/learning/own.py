"""What a person read and answered, for the file of their own data."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from lms.curriculum.models import Lesson, Question, Quiz
from lms.foundation.db import db
from lms.foundation.own_data import Row
from lms.learning.models import Answer, Attempt, Reading, Sitting


def lessons(who: Any) -> Iterable[Row]:
    read = (
        select(Reading, Lesson.title)
        .join(Lesson, Lesson.id == Reading.lesson_id)
        .where(Reading.user_id == who.id)
        .order_by(Reading.id)
    )
    for one, title in db.session.execute(read):
        yield {
            "lesson": title,
            "ticked": one.ticked,
            "check_given": one.check_given,
            "opened_at": one.opened_at,
            "done_at": one.done_at,
        }


def answers(who: Any) -> Iterable[Row]:
    """Every answer in a quiz, also one that was set aside, with whether it was right; never the right one."""
    given = (
        select(Answer, Attempt, Quiz.title, Question.prompt)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Question, Question.id == Answer.question_id)
        .where(Attempt.user_id == who.id)
        .order_by(Answer.id)
    )
    for answer, attempt, title, prompt in db.session.execute(given):
        yield {
            "quiz": title,
            "attempt": attempt.number,
            "question": prompt,
            "given": answer.given,
            "right": answer.right,
            "answered_at": answer.answered_at,
            "set_aside": attempt.reset_id is not None,
        }


def tests(who: Any) -> Iterable[Row]:
    for one in db.session.scalars(select(Sitting).where(Sitting.user_id == who.id).order_by(Sitting.id)):
        yield {
            "moment": one.moment,
            "form": one.form,
            "given": one.given,
            "started_at": one.started_at,
            "sent_at": one.sent_at,
            "set_aside": one.reset_id is not None,
        }


TELLS = {"lessons": lessons, "answers": answers, "tests": tests}
