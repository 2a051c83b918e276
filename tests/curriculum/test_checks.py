"""Each mistake an author can make is found, with its file, its line and what to do."""

import pytest

from lms.curriculum import checks

LESSON = "core/week-01/fotos.md"
QUIZ = "fashion/week-01/quiz.md"
BRIEF = "fashion/week-01/brief.md"
COURSE = "fashion/course.toml"


def found(folders):
    root = f"{folders.root.as_posix()}/"
    return [str(problem).removeprefix(root) for problem in checks.problems(folders.read())]


def test_good_courses_have_no_problems(folders):
    assert found(folders) == []


MISTAKES = [
    (LESSON, 'title = "Fotos con luz"\n', "", ":1: ", '"title" is missing'),
    (LESSON, "minutes = 8\n", "", ":1: ", '"minutes" is missing'),
    (LESSON, "minutes = 8", 'minutes = "8"', ":4: ", "must be a whole number"),
    (LESSON, "minutes = 8", "minutes = true", ":4: ", "must be a whole number"),
    (LESSON, "minutes = 8", "minutes = 11", ":4: ", "1 to 10 minutes"),
    (LESSON, "minutes = 8", "minuts = 8", ":4: ", '"minuts" is no key'),
    (LESSON, 'kind = "lesson"', 'kind = "leson"', ":2: ", 'There is no kind "leson"'),
    (LESSON, 'title = "Fotos con luz"', 'title = ""', ":3: ", "is empty"),
    (LESSON, 'title = "Fotos con luz"', 'title = "Fotos', ":3: ", "not valid TOML"),
    (LESSON, '["Ventana", "Cartulina", "Lente limpio"]', '["Ventana"]', ":6: ", "3 to 6 things"),
    (LESSON, "right = true\n", "", ":7: ", "Exactly one option"),
    (LESSON, 'reason = "Aplana el producto."', "", ":13: ", '"reason" is missing'),
    (LESSON, "week-01/brief)", "week-01/tarea)", ":19: ", 'There is no item "week-01/tarea"'),
    (LESSON, "{fact:comision}", "{fact:comission}", ":19: ", 'There is no fact "comission"'),
    (LESSON, "{fact:comision}", "{fact comision}", ":19: ", "Write a fact as {fact:comision}"),
    (LESSON, "::: sector fashion", "::: sector furniture", ":21: ", 'none for the sector "fashion"'),
    (LESSON, "::: sector fashion", "::: sector footwear", ":24: ", 'two inserts for "footwear"'),
    (LESSON, "::: sector fashion", "::: hint", ":21: ", 'There is no block "hint"'),
    (LESSON, "suela.\n:::", "suela.", ":24: ", "never closed"),
    (LESSON, "## Hazlo así", ":::\n## Hazlo así", ":17: ", "closes nothing"),
    (LESSON, "## Hazlo así", "# Hazlo así", ":17: ", "headings of two or three"),
    (LESSON, "## Hazlo así", "<b>Hazlo</b>", ":17: ", "This is HTML"),
    (LESSON, "## Hazlo así", "Necesitas:\n- luz", ":18: ", "empty line before a list"),
    (LESSON, "## Hazlo así", "[x](otra.md)", ":17: ", "Link to"),
    (LESSON, "## Hazlo así", "a" * 41_000, ":1: ", "KB with its pictures"),
    (LESSON, "Una mesa junto a la ventana", "", ":28: ", "Say in words"),
    (LESSON, "figures/mesa.svg", "figures/silla.svg", ":28: ", "no picture figures/silla.svg"),
    (LESSON, "+++\nkind", "kind", ":1: ", "head between two lines of +++"),
    ("core/figures/mesa.svg", "<path", "<script/><path", ":1: ", "Take scripts"),
    (QUIZ, "right = true\n", "", ":4: ", "Exactly one option"),
    (QUIZ, 'text = "Una"', 'text = "Una"\nright = true', ":4: ", "here 2 have it"),
    (QUIZ, 'text = "Una"', 'text = "Tres"', ":4: ", "say the same"),
    (QUIZ, '[[questions.options]]\ntext = "Una"\nreason = "No alcanza."\n', "", ":4: ", "at least 2 options"),
    (QUIZ, 'title = "Prueba de fotos"', 'title = "x"\npass_percent = 101', ":4: ", "1 to 100"),
    (BRIEF, '"Bien", "Muy bien"]', '"Bien"]', ":16: ", "exactly 4 levels"),
    (BRIEF, 'key = "frente"\n', "", ":11: ", '"key" is missing'),
    (BRIEF, 'title = "Foto de frente"\n', "", ":11: ", '"title" is missing'),
    (BRIEF, 'title = "Foto de frente"', 'title = "Foto"\nkind = "video"', ":14: ", "photo, file"),
    (BRIEF, 'kind = "brief"', 'kind = "lesson"', ":14: ", '"rubric" is no key of this head'),
    (COURSE, 'final_quiz = "week-01/quiz"', 'final_quiz = "week-04/quiz"', ":7: ", "no quiz"),
    (COURSE, "weeks = 1", "weeks = 2", ":6: ", "no [[week]] for 2"),
    (COURSE, "number = 1", "number = 2", ":13: ", "outside 0 to 1"),
    (COURSE, "week = 0\n", "week = 3\n", ":18: ", "outside 0 to 1"),
    (COURSE, 'proof = "baseline"', 'proof = "hope"', ":21: ", "one of these proofs"),
    (COURSE, 'proof = "baseline"', 'proof = "orders"', ":16: ", "needs orders"),
    (COURSE, 'sector = "fashion"', 'sector = "fashon"', ":2: ", "one of these sectors"),
    (COURSE, 'slug = "fashion"', 'slug = "footwear"', ":1: ", ""),
    ("facts.toml", 'mark = "S"', 'mark = "X"', ":7: ", "one of these marks"),
    ("facts.toml", "date = 2026-11-01", 'date = "ayer"', ":6: ", "must be a date"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "message"), MISTAKES, ids=[f"{row[0]}: {row[4]}" for row in MISTAKES]
)
def test_a_mistake_is_found_where_it_is(folders, file, old, new, line, message):
    folders.replace(file, old, new)
    expected = "footwear/course.toml:1: " if new == 'slug = "footwear"' else file + line
    assert any(problem.startswith(expected) and message in problem for problem in found(folders)), found(
        folders
    )


def test_all_mistakes_are_told_at_once(folders):
    folders.replace(LESSON, "minutes = 8", "minutes = 80")
    folders.replace(QUIZ, "right = true", "right = false")
    folders.replace(COURSE, 'title = "Ropa"', "")
    assert len(found(folders)) == 3


def test_a_mistake_in_a_shared_lesson_is_told_once(folders):
    folders.replace(LESSON, "minutes = 8", "minutes = 80")
    assert len(found(folders)) == 1


def test_two_items_of_one_name_are_refused(folders):
    folders.write("fashion/week-01/02-fotos.md", '+++\ncore = "week-01/fotos"\n+++\n')
    assert any('another item "week-01/fotos"' in problem for problem in found(folders))


def test_a_week_has_one_quiz(folders):
    folders.write("fashion/week-01/09-otra.md", (folders.root / QUIZ).read_text())
    assert any("A week has one of these" in problem for problem in found(folders))


def test_a_folder_that_no_week_names_is_told(folders):
    folders.write("fashion/week-07/01-x.md", '+++\ncore = "week-01/fotos"\n+++\n')
    assert any("names no [[week]] with number = 7" in problem for problem in found(folders))


def test_a_missing_core_file_is_told(folders):
    folders.write("fashion/week-01/01-fotos.md", '+++\ncore = "week-01/nada"\n+++\n')
    assert any("fashion/week-01/01-fotos.md:2: There is no" in problem for problem in found(folders))


def test_a_course_file_that_cannot_be_read_is_told_once(folders):
    folders.replace(COURSE, "weeks = 1", "weeks = ")
    (problem,) = found(folders)
    assert problem.startswith("fashion/course.toml:6: This is not valid TOML")


def test_a_file_in_another_encoding_is_told(folders):
    (folders.root / BRIEF).write_bytes("ñ".encode("latin-1"))
    assert any("cannot be read as UTF-8" in problem for problem in found(folders))
