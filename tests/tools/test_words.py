"""A kept calculation in words: the sums of the lessons, what they say, and that any numbers can be told."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.curriculum.calculators import CALCULATORS
from lms.foundation.errors import Refused
from lms.tools.sums import steps
from lms.tools.verdicts import verdict
from tests.curriculum.test_calculators import numbers_for

SHOE = {"returns": 8, "fee_percent": 14, "shipping": 66, "isr_percent": 2.5, "vat_percent": 16}
SEASON = {
    "weekly_sales": 28, "factor": 2, "season_weeks": 3, "stock": 60, "capacity": 40,
    "weeks_before": 4, "cost": 132,
}  # fmt: skip


def kept(tool: str, numbers) -> tuple:
    """Inputs and results as a sheet keeps them."""
    inputs = {name: Decimal(str(number)) for name, number in numbers.items()}
    results = CALCULATORS[tool].compute(inputs)
    return tuple({name: str(number) for name, number in values.items()} for values in (inputs, results))


@pytest.fixture
def said(app):
    """The sums and the sentence of a calculation, in Spanish."""

    def say(tool: str, **numbers) -> tuple[list[str], tuple[str, str]]:
        with app.test_request_context():
            written = kept(tool, numbers)
            return [step.sum for step in steps(tool, *written)], tuple(verdict(tool, *written))

    return say


def test_the_cost_of_a_piece(said):
    sums, sentence = said(
        "piece-cost",
        material_paid=2800, good_pieces=40, supplies=14, labour=41, fixed_month=5040, pieces_month=720,
    )  # fmt: skip
    assert sums == ["$2,800 ÷ 40 = $70", "$5,040 ÷ 720 = $7", "$70 + $14 + $41 + $7 = $132"]
    assert sentence == ("", "Una pieza buena te cuesta $132. Llévalo a tu precio mínimo.")


def test_a_sum_of_rounded_numbers_is_told_as_nearly_equal(said):
    sums, _ = said(
        "piece-cost",
        material_paid=100, good_pieces=3, supplies=0, labour=0, fixed_month=100, pieces_month=3,
    )  # fmt: skip
    assert sums == ["$100 ÷ 3 ≈ $33.33", "$100 ÷ 3 ≈ $33.33", "$33.33 + $0 + $0 + $33.33 ≈ $66.67"]


def test_a_minimum_price(said):
    sums, sentence = said("minimum-price", cost=375, **SHOE, price=640)
    assert sums[0] == "$375 + $8 + $66 = $449"
    assert sums[2].endswith("→ $641") and sums[3] == "$640 ÷ 1.16 ≈ $551.72"
    assert sums[6] == "$551.72 − $89.60 − $13.79 − $66 − $375 − $8 = −$0.67"
    assert sentence == ("warn", "A $640 pierdes $0.67 en cada pieza.")


def test_a_minimum_price_without_one_to_try(said):
    sums, sentence = said("minimum-price", cost=375, **SHOE)
    assert len(sums) == 3 and sentence == ("", "Abajo de $641 pierdes en cada pieza.")


def test_a_package(said):
    sums, sentence = said("packed-size", length=34, width=22, height=13, weight=0.95, divisor=5000)
    assert sums == ["34 × 22 × 13 ÷ 5,000 ≈ 1.94 kg", "el mayor entre 0.95 kg y 1.94 kg"]
    assert sentence[0] == "warn" and "1.94 kg" in sentence[1]


def test_ads(said):
    sums, sentence = said("ad-budget", left=44, share_percent=30, pieces=20, days=7, spent=264, sold=16)
    assert sums == ["$44 × 30% = $13.20", "$13.20 × 20 = $264", "$264 ÷ 7 ≈ $37.71", "$264 ÷ 16 = $16.50"]
    assert sentence[0] == "warn"
    _, sentence = said("ad-budget", left=44, share_percent=30, pieces=20, days=7)
    assert sentence[1] == "Gasta hasta $13.20 por vender una pieza, y hasta $37.71 al día."


def test_a_reorder_point(said):
    sums, sentence = said("reorder-point", weekly_sales=12.5, lead_weeks=2, safety_weeks=1, in_stock=50)
    assert sums == ["12.5 × (2 + 1) ≈ 37.5 → 38", "50 ÷ 12.5 = 4"]
    assert sentence == ("ok", "Tienes 50 piezas. Cuando te queden 38 piezas, haz o pide más.")


def test_a_season(said):
    sums, sentence = said("season-plan", **SEASON)
    assert sums == [
        "28 × 2 × 3 = 168",
        "168 − 60 = 108",
        "108 ÷ 40 ≈ 2.7 → 3",
        "108 × $132 = $14,256",
        "60 + 40 × 4 = 220",
    ]
    assert sentence == ("ok", "Alcanza: esperas vender 168 piezas y puedes prometer 220 piezas.")
    sums, _ = said("season-plan", **(SEASON | {"stock": 200}))
    assert sums[1] == "ninguna: tienes 200 para 168"


@pytest.mark.parametrize("tool", CALCULATORS)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_kept_can_be_told(house, tool, data):
    drawn = data.draw(numbers_for(CALCULATORS[tool]))
    numbers = {name: number for name, number in drawn.items() if number is not None}
    with house.test_request_context():
        try:
            written = kept(tool, numbers)
        except Refused:
            return
        assert all(step.label and step.sum for step in steps(tool, *written))
        assert verdict(tool, *written).text
