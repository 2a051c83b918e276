"""What is asked before a month is kept."""

from datetime import date
from decimal import Decimal

import pytest

from lms.sales.questions import Asks, about_month


def asked(now, before=None, already=None, missing=()):
    amounts = {"shop": None if now is None else Decimal(now)}
    last = {} if before is None else {"shop": Decimal(before)}
    return [one.asks for one in about_month(amounts, last, already or {}, missing)]


@pytest.mark.parametrize(
    ("now", "before", "asks"),
    [
        (31_200, 29_800, []),
        (298_000, 29_800, [Asks.MUCH_MORE]),
        (2_980, 29_800, [Asks.MUCH_LESS]),
        (58, 58_400, [Asks.THOUSANDS]),
        (0, 58_400, [Asks.NOTHING_NOW]),
        (None, 58_400, []),
        (500, 0, []),
        (58_400, None, []),
        (58, None, [Asks.THOUSANDS]),
    ],
)
def test_amounts_far_from_last_month_are_asked_about(now, before, asks):
    assert asked(now, before) == asks


def test_a_month_that_is_there_already_is_shown_before_it_changes():
    assert asked(500, 500, already={"shop": Decimal(400)}) == [Asks.CHANGES]
    assert asked(500, 500, already={"shop": Decimal(500)}) == []
    assert asked(500, 500, already={"shop": None}) == [Asks.CHANGES]


def test_months_without_a_report_are_named():
    assert asked(500, 500, missing=[date(2026, 9, 1)]) == [Asks.GAP]
