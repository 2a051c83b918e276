"""What a kept calculation says to the firm, in one sentence."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from lms.curriculum.tool_words import shown
from lms.foundation.i18n import gettext as _

Values: TypeAlias = dict[str, Decimal]

# The one result that stands for a whole calculation in a list.
HEADLINES = {
    "piece-cost": "cost",
    "minimum-price": "minimum_price",
    "packed-size": "charged",
    "ad-budget": "cap_each",
    "reorder-point": "point",
    "season-plan": "promise",
}


class Verdict(NamedTuple):
    """`kind` is that of a note: "ok", "warn" or nothing."""

    kind: str
    text: str


def verdict(tool: str, inputs: Mapping[str, str], results: Mapping[str, str]) -> Verdict:
    values = {name: Decimal(str(value)) for name, value in {**inputs, **results}.items()}
    words = {name: shown(tool, name, value) for name, value in values.items()}
    return _VERDICTS[tool](values, words)


def _cost(v: Values, words: dict[str, str]) -> Verdict:
    return Verdict(
        "", _("One good piece costs you %(cost)s. Take it to your minimum price.", cost=words["cost"])
    )


def _price(v: Values, words: dict[str, str]) -> Verdict:
    if "left" not in v:
        return Verdict("", _("Below %(floor)s you lose on each piece.", floor=words["minimum_price"]))
    price = words["price"]
    if v["left"] < 0:
        lost = shown("minimum-price", "left", -v["left"])
        return Verdict("warn", _("At %(price)s you lose %(lost)s on each piece.", price=price, lost=lost))
    return Verdict("ok", _("At %(price)s each piece leaves you %(left)s.", price=price, left=words["left"]))


def _weight(v: Values, words: dict[str, str]) -> Verdict:
    charged = words["charged"]
    if v["volumetric"] > v["weight"]:
        said = _(
            "It takes up more than it weighs: count on %(charged)s. A tighter box lowers it.", charged=charged
        )
        return Verdict("warn", said)
    return Verdict("ok", _("It weighs more than it takes up: count on %(charged)s.", charged=charged))


def _ads(v: Values, words: dict[str, str]) -> Verdict:
    cap, daily = words["cap_each"], words["daily"]
    if "cost_each" not in v:
        said = _("Spend up to %(cap)s to sell a piece, and up to %(daily)s a day.", cap=cap, daily=daily)
        return Verdict("", said)
    if v["cost_each"] > v["cap_each"]:
        return Verdict(
            "warn", _("Each sale cost more than your cap: spend less, or improve the listing first.")
        )
    cost = words["cost_each"]
    return Verdict("ok", _("Each sale cost %(cost)s. Your cap is %(cap)s.", cost=cost, cap=cap))


def _reorder(v: Values, words: dict[str, str]) -> Verdict:
    point = words["point"]
    if "in_stock" not in v:
        return Verdict("", _("With %(point)s left, make or order more.", point=point))
    if v["in_stock"] <= v["point"]:
        return Verdict("warn", _("You are at the point or below it: it is time to make or order more."))
    have = words["in_stock"]
    return Verdict(
        "ok", _("You have %(have)s. With %(point)s left, make or order more.", have=have, point=point)
    )


def _season(v: Values, words: dict[str, str]) -> Verdict:
    if v["promise"] < v["expected"]:
        return Verdict("warn", _("What you expect does not fit: promise only what you can make."))
    fits = {"expected": words["expected"], "promise": words["promise"]}
    return Verdict("ok", _("It fits: you expect to sell %(expected)s and can promise %(promise)s.", **fits))


_VERDICTS: dict[str, Callable[[Values, dict[str, str]], Verdict]] = {
    "piece-cost": _cost,
    "minimum-price": _price,
    "packed-size": _weight,
    "ad-budget": _ads,
    "reorder-point": _reorder,
    "season-plan": _season,
}
