"""Lessons: the page of one as a person meets it, and what they tick, answer and finish in it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from lms import events
from lms.cohorts import services as cohorts
from lms.cohorts.models import Enrolment
from lms.curriculum.models import Lesson, Week
from lms.curriculum.questions import Asked, Given, is_possible
from lms.foundation.clock import now
from lms.foundation.db import db, insert_into, rows_of
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.learning.models import Reading


@dataclass(frozen=True, kw_only=True)
class LessonPage:
    """A lesson, and what this person ticked and answered in it."""

    id: int
    slug: str
    title: str
    title_en: str
    summary_en: str
    minutes: int
    kilobytes: int
    key_idea: str
    body: Markup
    checklist: list[str]
    check: Asked | None
    week: int
    ticked: list[int] | None
    check_given: Given
    done_at: datetime | None
    seed: str
    tools: list[dict[str, Any]]
    facts: list[cohorts.TaughtFact]


def finish_lesson(enrolment: Enrolment, lesson: LessonPage, *, by: Any) -> None:
    """Note that this person is through with the lesson. Once is enough: a second time changes nothing."""
    row = _new_reading(enrolment, lesson.id, by) | {"ticked": [], "done_at": now()}
    if db.session.scalar(insert_into(Reading, _once), row) is not None:
        events.publish(events.LessonDone(actor_id=by.id, enrolment_id=enrolment.id, lesson_id=lesson.id))
    cohorts.note_activity(enrolment)


def _once(read: Any, table: Any) -> Any:
    """For the first time, a later one, and two taps at once: only the first gives a key back."""
    return read.on_conflict_do_update(
        index_elements=["enrolment_id", "user_id", "lesson_id"],
        set_={"done_at": read.excluded.done_at},
        where=table.c.done_at.is_(None),
    ).returning(table.c.id)


def save_list(enrolment: Enrolment, lesson: LessonPage, ticked: Collection[int], *, by: Any) -> None:
    """Keep which lines of the lesson's list are ticked, by their place."""
    _reading(enrolment, lesson.id, by).ticked = [
        place for place in range(len(lesson.checklist)) if place in ticked
    ]
    cohorts.note_activity(enrolment)


def answer_check(enrolment: Enrolment, lesson: LessonPage, given: Given, *, by: Any) -> None:
    """Keep the newest answer to the lesson's question; it counts for nothing and may be tried again."""
    if lesson.check is None or not is_possible(lesson.check, given):
        raise Refused(_("Choose one of the answers."))
    _reading(enrolment, lesson.id, by).check_given = given
    cohorts.note_activity(enrolment)


def lesson_page(enrolment: Enrolment, lesson_id: int, person: Any) -> LessonPage | None:
    """The lesson, if the firm's course has it, and how far this person is, in one query of its columns."""
    where = {
        "lesson": lesson_id,
        "version": enrolment.cohort.course_version_id,
        "enrolment": enrolment.id,
        "person": person.id,
    }
    row = rows_of(_LESSON_PAGE, where).one_or_none()
    if row is None:
        return None
    columns = dict(row._mapping)
    check = columns.pop("check")
    columns["check"] = Asked.kept(check) if check else None
    programme_id = enrolment.cohort.programme_id
    body = cohorts.own_text(columns.pop("html"), programme_id)
    facts = cohorts.facts_of(enrolment.cohort.course_version_id, columns.pop("facts"), programme_id)
    return LessonPage(**columns, body=body, facts=facts, seed=f"lesson-{lesson_id}-{person.id}")


# Built once: the page that is asked for most.
_LESSON_PAGE = (
    select(
        Lesson.id,
        Lesson.slug,
        Lesson.title,
        Lesson.title_en,
        Lesson.summary_en,
        Lesson.minutes,
        Lesson.kilobytes,
        Lesson.key_idea,
        Lesson.html,
        Lesson.checklist,
        Lesson.check,
        Lesson.tools,
        Lesson.facts,
        Week.number.label("week"),
        Reading.ticked,
        Reading.check_given,
        Reading.done_at,
    )
    .join(Week, Week.id == Lesson.week_id)
    .outerjoin(
        Reading,
        (Reading.lesson_id == Lesson.id)
        & (Reading.enrolment_id == bindparam("enrolment"))
        & (Reading.user_id == bindparam("person")),
    )
    .where(Lesson.id == bindparam("lesson"), Lesson.version_id == bindparam("version"))
)


def _new_reading(enrolment: Enrolment, lesson_id: int, by: Any) -> dict[str, Any]:
    firm = {"enrolment_id": enrolment.id, "firm_id": enrolment.firm_id}
    return {**firm, "user_id": by.id, "lesson_id": lesson_id, "opened_at": now()}


def _reading(enrolment: Enrolment, lesson_id: int, by: Any) -> Reading:
    """This person's row at the lesson, made when it is not there; two taps at once make one."""
    mine = select(Reading).where(
        Reading.enrolment_id == enrolment.id, Reading.user_id == by.id, Reading.lesson_id == lesson_id
    )
    found = db.session.scalar(mine)
    if found is not None:
        return found
    reading = Reading(**_new_reading(enrolment, lesson_id, by))
    try:
        with db.session.begin_nested():
            db.session.add(reading)
    except IntegrityError:
        return db.session.scalars(mine).one()
    return reading
