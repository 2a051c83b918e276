"""What the calculators are called, what each of their numbers means, and how a number of theirs reads."""

from decimal import Decimal
from typing import NamedTuple

from lms.curriculum.calculators import CALCULATORS, Unit
from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import lazy_gettext as _l
from lms.foundation.i18n import ngettext
from lms.foundation.money import format_money


class ToolWords(NamedTuple):
    """A calculator in words: its name, what it answers, and its formula."""

    name: str
    answers: str
    formula: str


TOOLS = {
    "piece-cost": ToolWords(
        _l("Cost of a piece"),
        _l("What one good piece costs you, with waste, labour and fixed costs."),
        _l("material paid ÷ good pieces + supplies + labour + fixed costs ÷ pieces of the month"),
    ),
    "minimum-price": ToolWords(
        _l("Minimum price"),
        _l("The price that pays for everything and leaves you nothing. An estimate: ask your accountant."),
        _l("(cost + returns + shipping) ÷ ((1 − income tax withheld) ÷ (1 + VAT) − fee), rounded up"),
    ),
    "packed-size": ToolWords(
        _l("Volumetric weight"),
        _l("How many kilos the carrier may charge: what it weighs or what it takes up."),
        _l("length × width × height ÷ divisor; the larger of the two weights is charged"),
    ),
    "ad-budget": ToolWords(
        _l("Cap of your ads"),
        _l("How much you may spend to sell a piece, and in a day."),
        _l("what a piece leaves × your share; × pieces expected; ÷ days"),
    ),
    "reorder-point": ToolWords(
        _l("Reorder point"),
        _l("With how many pieces left you make or order more."),
        _l("sales of a week × (weeks it takes + weeks of reserve), rounded up"),
    ),
    "season-plan": ToolWords(
        _l("Season plan"),
        _l("What you may sell, what is missing, and what you can promise."),
        _l("sales of a week × times more × weeks; minus what you have; plus what you can still make"),
    ),
}

LABELS = {
    "material_paid": _l("What you paid for the material"),
    "good_pieces": _l("Good pieces that came out of it"),
    "supplies": _l("Supplies and packing, for one piece"),
    "labour": _l("Labour, for one piece"),
    "fixed_month": _l("Fixed costs of a month"),
    "pieces_month": _l("Pieces finished in a month"),
    "material_each": _l("Material of one piece"),
    "fixed_each": _l("Fixed costs of one piece"),
    "cost": _l("Cost of one piece"),
    "returns": _l("Returns or exchanges, for one piece"),
    "fee_percent": _l("Selling fee, percent of the price"),
    "shipping": _l("Shipping that you pay"),
    "isr_percent": _l("Income tax withheld, percent"),
    "vat_percent": _l("VAT, percent"),
    "price": _l("A price you want to try"),
    "minimum_price": _l("Minimum price"),
    "net_price": _l("That price without VAT"),
    "left": _l("What one piece leaves you"),
    "margin_percent": _l("Margin"),
    "length": _l("Length, closed package"),
    "width": _l("Width, closed package"),
    "height": _l("Height, closed package"),
    "weight": _l("Weight on the scale"),
    "divisor": _l("Divisor of your carrier"),
    "volumetric": _l("Volumetric weight"),
    "charged": _l("Weight that may be charged"),
    "share_percent": _l("Share that you give to ads, percent"),
    "pieces": _l("Pieces you expect to sell"),
    "days": _l("Days of the test"),
    "spent": _l("What you spent"),
    "sold": _l("Pieces sold with the ad"),
    "cap_each": _l("Cap for one piece"),
    "budget": _l("Budget of the whole test"),
    "daily": _l("Cap for one day"),
    "cost_each": _l("What each sale cost"),
    "weekly_sales": _l("Pieces sold in a week"),
    "lead_weeks": _l("Weeks until you have more"),
    "safety_weeks": _l("Weeks of reserve"),
    "in_stock": _l("Pieces you have today"),
    "point": _l("Reorder point"),
    "weeks_left": _l("Weeks that what you have lasts"),
    "factor": _l("How many times more in the season"),
    "season_weeks": _l("Weeks of the season"),
    "stock": _l("Pieces you have"),
    "capacity": _l("Pieces you can make in a week"),
    "weeks_before": _l("Weeks until it begins"),
    "expected": _l("Expected sales"),
    "missing": _l("Pieces missing"),
    "weeks_needed": _l("Weeks of work"),
    "cash": _l("Money it takes"),
    "promise": _l("What you can promise"),
}

# Where each number is found, for somebody with the phone in one hand and the note in the other.
HINTS = {
    "material_paid": _l("Of one purchase, waste and all. It is on the note."),
    "good_pieces": _l("Only those you can sell. The faulty ones do not count."),
    "supplies": _l("Thread, buttons, label, hardware, box and bag."),
    "labour": _l("What you pay for one piece. Your own time counts too."),
    "fixed_month": _l("Rent, light, gas, internet: what you pay even without sales."),
    "pieces_month": _l("All those of the workshop, of every model."),
    "cost": _l("The calculator of the cost of a piece tells you."),
    "returns": _l("If 1 of 20 comes back and costs you $80, write 4."),
    "fee_percent": _l("It is on your screen, in the costs of the listing."),
    "shipping": _l("Your part, for one piece. Write 0 if the buyer pays it."),
    "isr_percent": _l("What the platform withholds if you gave your RFC. Ask your accountant."),
    "vat_percent": _l("The one inside your price. Ask your accountant."),
    "price": _l("With VAT, as the buyer sees it."),
    "length": _l("The longest side, measured outside, with its tape."),
    "width": _l("The side that follows, measured outside."),
    "height": _l("The shortest side: how thick the package is."),
    "weight": _l("Packed and closed. 380 g are 0.38 kg."),
    "divisor": _l("It is in the conditions of your carrier. Ask for it."),
    "left": _l("The calculator of the minimum price tells you, at your price."),
    "share_percent": _l("Of what it leaves you, how much you give to sell one more."),
    "pieces": _l("Of this product, in the days of the test."),
    "days": _l("How many days the ad runs."),
    "spent": _l("The report of the ad says it. Fill in both, or none."),
    "sold": _l("Those that the report counts for the ad."),
    "weekly_sales": _l("In an ordinary week: the average of the last four."),
    "lead_weeks": _l("From the day you order or begin until they are ready."),
    "safety_weeks": _l("In case the material is late or more is sold."),
    "in_stock": _l("Count the finished ones that nobody has ordered."),
    "factor": _l("Write 2 if you sell double. Look at last year."),
    "season_weeks": _l("From the first busy week to the last."),
    "stock": _l("Finished ones that nobody has ordered."),
    "capacity": _l("Of this product, apart from what you make for wholesale."),
    "weeks_before": _l("From today until its first day."),
}

MEASURES = {Unit.LENGTH: "cm", Unit.WEIGHT: "kg"}


def unit_of(tool: str, name: str) -> Unit:
    """The unit of an input or a result of a calculator."""
    calculator = CALCULATORS[tool]
    return {row.name: row.unit for row in calculator.inputs}.get(name) or calculator.results[name]


def shown(tool: str, name: str, value: Decimal | int | float | str) -> str:
    """A number of a calculator as people read it: $1,250, 13.2%, 1.94 kg, 36 pieces."""
    number, unit = Decimal(str(value)), unit_of(tool, name)
    plain = f"{number.normalize():,f}"
    if unit is Unit.MONEY:
        whole = number == number.to_integral_value()
        return format_money(number) if whole else f"{'−' if number < 0 else ''}${abs(number):,.2f}"
    if unit is Unit.PERCENT:
        return f"{plain}%"
    return f"{plain} {_counted(number, unit)}".strip()


def _counted(number: Decimal, unit: Unit) -> str:
    """What so many of something are called; parts of one count as many."""
    many = 1 if number == 1 else 2
    if unit is Unit.PIECES:
        return ngettext("piece", "pieces", many)
    if unit is Unit.WEEKS:
        return ngettext("week", "weeks", many)
    if unit is Unit.DAYS:
        return ngettext("day", "days", many)
    return MEASURES.get(unit, "")


def in_example(tool: str, name: str, value: Decimal | int | float) -> str:
    return _("In the example: %(number)s.", number=shown(tool, name, value))
