"""What firms have read and passed, for the rooms above; any of a firm's people counts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.curriculum.models import Lesson, Quiz
from lms.foundation.db import db
from lms.learning import quizzes
from lms.learning.models import Attempt, AttemptState, Reading
from lms.learning.quizzes import Score


@dataclass(frozen=True, kw_only=True)
class Tries:
    """The finished attempts of a firm at one quiz."""

    made: int = 0
    failed: int = 0
    best: Score | None = None
    passed: bool = False


@dataclass(frozen=True)
class Done:
    """What a firm has read and passed, by slug; a quiz nobody finished is not among `tries`."""

    lessons: frozenset[str] = frozenset()
    tries: Mapping[str, Tries] = field(default_factory=dict)

    @property
    def quizzes(self) -> frozenset[str]:
        return frozenset(slug for slug, tries in self.tries.items() if tries.passed)


def items_done(enrolment: Enrolment) -> Done:
    """What one firm has read and passed; any of its people counts."""
    return items_done_by([enrolment.id])[enrolment.id]


def items_done_by(enrolment_ids: Collection[int]) -> dict[int, Done]:
    """The same for many firms, in two queries however many they are."""
    read, tries = lessons_read(enrolment_ids), tries_of(enrolment_ids)
    return {key: Done(frozenset(slugs), tries.get(key, {})) for key, slugs in read.items()}


def lessons_read(enrolment_ids: Collection[int]) -> dict[int, set[str]]:
    """The lessons that any of each firm's people is through with, by slug."""
    read: dict[int, set[str]] = {key: set() for key in enrolment_ids}
    lessons = (
        select(Reading.enrolment_id, Lesson.slug)
        .join(Lesson, Lesson.id == Reading.lesson_id)
        .where(Reading.enrolment_id.in_(enrolment_ids), Reading.done_at.is_not(None))
        .distinct()
    )
    for enrolment_id, slug in db.session.execute(lessons):
        read[enrolment_id].add(slug)
    return read


def tries_of(enrolment_ids: Collection[int]) -> dict[int, dict[str, Tries]]:
    """How each firm fared with each quiz that any of its people finished, in one query."""
    finished = (
        select(Attempt.enrolment_id, Quiz.slug, Attempt.right, Attempt.total, Attempt.passed)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(
            Attempt.enrolment_id.in_(enrolment_ids),
            Attempt.state == AttemptState.FINISHED,
            Attempt.reset_id.is_(None),
        )
    )
    found: dict[int, dict[str, Tries]] = {}
    for row in db.session.execute(finished):
        of_firm = found.setdefault(row.enrolment_id, {})
        so_far = of_firm.get(row.slug, Tries())
        this = quizzes.score(row.right, row.total)
        of_firm[row.slug] = Tries(
            made=so_far.made + 1,
            failed=so_far.failed + (not row.passed),
            best=quizzes.best_score(filter(None, (so_far.best, this))),
            passed=so_far.passed or row.passed,
        )
    return found
