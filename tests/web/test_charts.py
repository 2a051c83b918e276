"""Charts are well-formed, fluid, readable without seeing them, and draw one mark per thing."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest

from lms.web import charts, interval_charts
from lms.web.standalone import spoken, standing_alone

NASTY = 'Botas "Ñ" <script>&'


def parse(markup):
    """The chart as a tree; fails when it is not well-formed."""
    return ElementTree.fromstring(str(markup))


def marks(markup, tag, kind=""):
    return [one for one in parse(markup).iter(tag) if kind in one.get("class", "").split() or not kind]


ALL = [
    charts.line_by_month([("a", 100), ("b", None), (NASTY, Decimal("250.50"))], [90, 80, None], title=NASTY),
    charts.line_by_month([], title=NASTY),
    charts.slope([(NASTY, 100, 120), ("B", 0, 0)], title=NASTY, labelled=[NASTY, "B"]),
    charts.slope([], title=NASTY),
    charts.dots([0.5, 1.0, 1.31, 3.7], title=NASTY),
    charts.dots([], title=NASTY),
    charts.bars([(NASTY, 3, NASTY), ("B", None)], title=NASTY),
    charts.bars([], title=NASTY),
]


@pytest.mark.parametrize("chart", ALL)
def test_a_chart_is_well_formed_fluid_and_has_a_title_that_names_it(chart):
    tree = parse(chart)
    title = tree.find("title")
    assert tree.get("width") == "100%" and tree.get("viewBox") is None
    assert tree.get("role") == "img" and tree.get("aria-labelledby") == title.get("id")
    assert title.text == NASTY


@pytest.mark.parametrize("chart", ALL)
def test_a_chart_needs_nothing_that_the_content_policy_forbids(chart):
    for element in parse(chart).iter():
        assert "style" not in element.attrib and element.tag not in {"script", "style"}
        assert not any(name.startswith("on") for name in element.attrib)


@pytest.mark.parametrize("chart", ALL)
def test_every_place_lies_within_the_picture(chart):
    height = float(parse(chart).get("height"))
    for element in parse(chart).iter():
        for name in ("x", "x1", "x2", "cx"):
            if name in element.attrib:
                assert 0 <= float(element.get(name).rstrip("%")) <= 100
        for name in ("y", "y1", "y2", "cy"):
            if name in element.attrib:
                assert 0 <= float(element.get(name)) <= height


def test_a_month_without_figure_breaks_the_line_and_is_not_drawn_as_zero():
    chart = charts.line_by_month([("a", 10), ("b", 20), ("c", None), ("d", 30), ("e", 20)], title="t")
    assert len(marks(chart, "line", "c-l")) == 2
    assert len(marks(chart, "circle", "f-a")) == 4


def test_the_year_before_is_a_line_of_its_own():
    chart = charts.line_by_month([("a", 10), ("b", 20), ("c", 30)], [5, 6, 7], title="t")
    assert len(marks(chart, "line", "c-p")) == 2


def test_the_newest_month_always_has_its_name_and_not_all_of_twelve_do():
    chart = charts.line_by_month([(f"m{at}", at) for at in range(12)], title="t")
    names = [text.text for text in marks(chart, "text") if text.text.startswith("m")]
    assert names[-1] == "m11" and len(names) <= 6


def test_each_firm_is_one_line_and_a_fall_is_dashed():
    chart = charts.slope([("A", 100, 150), ("B", 100, 80), ("C", 50, 50)], title="t")
    assert len(marks(chart, "line", "c-u")) == 2
    assert len(marks(chart, "line", "c-d")) == 1
    assert len(marks(chart, "circle")) == 6


def test_at_most_three_firms_are_named_and_their_names_do_not_lie_on_each_other():
    pairs = [(name, 100, 101) for name in "ABCD"]
    chart = charts.slope(pairs, title="t", labelled=list("ABCD"))
    places = [float(text.get("y")) for text in marks(chart, "text") if text.text in list("ABCD")]
    assert len(places) == 3
    assert all(later - earlier >= 36 for earlier, later in zip(places, places[1:], strict=False))


def test_each_firm_is_one_dot_and_says_how_many_fell_and_rose():
    chart = charts.dots([0.9, 0.92, 1.0, 1.2, 1.21, 1.5], title="t")
    assert len(marks(chart, "circle", "f-d")) == 2
    assert len(marks(chart, "circle", "f-a")) == 3 and len(marks(chart, "circle", "f-m")) == 1
    words = [text.text for text in marks(chart, "text")]
    assert "← 2 fell" in words and "3 rose →" in words
    assert any("+10%" in text for text in words), "the median of the changes"


def test_what_changed_by_no_more_than_the_figures_are_good_for_neither_rose_nor_fell():
    chart = charts.dots([0.98, 0.99, 1.0, 1.01, 1.02], title="t", same=0.01)
    words = [text.text for text in marks(chart, "text")]
    assert "← 1 fell" in words and "1 rose →" in words
    assert len(marks(chart, "circle", "f-m")) == 3


def test_a_chart_outside_a_page_keeps_what_is_said_of_it_apart():
    chart = charts.dots([1.2, 0.8], title="Uno subió & otro bajó")
    assert spoken(chart) == "Uno subió & otro bajó"
    assert "<title" not in standing_alone(chart, 600)


def test_no_line_of_a_scale_runs_through_the_words_above_an_interval():
    chart = interval_charts.intervals([("Months +1 to +3", 1.2, 0.7, 1.4, "+20%")] * 2, title="t")
    words = [float(text.get("y")) for text in marks(chart, "text") if text.text.startswith("Months")]
    scale = [(float(one.get("y1")), float(one.get("y2"))) for one in marks(chart, "line", "c-g")]
    assert scale and not any(top <= y <= bottom for y in words for top, bottom in scale)


def test_a_bar_is_as_long_as_its_share_of_the_longest():
    chart = charts.bars([("A", 10, "10"), ("B", 5, "5"), ("C", None), ("D", 0, "0")], title="t")
    assert [bar.get("width") for bar in marks(chart, "rect", "f-a")] == ["100%", "50%"]
    assert "No figure" in [text.text for text in marks(chart, "text")]


def test_cells_of_tables_are_hidden_from_screen_readers_because_the_number_stands_beside():
    for cell in (charts.share_cell(1.7), charts.change_cell(10, 5, 20), charts.week_columns([0.5, 1])):
        assert parse(cell).get("aria-hidden") == "true"
    assert marks(charts.share_cell(1.7), "rect", "f-a")[0].get("width") == "100%"
    assert marks(charts.change_cell(10, 5, 20), "line", "neg")
    assert len(marks(charts.week_columns([0.5, 1]), "rect")) == 2


@pytest.mark.parametrize(
    ("value", "words"), [(0, "$0"), (800, "$800"), (50_000, "$50 thousand"), (1_500, "$1.5 thousand")]
)
def test_money_at_an_axis_is_short(value, words):
    assert charts.axis_money(value) == words
