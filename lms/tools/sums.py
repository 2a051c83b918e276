"""A kept calculation step by step: the formula spelled out with the firm's own numbers."""

from collections.abc import Callable, Mapping
from decimal import ROUND_UP, Decimal
from math import prod
from typing import NamedTuple, TypeAlias

from lms.curriculum.calculators import PLACES, Unit
from lms.curriculum.tool_words import LABELS, MEASURES
from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import lazy_gettext as _l

Values: TypeAlias = dict[str, Decimal]
Lines: TypeAlias = list[tuple[str, str]]

ZERO = Decimal(0)
# What a sum finds on the way, beside the results that a calculator names itself.
ON_THE_WAY = {
    "to_pay": _l("What the price has to pay"),
    "kept": _l("What you keep of each peso of the price"),
    "fee": _l("Selling fee"),
    "withheld": _l("Income tax withheld"),
}


class Step(NamedTuple):
    """One line of the calculation: what it finds, and the sum with the firm's own numbers."""

    label: str
    sum: str


def steps(tool: str, inputs: Mapping[str, str], results: Mapping[str, str]) -> list[Step]:
    """The formula spelled out, as one would write it on the back of a note: $348 ÷ 1.16 = $300."""
    values = {name: Decimal(str(value)) for name, value in {**inputs, **results}.items()}
    lines = _STEPS[tool](values)
    return [Step(str(LABELS.get(name) or ON_THE_WAY[name]), words) for name, words in lines]


# How numbers are written


def _plain(number: Decimal) -> str:
    return f"{'−' if number < 0 else ''}{abs(number).normalize():,f}"


def _cents(number: Decimal) -> Decimal:
    return number.quantize(PLACES[Unit.MONEY])


def _pesos(number: Decimal) -> str:
    cents = _cents(number)
    whole = cents == cents.to_integral_value()
    return f"{'−' if cents < 0 else ''}${abs(cents):,.{0 if whole else 2}f}"


def _kilos(number: Decimal) -> str:
    return f"{_plain(number.quantize(PLACES[Unit.WEIGHT]))} {MEASURES[Unit.WEIGHT]}"


def _percent(number: Decimal) -> str:
    return f"{_plain(number)}%"


def _came_to(
    words: str,
    as_written: Decimal,
    exact: Decimal,
    unit: Unit = Unit.MONEY,
    show: Callable[[Decimal], str] = _pesos,
) -> str:
    """A sum and its result. Where the numbers as written do not give it, it is told as nearly equal."""
    result = exact.quantize(PLACES[unit])
    return f"{words} {'=' if as_written == result else '≈'} {show(result)}"


def _rounded_up(words: str, exact: Decimal, up: Decimal, show: Callable[[Decimal], str] | None = None) -> str:
    """A sum whose result is told as the next whole number."""
    show = show or _plain
    if exact == up:
        return f"{words} = {show(up)}"
    return f"{words} ≈ {show(exact.quantize(Decimal('0.01'), rounding=ROUND_UP))} → {show(up)}"


# Each calculator's sums


def _piece_cost(v: Values) -> Lines:
    material, fixed = v["material_paid"] / v["good_pieces"], v["fixed_month"] / v["pieces_month"]
    parts = (material, v["supplies"], v["labour"], fixed)
    paid, month = v["material_paid"], v["fixed_month"]
    good, made = _plain(v["good_pieces"]), _plain(v["pieces_month"])
    return [
        ("material_each", _came_to(f"{_pesos(paid)} ÷ {good}", _cents(paid) / v["good_pieces"], material)),
        ("fixed_each", _came_to(f"{_pesos(month)} ÷ {made}", _cents(month) / v["pieces_month"], fixed)),
        ("cost", _came_to(" + ".join(map(_pesos, parts)), sum(map(_cents, parts), ZERO), sum(parts, ZERO))),
    ]


def _minimum_price(v: Values) -> Lines:
    parts = (v["cost"], v["returns"], v["shipping"])
    to_pay = sum(parts, ZERO)
    vat, isr, fee = (v[name] / 100 for name in ("vat_percent", "isr_percent", "fee_percent"))
    kept = (1 - isr) / (1 + vat) - fee
    near = kept.quantize(Decimal("0.0001"))
    share = f"(1 − {_plain(isr)}) ÷ {_plain(1 + vat)} − {_plain(fee)}"
    lines: Lines = [
        ("to_pay", _came_to(" + ".join(map(_pesos, parts)), sum(map(_cents, parts), ZERO), to_pay)),
        ("kept", f"{share} {'=' if near == kept else '≈'} {_plain(near)}"),
        (
            "minimum_price",
            _rounded_up(f"{_pesos(to_pay)} ÷ {_plain(near)}", to_pay / kept, v["minimum_price"], _pesos),
        ),
    ]
    return lines + _at_price(v, vat, isr, fee) if "price" in v else lines


def _at_price(v: Values, vat: Decimal, isr: Decimal, fee: Decimal) -> Lines:
    price, net = v["price"], v["price"] / (1 + vat)
    charged, withheld = price * fee, net * isr
    parts = (net, charged, withheld, v["shipping"], v["cost"], v["returns"])
    left, as_written = 2 * net - sum(parts, ZERO), 2 * _cents(net) - sum(map(_cents, parts), ZERO)
    fee_words, tax_words = _percent(v["fee_percent"]), _percent(v["isr_percent"])
    margin = left / net * 100
    return [
        ("net_price", _came_to(f"{_pesos(price)} ÷ {_plain(1 + vat)}", _cents(price) / (1 + vat), net)),
        ("fee", _came_to(f"{_pesos(price)} × {fee_words}", _cents(price) * fee, charged)),
        ("withheld", _came_to(f"{_pesos(net)} × {tax_words}", _cents(net) * isr, withheld)),
        ("left", _came_to(" − ".join(map(_pesos, parts)), as_written, left)),
        (
            "margin_percent",
            _came_to(f"{_pesos(left)} ÷ {_pesos(net)}", margin, margin, Unit.PERCENT, _percent),
        ),
    ]


def _packed_size(v: Values) -> Lines:
    exact = v["length"] * v["width"] * v["height"] / v["divisor"]
    sides = " × ".join(_plain(v[name]) for name in ("length", "width", "height"))
    sum_ = _came_to(f"{sides} ÷ {_plain(v['divisor'])}", exact, exact, Unit.WEIGHT, _kilos)
    larger = _("the larger of %(one)s and %(other)s", one=_kilos(v["weight"]), other=_kilos(exact))
    return [("volumetric", sum_), ("charged", larger)]


def _ad_budget(v: Values) -> Lines:
    share = v["share_percent"] / 100
    cap = v["left"] * share
    budget = cap * v["pieces"]
    daily = budget / v["days"]
    lines: Lines = [
        (
            "cap_each",
            _came_to(f"{_pesos(v['left'])} × {_percent(v['share_percent'])}", _cents(v["left"]) * share, cap),
        ),
        ("budget", _came_to(f"{_pesos(cap)} × {_plain(v['pieces'])}", _cents(cap) * v["pieces"], budget)),
        ("daily", _came_to(f"{_pesos(budget)} ÷ {_plain(v['days'])}", _cents(budget) / v["days"], daily)),
    ]
    if "cost_each" in v:
        spent, sold = v["spent"], v["sold"]
        words = f"{_pesos(spent)} ÷ {_plain(sold)}"
        lines.append(("cost_each", _came_to(words, _cents(spent) / sold, spent / sold)))
    return lines


def _reorder_point(v: Values) -> Lines:
    exact = v["weekly_sales"] * (v["lead_weeks"] + v["safety_weeks"])
    weeks = f"({_plain(v['lead_weeks'])} + {_plain(v['safety_weeks'])})"
    lines: Lines = [("point", _rounded_up(f"{_plain(v['weekly_sales'])} × {weeks}", exact, v["point"]))]
    if "in_stock" in v:
        lasts = v["in_stock"] / v["weekly_sales"]
        words = f"{_plain(v['in_stock'])} ÷ {_plain(v['weekly_sales'])}"
        lines.append(("weeks_left", _came_to(words, lasts, lasts, Unit.WEEKS, _plain)))
    return lines


def _season_plan(v: Values) -> Lines:
    factors = [v[name] for name in ("weekly_sales", "factor", "season_weeks")]
    lines: Lines = [
        (
            "expected",
            _rounded_up(" × ".join(map(_plain, factors)), prod(factors, start=Decimal(1)), v["expected"]),
        )
    ]
    have, want, capacity = _plain(v["stock"]), _plain(v["expected"]), _plain(v["capacity"])
    missing = v["expected"] - v["stock"]
    if missing <= 0:
        lines.append(("missing", _("none: you have %(have)s for %(want)s", have=have, want=want)))
    else:
        weeks = _rounded_up(f"{_plain(missing)} ÷ {capacity}", missing / v["capacity"], v["weeks_needed"])
        cash = missing * _cents(v["cost"]), missing * v["cost"]
        lines += [
            ("missing", f"{want} − {have} = {_plain(missing)}"),
            ("weeks_needed", weeks),
            ("cash", _came_to(f"{_plain(missing)} × {_pesos(v['cost'])}", *cash)),
        ]
    promise = v["stock"] + v["capacity"] * v["weeks_before"]
    words = f"{have} + {capacity} × {_plain(v['weeks_before'])}"
    return [*lines, ("promise", f"{words} = {_plain(promise)}")]


_STEPS: dict[str, Callable[[Values], Lines]] = {
    "piece-cost": _piece_cost,
    "minimum-price": _minimum_price,
    "packed-size": _packed_size,
    "ad-budget": _ad_budget,
    "reorder-point": _reorder_point,
    "season-plan": _season_plan,
}
