"""For when the tasks of a firm are, with the days it was given."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from lms.assignments.deadlines import Deadline, deadline, moved
from lms.assignments.models import Extension, ExtensionState
from lms.cohorts import schedule
from lms.cohorts.models import Enrolment
from lms.cohorts.services import paused_days_today
from lms.curriculum.models import Brief
from lms.foundation.db import db


def days_given(enrolment: Enrolment) -> dict[str, date]:
    """The day up to which the firm was given time, by the slug of the task; most firms have none."""
    active = select(Extension.brief_slug, Extension.due_on, Extension.paused_days).where(
        Extension.enrolment_id == enrolment.id, Extension.state == ExtensionState.GRANTED
    )
    paused = paused_days_today(enrolment)
    return {slug: moved(day, then, paused) for slug, day, then in db.session.execute(active) if day}


def deadline_of(enrolment: Enrolment, brief: Brief) -> Deadline:
    """For when a task of the firm is."""
    return deadlines_of(enrolment, [brief])[brief.id]


def deadlines_of(enrolment: Enrolment, briefs: Collection[Brief]) -> dict[int, Deadline]:
    """For when each of these tasks is, by its key, in one query."""
    cohort, paused, given = enrolment.cohort, paused_days_today(enrolment), days_given(enrolment)
    return {
        brief.id: deadline(
            schedule.due_on(cohort.starts_on, brief.week.number, paused),
            given.get(brief.slug),
            cohort.late_days,
        )
        for brief in briefs
    }
