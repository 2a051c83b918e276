"""The first use of each word of the trade in a text leads to what it means, and back."""

import re

import pytest

from lms.foundation.glossary import MOST_IN_TEXT, Word
from lms.foundation.markdown import LessonRenderer

SKU = Word("sku", "SKU", (), "La clave de cada variante.")
FEE = Word("comision", "comisión", ("comisiones",), "Lo que cobra el canal.")
FIXED = Word("gasto-fijo", "gasto fijo", (), "Lo que pagas siempre.")
SPENT = Word("gasto", "gasto", (), "Lo que sale.")


def rendered(text, *words):
    renderer = LessonRenderer({"words": "Palabras", "back": "Volver", "example": "Ejemplo"})
    html = renderer.render(text, None, words)
    assert renderer.dropped == []
    return html.replace(' rel="noopener"', "")


def linked(html):
    """The text before the meanings, its attributes in one order."""
    body = html.partition('<div class="words">')[0]
    return re.findall(r'<a (?=[^>]*class="word")[^>]*id="use-([a-z-]+)"[^>]*>([^<]*)</a>', body)


def test_the_first_use_is_a_link_to_the_meaning_and_the_meaning_leads_back():
    html = rendered("Las **Comisiones** cambian. Otra comisión no.", FEE)
    assert linked(html) == [("comision", "Comisiones")]
    assert html.count('href="#word-comision"') == 1
    meaning = html.partition('<div class="words">')[2]
    assert "<h2>Palabras</h2>" in meaning and '<li id="word-comision">' in meaning
    assert '<strong>comisión</strong>: Lo que cobra el canal. <a href="#use-comision">Volver</a>' in meaning


def test_words_in_one_sentence_are_linked_in_their_order_and_nothing_else_is_lost():
    html = rendered("Un SKU, una comisión y *otro* SKU.", FEE, SKU)
    assert linked(html) == [("sku", "SKU"), ("comision", "comisión")]
    plain = html.partition('<div class="words">')[0]
    for tag in ("a", "em"):
        plain = plain.replace(f"</{tag}>", "")
    assert plain.endswith("y <em>otro SKU.</p>")
    assert html.index('id="word-sku"') < html.index('id="word-comision"')


def test_the_longer_word_is_meant_where_both_begin():
    assert linked(rendered("El gasto fijo y el gasto.", SPENT, FIXED)) == [
        ("gasto-fijo", "gasto fijo"),
        ("gasto", "gasto"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "## La comisión",
        "[la comisión](https://example.org)",
        "`comisión`",
        "| comisión | b |\n|---|---|\n| a | b |",
        "::: example La comisión\nTexto\n:::",
        "::: more comisión\nTexto\n:::",
        "La subcomisión y las comisionistas",
        "    comisión",
    ],
)
def test_a_word_is_left_alone_where_a_link_would_be_in_the_way(text):
    html = rendered(text, FEE)
    assert linked(html) == [] and "words" not in html


def test_cells_lists_and_blocks_hold_links():
    for text in (
        "| a |\n|---|\n| comisión |",
        "- uno\n- comisión",
        "::: more x\ncomisión\n:::",
        "> comisión",
    ):
        assert linked(rendered(text, FEE)) == [("comision", "comisión")], text


def test_a_text_explains_eight_words_at_most():
    words = [Word(f"w{letter}", f"palabra{letter}", (), "x") for letter in "abcdefghij"]
    html = rendered(" ".join(word.term for word in words), *words)
    assert html.count("<li ") == MOST_IN_TEXT


def test_one_text_leaves_nothing_to_the_next():
    renderer = LessonRenderer({})
    assert 'class="word"' in renderer.render("comisión", None, [FEE])
    assert renderer.render("comisión") == "<p>comisión</p>"
    assert renderer.render("comisión", None, [FEE]).count('id="word-comision"') == 1


def test_a_meaning_is_text_and_never_markup():
    word = Word("x", "equis", (), "<img src=x onerror=alert(1)> y **nada**")
    assert "&lt;img src=x" in rendered("equis", word)
