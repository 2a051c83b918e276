"""The calculators inside lessons: what each asks for, and its formula. Pure numbers, in exact decimals.

Taxes and fees are inputs: the lesson that shows a calculator says where its figures come from and when.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import TypeAlias

from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

Values: TypeAlias = dict[str, Decimal]

HUNDRED = Decimal(100)
# What nobody passes; multiplied with one another, they still fit the 28 digits of a decimal.
MOST = Decimal(99_999_999)
LONGEST = Decimal(9_999)
LATEST = Decimal(520)


class Unit(StrEnum):
    MONEY = "MXN"
    PERCENT = "%"
    LENGTH = "cm"
    WEIGHT = "kg"
    PIECES = "pieces"
    WEEKS = "weeks"
    DAYS = "days"
    NUMBER = "number"


# Decimal places in which a result is told: nobody pays in thousandths of a peso.
PLACES = {
    Unit.MONEY: Decimal("0.01"),
    Unit.PERCENT: Decimal("0.1"),
    Unit.LENGTH: Decimal("0.1"),
    Unit.WEIGHT: Decimal("0.01"),
    Unit.PIECES: Decimal(1),
    Unit.WEEKS: Decimal("0.1"),
    Unit.DAYS: Decimal("0.1"),
    Unit.NUMBER: Decimal("0.01"),
}


@dataclass(frozen=True)
class Input:
    """A number that a calculator asks for. It lies above zero when `positive`, else from zero on.

    `given` ones are not the firm's own (taxes, a carrier's divisor): a lesson fills them in from its example,
    and a programme that wrote its own figure for the parameter `fact` fills in that one.
    """

    name: str
    unit: Unit
    positive: bool = False
    optional: bool = False
    given: bool = False
    fact: str = ""
    most: Decimal = MOST

    def allows(self, value: Decimal) -> bool:
        if not value.is_finite():
            return False
        return (value > 0 if self.positive else value >= 0) and value <= self.most


@dataclass(frozen=True)
class Calculator:
    """`compute` takes the inputs by name and gives the results by name, in the order of `results`.

    A result whose optional inputs are missing is left out.
    """

    key: str
    inputs: tuple[Input, ...]
    results: Mapping[str, Unit]
    rule: Callable[[Values], Values] = field(repr=False)

    def compute(self, given: Mapping[str, Decimal]) -> Values:
        """Raises Refused when an input is missing, unknown or impossible, and when no answer exists."""
        values = self._checked(given)
        found = self.rule(values)
        return {
            name: found[name].quantize(PLACES[unit], rounding=ROUND_HALF_EVEN)
            for name, unit in self.results.items()
            if name in found
        }

    def _checked(self, given: Mapping[str, Decimal]) -> Values:
        known = {row.name for row in self.inputs}
        strange = sorted(given.keys() - known)
        missing = [row.name for row in self.inputs if not row.optional and row.name not in given]
        if strange or missing:
            raise Refused(_("These numbers do not fit: %(names)s.", names=", ".join([*strange, *missing])))
        for row in self.inputs:
            if row.name in given and not row.allows(given[row.name]):
                raise Refused(_("This number cannot be: %(name)s.", name=row.name))
        return dict(given)


def _piece_cost(v: Values) -> Values:
    """Material between the good pieces, fixed costs between all pieces of the month, and what each takes."""
    material, fixed = v["material_paid"] / v["good_pieces"], v["fixed_month"] / v["pieces_month"]
    return {
        "material_each": material,
        "fixed_each": fixed,
        "cost": material + v["supplies"] + v["labour"] + fixed,
    }


def _minimum_price(v: Values) -> Values:
    """The price p at which p / (1 + VAT) × (1 − income tax) − fee × p pays for cost, returns and shipping.

    The fee is a share of the price with VAT; income tax is withheld from the price without it.
    """
    to_pay = v["cost"] + v["returns"] + v["shipping"]
    vat, isr = HUNDRED + v["vat_percent"], HUNDRED - v["isr_percent"]
    # What is kept of a price, as a fraction: divided only once, so that no peso is added by rounding.
    kept, of = HUNDRED * isr - v["fee_percent"] * vat, HUNDRED * vat
    if kept <= 0:
        raise Refused(_("With these charges nothing is left of any price. Look at the fee again."))
    found = {"minimum_price": (to_pay * of / kept).to_integral_value(rounding=ROUND_CEILING)}
    if "price" in v:
        net = v["price"] * HUNDRED / vat
        left = (v["price"] * kept - to_pay * of) / of
        found |= {"net_price": net, "left": left, "margin_percent": left / net * HUNDRED}
    return found


def _packed_size(v: Values) -> Values:
    """Carriers charge the larger of two weights: what it weighs, and its volume divided by their divisor."""
    volumetric = v["length"] * v["width"] * v["height"] / v["divisor"]
    return {"volumetric": volumetric, "charged": max(v["weight"], volumetric)}


def _ad_budget(v: Values) -> Values:
    """A share of what a piece leaves may be spent to sell it; the whole test costs that much at most."""
    cap = v["left"] * v["share_percent"] / HUNDRED
    budget = cap * v["pieces"]
    found = {"cap_each": cap, "budget": budget, "daily": budget / v["days"]}
    if "spent" in v and "sold" in v:
        if v["sold"] == 0:
            raise Refused(_("Without sales there is no cost of a sale: leave both fields empty."))
        found["cost_each"] = v["spent"] / v["sold"]
    return found


def _reorder_point(v: Values) -> Values:
    """What is sold while new pieces are made, and a reserve besides."""
    point = v["weekly_sales"] * (v["lead_weeks"] + v["safety_weeks"])
    found = {"point": point.to_integral_value(rounding=ROUND_CEILING)}
    if "in_stock" in v:
        found["weeks_left"] = v["in_stock"] / v["weekly_sales"]
    return found


def _season_plan(v: Values) -> Values:
    """What a season may ask for, what is missing for it, and whether the workshop makes it in time."""
    expected = (v["weekly_sales"] * v["factor"] * v["season_weeks"]).to_integral_value(rounding=ROUND_CEILING)
    missing = max(Decimal(0), expected - v["stock"])
    return {
        "expected": expected,
        "missing": missing,
        "weeks_needed": (missing / v["capacity"]).to_integral_value(rounding=ROUND_CEILING),
        "cash": missing * v["cost"],
        "promise": v["stock"] + v["capacity"] * v["weeks_before"],
    }


def _money(name: str, **options) -> Input:
    return Input(name, Unit.MONEY, **options)


def _percent(name: str, **options) -> Input:
    return Input(name, Unit.PERCENT, most=HUNDRED, **options)


def _length(name: str) -> Input:
    return Input(name, Unit.LENGTH, positive=True, most=LONGEST)


def _weeks(name: str, **options) -> Input:
    return Input(name, Unit.WEEKS, most=LATEST, **options)


def _pieces(name: str, **options) -> Input:
    return Input(name, Unit.PIECES, **options)


CALCULATORS = {
    one.key: one
    for one in (
        Calculator(
            "piece-cost",
            (
                _money("material_paid", positive=True),
                _pieces("good_pieces", positive=True),
                _money("supplies"),
                _money("labour"),
                _money("fixed_month"),
                _pieces("pieces_month", positive=True),
            ),
            {"material_each": Unit.MONEY, "fixed_each": Unit.MONEY, "cost": Unit.MONEY},
            _piece_cost,
        ),
        Calculator(
            "minimum-price",
            (
                _money("cost", positive=True),
                _money("returns"),
                _percent("fee_percent"),
                _money("shipping"),
                _percent("isr_percent", given=True),
                _percent("vat_percent", given=True),
                _money("price", positive=True, optional=True),
            ),
            {
                "minimum_price": Unit.MONEY,
                "net_price": Unit.MONEY,
                "left": Unit.MONEY,
                "margin_percent": Unit.PERCENT,
            },
            _minimum_price,
        ),
        Calculator(
            "packed-size",
            (
                _length("length"),
                _length("width"),
                _length("height"),
                Input("weight", Unit.WEIGHT, positive=True),
                Input("divisor", Unit.NUMBER, positive=True, given=True, fact="divisor_volumetrico"),
            ),
            {"volumetric": Unit.WEIGHT, "charged": Unit.WEIGHT},
            _packed_size,
        ),
        Calculator(
            "ad-budget",
            (
                _money("left", positive=True),
                _percent("share_percent"),
                _pieces("pieces", positive=True),
                Input("days", Unit.DAYS, positive=True, most=LATEST),
                _money("spent", optional=True),
                _pieces("sold", optional=True),
            ),
            {"cap_each": Unit.MONEY, "budget": Unit.MONEY, "daily": Unit.MONEY, "cost_each": Unit.MONEY},
            _ad_budget,
        ),
        Calculator(
            "reorder-point",
            (
                _pieces("weekly_sales", positive=True),
                _weeks("lead_weeks", positive=True),
                _weeks("safety_weeks"),
                _pieces("in_stock", optional=True),
            ),
            {"point": Unit.PIECES, "weeks_left": Unit.WEEKS},
            _reorder_point,
        ),
        Calculator(
            "season-plan",
            (
                _pieces("weekly_sales", positive=True),
                Input("factor", Unit.NUMBER, positive=True, most=Decimal(50)),
                _weeks("season_weeks", positive=True),
                _pieces("stock"),
                _pieces("capacity", positive=True),
                _weeks("weeks_before"),
                _money("cost", positive=True),
            ),
            {
                "expected": Unit.PIECES,
                "missing": Unit.PIECES,
                "weeks_needed": Unit.WEEKS,
                "cash": Unit.MONEY,
                "promise": Unit.PIECES,
            },
            _season_plan,
        ),
    )
}
