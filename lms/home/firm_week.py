"""One week of one firm, as a cell of the grid opens it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lms.cohorts.models import Enrolment
from lms.curriculum.syllabus import syllabus
from lms.standing.services import Standing, WeekCell, week_of_session


@dataclass(frozen=True)
class FirmWeek:
    """What counts in the week, what was handed in for it, and the sessions of these days."""

    cell: WeekCell
    submissions: list[Any]
    sessions: list[Any]


def week_of_firm(
    number: int, enrolment: Enrolment, standing: Standing, submissions: Iterable[Any], sessions: Iterable[Any]
) -> FirmWeek | None:
    """None when the course has no such week."""
    cell = next((cell for cell in standing.per_week if cell.number == number), None)
    if cell is None:
        return None
    weeks = {entry.slug: entry.week for entry in syllabus(enrolment.cohort.course_version_id).entries}
    return FirmWeek(
        cell,
        [one for one in submissions if weeks.get(one.brief.slug) == number],
        [one for one in sessions if week_of_session(one.starts_at, enrolment.cohort) == number],
    )
