"""Orders, units and online sales beside pesos: apart from them, never of a few, never from zero."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from lms.foundation.db import db
from lms.reports.volumes import MonthSold, Volumes, summarized, volumes_of
from lms.sales import months
from lms.sales.models import Channel, Figure
from tests import build
from tests.reports.past import AFTER, BEFORE, of, taught
from tests.reports.test_document import document

JANUARY = date(2025, 1, 1)
EARLIER = [months.shift(JANUARY, -n) for n in (3, 2, 1)]
LATER = [JANUARY]


def month(total=100, online=0, orders: int | None = 4, units: int | None = 8):
    return MonthSold(Decimal(total), Decimal(online), orders, units)


def firm(before, after):
    return volumes_of(dict.fromkeys(EARLIER, before) | {JANUARY: after}, EARLIER, EARLIER, LATER)


# Alone


def test_a_firm_before_and_after():
    found = firm(month(online=25), month(200, 100, 6, None))
    assert (found.before.orders, found.after.orders) == (4, 6)
    assert (found.before.units, found.after.units) == (8, None)
    assert (found.before.online_share, found.after.online_share) == (0.25, 0.5)
    assert found.began_online is None


@pytest.mark.parametrize(("online", "began"), [(0, False), (1, True)])
def test_who_sold_nothing_online_before_may_have_begun(online, began):
    assert firm(month(), month(online=online)).began_online is began


def test_one_month_that_is_not_known_makes_a_side_unknown():
    sold = {EARLIER[0]: month(), JANUARY: month(online=5)}
    found = volumes_of(sold, EARLIER, EARLIER, LATER)
    assert found.before.orders is None and found.before.online_share is None
    assert found.after.orders == 4 and found.began_online is None


def test_two_months_are_too_few_to_call_an_online_sale_the_first():
    sold = {EARLIER[0]: month(), EARLIER[1]: month(), JANUARY: month(online=5)}
    assert volumes_of(sold, EARLIER[:2], EARLIER[:2], LATER).began_online is None


# Together


def test_fewer_than_five_firms_make_no_statistic():
    found = summarized([firm(month(), month(online=9))] * 4)
    assert found["orders"]["firms"] == 4 and found["orders"]["median_ratio"] is None
    assert found["orders"]["before"] is found["units"]["after"] is found["online_share"]["change"] is None
    assert found["first_online_sale"] == {
        "without_online_sales_before": 4,
        "sold_online_after": 4,
        "rate": None,
    }


def test_a_zero_before_never_enters_a_ratio():
    nothing, some = firm(month(orders=0), month(orders=50)), firm(month(orders=4), month(orders=6))
    found = summarized([some] * 5 + [nothing] * 3)["orders"]
    assert found["firms"] == 5 and found["none_before"] == 3
    assert found["median_ratio"] == found["sum_ratio"] == 1.5 and found["after"] == 30


def test_nothing_known_is_counted_nowhere():
    found = summarized([Volumes()] * 9)
    assert found["orders"]["firms"] == found["orders"]["none_before"] == 0
    assert found["first_online_sale"]["without_online_sales_before"] == 0


# In a report


def online(enrolment, amounts, orders=None, units=None):
    owner = enrolment.firm.people[0]
    for when, amount in amounts.items():
        counts = {"gross": Decimal(amount), "orders": orders, "units": units}
        shop = {"channel": Channel.MERCADO_LIBRE, "tier": "B", "source": "ventas_mx"}
        build.add(
            Figure(**of(enrolment, owner), **shop, **counts, month=when, declared_at=enrolment.invited_at)
        )


@pytest.fixture
def sells_online(past):
    """Six firms with the counter before and the counter and a marketplace after."""
    made = [taught(past, f"Taller {n}", before=1000, after=900) for n in range(6)]
    for enrolment in made:
        for figure in db.session.query(Figure).filter_by(enrolment_id=enrolment.id):
            figure.orders, figure.units = 10, 20
        online(enrolment, dict.fromkeys(AFTER, 300), orders=5, units=10)
    db.session.commit()
    return made


def test_the_report_says_orders_units_and_online_sales(past, sells_online, cast, browser):
    found = document(past.programme)["volumes"]
    assert found["orders"]["median_ratio"] == found["units"]["median_ratio"] == 1.5
    assert found["orders"]["before"] == 60 and found["orders"]["after"] == 90
    assert found["online_share"] == {"firms": 6, "before": 0.0, "after": 0.25, "change": 0.25}
    assert found["first_online_sale"]["rate"] == 1.0
    page = browser(cast.lead).get(f"/programmes/{past.programme_id}/report").text
    assert "Pedidos: el cambio típico de 6 empresas es de +50%; juntas, de 60 a 90 al mes (+50%)." in page
    assert "0% de la venta antes y 25% después; la empresa típica se movió +25 puntos." in page
    assert "Primera venta en línea: 6 de 6 empresas que antes no vendían en línea (100%)." in page


def test_the_files_have_them_too(past, sells_online, cast, browser):
    path = f"/programmes/{past.programme_id}/report"
    rows = list(
        csv.DictReader(io.StringIO(browser(cast.lead).client.get(f"{path}/csv").text.lstrip("\ufeff")))
    )
    mine = next(row for row in rows if row["Empresa"] == "Taller 3")
    assert (mine["Pedidos antes"], mine["Pedidos después"]) == ("10.0", "15.0")
    assert (mine["En línea antes"], mine["En línea después"]) == ("0.0", "0.25")
    assert mine["Primera venta en línea"] == "1"


def test_a_channel_that_does_not_tell_its_orders_leaves_them_unknown(past, sells_online):
    for figure in db.session.query(Figure).filter_by(channel=Channel.MERCADO_LIBRE, month=AFTER[0]):
        figure.orders = None
    db.session.commit()
    found = document(past.programme)["volumes"]
    assert found["orders"]["firms"] == 0 and found["units"]["firms"] == 6


def test_months_that_no_longer_say_what_was_frozen_are_not_read(past, sells_online):
    """Whoever writes online sales into the past after it was frozen gets no other share of it."""
    for enrolment in sells_online:
        online(enrolment, dict.fromkeys(BEFORE, 500), orders=3)
    db.session.commit()
    found = document(past.programme)["volumes"]
    assert found["online_share"]["firms"] == found["orders"]["firms"] == 0
    assert found["first_online_sale"]["without_online_sales_before"] == 0
