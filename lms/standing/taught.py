"""What a course version asks of a firm, week by week: required lessons and briefs, quizzes, milestones."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from lms.curriculum.syllabus import Syllabus, syllabuses


@dataclass
class TaughtWeek:
    """The slugs of what counts in one week."""

    number: int
    lessons: set[str] = field(default_factory=set)
    quiz: str | None = None
    brief: str | None = None


@dataclass
class Taught:
    """One course version as a standing needs it."""

    weeks: list[TaughtWeek] = field(default_factory=list)
    milestones: list[Any] = field(default_factory=list)

    @property
    def lessons(self) -> set[str]:
        return set().union(*(week.lessons for week in self.weeks))

    @property
    def quizzes(self) -> set[str]:
        return {week.quiz for week in self.weeks if week.quiz}

    @property
    def briefs(self) -> set[str]:
        return {week.brief for week in self.weeks if week.brief}


def taught_in(version_ids: Collection[int]) -> dict[int, Taught]:
    """What each of these versions asks. What is optional is left out."""
    return {key: _asked(one) for key, one in syllabuses(version_ids).items()}


def _asked(syllabus: Syllabus) -> Taught:
    # The weeks themselves come too, so that one without content still has its cell.
    weeks = {week.number: TaughtWeek(week.number) for week in syllabus.weeks}
    for entry in syllabus.entries:
        week = weeks[entry.week]
        if entry.kind == "quiz":
            week.quiz = entry.slug
        elif entry.optional:
            continue
        elif entry.kind == "lesson":
            week.lessons.add(entry.slug)
        else:
            week.brief = entry.slug
    return Taught(list(weeks.values()), list(syllabus.milestones))
