"""A published course never changes: a new text is a new version, and cohorts pin one."""

from datetime import date, datetime
from typing import Any, ClassVar

from markupsafe import Markup
from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.curriculum.facts import fill
from lms.curriculum.questions import Asked
from lms.foundation.db import Key, Model, reference


class Course(Model):
    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    sector: Mapped[str]
    title: Mapped[str]

    versions: Mapped[list["CourseVersion"]] = relationship(
        back_populates="course", order_by="CourseVersion.number.desc()"
    )


class CourseVersion(Model):
    """The text of a course on the day it was published. `weeks` is the length of the programme."""

    __table_args__ = (UniqueConstraint("course_id", "number"),)

    id: Mapped[Key]
    course_id: Mapped[int] = reference("course.id", index=False)
    number: Mapped[int]
    content_hash: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    hours: Mapped[int]
    weeks: Mapped[int]
    final_quiz_slug: Mapped[str]
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = reference("user.id")

    course: Mapped[Course] = relationship(back_populates="versions", lazy="joined", innerjoin=True)
    week_rows: Mapped[list["Week"]] = relationship(order_by="Week.number", back_populates="version")
    milestones: Mapped[list["MilestoneDefinition"]] = relationship(order_by="MilestoneDefinition.code")
    practices: Mapped[list["Practice"]] = relationship(order_by="Practice.position")
    objectives: Mapped[list["Objective"]] = relationship(order_by="Objective.position")
    tests: Mapped[list["KnowledgeTest"]] = relationship(
        order_by="KnowledgeTest.form", back_populates="version"
    )
    facts: Mapped[list["CourseFact"]] = relationship(order_by="CourseFact.label")


class Week(Model):
    __table_args__ = (UniqueConstraint("version_id", "number"),)

    id: Mapped[Key]
    version_id: Mapped[int] = reference("course_version.id", index=False)
    number: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str]
    title_en: Mapped[str]
    summary_en: Mapped[str]

    version: Mapped[CourseVersion] = relationship(back_populates="week_rows")
    lessons: Mapped[list["Lesson"]] = relationship(order_by="Lesson.position", back_populates="week")
    quiz: Mapped["Quiz | None"] = relationship(back_populates="week")
    brief: Mapped["Brief | None"] = relationship(back_populates="week")


class Lesson(Model):
    """`check` is one question: {"kind", "prompt", "options", "terms"}, read with `Asked.kept`.

    `tools` are its calculators: {"tool", "example": {input: number}}; `facts` the keys of the dated figures
    that its text names.
    """

    __table_args__ = (UniqueConstraint("version_id", "slug"),)

    id: Mapped[Key]
    version_id: Mapped[int] = reference("course_version.id", index=False)
    week_id: Mapped[int] = reference("week.id")
    position: Mapped[int]
    slug: Mapped[str]
    title: Mapped[str]
    minutes: Mapped[int]
    kilobytes: Mapped[int]
    key_idea: Mapped[str]
    optional: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(deferred=True)
    html: Mapped[str] = mapped_column(deferred=True)
    checklist: Mapped[list[Any]]
    check: Mapped[dict[str, Any] | None]
    title_en: Mapped[str]
    summary_en: Mapped[str]
    tools: Mapped[list[Any]]
    facts: Mapped[list[Any]]

    week: Mapped[Week] = relationship(back_populates="lessons")

    @property
    def body(self) -> Markup:
        """The lesson as HTML; it was made safe when the version was published."""
        return fill(self.html, {})

    @property
    def question(self) -> Asked | None:
        return Asked.kept(self.check) if self.check else None


class Quiz(Model):
    """A bank of questions, of which one try asks `ask`."""

    __table_args__ = (UniqueConstraint("version_id", "slug"),)

    id: Mapped[Key]
    version_id: Mapped[int] = reference("course_version.id", index=False)
    week_id: Mapped[int] = reference("week.id")
    slug: Mapped[str]
    title: Mapped[str]
    title_en: Mapped[str]
    summary_en: Mapped[str]
    html: Mapped[str]
    pass_percent: Mapped[int]
    ask: Mapped[int]

    week: Mapped[Week] = relationship(back_populates="quiz")
    questions: Mapped[list["Question"]] = relationship(order_by="Question.position", back_populates="quiz")

    @property
    def body(self) -> Markup:
        return Markup(self.html)


class Question(Model):
    """What `options` and `terms` hold depends on the kind: see lms/curriculum/questions.py."""

    id: Mapped[Key]
    quiz_id: Mapped[int] = reference("quiz.id")
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(default="single")
    prompt: Mapped[str]
    options: Mapped[list[Any]]
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict)

    quiz: Mapped[Quiz] = relationship(back_populates="questions")


class Brief(Model):
    """A task whose product is the real thing.

    `slots`: [{"key", "title", "hint", "kind": "photo"|"file"|"audio"|"sheet", "required"}];
    `rubric`: [{"criterion", "levels":
    four texts from poor to good}]; `checklist`: sentences from which feedback can be written.
    """

    __table_args__ = (UniqueConstraint("version_id", "slug"),)

    id: Mapped[Key]
    version_id: Mapped[int] = reference("course_version.id", index=False)
    week_id: Mapped[int] = reference("week.id")
    slug: Mapped[str]
    title: Mapped[str]
    minutes: Mapped[int]
    required: Mapped[bool] = mapped_column(default=True)
    product: Mapped[str]
    who: Mapped[str]
    source: Mapped[str] = mapped_column(deferred=True)
    html: Mapped[str] = mapped_column(deferred=True)
    text_label: Mapped[str]
    link_label: Mapped[str]
    slots: Mapped[list[Any]]
    rubric: Mapped[list[Any]]
    checklist: Mapped[list[Any]]
    good_example: Mapped[str]
    poor_example: Mapped[str]
    look_for: Mapped[str]
    title_en: Mapped[str]
    summary_en: Mapped[str]
    facts: Mapped[list[Any]]

    week: Mapped[Week] = relationship(back_populates="brief")

    @property
    def body(self) -> Markup:
        return fill(self.html, {})


class MilestoneDefinition(Model):
    """`proof`: baseline, claim, first_sale, orders (at least `orders`), graduation, followup
    (`months_after`)."""

    __table_args__ = (UniqueConstraint("version_id", "code"),)

    id: Mapped[Key]
    version_id: Mapped[int] = reference("course_version.id", index=False)
    code: Mapped[str]
    week_number: Mapped[int]
    title: Mapped[str]
    description: Mapped[str]
    proof: Mapped[str]
    orders: Mapped[int | None]
    months_after: Mapped[int | None]


class Practice(Model):
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = reference("course_version.id", index=False)
    position: Mapped[int]
    key: Mapped[str]
    area: Mapped[str]
    text: Mapped[str]


class Objective(Model):
    """What somebody can do after the course."""

    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = reference("course_version.id", index=False)
    position: Mapped[int]
    key: Mapped[str]
    text: Mapped[str]
    text_en: Mapped[str]


class KnowledgeTest(Model):
    """One of the two equivalent forms, A or B, of the test before and after the course."""

    __table_args__ = (UniqueConstraint("version_id", "form"),)

    id: Mapped[Key]
    version_id: Mapped[int] = reference("course_version.id", index=False)
    form: Mapped[str]
    title: Mapped[str]
    title_en: Mapped[str]
    summary_en: Mapped[str]
    html: Mapped[str]

    version: Mapped[CourseVersion] = relationship(back_populates="tests")
    questions: Mapped[list["TestQuestion"]] = relationship(order_by="TestQuestion.position")

    @property
    def body(self) -> Markup:
        return Markup(self.html)


class TestQuestion(Model):
    """A single choice with `options` as in `Question`; `objective` is the key of what it tests."""

    __test__ = False  # to pytest, a class of this name would be tests

    kind = "single"
    terms: ClassVar[dict[str, Any]] = {}

    id: Mapped[Key]
    test_id: Mapped[int] = reference("knowledge_test.id")
    position: Mapped[int]
    objective: Mapped[str]
    prompt: Mapped[str]
    options: Mapped[list[Any]]


class CourseFact(Model):
    """A dated figure as a version shows it. A parameter has no value here: each programme writes its own.

    `mark`: S read in a public source, C computed, K general knowledge; `review_on` is the day from which its
    source should be read again.
    """

    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = reference("course_version.id", index=False)
    key: Mapped[str]
    label: Mapped[str]
    value: Mapped[str]
    unit: Mapped[str]
    source: Mapped[str]
    read_on: Mapped[date | None]
    mark: Mapped[str]
    review_on: Mapped[date | None]
    parameter: Mapped[bool] = mapped_column(default=False)
    hint: Mapped[str]


class CourseWord(Model):
    """A word of the trade that the lessons of a version use, and what it means in one sentence."""

    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = reference("course_version.id", index=False)
    key: Mapped[str]
    term: Mapped[str]
    explanation: Mapped[str]


class SearchTerm(Model):
    """A stem that an item's title or text holds, and how much it says of the item (see `searching`)."""

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    stem: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    weight: Mapped[int]


class CurriculumFigure(Model):
    """A drawing that lessons show, kept by content."""

    id: Mapped[Key]
    sha256: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
