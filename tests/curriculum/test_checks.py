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
    (LESSON, "minutes = 8", 'minutes = "8"', ":6: ", "must be a whole number"),
    (LESSON, "minutes = 8", "minutes = true", ":6: ", "must be a whole number"),
    (LESSON, "minutes = 8", "minutes = 11", ":6: ", "1 to 10 minutes"),
    (LESSON, "minutes = 8", "minuts = 8", ":6: ", '"minuts" is no key'),
    (LESSON, 'kind = "lesson"', 'kind = "leson"', ":2: ", 'There is no kind "leson"'),
    (LESSON, 'title = "Fotos con luz"', 'title = ""', ":3: ", "is empty"),
    (LESSON, 'title = "Fotos con luz"', 'title = "Fotos', ":3: ", "not valid TOML"),
    (LESSON, '["Ventana", "Cartulina", "Lente limpio"]', '["Ventana"]', ":8: ", "3 to 6 things"),
    (LESSON, "right = true\n", "", ":9: ", "Exactly one option"),
    (LESSON, 'reason = "Aplana el producto."', "", ":15: ", '"reason" is missing'),
    (LESSON, "week-01/brief)", "week-01/tarea)", ":21: ", 'There is no item "week-01/tarea"'),
    (LESSON, "{fact:comision}", "{fact:comission}", ":21: ", 'There is no fact "comission"'),
    (LESSON, "{fact:comision}", "{fact comision}", ":21: ", "Write a fact as {fact:comision}"),
    (LESSON, "::: sector fashion", "::: sector furniture", ":23: ", 'none for the sector "fashion"'),
    (LESSON, "::: sector fashion", "::: sector footwear", ":26: ", 'two inserts for "footwear"'),
    (LESSON, "::: sector fashion", "::: hint", ":23: ", 'There is no block "hint"'),
    (LESSON, "suela.\n:::", "suela.", ":26: ", "never closed"),
    (LESSON, "## Hazlo así", ":::\n## Hazlo así", ":19: ", "closes nothing"),
    (LESSON, "## Hazlo así", "# Hazlo así", ":19: ", "headings of two or three"),
    (LESSON, "## Hazlo así", "<b>Hazlo</b>", ":19: ", "This is HTML"),
    (LESSON, "## Hazlo así", "Necesitas:\n- luz", ":20: ", "empty line before a list"),
    (LESSON, "## Hazlo así", "[x](otra.md)", ":19: ", "Link to"),
    (LESSON, "## Hazlo así", "a" * 41_000, ":1: ", "KB with its pictures"),
    (LESSON, "Una mesa junto a la ventana", "", ":30: ", "Say in words"),
    (LESSON, "figures/mesa.svg", "figures/silla.svg", ":30: ", "no picture figures/silla.svg"),
    (LESSON, "+++\nkind", "kind", ":1: ", "head between two lines of +++"),
    ("core/figures/mesa.svg", "<path", "<script/><path", ":1: ", "Take scripts"),
    (QUIZ, "right = true\n", "", ":7: ", "Exactly one option"),
    (QUIZ, 'text = "Una"', 'text = "Una"\nright = true', ":7: ", "here 2 have it"),
    (QUIZ, 'text = "Una"', 'text = "Tres"', ":7: ", "say the same"),
    (QUIZ, '[[questions.options]]\ntext = "Una"\nreason = "No alcanza."\n', "", ":7: ", "at least 2 options"),
    (QUIZ, 'title = "Prueba de fotos"', 'title = "x"\npass_percent = 101', ":4: ", "1 to 100"),
    (BRIEF, '"Bien", "Muy bien"]', '"Bien"]', ":18: ", "exactly 4 levels"),
    (BRIEF, 'key = "frente"\n', "", ":13: ", '"key" is missing'),
    (BRIEF, 'title = "Foto de frente"\n', "", ":13: ", '"title" is missing'),
    (BRIEF, 'title = "Foto de frente"', 'title = "Foto"\nkind = "video"', ":16: ", "photo, file"),
    (BRIEF, 'kind = "brief"', 'kind = "lesson"', ":16: ", '"rubric" is no key of this head'),
    (COURSE, 'final_quiz = "week-01/quiz"', 'final_quiz = "week-04/quiz"', ":7: ", "no quiz"),
    (COURSE, "weeks = 1", "weeks = 2", ":6: ", "no [[week]] for 2"),
    (COURSE, "number = 1", "number = 2", ":15: ", "outside 0 to 1"),
    (COURSE, "week = 0\n", "week = 3\n", ":22: ", "outside 0 to 1"),
    (COURSE, 'proof = "baseline"', 'proof = "hope"', ":25: ", "one of these proofs"),
    (COURSE, 'proof = "baseline"', 'proof = "orders"', ":20: ", "needs orders"),
    (COURSE, 'sector = "fashion"', 'sector = "fashon"', ":2: ", "one of these sectors"),
    (COURSE, 'slug = "fashion"', 'slug = "footwear"', ":1: ", ""),
    (LESSON, 'title_en = "Photos with light"\n', "", ":1: ", '"title_en" is missing'),
    (QUIZ, "ask = 1", "ask = 2", ":6: ", "write at least 4"),
    (QUIZ, "ask = 1", "ask = 9", ":6: ", "asks 1 to 8"),
    ("facts.toml", 'label = "Comisión por venta"\n', "", ":1: ", '"label" is missing'),
    ("facts.toml", 'mark = "S"', 'mark = "X"', ":8: ", "one of these marks"),
    ("facts.toml", "date = 2026-11-01", 'date = "ayer"', ":7: ", "must be a date"),
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
    folders.replace(QUIZ, 'reason = "No alcanza."', 'reason = ""')
    folders.replace(COURSE, 'title = "Ropa"', "")
    assert len(found(folders)) == 3


def test_a_lesson_ends_with_a_question_unless_it_is_optional(folders):
    _, head, body = (folders.root / LESSON).read_text().split("+++\n")
    head = head[: head.index("[check]")]
    folders.write(LESSON, f"+++\n{head}+++\n{body}")
    assert found(folders) == [f"{LESSON}:1: The lesson has no question at its end: write a [check]."]
    folders.write(LESSON, f"+++\n{head}optional = true\n+++\n{body}")
    assert found(folders) == []


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


def ask(folders, question):
    """A quiz that asks this; its head of the question stands on line 7."""
    folders.replace(QUIZ, QUESTION, f'[[questions]]\nprompt = "¿Cuántas?"\n{question}')


QUESTION = """[[questions]]
prompt = "¿Cuántas fotos?"
[[questions.options]]
text = "Tres"
right = true
reason = "Frente, lado y detalle."
[[questions.options]]
text = "Una"
reason = "No alcanza."
"""
MISTAKE = "[[questions.mistakes]]\n"
REASONS = 'if_right = "Sí."\nif_wrong = "No."\n'
NUMBER = f'kind = "number"\nvalue = 3\ntolerance = 0\nunit = "fotos"\n{REASONS}'
ORDER = f'kind = "order"\nitems = ["Limpia", "Toma"]\n{REASONS}'
PAIR = '[[questions.pairs]]\ntext = "{}"\npartner = "{}"\n'
MATCH = f'kind = "match"\n{REASONS}{PAIR.format("a", "b")}{PAIR.format("c", "d")}'
TEXT = f'kind = "text"\naccepted = ["No sé"]\n{REASONS}'
OPTION = '[[questions.options]]\n{}right = {}\nreason = "Por eso."\n'
MULTIPLE = 'kind = "multiple"\n' + "".join(
    OPTION.format(f'text = "{name}"\n', "false" if name == "c" else "true") for name in "abc"
)
PHOTO = 'kind = "photo"\n' + "".join(
    OPTION.format(f'picture = "figures/{name}.svg"\nalt = "{name}"\n', right)
    for name, right in (("mesa", "true"), ("otra", "false"))
)


@pytest.mark.parametrize(
    "question", [NUMBER, ORDER, MATCH, TEXT, MULTIPLE, PHOTO], ids=lambda text: text[:15]
)
def test_a_question_of_every_kind_is_well_written(folders, question):
    folders.write("core/figures/otra.svg", (folders.root / "core/figures/mesa.svg").read_text())
    ask(folders, question)
    assert found(folders) == []


@pytest.mark.parametrize(
    ("question", "old", "new", "line", "message"),
    [
        (NUMBER, '"number"', '"numbr"', 9, 'There is no kind "numbr". Use one of: single'),
        (NUMBER, "tolerance = 0\n", "", 7, '"tolerance" is missing'),
        (NUMBER, 'unit = "fotos"\n', "", 7, '"unit" is missing'),
        (NUMBER, 'unit = "fotos"', 'unit = ""', 12, '"unit" is empty'),
        (NUMBER, 'if_wrong = "No."\n', "", 7, '"if_wrong" is missing'),
        (NUMBER, "tolerance = 0", "tolerance = -1", 11, "0 or more"),
        (NUMBER, REASONS, f'{REASONS}items = ["a"]\n', 15, '"items" is no key'),
        (
            NUMBER,
            REASONS,
            f'{REASONS}{MISTAKE}value = 3\nreason = "x"\n',
            15,
            "3 is answered already",
        ),
        (NUMBER, REASONS, f"{REASONS}{MISTAKE}value = 4\n", 15, '"reason" is missing'),
        (ORDER, '"Limpia", "Toma"', '"Limpia"', 10, 'Write 2 to 8 in "items"'),
        (ORDER, '"Toma"', '"¡limpia!"', 10, "stands twice"),
        (ORDER, 'if_right = "Sí."\n', "", 7, '"if_right" is missing'),
        (MATCH, PAIR.format("c", "d"), "", 12, 'Write 2 to 8 in "pairs"'),
        (MATCH, '"d"', '"b"', 12, '"b" stands twice'),
        (MATCH, 'partner = "d"\n', "", 15, '"partner" is missing'),
        (TEXT, '["No sé"]', "[]", 10, "at least one accepted"),
        (TEXT, '["No sé"]', '["No sé", "no se."]', 10, "stands twice"),
        (TEXT, '["No sé"]', '["¿?"]', 10, "needs letters or numbers"),
        (
            MULTIPLE,
            'text = "b"\nright = true',
            'text = "b"',
            7,
            "have right = true; here 1",
        ),
        (PHOTO, 'alt = "otra"\n', "", 15, '"alt" is missing'),
        (PHOTO, "figures/otra", "figures/nada", 16, "There is no picture figures/nada.svg"),
        (PHOTO, "right = true", "right = false", 7, "Exactly one option"),
    ],
)
def test_a_question_that_is_not_well_written_is_told_where_it_is(folders, question, old, new, line, message):
    folders.write("core/figures/otra.svg", (folders.root / "core/figures/mesa.svg").read_text())
    assert old in question
    ask(folders, question.replace(old, new, 1))
    told = found(folders)
    assert any(one.startswith(f"{QUIZ}:{line}: ") and message in one for one in told), told


def test_a_test_asks_for_single_choices_only(folders):
    write_tests(folders)
    head = TEST.format(form="A").split("[[questions.options]]")[0]
    folders.write("fashion/test-a.md", f"{head}{TEXT}+++\nUna.\n")
    assert found(folders) == ['fashion/test-a.md:10: A test asks with kind = "single" only.']


PARAMETER = """
[tarifa]
parameter = true
label = "Tarifa"
hint = "Pregunta."
"""


def test_a_parameter_may_stand_in_a_text_and_not_in_a_head(folders):
    folders.write("facts.toml", (folders.root / "facts.toml").read_text() + PARAMETER)
    folders.replace(LESSON, "{fact:comision}", "{fact:tarifa}")
    assert found(folders) == []
    folders.replace(LESSON, "La luz llega de lado.", "Cuesta {fact:tarifa}.")
    (problem,) = found(folders)
    assert problem.startswith(LESSON + ":7: ") and "not in the head" in problem


OWN = """+++
core = "week-01/quiz"
[[own_questions]]
prompt = "¿Planchas?"
[[own_questions.options]]
text = "Sí"
right = true
reason = "Se ve mejor."
[[own_questions.options]]
text = "No"
reason = "Se ve arrugada."
+++
"""


def test_a_course_adds_its_questions_to_the_shared_ones(folders):
    folders.write("core/week-01/quiz.md", (folders.root / QUIZ).read_text())
    folders.write(QUIZ, OWN)
    assert found(folders) == []
    prompts = [question.prompt for question in folders.read_one().week_rows[1].quiz.questions]
    assert prompts == ["¿Cuántas fotos?", "¿Qué fondo usas?", "¿Planchas?"]
    folders.replace(QUIZ, "right = true\n", "")
    assert found(folders) == [f"{QUIZ}:3: Exactly one option must have right = true; here 0 have it."]


TEST = """+++
kind = "test"
title = "Antes y después"
title_en = "Before and after"
summary_en = "What one can decide."
form = "{form}"
[[questions]]
objective = "fotos"
prompt = "¿Qué luz usas?"
[[questions.options]]
text = "La de la ventana"
right = true
reason = "Se ve la textura."
[[questions.options]]
text = "La del flash"
reason = "Aplana."
+++
Una pregunta.
"""
OBJECTIVES = '[[objectives]]\nkey = "fotos"\ntext = "Tomas fotos."\ntext_en = "You take photos."\n'


def write_tests(folders):
    for sector in ("fashion", "footwear"):
        course = folders.root / sector / "course.toml"
        course.write_text(course.read_text() + OBJECTIVES)
        for form in ("A", "B"):
            folders.write(f"{sector}/test-{form.lower()}.md", TEST.format(form=form))


def test_a_test_has_two_forms_that_ask_for_every_objective_once(folders):
    write_tests(folders)
    assert found(folders) == []
    assert [test.form for test in folders.read_one().tests] == ["A", "B"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('objective = "fotos"', 'objective = "videos"', 'no objective "videos"'),
        ('objective = "fotos"', 'objective = "videos"', "no question for: fotos"),
        ('form = "A"', 'form = "C"', "Use one of these forms"),
        ('form = "A"', 'form = "B"', "two forms"),
        ("right = true\n", "", "Exactly one option"),
    ],
)
def test_a_form_that_is_not_like_the_other_is_told(folders, old, new, message):
    write_tests(folders)
    folders.replace("fashion/test-a.md", old, new)
    assert any(message in problem for problem in found(folders)), found(folders)
