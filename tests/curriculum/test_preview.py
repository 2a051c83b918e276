"""What an author sees while writing: the text as readers will see it, and what is wrong beside it."""

import pytest

from lms.curriculum import preview

LESSON = "core/week-01/fotos.md"
PAGE = "/fashion/week-01/fotos"


@pytest.fixture
def author(app, folders):
    made = preview.make_app(folders.root, build=app.config["BUILD_DIR"], site_name="Pespunte")
    made.testing = True
    return made.test_client()


def text(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_a_lesson_stands_as_its_readers_will_see_it(author):
    page = text(author, PAGE)
    assert "El banco cobra 15 % por venta." in page
    assert "Plancha la blusa." in page and "Limpia la suela." not in page
    assert "¿De dónde viene la luz?" in page and "Sin problemas" in page
    assert 'href="/fashion/week-01/brief"' in page


def test_every_page_of_the_courses_opens(author):
    for address in ("/", "/fashion/", "/footwear/", PAGE, "/fashion/week-01/quiz", "/fashion/week-01/brief"):
        assert text(author, address)


def test_a_picture_is_shown_and_may_run_nothing(author, folders):
    drawing = folders.read_one().figures[0]
    answer = author.get(f"/curriculum/figures/{drawing.sha256}.svg")
    assert answer.data == drawing.content and "sandbox" in answer.headers["Content-Security-Policy"]
    assert author.get(f"/curriculum/figures/{drawing.sha256}.png").status_code == 404


def test_problems_stand_beside_the_page_in_the_language_of_the_author(author, folders):
    folders.replace(LESSON, "minutes = 8", "minutes = 80")
    page = text(author, PAGE)
    assert "Problemas: 1" in page and "Una lección dura de 1 a 10 minutos" in page
    assert f"{(folders.root / LESSON).as_posix()}:6" in page
    assert "Problemas: 1" in text(author, "/fashion/") and "Problemas: 1" in text(author, "/")


def test_what_is_wrong_in_one_course_is_not_told_of_the_other(author, folders):
    folders.replace("footwear/week-01/quiz.md", "ask = 1", "ask = 9")
    assert "Sin problemas" in text(author, "/fashion/")
    assert "Sin problemas" not in text(author, "/footwear/")


def test_an_element_that_no_page_shows_is_a_problem(author, folders):
    folders.replace(LESSON, "El banco cobra", "Un título\n===\n\nEl banco cobra")
    assert "Ninguna página muestra &lt;h1&gt;" in text(author, PAGE)


def test_a_text_that_cannot_be_read_says_why_and_comes_back(author, folders):
    folders.replace(LESSON, "minutes = 8", "minutes = ocho")
    assert "Este encabezado no es TOML válido" in text(author, PAGE, 404)
    folders.replace(LESSON, "minutes = ocho", "minutes = 8")
    assert "El banco cobra" in text(author, PAGE)


def test_a_course_whose_head_cannot_be_read_hides_no_other(author, folders):
    folders.replace("footwear/course.toml", "hours = 64", "hours = ")
    assert "Este encabezado no es TOML válido" in text(author, "/footwear/")
    assert "Fotos con luz" in text(author, "/fashion/")


def test_the_stamp_changes_with_every_file_that_is_read(author, folders):
    seen = {text(author, "/stamp")}
    for name in (LESSON, "facts.toml", "fashion/course.toml", "core/figures/mesa.svg"):
        folders.replace(name, "a", "aa")
        seen.add(text(author, "/stamp"))
    assert len(seen) == 5


def test_one_course_folder_is_shown_with_the_texts_it_shares(app, folders):
    made = preview.make_app(folders.root / "fashion", build=app.config["BUILD_DIR"], site_name="Pespunte")
    author = made.test_client()
    assert author.get("/").headers["Location"] == "/fashion/"
    before = text(author, "/stamp")
    folders.replace(LESSON, "El banco", "La plataforma")
    assert "La plataforma cobra" in text(author, PAGE) and text(author, "/stamp") != before


def test_an_empty_folder_says_how_to_begin(app, tmp_path):
    made = preview.make_app(tmp_path, build=app.config["BUILD_DIR"], site_name="Pespunte")
    assert "course.toml" in text(made.test_client(), "/")


def test_only_this_machine_is_answered_and_nothing_is_kept(author):
    assert author.get("/", headers={"Host": "otra.example.org"}).status_code == 400
    answer = author.get("/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert author.post("/").status_code == 405
