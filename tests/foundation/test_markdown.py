"""Course texts and people's own texts become safe HTML."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.foundation.markdown import LessonRenderer, render_lesson
from lms.foundation.plaintext import LONGEST_TEXT, render_text

TITLES = {"yes": "Así sí", "no": "Así no", "example": "Ejemplo", "more": "Si quieres saber más"}


@pytest.fixture
def renderer():
    return LessonRenderer(TITLES, lambda address: address.replace("item:", "/learning/items/"))


def test_a_lesson_has_headings_lists_and_bold():
    html = render_lesson("## Hola\n\nUn **paso**:\n\n- uno\n- dos")
    assert "<h2>Hola</h2>" in html and "<strong>paso</strong>" in html and html.count("<li>") == 2


@pytest.mark.parametrize("kind", ["yes", "no", "example"])
def test_a_block_becomes_a_callout_with_its_words(renderer, kind):
    html = renderer.render(f"Antes\n::: {kind}\nDentro\n:::\nDespués")
    assert f'<div class="callout callout--{kind}">' in html
    assert f'<p class="callout__title">{TITLES[kind]}</p><p>Dentro</p></div><p>Después</p>' in html


def test_a_block_may_bring_its_own_title(renderer):
    assert "<p>Ejemplo: Botas de Lupita</p>" in renderer.render(
        "::: example Botas de Lupita\nx\n:::"
    ).replace(' class="callout__title"', "")


def test_what_is_extra_opens_on_demand_and_holds_other_blocks(renderer):
    html = renderer.render("::: more\nUno\n\n::: yes\nDos\n:::\nTres\n:::\nFuera")
    assert html.startswith('<details class="more"><summary>Si quieres saber más</summary><p>Uno</p>')
    assert "<p>Tres</p></details><p>Fuera</p>" in html


def test_a_table_scrolls_by_itself_and_names_its_columns():
    html = render_lesson("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert '<div class="table-wrap" tabindex="0"><table>' in html and '<th scope="col">a</th>' in html
    assert "style" not in html


def test_links_between_items_lead_to_learning(renderer):
    assert 'href="/learning/items/week-01/brief"' in renderer.render("[ver](item:week-01/brief)")


def test_a_known_picture_stands_in_a_frame_and_an_unknown_one_is_words(renderer):
    known = {"figures/a.svg": {"src": "/curriculum/figures/1.svg", "width": "4", "height": "3"}}
    html = renderer.render('![Una bota](figures/a.svg "De lado")\n\n![Otra](http://x.example/b.png)', known)
    assert html.startswith('<figure class="frame"><img') and 'alt="Una bota"' in html
    assert "<figcaption>De lado</figcaption>" in html
    assert "<em>Otra</em>" in html and "x.example" not in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<p onclick="x()">hola</p>',
        "[x](javascript:alert(1))",
        "[x](javascript\\:alert(1))",
        "[x](//evil.example)",
        "[x](<data:text/html,hola>)",
        '<img src=x onerror="alert(1)">',
        "![x](javascript:alert(1))",
    ],
)
def test_no_course_text_can_run_anything(hostile):
    html = render_lesson(hostile)
    assert set(re.findall(r"<[^>]*>", html)) <= {"<p>", "</p>", "<em>", "</em>", '<a rel="noopener">', "</a>"}


def test_rendering_one_text_leaves_no_trace_in_the_next(renderer):
    known = {"figures/a.svg": {"src": "/curriculum/figures/1.svg"}}
    assert "<img" in renderer.render("![a](figures/a.svg)\n\n::: yes\nx", known)
    assert renderer.render("![a](figures/a.svg)") == "<p><em>a</em></p>"


def test_people_get_paragraphs_breaks_lists_and_emphasis():
    html = render_text("Hola **Raúl**,\n_gracias_ y *adiós*\n\n- uno\n- dos\n\n3. tres\n4. cuatro")
    assert "<p>Hola <strong>Raúl</strong>,<br>\n<em>gracias</em> y <em>adiós</em></p>" in html
    assert "<ul><li>uno</li><li>dos</li></ul>" in html
    assert '<ol start="3"><li>tres</li><li>cuatro</li></ol>' in html


def test_people_get_web_links_and_no_others():
    html = render_text(
        "[mi tienda](https://a.example/x) y https://b.example/y?a=1&b=2. [no](javascript:alert(1))"
    )
    assert '<a href="https://a.example/x" rel="nofollow noopener ugc">mi tienda</a>' in html
    assert '<a href="https://b.example/y?a=1&amp;b=2" rel="nofollow noopener ugc">' in html
    assert html.count("<a ") == 2 and "</a>. [no]" in html


def test_file_names_and_sums_stay_as_written():
    assert render_text("foto_de_frente_1.jpg y 2 * 3 * 4") == "<p>foto_de_frente_1.jpg y 2 * 3 * 4</p>"


def test_html_of_people_is_shown_as_they_typed_it():
    assert (
        render_text('<b onclick="x">a & b</b>') == "<p>&lt;b onclick=&#34;x&#34;&gt;a &amp; b&lt;/b&gt;</p>"
    )


@given(st.text(alphabet=st.sampled_from("<>&\"'*_[]()`\n -1.ahtps:/\x00\u202e"), max_size=300))
def test_no_text_of_people_makes_a_tag_of_its_own(text):
    html = render_text(text)
    for tag in html.split("<")[1:]:
        name = tag.split(">")[0]
        assert name.strip("/") in {"p", "br", "ul", "ol", "li", "strong", "em", "a"} or (
            name.startswith(('ol start="', 'a href="http')) and name.count('"') in (2, 4)
        )


@pytest.mark.parametrize(
    "part",
    [
        "[",
        "[a](",
        "*a **a ",
        "_a ",
        "**a *a ",
        "http://a.",
        "- ",
        "1. ",
        "![](",
        "`a``b",
        " ",
        "\r\n",
        "<",
        "é",
    ],
)
def test_no_text_takes_longer_than_it_is_long(part):
    text = part * (200_000 // len(part))
    began = time.process_time()
    html = render_text(text)
    assert time.process_time() - began < 1.5
    assert len(html) < 40 * LONGEST_TEXT


def test_a_text_without_end_is_cut_with_a_sign():
    assert render_text("a" * (LONGEST_TEXT + 1)).endswith("a…</p>")
