"""Finding and comparing the published versions of courses."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload, undefer

from lms.curriculum import comparison
from lms.curriculum.comparison import ItemChange
from lms.curriculum.models import (
    Brief,
    Course,
    CourseVersion,
    CourseWord,
    CurriculumFigure,
    KnowledgeTest,
    Lesson,
    MilestoneDefinition,
    Quiz,
    Week,
)
from lms.foundation.db import db


def current_version(slug: str) -> CourseVersion | None:
    """The newest version of a course."""
    newest = (
        select(CourseVersion)
        .join(CourseVersion.course)
        .where(Course.slug == slug)
        .order_by(CourseVersion.number.desc())
        .limit(1)
    )
    return db.session.scalar(newest)


def courses() -> list[Course]:
    """Every published course by title, its versions loaded, the newest first."""
    ordered = select(Course).options(selectinload(Course.versions)).order_by(Course.title, Course.id)
    return list(db.session.scalars(ordered))


def versions() -> list[CourseVersion]:
    """Every version: courses by title, the newest version of each first."""
    ordered = (
        select(CourseVersion)
        .join(CourseVersion.course)
        .order_by(Course.title, Course.id, CourseVersion.number.desc())
    )
    return list(db.session.scalars(ordered))


def contents(version: CourseVersion, *, with_texts: bool = False) -> CourseVersion:
    """The same version with its weeks and items loaded in a fixed number of queries."""
    lessons = selectinload(CourseVersion.week_rows).selectinload(Week.lessons)
    quizzes = selectinload(CourseVersion.week_rows).selectinload(Week.quiz).selectinload(Quiz.questions)
    briefs = selectinload(CourseVersion.week_rows).selectinload(Week.brief)
    if with_texts:
        lessons, briefs = lessons.options(undefer(Lesson.source)), briefs.options(undefer(Brief.source))
    tests = selectinload(CourseVersion.tests).selectinload(KnowledgeTest.questions)
    options = (lessons, quizzes, briefs, tests)
    whole = select(CourseVersion).where(CourseVersion.id == version.id).options(*options)
    return db.session.scalars(whole.execution_options(populate_existing=True)).one()


def earlier_version(version: CourseVersion) -> CourseVersion | None:
    """The version that this one replaced."""
    earlier = select(CourseVersion).where(
        CourseVersion.course_id == version.course_id, CourseVersion.number < version.number
    )
    return db.session.scalar(earlier.order_by(CourseVersion.number.desc()).limit(1))


def diff(old: CourseVersion, new: CourseVersion) -> list[ItemChange]:
    """What a learner of `new` reads differently than a learner of `old`."""
    before, after = (comparison.texts_of(contents(version, with_texts=True)) for version in (old, new))
    return comparison.compare(before, after)


def milestones_of_version(course_version_id: int) -> list[MilestoneDefinition]:
    """The milestones of a version in the order in which they come due."""
    due = select(MilestoneDefinition).where(MilestoneDefinition.version_id == course_version_id)
    return list(db.session.scalars(due.order_by(MilestoneDefinition.week_number, MilestoneDefinition.code)))


def milestone_titles(course_version_id: int) -> dict[str, str]:
    """The title of each milestone of a version by its code."""
    return {row.code: row.title for row in milestones_of_version(course_version_id)}


def words_of(version_id: int) -> list[CourseWord]:
    """The words that a version explains, as a dictionary orders them."""
    found = db.session.scalars(select(CourseWord).where(CourseWord.version_id == version_id))
    return sorted(found, key=lambda word: word.key)


def figure(sha256: str) -> CurriculumFigure | None:
    """A published picture by the digest of its content."""
    return db.session.scalar(select(CurriculumFigure).where(CurriculumFigure.sha256 == sha256))
