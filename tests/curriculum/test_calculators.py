"""The calculators: the lessons' own numbers, laws that hold for all numbers, and what has no answer."""

import math
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.curriculum import source
from lms.curriculum.calculators import CALCULATORS
from lms.curriculum.tool_words import HINTS, LABELS, TOOLS, shown
from lms.foundation.errors import Refused

COURSES = Path(__file__).parents[2] / "courses"
PRICE = {"isr_percent": Decimal("2.5"), "vat_percent": Decimal(16)}


def compute(tool: str, **numbers) -> dict:
    return CALCULATORS[tool].compute({name: Decimal(str(number)) for name, number in numbers.items()})


def worked_examples():
    return [
        pytest.param(tool, id=f"{course.slug} {lesson.slug}")
        for course in source.read_all(COURSES)
        for week in course.week_rows
        for lesson in week.lessons
        for tool in lesson.tools
    ]


@pytest.mark.parametrize("tool", worked_examples())
def test_the_worked_example_of_a_lesson_is_what_the_calculator_says(tool):
    found = compute(tool.tool, **dict(tool.example))
    assert tool.result and {name: found[name] for name, _ in tool.result} == {
        name: Decimal(str(number)) for name, number in tool.result
    }


def test_every_calculator_is_taught_in_every_course():
    for course in source.read_all(COURSES):
        taught = {tool.tool for week in course.week_rows for lesson in week.lessons for tool in lesson.tools}
        assert taught == set(CALCULATORS), course.slug


def test_every_number_has_words():
    assert set(TOOLS) == set(CALCULATORS)
    for calculator in CALCULATORS.values():
        names = {row.name for row in calculator.inputs}
        assert names | set(calculator.results) <= set(LABELS) and names <= set(HINTS)


def test_the_tax_of_the_examples_is_the_dated_figure_of_the_courses():
    for course in source.read_all(COURSES):
        withheld = next(fact.number for fact in course.facts if fact.key == "isr_retenido")
        examples = [
            dict(tool.example)
            for week in course.week_rows
            for lesson in week.lessons
            for tool in lesson.tools
            if tool.tool == "minimum-price"
        ]
        assert [example["isr_percent"] for example in examples] == [withheld], course.slug


amounts = st.decimals("1", "50000", places=2)


percents = st.decimals("0", "30", places=2)


@given(amounts, percents, percents, percents)
def test_the_minimum_price_is_the_exact_one_rounded_up(cost, fee, isr, vat):
    kept = (1 - Fraction(isr) / 100) / (1 + Fraction(vat) / 100) - Fraction(fee) / 100
    found = compute(
        "minimum-price",
        cost=cost, returns=0, shipping=0, fee_percent=fee, isr_percent=isr, vat_percent=vat, price=cost,
    )  # fmt: skip
    assert found["minimum_price"] == math.ceil(Fraction(cost) / kept)
    # At the exact price nothing is left, so what is left at another grows with its distance.
    left = (Fraction(cost) - Fraction(cost) / kept) * kept
    assert abs(Fraction(found["left"]) - left) <= Fraction(1, 200)


def numbers_for(calculator):
    """Numbers as the form lets them through, the smallest and the largest among them."""
    drawn = {}
    for row in calculator.inputs:
        least = Decimal("0.0001") if row.positive else Decimal(0)
        number = st.one_of(st.sampled_from([least, row.most]), st.decimals(least, row.most, places=4))
        drawn[row.name] = st.one_of(st.none(), number) if row.optional else number
    return st.fixed_dictionaries(drawn)


@pytest.mark.parametrize("calculator", CALCULATORS.values(), ids=CALCULATORS)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_can_be_typed_has_an_answer_or_is_refused(house, calculator, data):
    drawn = data.draw(numbers_for(calculator))
    numbers = {name: number for name, number in drawn.items() if number is not None}
    with house.test_request_context():
        try:
            found = calculator.compute(numbers)
        except Refused as refusal:
            assert str(refusal)
        else:
            assert found and all(number.is_finite() for number in found.values())
            assert all(shown(calculator.key, name, number) for name, number in found.items())


def test_the_largest_package_is_calculated_too():
    largest = dict.fromkeys(("length", "width", "height"), 9_999)
    assert compute("packed-size", **largest, weight=1, divisor="0.0001")["charged"] > 1


@given(amounts, amounts, st.decimals("0", "40", places=1))
def test_the_minimum_price_is_the_first_whole_peso_that_loses_nothing(cost, shipping, fee):
    numbers = PRICE | {"cost": cost, "returns": Decimal(0), "shipping": shipping, "fee_percent": fee}
    price = CALCULATORS["minimum-price"].compute(numbers)["minimum_price"]
    at, below = (
        CALCULATORS["minimum-price"].compute(numbers | {"price": tried})["left"]
        for tried in (price, price - 1)
    )
    assert at >= 0 > below or (at >= 0 and below == 0 and below < at)


@given(*[st.decimals("1", "300", places=1)] * 3, st.decimals("0.1", "200", places=2))
def test_what_is_charged_is_never_less_than_either_weight(length, width, height, weight):
    found = compute("packed-size", length=length, width=width, height=height, weight=weight, divisor=5000)
    assert found["charged"] >= found["volumetric"] and found["charged"] >= weight.quantize(Decimal("0.01"))


@given(*[st.integers(1, 400)] * 2, st.integers(0, 8))
def test_who_sells_more_or_waits_longer_orders_sooner(sales, weeks, reserve):
    point = compute("reorder-point", weekly_sales=sales, lead_weeks=weeks, safety_weeks=reserve)["point"]
    more = compute("reorder-point", weekly_sales=sales + 1, lead_weeks=weeks, safety_weeks=reserve)["point"]
    later = compute("reorder-point", weekly_sales=sales, lead_weeks=weeks + 1, safety_weeks=reserve)["point"]
    assert point < more and point < later


@given(st.integers(1, 500), st.integers(0, 900), st.integers(1, 90), st.integers(0, 20))
def test_a_season_never_misses_less_than_nothing(sales, stock, capacity, weeks):
    found = compute(
        "season-plan",
        weekly_sales=sales, factor=2, season_weeks=3, stock=stock,
        capacity=capacity, weeks_before=weeks, cost=10,
    )  # fmt: skip
    assert found["missing"] >= 0 and found["expected"] - stock <= found["missing"]
    assert found["promise"] == stock + capacity * weeks


@pytest.mark.parametrize(
    ("tool", "numbers"),
    [
        ("minimum-price", {**PRICE, "cost": 1, "returns": 0, "shipping": 1, "fee_percent": 85}),
        ("ad-budget", {"left": 10, "share_percent": 30, "pieces": 5, "days": 7, "spent": 100, "sold": 0}),
        ("reorder-point", {"weekly_sales": 0, "lead_weeks": 2, "safety_weeks": 1}),
        ("reorder-point", {"weekly_sales": 5, "lead_weeks": 2}),
        ("reorder-point", {"weekly_sales": 5, "lead_weeks": 2, "safety_weeks": 1, "moon": 3}),
        ("packed-size", {"length": "NaN", "width": 1, "height": 1, "weight": 1, "divisor": 1}),
        ("piece-cost", {"material_paid": "1e30", "good_pieces": 1, "supplies": 0, "labour": 0,
                        "fixed_month": 0, "pieces_month": 1}),
    ],
)  # fmt: skip
def test_what_has_no_answer_is_refused_in_words(app, tool, numbers):
    with app.test_request_context(), pytest.raises(Refused):
        compute(tool, **numbers)


def test_a_result_whose_numbers_were_not_given_is_left_out():
    found = compute("reorder-point", weekly_sales=12, lead_weeks=2, safety_weeks=1)
    assert found == {"point": 36}


@pytest.mark.parametrize(
    ("tool", "name", "number", "words"),
    [
        ("minimum-price", "minimum_price", "1250", "$1,250"),
        ("minimum-price", "left", "-3.5", "−$3.50"),
        ("minimum-price", "margin_percent", "16.1", "16.1%"),
        ("packed-size", "charged", "1.940", "1.94 kg"),
        ("reorder-point", "point", "36", "36 piezas"),
        ("reorder-point", "point", "1", "1 pieza"),
        ("reorder-point", "weeks_left", "1.0", "1 semana"),
        ("reorder-point", "weeks_left", "0.5", "0.5 semanas"),
        ("ad-budget", "days", "7", "7 días"),
        ("packed-size", "divisor", "5000", "5,000"),
    ],
)
def test_numbers_read_as_people_write_them(app, tool, name, number, words):
    with app.test_request_context():
        assert shown(tool, name, number) == words
