"""The courses of this repository can be published as they are."""

from pathlib import Path

from lms.curriculum import checks, source

COURSES = Path(__file__).parents[2] / "courses"


def test_the_courses_have_no_problems():
    assert [str(problem) for problem in checks.problems(source.read_all(COURSES))] == []


def test_there_is_a_course_for_each_sector():
    assert sorted(course.sector for course in source.read_all(COURSES)) == sorted(checks.SECTORS)
