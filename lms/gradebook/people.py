"""Who of the firms answered which quiz: several people of one firm may, and the best of them counts."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, select

from lms.accounts.models import Firm, User
from lms.cohorts.models import Enrolment
from lms.curriculum.models import Quiz, Week
from lms.foundation.db import db
from lms.learning.models import Attempt, AttemptState


@dataclass(frozen=True, kw_only=True)
class PersonAtQuiz:
    """One person at one quiz; `best` is in percent."""

    firm_name: str
    name: str
    week: int
    title: str
    tries: int
    best: int
    passed: bool


def people_at_quizzes(enrolment_ids: Collection[int], slugs: Collection[str]) -> list[PersonAtQuiz]:
    """By firm, person and week, in one query."""
    share = Attempt.right * 100 // func.nullif(Attempt.total, 0)
    rows = (
        select(
            Firm.name.label("firm_name"),
            User.name,
            Week.number.label("week"),
            func.max(Quiz.title).label("title"),
            func.count().label("tries"),
            func.max(func.coalesce(share, 0)).label("best"),
            func.max(case((Attempt.passed, 1), else_=0)).label("passed"),
        )
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Firm, Firm.id == Enrolment.firm_id)
        .join(User, User.id == Attempt.user_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Week, Week.id == Quiz.week_id)
        .where(
            Attempt.enrolment_id.in_(enrolment_ids),
            Attempt.state == AttemptState.FINISHED,
            Attempt.reset_id.is_(None),
            Quiz.slug.in_(slugs),
        )
        .group_by(Enrolment.id, Firm.name, User.id, User.name, Quiz.slug, Week.number)
        .order_by(Firm.name, Enrolment.id, User.name, User.id, Week.number)
    )
    return [
        PersonAtQuiz(
            firm_name=row.firm_name,
            name=row.name,
            week=row.week,
            title=row.title,
            tries=row.tries,
            best=int(row.best),
            passed=bool(row.passed),
        )
        for row in db.session.execute(rows)
    ]
