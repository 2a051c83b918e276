"""Questions of every kind as a person meets them: what is asked, kept, refused and explained."""

import re

import pytest

from lms.curriculum.models import Question
from lms.curriculum.questions import Asked, mixed
from lms.foundation.db import db
from lms.learning.forms import question_form
from lms.learning.models import Answer, Attempt
from tests import build

REASONS = {"if_right": "Así se hace.", "if_wrong": "Revisa la cuenta."}
ITEMS = [{"text": "Limpia"}, {"text": "Acomoda"}, {"text": "Toma"}]
PAIRS = [{"text": name, "partner": name.upper()} for name in ("uno", "dos", "tres")]
PICTURES = [
    {
        "picture": {"src": f"/curriculum/figures/{n}.svg"},
        "alt": f"Mesa {n}",
        "right": n == 1,
        "reason": f"Razón {n}",
    }
    for n in range(2)
]
PESOS = {
    "value": 125,
    "tolerance": 0.5,
    "unit": "$",
    "mistakes": [{"value": 120, "reason": "Son 48."}],
}
SEVERAL = [{"text": f"Opción {n}", "right": n < 2, "reason": f"Razón {n}"} for n in range(3)]
KINDS = {
    "multiple": (SEVERAL, {}),
    "number": ([], PESOS | REASONS),
    "order": (ITEMS, REASONS),
    "match": (PAIRS, REASONS),
    "text": ([{"text": "No sé"}], {"mistakes": [], **REASONS}),
    "photo": (PICTURES, {}),
}
# By rank in the alphabet: what a page of these questions sends.
RIGHT = {
    "multiple": {"answer": ["0", "1"]},
    "number": {"answer": "$125.00 pesos"},
    "order": {"answer-0": "1", "answer-1": "0", "answer-2": "2"},
    "match": {"answer-0": "0", "answer-1": "1", "answer-2": "2"},
    "text": {"answer": " no se "},
    "photo": {"answer": "1"},
}
WRONG = {
    "multiple": {"answer": ["0", "2"]},
    "number": {"answer": "120"},
    "order": {"answer-0": "0", "answer-1": "1", "answer-2": "2"},
    "match": {"answer-0": "1", "answer-1": "0", "answer-2": "2"},
    "text": {"answer": "cero"},
    "photo": {"answer": "0"},
}
EMPTY = {
    "multiple": ({}, "Elige al menos una"),
    "number": ({"answer": "como cien"}, "Escribe solo el número en $"),
    "order": ({"answer-0": "1", "answer-1": "1", "answer-2": ""}, "Elige un lugar"),
    "match": ({"answer-0": "7", "answer-1": "1", "answer-2": "1"}, "Esto ya va con otro"),
    "text": ({"answer": " ¿? "}, "en una o pocas palabras"),
    "photo": ({"answer": "9"}, "Elige una de las respuestas"),
}
KEPT = {
    "multiple": [0, 1],
    "number": "$125.00 pesos",
    "order": [0, 1, 2],
    "match": [0, 1, 2],
    "text": "no se",
    "photo": 1,
}


@pytest.fixture
def asked(cast, browser):
    """asked(kind): the owner in front of a question of this kind; gives her, the address and the page."""

    def ask(kind, options=None):
        quiz = cast.version.week_rows[1].quiz
        terms = KINDS[kind][1]
        for question in quiz.questions:
            question.kind, question.options, question.terms = kind, options or KINDS[kind][0], terms
        member = browser(cast.owner)
        member.submit(f"/quizzes/{quiz.id}")
        attempt = db.session.query(Attempt).one()
        path = f"/attempts/{attempt.id}"
        return member, path, member.get(path)

    return ask


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_answer_is_kept_and_explained(asked, kind):
    member, path, page = asked(kind)
    page = member.send(page, path, "Ver mi respuesta", **RIGHT[kind])
    assert "¡Correcto!" in page.text and ("Razón 1" in page.text or "Así se hace." in page.text)
    answer = db.session.query(Answer).one()
    assert (answer.given, answer.right) == (KEPT[kind], True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_answer_shows_what_is_right_and_why(asked, kind):
    member, path, page = asked(kind)
    page = member.send(page, path, "Ver mi respuesta", **WRONG[kind])
    told = {"number": "Son 48.", "multiple": "Razón 2", "photo": "Razón 0"}.get(kind, "Revisa la cuenta.")
    solved = {"number": "$125", "order": "1. Limpia", "match": "uno → UNO", "text": "No sé"}.get(
        kind, "La correcta"
    )
    assert "Todavía no." in page.text and told in page.text
    assert solved in page.text or page.root.find("img", alt="Mesa 1")
    assert not db.session.query(Answer).one().right


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_answer_is_asked_for_again_and_kept_on_the_page(asked, kind):
    member, path, page = asked(kind)
    typed, complaint = EMPTY[kind]
    page = member.send(page, path, "Ver mi respuesta", **typed)
    assert page.status == 422 and any(complaint in error for error in page.errors), page.errors
    if kind in ("number", "order"):
        assert 'value="como cien"' in page.html or page.html.count("selected") == 3
    assert db.session.query(Answer).count() == 0


def flipped(kind, options):
    """The same words, with the right answer somewhere else."""
    if kind == "order":
        return options[::-1]
    if kind == "match":
        partners = [option["partner"] for option in options]
        return [
            option | {"partner": partner} for option, partner in zip(options, partners[::-1], strict=True)
        ]
    return [option | {"right": not option["right"], "reason": "Otra razón"} for option in options]


@pytest.mark.parametrize("kind", ["single", "multiple", "order", "match", "photo"])
def test_before_the_answer_the_page_is_the_same_whichever_is_right(asked, kind):
    KINDS.setdefault("single", (build.question(0).options, {}))
    member, path, page = asked(kind)
    for question in db.session.query(Question).filter_by(kind=kind):
        question.options = flipped(kind, question.options)
    again = member.get(path)
    one, other = (
        re.sub(r'name="(csrf_token|form_key)" value="[^"]*"', "", text) for text in (page.html, again.html)
    )
    assert one == other and "Razón" not in one and "Así se hace" not in one


def test_options_stand_in_another_order_for_another_attempt_and_stay_for_the_same(asked):
    orders = {tuple(mixed(3, f"attempt-{n}")) for n in range(60)}
    assert len(orders) == 6
    member, path, page = asked("order")
    assert [row.text for row in page.root.find_all("label")] == [
        row.text for row in member.get(path).root.find_all("label")
    ]


def test_several_questions_stand_on_one_page_by_their_prefixes(house):
    one, other = (Asked("single", "¿Cuál?", build.question(n).options) for n in range(2))
    sent = {"q1-answer": "2", "q2-answer": "0"}
    with house.test_request_context("/", method="POST", data=sent):
        house.config["WTF_CSRF_ENABLED"] = False
        try:
            forms = [question_form(question, "s", f"q{n}") for n, question in enumerate((one, other), 1)]
            assert [form.validate() and form.given for form in forms] == [2, 0]
        finally:
            house.config["WTF_CSRF_ENABLED"] = True


def test_the_question_of_a_lesson_may_be_of_another_kind(cast, browser):
    lesson = cast.version.week_rows[1].lessons[0]
    lesson.check = {"kind": "number", "prompt": "¿Cuánto?", "options": [], "terms": PESOS | REASONS}
    member, path = browser(cast.owner), f"/lessons/{lesson.id}"
    page = member.submit(path, "Ver mi respuesta", check_answer="120")
    assert "Todavía no." in page.text and "Son 48." in page.text
    page = member.submit(f"{path}?again=1", "Ver mi respuesta", check_answer="125")
    assert "¡Correcto!" in page.text
