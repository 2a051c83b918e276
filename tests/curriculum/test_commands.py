"""Authors check and publish at the command line."""

import pytest
from click.testing import CliRunner

from lms.curriculum import commands, services

LESSON = "core/week-01/fotos.md"


@pytest.fixture
def check():
    return lambda path: CliRunner().invoke(commands.curriculum, ["check", str(path)])


def test_good_courses_are_counted(folders, check):
    answer = check(folders.root)
    assert answer.exit_code == 0
    assert "fashion: 1 lessons, 1 quizzes, 2 questions, 1 briefs," in answer.output
    assert "28 minutes" in answer.output


def test_problems_are_listed_with_file_and_line(folders, check):
    folders.replace(LESSON, "minutes = 8", "minutes = 80")
    answer = check(folders.root)
    assert answer.exit_code == 1
    assert f"{(folders.root / LESSON).as_posix()}:6: A lesson takes 1 to 10 minutes" in answer.output


def test_one_course_folder_can_be_checked_by_itself(folders, check):
    folders.replace("footwear/course.toml", "weeks = 1", "weeks = 9")
    assert check(folders.root / "fashion").exit_code == 0
    assert check(folders.root / "footwear").exit_code == 1


def test_a_folder_without_courses_is_a_mistake(tmp_path, check):
    assert check(tmp_path).exit_code == 1


def test_facts_past_their_date_are_named_and_stop_nobody(folders, check):
    folders.replace("facts.toml", "review = 2027-05-01", "review = 2026-05-01")
    answer = check(folders.root)
    assert answer.exit_code == 0 and "review the fact comision" in answer.output


def test_publishing_says_what_became_new(app, folders):
    run = app.test_cli_runner().invoke
    assert "fashion: version 1 published" in run(args=["curriculum", "publish", str(folders.root)]).output
    assert "fashion: version 1 unchanged" in run(args=["curriculum", "publish", str(folders.root)]).output


def test_publishing_refuses_courses_with_problems(app, folders):
    folders.replace(LESSON, "minutes = 8", "minutes = 80")
    answer = app.test_cli_runner().invoke(args=["curriculum", "publish", str(folders.root)])
    assert answer.exit_code == 1 and ":6: A lesson takes" in answer.output
    assert services.versions() == []
