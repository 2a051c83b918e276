"""How answers of every kind are marked, whatever people type."""

from decimal import Decimal

import pytest
from hypothesis import example
from hypothesis import given as such
from hypothesis import strategies as some

from lms.curriculum.questions import (
    Asked,
    is_possible,
    mark,
    mixed,
    number_in,
    plain,
    ranks,
    shown_number,
    solution,
)

REASONS = {"if_right": "Sí.", "if_wrong": "No."}
CHOICE = [{"text": name, "right": name in "ac", "reason": f"Porque {name}."} for name in "abcd"]
MULTIPLE = Asked("multiple", "¿Cuáles?", CHOICE)
ORDER = Asked("order", "¿Orden?", [{"text": name} for name in "dcba"], REASONS)
MATCH = Asked("match", "¿Pareja?", [{"text": name, "partner": name * 2} for name in "abcd"], REASONS)
PESOS = {"value": 1250.5, "tolerance": 0.5, "unit": "$", "mistakes": [{"value": 1000, "reason": "Sin IVA."}]}
NUMBER = Asked("number", "¿Cuánto?", [], PESOS | REASONS)
TEXT = Asked(
    "text",
    "¿Qué?",
    [{"text": "Constancia de retención"}],
    {"mistakes": [{"text": "depósito", "reason": "Eso llega al banco."}], **REASONS},
)


@pytest.mark.parametrize(
    ("typed", "unit", "number"),
    [
        ("1,250.50", "$", "1250.50"),
        ("$1250.5", "$", "1250.5"),
        ("1250,5", "$", "1250.5"),
        (" $ 1,250.50 pesos ", "$", "1250.50"),
        ("1 250.50 MXN", "$", "1250.50"),
        ("1.250,50", "$", "1250.50"),
        ("1,250", "$", "1250"),
        ("1,25", "kg", "1.25"),
        ("0,250", "kg", "0.250"),
        (".5", "kg", None),
        ("4.8 kg", "kg", "4.8"),
        ("4.8kilos", "kg", "4.8"),
        ("4.8 g", "kg", None),
        ("$4.8", "kg", None),
        ("75%", "%", "75"),
        ("75 por ciento", "%", "75"),
        ("18 pieza", "piezas", "18"),
        ("−3", "$", "-3"),
        ("1,2,3", "$", None),
        ("1.2.3", "$", None),
        ("1,250.5.5", "$", None),
        ("doce", "piezas", None),
        ("", "$", None),
        ("9" * 40, "$", None),
        ("٣", "$", "3"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed, unit, number):
    assert number_in(typed, unit) == (None if number is None else Decimal(number))


@such(some.text(max_size=40), some.sampled_from(["$", "kg", "%", "piezas"]))
def test_whatever_is_typed_is_a_number_or_none(typed, unit):
    found = number_in(typed, unit)
    assert found is None or found.is_finite()
    mark(NUMBER, typed)


@such(some.decimals(0, 999_999, places=2), some.sampled_from(["{:,}", "${:,}", "{} pesos", " {} "]))
def test_every_way_to_write_an_amount_is_that_amount(amount, form):
    assert number_in(form.format(amount), "$") == amount


@such(some.floats(-99_999, 99_999).map(lambda number: round(number, 2)))
def test_what_is_shown_can_be_typed(number):
    for unit in ("$", "kg", "%"):
        assert number_in(shown_number(number, unit), unit) == Decimal(str(number))


def test_a_number_is_right_within_its_tolerance_and_a_foreseen_mistake_is_named():
    assert mark(NUMBER, "1,250").right and mark(NUMBER, "$1,251").reason == "Sí."
    assert not mark(NUMBER, "1251.01").right
    assert mark(NUMBER, "1000.40").reason == "Sin IVA." and mark(NUMBER, "7").reason == "No."


@such(some.sets(some.integers(0, 3), min_size=1).map(sorted))
def test_several_are_right_only_together_and_every_wrong_tick_has_its_reason(chosen):
    found = mark(MULTIPLE, chosen)
    assert found.right == (chosen == [0, 2]) and is_possible(MULTIPLE, chosen)
    wrong = [option for place, option in enumerate(CHOICE) if option["right"] != (place in chosen)]
    assert all(option["reason"] in found.reason for option in wrong) and found.reason


@such(some.permutations(range(4)))
def test_an_order_and_pairs_are_right_as_they_were_written(places):
    for question in (ORDER, MATCH):
        assert is_possible(question, places) and mark(question, places).right == (places == [0, 1, 2, 3])


@such(some.lists(some.integers(-1, 5), max_size=6))
def test_what_leaves_one_out_or_takes_one_twice_is_no_answer(places):
    assert is_possible(ORDER, places) == (sorted(places) == [0, 1, 2, 3])


@pytest.mark.parametrize(
    "typed", ["constancia de retencion", " CONSTANCIA  de Retención. ", "«Constancia de retención»"]
)
def test_accents_capitals_and_punctuation_of_a_text_are_forgiven(typed):
    assert mark(TEXT, typed).right


def test_a_foreseen_text_has_its_reason_and_signs_alone_are_no_answer():
    assert mark(TEXT, "¡Depósito!").reason == "Eso llega al banco." and mark(TEXT, "nada").reason == "No."
    assert not is_possible(TEXT, "¿…?") and is_possible(TEXT, "no")


@such(some.text(max_size=30))
@example("\U0001d5d4")  # a mathematical capital, which small letters do not know
def test_what_is_forgiven_once_is_forgiven_twice(typed):
    assert plain(plain(typed)) == plain(typed)


@pytest.mark.parametrize("question", [MULTIPLE, ORDER, MATCH, NUMBER, TEXT], ids=lambda one: one.kind)
def test_the_solution_is_right_and_can_be_given(question):
    assert is_possible(question, solution(question)) and mark(question, solution(question)).right


@such(some.permutations(["uno", "dos", "tres", "cuatro"]), some.text(max_size=5))
def test_what_a_page_shows_does_not_depend_on_the_places_of_the_author(texts, seed):
    names = ranks(texts)
    assert [texts[names[rank]] for rank in mixed(4, seed)] == [sorted(texts)[rank] for rank in mixed(4, seed)]
