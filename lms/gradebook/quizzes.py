"""The quizzes of a cohort: how they went at the first try, question by question, and who missed which."""

import json
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from lms.accounts.models import Firm, User
from lms.cohorts.models import Cohort, Enrolment
from lms.curriculum.models import Question, Quiz
from lms.curriculum.questions import CHOICES, Given, plain
from lms.curriculum.syllabus import Entry, syllabus
from lms.foundation.db import db
from lms.gradebook.item_analysis import FEWEST, Item, analyse
from lms.learning.models import Answer, Attempt, AttemptState

# Of what people typed the commonest are shown.
MOST_TYPED = 6


@dataclass(frozen=True, kw_only=True)
class FirstTry:
    """The first finished attempt of a person; later ones build on what they learnt from it."""

    attempt_id: int
    enrolment_id: int
    name: str
    firm_name: str
    right: int
    total: int
    passed: bool


@dataclass(frozen=True)
class QuizLine:
    """One quiz of the list; the share is not told of fewer than five people."""

    quiz: Entry
    people: int
    passed: int

    @property
    def is_enough(self) -> bool:
        return self.people >= FEWEST


@dataclass(frozen=True)
class Taken:
    """An option, or a text that was typed, and how many people gave it."""

    text: str
    right: bool
    count: int


@dataclass(frozen=True, kw_only=True)
class AnalysedQuestion:
    """A question with its figures; `missed` are the tries of those who got it wrong."""

    question: Question
    item: Item
    taken: list[Taken]
    missed: list[FirstTry]


@dataclass(frozen=True)
class QuizAnalysis:
    """`questions` come hardest first, and are left out while fewer than five people answered."""

    tries: list[FirstTry]
    questions: list[AnalysedQuestion]

    @property
    def passed(self) -> int:
        return sum(one.passed for one in self.tries)

    @property
    def is_enough(self) -> bool:
        return len(self.tries) >= FEWEST


def quizzes_of(cohort: Cohort) -> list[QuizLine]:
    """Every quiz of the cohort's course with how its first tries went, in one query."""
    tries: dict[str, dict[int, bool]] = defaultdict(dict)
    for row in db.session.execute(_finished(cohort)):
        tries[row.slug].setdefault(row.user_id, row.passed)
    return [
        QuizLine(entry, len(tries[entry.slug]), sum(tries[entry.slug].values()))
        for entry in syllabus(cohort.course_version_id).entries
        if entry.kind == "quiz"
    ]


def quiz_in(cohort: Cohort, quiz_id: int) -> Quiz | None:
    """The quiz, if the cohort's course has it."""
    quiz = db.session.get(Quiz, quiz_id)
    return quiz if quiz is not None and quiz.version_id == cohort.course_version_id else None


def analysis_of(cohort: Cohort, quiz: Quiz) -> QuizAnalysis:
    """The first tries at this quiz, of whatever version of the course, in three queries."""
    tries = _first_tries(cohort, quiz.slug)
    if len(tries) < FEWEST:
        return QuizAnalysis(list(tries.values()), [])
    answers = db.session.execute(
        select(Answer.attempt_id, Answer.question_id, Answer.given, Answer.right)
        .where(Answer.attempt_id.in_(tries))
        .order_by(Answer.id)
    ).all()
    asked = {row.question_id for row in answers}
    questions = {one.id: one for one in db.session.scalars(select(Question).where(Question.id.in_(asked)))}
    same = {key: _content(question) for key, question in questions.items()}
    marks: dict[int, dict[Hashable, bool]] = defaultdict(dict)
    given: dict[Hashable, list[Any]] = defaultdict(list)
    for row in answers:
        marks[row.attempt_id][same[row.question_id]] = row.right
        given[same[row.question_id]].append(row)
    newest = {same[key]: questions[key] for key in sorted(questions)}
    items = analyse(marks.values())
    found = [_analysed(newest[key], items[key], given[key], tries) for key in items]
    return QuizAnalysis(list(tries.values()), sorted(found, key=_hardest_first))


def _hardest_first(one: AnalysedQuestion) -> tuple:
    facility = one.item.facility
    return (facility is None, facility or 0, one.question.position)


def _content(question: Question) -> Hashable:
    """Two versions of a course ask the same question when all that people read of it is the same."""
    return (question.kind, question.prompt, json.dumps([question.options, question.terms], sort_keys=True))


def _analysed(
    question: Question, item: Item, answers: list[Any], tries: Mapping[int, FirstTry]
) -> AnalysedQuestion:
    missed = [tries[row.attempt_id] for row in answers if not row.right]
    return AnalysedQuestion(
        question=question,
        item=item,
        taken=_taken(question, answers) if item.is_enough else [],
        missed=sorted(missed, key=lambda one: (one.firm_name, one.name)),
    )


def _taken(question: Question, answers: list[Any]) -> list[Taken]:
    if question.kind in CHOICES:
        places = Counter(place for row in answers for place in _places(row.given))
        return [
            Taken(_option_text(option), option["right"], places[place])
            for place, option in enumerate(question.options)
        ]
    if question.kind in ("order", "match"):
        return []  # right or wrong is all that can be counted
    typed: dict[str, list[Any]] = defaultdict(list)
    for row in answers:
        # Of a number the point counts, of a text it does not.
        typed[plain(row.given) if question.kind == "text" else "".join(row.given.split())].append(row)
    common = sorted(typed.values(), key=lambda rows: -len(rows))[:MOST_TYPED]
    return [Taken(str(rows[0].given), rows[0].right, len(rows)) for rows in common]


def _places(given: Given) -> list[int]:
    return given if isinstance(given, list) else [given]


def _option_text(option: Mapping[str, Any]) -> str:
    return option["text"] if "text" in option else option["alt"]


def _first_tries(cohort: Cohort, slug: str) -> dict[int, FirstTry]:
    """By the key of the attempt, in the order of firms and people."""
    first: dict[int, Any] = {}
    for row in db.session.execute(_finished(cohort).where(Quiz.slug == slug)):
        first.setdefault(row.user_id, row)
    ordered = sorted(first.values(), key=lambda row: (row.firm_name, row.name, row.id))
    return {
        row.id: FirstTry(
            attempt_id=row.id,
            enrolment_id=row.enrolment_id,
            name=row.name,
            firm_name=row.firm_name,
            right=row.right,
            total=row.total,
            passed=row.passed,
        )
        for row in ordered
    }


def _finished(cohort: Cohort) -> Select:
    """Every finished attempt of the cohort that counts, each person's first one first."""
    return (
        select(
            Attempt.id,
            Attempt.enrolment_id,
            Attempt.user_id,
            Attempt.right,
            Attempt.total,
            Attempt.passed,
            Quiz.slug,
            User.name,
            Firm.name.label("firm_name"),
        )
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Firm, Firm.id == Enrolment.firm_id)
        .join(User, User.id == Attempt.user_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(
            Enrolment.cohort_id == cohort.id,
            Attempt.state == AttemptState.FINISHED,
            Attempt.reset_id.is_(None),
        )
        .order_by(Attempt.id)
    )
