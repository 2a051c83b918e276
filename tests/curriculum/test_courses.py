"""The courses of this repository can be published as they are."""

from pathlib import Path

from lms.curriculum import checks, printing, report, source
from lms.foundation.clock import today

COURSES = Path(__file__).parents[2] / "courses"


def test_the_courses_have_no_problems():
    assert [str(problem) for problem in checks.problems(source.read_all(COURSES))] == []


def test_the_courses_reach_every_limit_of_the_report():
    courses = source.read_all(COURSES)
    assert {row.slug: row.missed for row in (report.report(course, today()) for course in courses)} == {
        course.slug: [] for course in courses
    }
    assert report.repeated(courses) == []
    assert report.typed_facts(courses) == []
    assert printing.not_shown(courses) == []


def test_there_is_a_course_for_each_sector():
    assert sorted(course.sector for course in source.read_all(COURSES)) == sorted(checks.SECTORS)
