"""What a firm's people have read and answered."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import User
from lms.cohorts.models import ByPerson
from lms.curriculum.models import KnowledgeTest, Lesson, Question, Quiz
from lms.foundation.db import Key, Model, reference, unique_where


class AttemptState(StrEnum):
    OPEN = "open"
    FINISHED = "finished"


class Reading(ByPerson, Model):
    """One person at one lesson: the ticked items of its list, the answer to its check, and when it was done.

    `check_given` is kept like the `given` of an `Answer`.

    A firm has done a lesson when any of its people has.
    """

    __table_args__ = (UniqueConstraint("enrolment_id", "user_id", "lesson_id"),)

    id: Mapped[Key]
    lesson_id: Mapped[int] = reference("lesson.id")
    ticked: Mapped[list[Any]] = mapped_column(default=list)
    check_given: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    opened_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    lesson: Mapped[Lesson] = relationship()


class SittingMoment(StrEnum):
    BEFORE = "before"
    AFTER = "after"


class AttemptReset(ByPerson, Model):
    """That staff gave a person (`user`) a new attempt at a quiz, or at one moment of the test, and why.

    What was answered before is kept and set aside: it names this row and counts for nothing. The quiz is
    named by its slug, so that a newer version of the course keeps it; for the test it is "".
    """

    id: Mapped[Key]
    quiz_slug: Mapped[str] = mapped_column(default="")
    moment: Mapped[SittingMoment | None]
    reason: Mapped[str]
    given_by_id: Mapped[int] = reference("user.id")
    given_at: Mapped[datetime]
    undone_by_id: Mapped[int | None] = reference("user.id")
    undone_at: Mapped[datetime | None]

    given_by: Mapped[User] = relationship(foreign_keys=[given_by_id])
    undone_by: Mapped[User | None] = relationship(foreign_keys=[undone_by_id])


class Attempt(ByPerson, Model):
    """One person's go at a quiz. A person has at most one open attempt at a quiz that is not set aside.

    `drawn` are the keys of the questions it asks, in order: some of the quiz's bank. `reset_id`: set aside.
    """

    __table_args__ = (
        UniqueConstraint("enrolment_id", "user_id", "quiz_id", "number"),
        unique_where(
            "uq_attempt_open",
            "enrolment_id",
            "user_id",
            "quiz_id",
            where="state = 'open' AND reset_id IS NULL",
        ),
    )

    id: Mapped[Key]
    quiz_id: Mapped[int] = reference("quiz.id")
    number: Mapped[int]
    drawn: Mapped[list[Any]]
    state: Mapped[AttemptState] = mapped_column(default=AttemptState.OPEN)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    right: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    passed: Mapped[bool] = mapped_column(default=False)
    reset_id: Mapped[int | None] = reference("attempt_reset.id")

    @property
    def seed(self) -> str:
        """What the order of its options is made of: the same whenever the page is opened."""
        return f"attempt-{self.id}"

    quiz: Mapped[Quiz] = relationship()
    reset: Mapped[AttemptReset | None] = relationship()
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.id", back_populates="attempt")


class Answer(Model):
    """One question answered, never changed; what `given` holds depends on the question's kind."""

    __table_args__ = (UniqueConstraint("attempt_id", "question_id"),)

    id: Mapped[Key]
    attempt_id: Mapped[int] = reference("attempt.id", index=False)
    question_id: Mapped[int] = reference("question.id")
    given: Mapped[Any] = mapped_column(JSON)
    right: Mapped[bool]
    answered_at: Mapped[datetime]

    attempt: Mapped[Attempt] = relationship(back_populates="answers")
    question: Mapped[Question] = relationship()


class Sitting(ByPerson, Model):
    """One person at one form of the course's test, before it or after.

    `given` is the chosen option of each question by its key, `marks` whether each objective was answered
    rightly, noted when it is sent: a cohort that moves to a newer version keeps what was found out.
    `reset_id`: set aside, so that there may be another.
    """

    __table_args__ = (
        unique_where("uq_sitting_current", "enrolment_id", "user_id", "moment", where="reset_id IS NULL"),
    )

    id: Mapped[Key]
    moment: Mapped[SittingMoment]
    form: Mapped[str]
    test_id: Mapped[int] = reference("knowledge_test.id")
    started_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    given: Mapped[dict[str, Any]] = mapped_column(default=dict)
    marks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reset_id: Mapped[int | None] = reference("attempt_reset.id")

    test: Mapped[KnowledgeTest] = relationship()
