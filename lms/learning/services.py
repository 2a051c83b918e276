"""What people do with quizzes, and how far a firm has come in its course."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, insert, select
from sqlalchemy.exc import IntegrityError

from lms import events
from lms.accounts.models import User
from lms.cohorts import schedule
from lms.cohorts.models import Enrolment
from lms.cohorts.services import note_activity
from lms.curriculum.models import Brief, Lesson, Question, Quiz
from lms.curriculum.questions import Given, is_possible, mark
from lms.curriculum.syllabus import syllabus
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.learning import outline, quizzes
from lms.learning.models import Answer, Attempt, AttemptState
from lms.learning.outline import NO_DATES, NO_WORK, Dates, Excused, Item, Kind, Work


@dataclass(frozen=True, kw_only=True)
class WeekPlan:
    """A week of the course with the firm's own dates."""

    number: int
    title: str
    summary: str
    title_en: str
    summary_en: str
    items: list[Item]
    opens_on: date
    due_on: date
    is_current: bool
    is_ahead: bool

    @property
    def main(self) -> list[Item]:
        """What the course asks for, also where this firm is excused from it."""
        return [item for item in self.items if not item.optional]

    @property
    def counting(self) -> list[Item]:
        return [item for item in self.items if item.counts]

    @property
    def task_excused(self) -> bool:
        return any(item.excused for item in self.items if item.kind is Kind.BRIEF)

    @property
    def extra(self) -> list[Item]:
        """What one may read or do beyond: it never lowers anybody's progress."""
        return [item for item in self.items if item.optional]

    @property
    def done(self) -> int:
        return sum(item.is_done for item in self.counting)


@dataclass(frozen=True)
class PlannedTry:
    """One person's try of this number at a quiz: which questions it still asks, also before it is begun."""

    number: int
    questions: list[Question]
    is_finished: bool = False


# Quizzes


def planned_try(enrolment: Enrolment, quiz: Quiz, number: int | None = None, *, by: Any) -> PlannedTry | None:
    """The try of that number, else the open one or the next; None when there cannot be one of that number.

    Which questions a try asks is decided by its number alone, so that a page kept for days asks what the
    server expects.
    """
    made = {attempt.number: attempt for attempt in db.session.scalars(_tries_of(enrolment, quiz, by))}
    is_open = (key for key, one in made.items() if one.state is AttemptState.OPEN and one.reset_id is None)
    upcoming = len(made) + 1
    wanted = number or next(is_open, upcoming)
    attempt = made.get(wanted)
    if attempt is not None:
        answered = answers(attempt)
        left = [one for one in questions(attempt) if one.id not in answered]
        return PlannedTry(wanted, left, attempt.state is AttemptState.FINISHED)
    if wanted != upcoming:
        return None
    drawn = _drawn(enrolment, quiz, by, [attempt.drawn for attempt in made.values()])
    return PlannedTry(wanted, [one for one in quiz.questions if one.id in drawn])


def answer_all(
    enrolment: Enrolment, quiz: Quiz, number: int, given: Mapping[int, Given], *, by: Any
) -> Attempt:
    """Answer every question of the try of that number at once, and with it finish the try."""
    mine = _tries_of(enrolment, quiz, by)
    attempt = db.session.scalar(mine.where(Attempt.number == number)) or start_attempt(enrolment, quiz, by=by)
    if attempt.number != number or attempt.state is AttemptState.FINISHED:
        raise Refused(_("You have finished this try already, on another page or phone. Its result stands."))
    _refuse_when_set_aside(attempt.reset_id)
    for question_id, one in given.items():
        answer(attempt, question_id, one, by=by)
    return attempt


def start_attempt(enrolment: Enrolment, quiz: Quiz, *, by: Any) -> Attempt:
    """This person's open attempt at the quiz, a new one when they have none: there is never more than one."""
    mine = _tries_of(enrolment, quiz, by)
    is_open = mine.where(Attempt.state == AttemptState.OPEN, Attempt.reset_id.is_(None))
    found = db.session.scalar(is_open)
    if found is not None:
        return found
    earlier = list(db.session.scalars(mine.with_only_columns(Attempt.drawn)))
    drawn = _drawn(enrolment, quiz, by, earlier)
    attempt = Attempt(
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        user_id=by.id,
        quiz_id=quiz.id,
        number=len(earlier) + 1,
        drawn=drawn,
        started_at=now(),
        total=len(drawn),
    )
    try:
        with db.session.begin_nested():
            db.session.add(attempt)
    except IntegrityError:
        # Another tap was faster: the database lets only one open attempt be.
        return db.session.scalars(is_open).one()
    note_activity(enrolment)
    return attempt


def _tries_of(enrolment: Enrolment, quiz: Quiz, by: Any) -> Select[Attempt]:
    of_person = (Attempt.enrolment_id == enrolment.id, Attempt.user_id == by.id)
    return select(Attempt).where(*of_person, Attempt.quiz_id == quiz.id).order_by(Attempt.number)


def _drawn(enrolment: Enrolment, quiz: Quiz, by: Any, earlier: list[list[int]]) -> list[int]:
    """What the try after these asks."""
    seed = f"{enrolment.id}-{by.id}-{quiz.id}-{len(earlier) + 1}"
    return quizzes.draw(_bank(quiz), quiz.ask, earlier, seed=seed)


def answer(attempt: Attempt, question_id: int, given: Given, *, by: Any) -> None:
    """Answer one question for good; with the last one the attempt is counted and closed."""
    # The lock makes two last answers at once come one after the other: one of them closes the attempt.
    kept = select(Attempt.state, Attempt.reset_id).where(Attempt.id == attempt.id)
    state, reset_id = db.session.execute(kept.with_for_update()).one()
    question = db.session.get(Question, question_id) if question_id in attempt.drawn else None
    if question is None or not is_possible(question, given):
        raise Refused(_("Choose one of the answers."))
    answered = _right_answers(attempt)
    if question_id in answered:
        return
    _refuse_when_set_aside(reset_id)
    if state is not AttemptState.OPEN:
        raise Refused(_("This attempt is finished. Start a new one."))
    right = mark(question, given).right
    made = {"attempt_id": attempt.id, "question_id": question_id, "given": given, "right": right}
    db.session.execute(insert(Answer.__table__), made | {"answered_at": now()})
    if len(answered) + 1 == len(attempt.drawn):
        _finish(attempt, sum(answered.values()) + right, by)
    note_activity(attempt.enrolment)


def _refuse_when_set_aside(reset_id: int | None) -> None:
    if reset_id is not None:
        raise Refused(_("This try was set aside and you have a new one. Open the quiz again."))


def _finish(attempt: Attempt, right: int, by: Any) -> None:
    attempt.right = right
    attempt.passed = quizzes.is_passed(right, attempt.total, attempt.quiz.pass_percent)
    attempt.state, attempt.finished_at = AttemptState.FINISHED, now()
    finished = events.QuizFinished(
        actor_id=by.id, enrolment_id=attempt.enrolment_id, attempt_id=attempt.id, passed=attempt.passed
    )
    events.publish(finished)


def quiz_of(enrolment: Enrolment, quiz_id: int) -> Quiz | None:
    """The quiz, if the firm's course has it."""
    version_id = enrolment.cohort.course_version_id
    return db.session.scalar(select(Quiz).where(Quiz.id == quiz_id, Quiz.version_id == version_id))


def _bank(quiz: Quiz) -> list[int]:
    """The keys of all questions of the quiz, in order."""
    ordered = select(Question.id).where(Question.quiz_id == quiz.id).order_by(Question.position)
    return list(db.session.scalars(ordered))


def questions(attempt: Attempt) -> list[Question]:
    """The questions that were drawn for the attempt, in order."""
    ordered = select(Question).where(Question.id.in_(attempt.drawn)).order_by(Question.position)
    return list(db.session.scalars(ordered))


def answers(attempt: Attempt) -> dict[int, Answer]:
    """What was answered so far, by question."""
    given = db.session.scalars(select(Answer).where(Answer.attempt_id == attempt.id))
    return {one.question_id: one for one in given}


def _right_answers(attempt: Attempt) -> dict[int, bool]:
    """Whether what was answered so far is right, by question."""
    given = select(Answer.question_id, Answer.right).where(Answer.attempt_id == attempt.id)
    return {question_id: right for question_id, right in db.session.execute(given)}


def attempts_at(enrolment: Enrolment, quiz: Quiz) -> list[tuple[Attempt, str]]:
    """Every attempt that counts of the firm's people at the quiz, newest first, with who made it."""
    made = (
        select(Attempt, User.name)
        .join(User, User.id == Attempt.user_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.enrolment_id == enrolment.id, Quiz.slug == quiz.slug, Attempt.reset_id.is_(None))
        .order_by(Attempt.id.desc())
    )
    return [(attempt, name) for attempt, name in db.session.execute(made)]


# The course


def course_plan(
    enrolment: Enrolment,
    person: Any,
    work: Work = NO_WORK,
    states: Mapping[str, str] | None = None,
    dates: Dates = NO_DATES,
    excused: Excused | None = None,
) -> list[WeekPlan]:
    """Every published week with its items, the firm's dates, and which week it is now.

    `states` (done or begun, by slug) and `excused` are given by who read them already; `dates` are the days
    it was given.
    """
    version_id = enrolment.cohort.course_version_id
    weeks = syllabus(version_id).weeks
    taught = outline.items(
        version_id, enrolment.id, person, work, states=states, dates=dates, excused=excused
    )
    now_in, paused = _present(enrolment)
    starts_on = enrolment.cohort.starts_on
    # After the last published week that one stays open: the page never shows a course without a present.
    current = max((week.number for week in weeks if week.number <= now_in), default=0)
    return [
        WeekPlan(
            number=week.number,
            title=week.title,
            summary=week.summary,
            title_en=week.title_en,
            summary_en=week.summary_en,
            items=[item for item in taught if item.week == week.number],
            opens_on=schedule.opens_on(starts_on, week.number, paused),
            due_on=schedule.due_on(starts_on, week.number, paused),
            is_current=week.number == current,
            is_ahead=week.number > now_in,
        )
        for week in weeks
    ]


def week_items(
    enrolment: Enrolment, person: Any, work: Work = NO_WORK, week: int | None = None
) -> list[Item]:
    """The items of a week (of the firm's present one when none is named), as this person meets them."""
    number = _present(enrolment)[0] if week is None else week
    return outline.items(enrolment.cohort.course_version_id, enrolment.id, person, work, {number})


def next_item(enrolment: Enrolment, person: Any, work: Work = NO_WORK) -> Item | None:
    """The one next step: the first item of the course that counts and is not done. None when all are."""
    return outline.first_open(outline.items(enrolment.cohort.course_version_id, enrolment.id, person, work))


def items_around(
    enrolment: Enrolment, week: int, person: Any, work: Work = NO_WORK, dates: Dates = NO_DATES
) -> list[Item]:
    """The items of a week and of the one after it: where a lesson stands, and what follows."""
    version_id, weeks = enrolment.cohort.course_version_id, {week, week + 1}
    return outline.items(version_id, enrolment.id, person, work, weeks, dates=dates)


def item_at(enrolment: Enrolment, slug: str) -> tuple[Kind, int] | None:
    """The kind and key of an item of the firm's course, by the name that lessons use to link to it."""
    version_id = enrolment.cohort.course_version_id
    for kind, model in ((Kind.LESSON, Lesson), (Kind.QUIZ, Quiz), (Kind.BRIEF, Brief)):
        found = db.session.scalar(select(model.id).where(model.version_id == version_id, model.slug == slug))
        if found is not None:
            return kind, found
    return None


def slug_of(lesson_id: int) -> str | None:
    """The name of a lesson of whatever version: an old link finds the present text by it."""
    return db.session.scalar(select(Lesson.slug).where(Lesson.id == lesson_id))


# The calendar


def present_week(enrolment: Enrolment) -> int:
    """The week the firm is in today: 0 before the start; it goes on counting after the last."""
    return _present(enrolment)[0]


def _present(enrolment: Enrolment) -> tuple[int, int]:
    """The week the firm is in today, and by how many days pauses moved its dates."""
    cohort = enrolment.cohort
    this_day = today(cohort.time_zone)
    paused = schedule.total_paused_days(enrolment.paused_days, enrolment.paused_on, this_day)
    return schedule.week_of(cohort.starts_on, this_day, paused), paused
