"""The consumer price index, month by month, as leads and administrators write it down."""

from datetime import date
from decimal import Decimal

import pytest

from lms.foundation.db import db
from lms.reports.models import PriceIndex

GOOD = {"month": "2026-08", "value": "145.321", "source": "INEGI, 9 de septiembre", "read_on": "2026-10-01"}


@pytest.mark.parametrize("who", ["lead", "admin"])
def test_a_month_is_written_and_shown(cast, browser, who):
    person = getattr(cast, who)
    assert "Todavía no hay ningún mes anotado" in browser(person).get("/prices").text
    page = browser(person).submit("/prices/write", **GOOD)
    assert "Guardado." in page.text
    assert "agosto de 2026" in page.text and "145.321" in page.text and "INEGI" in page.text
    (row,) = db.session.query(PriceIndex)
    assert (row.month, row.value, row.written_by_id) == (date(2026, 8, 1), Decimal("145.321"), person.id)


def test_a_month_written_again_is_corrected(cast, browser):
    browser(cast.lead).submit("/prices/write", **GOOD)
    assert "145.321" in browser(cast.admin).get("/prices/write?month=2026-08").html
    browser(cast.admin).submit("/prices/write?month=2026-08", **{**GOOD, "value": "145.5"})
    (row,) = db.session.query(PriceIndex)
    assert row.value == Decimal("145.500")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("month", "agosto", "Escribe el mes como año y mes"),
        ("month", "2026-13", "Escribe el mes como año y mes"),
        ("month", "", "Escribe el mes"),
        ("value", "ciento", "Escribe solo un número"),
        ("value", "-3", "Escribe solo un número"),
        ("value", "NaN", "Escribe solo un número"),
        ("value", "1e99999", "Escribe solo un número"),
        ("value", "145.3219", "Escribe solo un número"),
        ("source", "", "Escribe dónde se leyó"),
        ("read_on", "ayer", "fecha"),
        ("read_on", "2027-01-01", "no puede ser futura"),
        ("month", "2026-10", "se conoce hasta que termina"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(cast, browser, field, typed, said):
    page = browser(cast.lead).submit("/prices/write", **{**GOOD, field: typed})
    assert page.status == 422
    assert said in page.text
    assert "INEGI" in page.html or field == "source"
    assert db.session.query(PriceIndex).count() == 0


@pytest.mark.parametrize("who", ["owner", "trainer", "mentor"])
def test_others_do_not_write_prices(cast, browser, who):
    assert browser(getattr(cast, who)).get("/prices").status == 404


def test_a_strange_month_in_the_address_is_an_empty_form(cast, browser):
    assert browser(cast.lead).get("/prices/write?month=zzz").status == 200
