"""Milestones that figures prove."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from lms.sales.milestones import Proof, Record, Sold, proven

SEP, OCT, NOV, DEC = (date(2026, month, 1) for month in (9, 10, 11, 12))


def definition(proof, orders=None, months_after=None):
    return SimpleNamespace(proof=proof, orders=orders, months_after=months_after)


def record(*sold, **known):
    return Record(start=SEP, end=date(2027, 1, 1), sold=sold, **known)


def sold(month, gross=None, orders=None, digital=True):
    amount = None if gross is None else Decimal(gross)
    return Sold(month=month, is_digital=digital, gross=amount, orders=orders)


def test_a_frozen_baseline_with_a_known_month_proves_itself():
    assert proven(definition("baseline"), record()) is None
    assert proven(definition("baseline"), record(baseline_months=7)) == Proof(None, 7)


def test_the_first_sale_is_the_first_digital_one_since_the_start():
    figures = [
        sold(NOV, 50),
        sold(OCT, 800),
        sold(SEP, 0),
        sold(SEP, 9000, digital=False),
        sold(date(2026, 8, 1), 70),
    ]
    assert proven(definition("first_sale"), record(*figures)) == Proof(OCT, Decimal(800))


@pytest.mark.parametrize("figures", [[], [sold(OCT)], [sold(OCT, 0)], [sold(OCT, 900, digital=False)]])
def test_without_a_digital_sale_nothing_is_proven(figures):
    assert proven(definition("first_sale"), record(*figures)) is None


def test_orders_add_up_over_months_and_channels():
    figures = [
        sold(SEP, 10, orders=4),
        sold(OCT, 10, orders=5),
        sold(OCT, 10, orders=0),
        sold(NOV, 10, orders=1),
    ]
    assert proven(definition("orders", orders=10), record(*figures)) == Proof(NOV, 10)
    assert proven(definition("orders", orders=11), record(*figures)) is None


def test_the_follow_up_needs_every_month_after_the_end():
    after = [sold(date(2027, month, 1), 100, digital=False) for month in (2, 3, 4)]
    assert proven(definition("followup", months_after=3), record(*after)) == Proof(date(2027, 4, 1), 3)
    assert proven(definition("followup", months_after=3), record(*after[:2], sold(date(2027, 4, 1)))) is None


@pytest.mark.parametrize("kind", ["claim", "graduation", "nonsense"])
def test_what_figures_cannot_prove_they_do_not(kind):
    assert proven(definition(kind), record(sold(OCT, 900, orders=90), baseline_months=12)) is None
