"""Looks at the invented programme from inside: whom and what to measure, and the queries of each page.

A process of its own, so that the one that sends requests stays small: `python -m bench.inside` prints JSON.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from werkzeug.routing import BuildError

from bench.forms import ANY_ANSWER, find_form
from config import Config
from lms import serve
from lms.accounts.models import Membership, User
from lms.accounts.person import person
from lms.app import create_app
from lms.assignments.models import Submission, SubmissionState, SubmissionVersion
from lms.cohorts.models import Cohort, Enrolment, EnrolmentState
from lms.curriculum.models import Brief, Lesson, Quiz, Week
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.learning.models import Attempt, AttemptState

FIRMS = 60
WRITERS = 2
FORM = "application/x-www-form-urlencoded"
ASKED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


def choose() -> dict[str, Any]:
    """The people and addresses of this run. The grid is the oldest one of 60 firms: all weeks are over."""
    firms = select(Cohort, func.count(Enrolment.id)).join(Enrolment, Enrolment.cohort_id == Cohort.id)
    sizes = [(cohort, count) for cohort, count in db.session.execute(firms.group_by(Cohort.id))]
    of_60 = sorted((cohort for cohort, count in sizes if count == FIRMS), key=lambda cohort: cohort.starts_on)
    grid = of_60[0]
    open_ones = (cohort for cohort in of_60 if cohort.closed_at is None)
    running = next(cohort for cohort in open_ones if cohort.programme is grid.programme)
    siblings = [(count, cohort.id) for cohort, count in sizes if cohort.programme is grid.programme]
    learners = _members(running)
    return {
        "learner": learners[0],
        "writers": learners[1 : 1 + WRITERS],
        "counted": learners[1 + WRITERS],
        "lead": _one(grid.programme.leads[0]),
        "trainer": _one(running.trainers[0]),
        "pages": _pages(running, grid, max(siblings)[1]),
        "lessons": _lesson_pages(running),
        "quizzes": _quizzes(running),
        "firms": FIRMS,
        "weeks": grid.course_version.weeks,
        "threads": serve.THREADS,
    }


def _one(user: User) -> dict[str, Any]:
    return {"id": user.id, "email": user.email}


def _members(cohort: Cohort) -> list[dict[str, Any]]:
    """One person of each firm at work, so that what one does is not done for another."""
    found = (
        select(User, Enrolment.id)
        .join(Membership, Membership.user_id == User.id)
        .join(Enrolment, Enrolment.firm_id == Membership.firm_id)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.state == EnrolmentState.ACTIVE)
        .where(Membership.ended_at.is_(None), User.suspended_at.is_(None))
        .where(User.id.not_in(select(Attempt.user_id).where(Attempt.state == AttemptState.OPEN)))
        .order_by(Membership.id)
    )
    return list({key: _one(user) for user, key in reversed(db.session.execute(found).all())}.values())[::-1]


def _pages(running: Cohort, grid: Cohort, larger_id: int) -> dict[str, str]:
    """Addresses by name; `..._larger` is the same list for more firms."""
    here = select(Lesson.id).where(Lesson.version_id == running.course_version_id)
    longest = _first(here.order_by(func.length(Lesson.html).desc()))
    wanted = {
        "home": ("home.start", {}),
        "lesson": ("learning.show_lesson", {"lesson_id": longest}),
        "course": ("learning.course", {}),
        "quiz": ("learning.show_quiz", {"quiz_id": _first(_of_week(Quiz, running))}),
        "task": ("assignments.show_brief", {"brief_id": _first(_of_week(Brief, running))}),
        "grader": ("assignments.review_submission", {"submission_id": _first(_to_review(running))}),
        "queue": ("assignments.queue", {}),
        "grid": ("home.cohort_grid", {"cohort_id": grid.id}),
        "graduation": ("graduation.candidates", {"cohort_id": grid.id}),
        "report": ("reports.cohort_report", {"cohort_id": grid.id}),
    }
    for name in ("grid", "graduation", "report"):
        wanted[f"{name}_larger"] = (wanted[name][0], {"cohort_id": larger_id})
    return {name: url for name, (endpoint, values) in wanted.items() if (url := _url(endpoint, values))}


def _url(endpoint: str, values: dict[str, Any]) -> str | None:
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return None


def _first(query) -> int:
    return db.session.scalars(query.limit(1)).one()


def _to_review(cohort: Cohort):
    """Work that waits, the one that came back most often first."""
    versions = select(func.count()).where(SubmissionVersion.submission_id == Submission.id).scalar_subquery()
    waiting = select(Submission.id).join(Enrolment, Enrolment.id == Submission.enrolment_id)
    here = (Enrolment.cohort_id == cohort.id) & (Submission.state == SubmissionState.HANDED_IN)
    at_work = Enrolment.state == EnrolmentState.ACTIVE
    return waiting.where(here, at_work).order_by(versions.desc(), Submission.id)


def _of_week(model: type, cohort: Cohort, number: int = 1):
    """The quiz or the task of a week that everybody has reached."""
    items: Any = model
    in_week = (Week.version_id == cohort.course_version_id) & (Week.number == number)
    return select(items.id).join(Week, Week.id == items.week_id).where(in_week)


def _lesson_pages(cohort: Cohort) -> list[str]:
    lessons = select(Lesson.id).where(Lesson.version_id == cohort.course_version_id).order_by(Lesson.id)
    return [url_for("learning.show_lesson", lesson_id=key) for key in db.session.scalars(lessons)]


def _quizzes(cohort: Cohort) -> list[str]:
    quizzes = select(Quiz.id).where(Quiz.version_id == cohort.course_version_id).order_by(Quiz.id)
    return [url_for("learning.show_quiz", quiz_id=key) for key in db.session.scalars(quizzes)]


def count_queries(app: Flask, places: dict[str, Any]) -> dict[str, int | str]:
    """Queries of each page and of each of the two writes, once everything is warm."""
    with app.app_context():
        engine = db.engine
    staff = {"lead": ("grid", "graduation", "report"), "trainer": ("grader", "queue")}
    who = {name: role for role, names in staff.items() for name in names}
    found: dict[str, int | str] = {}
    for name, path in places["pages"].items():
        client = client_of(app, places[who.get(name.removesuffix("_larger"), "learner")]["id"])
        found[name] = _of_page(engine, client, path)
    writer = client_of(app, places["counted"]["id"])
    found["mark_done"] = _of_done(engine, writer, places["lessons"][-1])
    found["quiz_answer"] = _of_answer(engine, writer, places["quizzes"][0])
    return found


def client_of(app: Flask, user_id: int) -> FlaskClient:
    """A browser in which that person is signed in."""
    client = app.test_client()
    with app.app_context():
        someone = person(user_id)
    with client.session_transaction() as session:
        session.update(_user_id=someone.get_id(), firm_id=someone.firm_id, since=now().isoformat())
    return client


def _of_page(engine, client: FlaskClient, path: str) -> int | str:
    for _ in range(2):
        with counting(engine) as queries:
            status = client.get(path).status_code
    return len(queries) if status == 200 else f"answered {status}"


def _of_done(engine, client: FlaskClient, lesson: str) -> int | str:
    form = find_form(client.get(lesson).text, action="/done")
    with counting(engine) as queries:
        status = client.post(form.action, data=form.body(), content_type=FORM).status_code
    return len(queries) if status == 302 else f"answered {status}"


def _of_answer(engine, client: FlaskClient, quiz: str) -> int | str:
    start = find_form(client.get(quiz).text, action="/start")
    attempt = client.post(start.action, data=start.body(), content_type=FORM).headers.get("Location", "")
    form = find_form(client.get(attempt).text, field="question")
    with counting(engine) as queries:
        status = client.post(attempt, data=form.body(**ANY_ANSWER), content_type=FORM).status_code
    return len(queries) if status == 302 else f"answered {status}"


@contextmanager
def counting(engine) -> Iterator[list[str]]:
    """Collects what the database is asked; opening and closing transactions is not asking."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if statement.lstrip().upper().startswith(ASKED):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def main() -> None:
    app = create_app(Config.from_environ())
    with app.test_request_context():
        places = choose()
        db.session.rollback()
    print(json.dumps(places | {"queries": count_queries(app, places)}))


if __name__ == "__main__":
    main()
