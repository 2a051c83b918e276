"""What a course is made of, as frozen descriptions, and the digest of all that people see of it."""

import hashlib
import json
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache, cached_property
from typing import Any, TypeAlias

from lms.curriculum.bodies import HIDDEN, Body, FactSource
from lms.curriculum.heads import Places, Problem
from lms.foundation.glossary import Word


@dataclass(frozen=True)
class OptionSource:
    """An option to choose, an item to put in order, half of a pair or an accepted text."""

    text: str = ""
    right: bool = False
    reason: str = ""
    partner: str = ""
    picture: str = ""
    alt: str = ""


@dataclass(frozen=True)
class MistakeSource:
    """A wrong number or text that the author foresees, and what to say to it."""

    answer: float | str
    reason: str


@dataclass(frozen=True)
class QuestionSource:
    """One question (see lms/curriculum/questions.py for what each kind uses).

    `objective` is the key of what it tests, in the questions of a test.
    """

    kind: str
    prompt: str
    options: tuple[OptionSource, ...]
    objective: str
    places: Places = field(metadata=HIDDEN, repr=False)
    value: float = 0
    tolerance: float = 0
    unit: str = ""
    mistakes: tuple[MistakeSource, ...] = ()
    if_right: str = ""
    if_wrong: str = ""

    @property
    def pictures(self) -> list[str]:
        return [option.picture for option in self.options if option.picture]


@dataclass(frozen=True)
class ToolSource:
    """A calculator inside a lesson, with the numbers of its worked example and what they come to."""

    tool: str
    example: tuple[tuple[str, float], ...]
    result: tuple[tuple[str, float], ...]
    places: Places = field(metadata=HIDDEN, repr=False)


@dataclass(frozen=True)
class LessonSource:
    slug: str
    title: str
    title_en: str
    summary_en: str
    minutes: int
    key_idea: str
    checklist: tuple[str, ...]
    optional: bool
    check: QuestionSource | None
    tools: tuple[ToolSource, ...]
    body: Body
    places: Places = field(metadata=HIDDEN, repr=False)


@dataclass(frozen=True)
class QuizSource:
    """A bank of questions, of which one try asks `ask`."""

    slug: str
    title: str
    title_en: str
    summary_en: str
    pass_percent: int
    ask: int
    questions: tuple[QuestionSource, ...]
    body: Body
    places: Places = field(metadata=HIDDEN, repr=False)


@dataclass(frozen=True)
class SlotSource:
    key: str
    title: str
    hint: str
    kind: str
    required: bool
    places: Places = field(metadata=HIDDEN, repr=False)


@dataclass(frozen=True)
class CriterionSource:
    criterion: str
    levels: tuple[str, ...]
    places: Places = field(metadata=HIDDEN, repr=False)


@dataclass(frozen=True)
class BriefSource:
    slug: str
    title: str
    title_en: str
    summary_en: str
    minutes: int
    required: bool
    product: str
    who: str
    text_label: str
    link_label: str
    slots: tuple[SlotSource, ...]
    rubric: tuple[CriterionSource, ...]
    checklist: tuple[str, ...]
    good_example: str
    poor_example: str
    look_for: str
    body: Body
    places: Places = field(metadata=HIDDEN, repr=False)


@dataclass(frozen=True)
class TestSource:
    """One of the two equivalent forms, A or B, of the test taken before and after the course."""

    slug: str
    title: str
    title_en: str
    summary_en: str
    form: str
    questions: tuple[QuestionSource, ...]
    body: Body
    places: Places = field(metadata=HIDDEN, repr=False)


ItemSource: TypeAlias = LessonSource | QuizSource | BriefSource


def questions_of(item: "ItemSource | TestSource") -> tuple[QuestionSource, ...]:
    """The questions that an item asks."""
    if isinstance(item, LessonSource):
        return (item.check,) if item.check else ()
    return () if isinstance(item, BriefSource) else item.questions


@dataclass(frozen=True)
class WeekSource:
    number: int
    title: str
    summary: str
    title_en: str
    summary_en: str
    lessons: tuple[LessonSource, ...]
    quiz: QuizSource | None
    brief: BriefSource | None
    places: Places = field(metadata=HIDDEN, repr=False)

    @property
    def items(self) -> list[ItemSource]:
        last = [item for item in (self.quiz, self.brief) if item]
        return [*self.lessons, *last]


@dataclass(frozen=True)
class MilestoneSource:
    code: str
    week: int
    title: str
    description: str
    proof: str
    orders: int | None
    months_after: int | None
    places: Places = field(metadata=HIDDEN, repr=False)


@dataclass(frozen=True)
class PracticeSource:
    key: str
    area: str
    text: str
    places: Places = field(metadata=HIDDEN, repr=False)


@dataclass(frozen=True)
class ObjectiveSource:
    """What somebody can do after the course; each question of a test stands for one."""

    key: str
    text: str
    text_en: str
    places: Places = field(metadata=HIDDEN, repr=False)


@dataclass(frozen=True)
class FigureSource:
    """A picture beside the texts; its digest stands for it in the course's hash."""

    name: str
    sha256: str
    media_type: str
    content: bytes = field(metadata=HIDDEN, repr=False)
    file: str = field(metadata=HIDDEN)


@dataclass(frozen=True)
class WordSource:
    """A word of the glossary; without a sector it belongs to every course."""

    word: Word
    sector: str
    places: Places = field(metadata=HIDDEN, repr=False)


@dataclass(frozen=True)
class CourseSource:
    """One course. `words` are those of the glossary that its lessons use, `glossary` is the whole of it."""

    slug: str
    sector: str
    title: str
    summary: str
    hours: int
    weeks: int
    final_quiz: str
    week_rows: tuple[WeekSource, ...]
    milestones: tuple[MilestoneSource, ...]
    practices: tuple[PracticeSource, ...]
    objectives: tuple[ObjectiveSource, ...]
    tests: tuple[TestSource, ...]
    figures: tuple[FigureSource, ...]
    facts: tuple[FactSource, ...]
    words: tuple[WordSource, ...]
    glossary: tuple[WordSource, ...] = field(metadata=HIDDEN, repr=False)
    problems: tuple[Problem, ...] = field(metadata=HIDDEN)
    places: Places = field(metadata=HIDDEN, repr=False)

    @cached_property
    def items(self) -> list[ItemSource]:
        """Every lesson, quiz and brief, in the order in which they are taught."""
        return [item for week in self.week_rows for item in week.items]


def content_hash(course: CourseSource) -> str:
    """A digest of everything that a learner or a trainer can see: the same text gives the same digest."""
    canonical = json.dumps(
        course, default=_visible, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _visible(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    kind: Any = type(value)
    return {name: getattr(value, name) for name in _shown(kind)}


@cache
def _shown(kind: type) -> tuple[str, ...]:
    return tuple(part.name for part in fields(kind) if not part.metadata.get("hidden"))
