"""What an invented firm calculated: the calculators of the lessons it has lived, with numbers of its own."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from lms.curriculum.calculators import CALCULATORS, Input, Unit
from lms.ops.demo_names import PRODUCTS
from lms.ops.demo_work import weeks_with_work
from lms.tools.models import ToolSheet

SHARE = 0.5
THURSDAY = 3
# By how much a firm's own pesos differ from the lesson's.
NEAR = (Decimal("0.9"), Decimal("0.95"), Decimal("1.05"), Decimal("1.1"))


def add_sheets(world: Any, case: Any) -> None:
    """Some firms keep what they calculate; the two that people try always do.

    It draws from a chance of its own, so that everything else invented stays what it was.
    """
    chance = Random(f"sheets of {case.enrolment_id}")
    if not case.is_tried and chance.random() > SHARE * case.diligence:
        return
    product = chance.choice(PRODUCTS[case.plan.sector])
    for week in weeks_with_work(case):
        day = case.starts_on + timedelta(days=7 * (week.number - 1) + THURSDAY)
        at = min(datetime.combine(day, time(chance.randint(15, 22), tzinfo=UTC)), world.days_ago(0.1))
        for row in (row for lesson in week.lessons for row in lesson.tools):
            inputs = {
                one.name: _own(chance, one, row["example"][one.name])
                for one in CALCULATORS[row["tool"]].inputs
                if one.name in row["example"]
            }
            results = CALCULATORS[row["tool"]].compute(inputs)
            world.rows.add(
                ToolSheet,
                **case.common,
                user_id=chance.choice(case.people),
                tool=row["tool"],
                name=product,
                inputs={name: str(number) for name, number in inputs.items()},
                results={name: str(number) for name, number in results.items()},
                created_at=at,
                updated_at=at,
            )


def _own(chance: Random, wanted: Input, example: float) -> Decimal:
    number = Decimal(str(example))
    return round(number * chance.choice(NEAR), 0) if wanted.unit is Unit.MONEY and number >= 20 else number
