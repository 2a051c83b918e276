"""Authors check and publish at the command line, which speaks their language."""

import pytest

from lms.curriculum import services

LESSON = "core/week-01/fotos.md"


@pytest.fixture
def check(app):
    return lambda path: app.test_cli_runner().invoke(args=["curriculum", "check", str(path)])


def test_good_courses_are_counted(folders, check):
    answer = check(folders.root)
    assert answer.exit_code == 0
    assert "fashion: 1 lecciones, 1 pruebas, 2 preguntas, 1 tareas," in answer.output
    assert "28 minutos" in answer.output


def test_problems_are_listed_with_file_and_line(folders, check):
    folders.replace(LESSON, "minutes = 8", "minutes = 80")
    answer = check(folders.root)
    assert answer.exit_code == 1
    assert f"{(folders.root / LESSON).as_posix()}:6: Una lección dura de 1 a 10 minutos" in answer.output


def test_what_the_cleaning_would_take_out_is_refused_by_check_and_by_publish(app, folders, check):
    folders.replace(LESSON, "El banco cobra", "Un título\n===\n\nEl banco cobra")
    answer = check(folders.root)
    assert answer.exit_code == 1 and "Ninguna página muestra <h1>" in answer.output
    answer = app.test_cli_runner().invoke(args=["curriculum", "publish", str(folders.root)])
    assert answer.exit_code == 1 and "Ninguna página muestra <h1>" in answer.output
    assert services.versions() == []


def test_one_course_folder_can_be_checked_by_itself(folders, check):
    folders.replace("footwear/course.toml", "weeks = 1", "weeks = 9")
    assert check(folders.root / "fashion").exit_code == 0
    assert check(folders.root / "footwear").exit_code == 1


def test_a_folder_without_courses_is_a_mistake(tmp_path, check):
    assert check(tmp_path).exit_code == 1


def test_facts_past_their_date_are_named_and_stop_nobody(folders, check):
    folders.replace("facts.toml", "review = 2027-05-01", "review = 2026-05-01")
    answer = check(folders.root)
    assert answer.exit_code == 0 and "vuelve a leer la fuente de comision" in answer.output


def test_publishing_says_what_became_new(app, folders):
    run = app.test_cli_runner().invoke
    assert "fashion: versión 1 publicada" in run(args=["curriculum", "publish", str(folders.root)]).output
    assert "fashion: versión 1 sin cambios" in run(args=["curriculum", "publish", str(folders.root)]).output


def test_publishing_refuses_courses_with_problems(app, folders):
    folders.replace(LESSON, "minutes = 8", "minutes = 80")
    answer = app.test_cli_runner().invoke(args=["curriculum", "publish", str(folders.root)])
    assert answer.exit_code == 1 and ":6: Una lección dura" in answer.output
    assert services.versions() == []
