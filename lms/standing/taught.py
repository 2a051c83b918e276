"""What a course version asks of a firm, week by week: required lessons and briefs, quizzes, milestones."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from lms.curriculum.syllabus import Syllabus, syllabuses


@dataclass
class TaughtWeek:
    """The slugs of what counts in one week. `is_excused`: there was something, and none of it is asked."""

    number: int
    lessons: set[str] = field(default_factory=set)
    quiz: str | None = None
    brief: str | None = None
    is_excused: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.lessons and self.quiz is None and self.brief is None

    def without(self, excused: Collection[str]) -> "TaughtWeek":
        left = TaughtWeek(
            self.number,
            self.lessons - set(excused),
            None if self.quiz in excused else self.quiz,
            None if self.brief in excused else self.brief,
        )
        left.is_excused = left.is_empty and not self.is_empty
        return left


@dataclass
class Taught:
    """One course version as a standing needs it."""

    weeks: list[TaughtWeek] = field(default_factory=list)
    milestones: list[Any] = field(default_factory=list)

    def without(self, excused: Collection[str]) -> "Taught":
        """What is asked of a firm that is excused from these."""
        return Taught([week.without(excused) for week in self.weeks], self.milestones) if excused else self

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
