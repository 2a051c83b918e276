"""What an author asks of whole courses: how much there is, how it reads, what is shared, what is missing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

from lms.curriculum import prose
from lms.curriculum.heads import Problem
from lms.curriculum.shapes import (
    BriefSource,
    CourseSource,
    ItemSource,
    LessonSource,
    QuestionSource,
    QuizSource,
    TestSource,
    questions_of,
)
from lms.foundation.i18n import gettext as _

EASE_MEDIAN = 65
EASE_LEAST = 55
SENTENCE_AVERAGE = 18
OWN_SHARE = 40
LESSONS_A_WEEK = 3
LESSON_WORDS = (450, 900)
BLOCKS_OF_A_LESSON = ("example", "yes", "no")
REPEATED = 12
# A fact's value shorter than this ("8%", "$100") may stand in a text for something else.
TELLING = 10


@dataclass(frozen=True)
class Line:
    """One line that learners read: where it was written, and whether only this course's learners read it."""

    file: str
    number: int
    text: str
    own: bool
    is_body: bool


@dataclass(frozen=True, kw_only=True)
class CourseReport:
    """The figures of one course; problems come with file and line."""

    slug: str
    lessons: int
    quizzes: int
    questions: int
    briefs: int
    test_questions: int
    words: int
    minutes: int
    kilobytes: int
    own_share: int
    ease_median: float
    ease_least: float
    hardest: str
    sentence_average: float
    longest: Problem | None
    forbidden: list[Problem] = field(default_factory=list)
    incomplete: list[Problem] = field(default_factory=list)
    due: list[str] = field(default_factory=list)

    @property
    def missed(self) -> list[str]:
        """The limits that are not reached, in words."""
        limits = (
            (self.ease_median >= EASE_MEDIAN, _("the median ease is below %(limit)s", limit=EASE_MEDIAN)),
            (
                self.ease_least >= EASE_LEAST,
                _("the ease of %(lesson)s is below %(limit)s", lesson=self.hardest, limit=EASE_LEAST),
            ),
            (
                self.sentence_average <= SENTENCE_AVERAGE,
                _("sentences are longer than %(limit)s words", limit=SENTENCE_AVERAGE),
            ),
            (
                self.own_share >= OWN_SHARE,
                _("less than %(limit)s%% of the text is the course's own", limit=OWN_SHARE),
            ),
            (not self.forbidden, _("there are words that the courses do not use")),
            (not self.incomplete, _("parts are missing")),
        )
        return [words for is_met, words in limits if not is_met]


def report(course: CourseSource, today: date) -> CourseReport:
    """Count and weigh one course. Raises nothing: what could not be read is told by the checks."""
    inserts = _Inserts()
    lines = {item.slug: list(_lines(item, inserts)) for item in course.items}
    every = [line for found in lines.values() for line in found]
    lessons = [item for item in course.items if isinstance(item, LessonSource)]
    eases = {lesson.slug: prose.ease(lesson.body.text.split("\n")) for lesson in lessons}
    hardest = min(eases, key=lambda slug: eases[slug].index, default="")
    whole = prose.ease(line.text for line in every if line.is_body)
    counted = [(line, len(prose.words(line.text))) for line in every]
    return CourseReport(
        slug=course.slug,
        lessons=len(lessons),
        quizzes=sum(isinstance(item, QuizSource) for item in course.items),
        questions=sum(len(item.questions) for item in course.items if isinstance(item, QuizSource)),
        briefs=sum(isinstance(item, BriefSource) for item in course.items),
        test_questions=sum(len(test.questions) for test in course.tests),
        words=sum(count for _line, count in counted),
        minutes=sum(item.minutes for item in course.items if not isinstance(item, QuizSource)),
        kilobytes=sum(weight(lesson, course) for lesson in lessons) // 1024,
        own_share=round(
            100 * sum(n for line, n in counted if line.own) / max(1, sum(n for _l, n in counted))
        ),
        ease_median=round(median(found.index for found in eases.values()), 1) if eases else 100.0,
        ease_least=round(eases[hardest].index, 1) if eases else 100.0,
        hardest=hardest,
        sentence_average=round(whole.words_per_sentence, 1),
        longest=_longest(every),
        forbidden=[
            Problem(line.file, line.number, _("Say this differently: %(word)s.", word=word))
            for line in every
            for word in prose.forbidden(line.text)
        ],
        incomplete=list(_incomplete(course)),
        due=[fact.key for fact in course.facts if fact.review and fact.review <= today],
    )


def repeated(courses: list[CourseSource]) -> list[Problem]:
    """Paragraphs that two courses hold word for word, though neither takes them from the core."""
    seen: dict[str, dict[str, tuple[str, int]]] = defaultdict(dict)
    for course in courses:
        for item in course.items:
            if "/core/" in item.body.file:
                continue
            for number, line in item.body.lines:
                spoken = " ".join(prose.words(line.lower()))
                if spoken.count(" ") + 1 >= REPEATED:
                    seen[spoken].setdefault(course.slug, (item.body.file, number))
    return [
        Problem(
            *place,
            _(
                "The same paragraph is in %(place)s: put it into the core.",
                place=f"{other[0]}:{other[1]}",
            ),
        )
        for places in seen.values()
        if len(places) > 1
        for place, other in [list(places.values())[:2]]
    ]


def typed_facts(courses: list[CourseSource]) -> list[Problem]:
    """Places where the value of a fact was typed instead of naming the fact."""
    values = {
        fact.value: fact.key for course in courses for fact in course.facts if len(fact.value) >= TELLING
    }
    files = {Path(item.body.file) for course in courses for item in course.items}
    return [
        Problem(path.as_posix(), number, _("Write {fact:%(key)s} instead of its value.", key=key))
        for path in sorted(files)
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1)
        for value, key in values.items()
        if value in line
    ]


class _Inserts:
    """Which lines of a core file stand in an insert for one sector; each file is read once."""

    def __init__(self) -> None:
        self._known: dict[str, set[int]] = {}

    def has(self, file: str, number: int) -> bool:
        if file not in self._known:
            self._known[file] = set(self._lines_of(file))
        return number in self._known[file]

    def _lines_of(self, file: str) -> Iterator[int]:
        depth, since = 0, 0
        for number, line in enumerate(Path(file).read_text("utf-8").split("\n"), 1):
            opens, closes = line.startswith("::: "), line.strip() == ":::"
            depth += opens - closes
            if line.startswith("::: sector") and not since:
                since = depth
            if since:
                yield number
            if closes and depth < since:
                since = 0


def _lines(item: ItemSource, inserts: _Inserts) -> Iterator[Line]:
    """Everything of an item that is read: its text, and the texts of its head."""
    shared = "/core/" in item.body.file
    for number, line in item.body.lines:
        yield Line(item.body.file, number, line, not shared or inserts.has(item.body.file, number), True)
    for (file, number), text in _head_texts(item):
        yield Line(file, number, text, "/core/" not in file, False)


def _head_texts(item: ItemSource | TestSource) -> Iterator[tuple[tuple[str, int], str]]:
    yield item.places.of("title"), item.title
    if isinstance(item, LessonSource):
        yield item.places.of("key_idea"), item.key_idea
        yield from ((item.places.of("checklist"), line) for line in item.checklist)
    elif isinstance(item, BriefSource):
        names = ("product", "who", "text_label", "link_label", "good_example", "poor_example", "look_for")
        yield from ((item.places.of(name), getattr(item, name)) for name in names)
        yield from ((item.places.of("checklist"), line) for line in item.checklist)
        yield from ((slot.places.of("title"), f"{slot.title}. {slot.hint}") for slot in item.slots)
        for row in item.rubric:
            yield from ((row.places.of("levels"), text) for text in (row.criterion, *row.levels))
    yield from _question_texts(questions_of(item))


def _question_texts(questions: tuple[QuestionSource, ...]) -> Iterator[tuple[tuple[str, int], str]]:
    for question in questions:
        yield question.places.of("prompt"), question.prompt
        for option in question.options:
            said = (option.text, option.partner, option.alt, option.reason)
            yield question.places.of("options"), ". ".join(filter(None, said))
        for row in question.mistakes:
            yield question.places.of("mistakes"), row.reason
        yield question.places.of("if_right"), question.if_right
        yield question.places.of("if_wrong"), question.if_wrong


def notes(item: ItemSource | TestSource) -> list[Problem]:
    """What a report would say of this one text: parts that a lesson lacks, words that the courses avoid."""
    found = list(_thin(item)) if isinstance(item, LessonSource) and not item.optional else []
    lines = [*item.body.lines, *((place[1], text) for place, text in _head_texts(item))]
    for number, line in lines:
        found += [
            item.body.problem(number, _("Say this differently: %(word)s.", word=word))
            for word in prose.forbidden(line)
        ]
    return found


def weight(item: ItemSource | TestSource, course: CourseSource) -> int:
    """How many bytes the body of one item has, with its pictures."""
    shown = {name for _number, _alternative, name in item.body.pictures}
    shown |= {name for question in questions_of(item) for name in question.pictures}
    pictures = sum(len(figure.content) for figure in course.figures if figure.name in shown)
    return len(item.body.text.encode()) + pictures


def ease_of(item: ItemSource | TestSource) -> float:
    """How easy the body of one item is to read, on the INFLESZ scale."""
    return prose.ease(item.body.text.split("\n")).index


def words_of(item: ItemSource | TestSource) -> int:
    """How many words the body of one item has."""
    return len(prose.words(item.body.text))


def _longest(lines: list[Line]) -> Problem | None:
    found = ((len(prose.words(text)), line) for line in lines for text in prose.sentences(line.text))
    count, line = max(found, key=lambda row: row[0], default=(0, None))
    return (
        Problem(line.file, line.number, _("%(count)s words in one sentence", count=count)) if line else None
    )


def _incomplete(course: CourseSource) -> Iterator[Problem]:
    for week in course.week_rows:
        required = [lesson for lesson in week.lessons if not lesson.optional]
        if len(required) != LESSONS_A_WEEK:
            yield week.places.problem(
                _(
                    "Week %(number)s has %(count)s lessons, not %(wanted)s.",
                    number=week.number,
                    count=len(required),
                    wanted=LESSONS_A_WEEK,
                )
            )
        if week.quiz is None:
            yield week.places.problem(_("Week %(number)s has no quiz.", number=week.number))
        if week.brief is None:
            yield week.places.problem(_("Week %(number)s has no task.", number=week.number))
        for lesson in required:
            yield from _thin(lesson)
    if not course.tests:
        yield course.places.problem(_("There is no test before and after the course."))


def _thin(lesson: LessonSource) -> Iterator[Problem]:
    least, most = LESSON_WORDS
    count = len(prose.words(lesson.body.text))
    if not least <= count <= most:
        yield Problem(
            *lesson.places.own,
            _(
                "The lesson has %(count)s words: write %(least)s to %(most)s.",
                count=count,
                least=least,
                most=most,
            ),
        )
    lines = lesson.body.text.split("\n")
    for kind in BLOCKS_OF_A_LESSON:
        if not any(line.startswith(f"::: {kind}") for line in lines):
            yield Problem(*lesson.places.own, _('The lesson has no block "::: %(kind)s".', kind=kind))
