"""Dated figures: what a programme writes, who reads it where, and what should be read again."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lms.cohorts import services
from lms.curriculum.facts import number_in, open_parameter
from lms.curriculum.models import CourseFact
from lms.foundation.clock import today
from lms.foundation.errors import Refused
from tests import build

FACT = {"unit": "", "source": "", "read_on": None, "mark": "", "review_on": None, "value": "", "hint": ""}


@pytest.fixture
def version(cast):
    """The cast's course, whose first lesson names a published fee and a divisor that nobody publishes."""
    rows = (
        {"key": "divisor_volumetrico", "label": "Divisor", "parameter": True, "hint": "Está en tu contrato."},
        {
            "key": "comision",
            "label": "Comisión",
            "value": "15%",
            "source": "Tarifas 2026",
            "mark": "S",
            "read_on": date(2026, 9, 1),
            "review_on": date(2027, 1, 1),
        },
    )
    for row in rows:
        build.add(CourseFact(version_id=cast.version.id, **(FACT | {"parameter": False} | row)))
    lesson = first_lesson(cast)
    lesson.html = f"<p>El divisor es {open_parameter('divisor_volumetrico')}.</p>"
    lesson.facts = ["comision", "divisor_volumetrico"]
    lesson.tools = [{"tool": "packed-size", "example": {"length": 30, "divisor": 5000}}]
    return cast.version


def first_lesson(cast):
    return cast.version.week_rows[0].lessons[0]


def page_of(cast) -> str:
    return f"/programmes/{cast.programme.id}/facts"


def write(browser, cast, value="5,000 cm³ por kilo", **fields):
    said = {"value": value, "source": "Contrato con la paquetería", "read_on": "2026-09-20"} | fields
    return browser(cast.lead).submit(f"{page_of(cast)}/divisor_volumetrico", **said)


def test_until_the_lead_writes_it_the_firm_is_told_to_ask(version, cast, browser):
    lesson = browser(cast.owner).get(f"/lessons/{first_lesson(cast).id}")
    assert "El divisor es <em>pregunta a tu capacitador</em>." in lesson.html
    page = browser(cast.lead).get(page_of(cast))
    assert "1 por escribir" in page.text and "Está en tu contrato." in page.text


def test_what_the_lead_writes_stands_in_the_lesson_with_its_source(version, cast, browser, stopped_clock):
    page = write(browser, cast)
    assert "0 por escribir" in page.text and "5,000 cm³ por kilo" in page.text
    lesson = browser(cast.owner).get(f"/lessons/{first_lesson(cast).id}")
    assert "El divisor es 5,000 cm³ por kilo." in lesson.text
    assert "Contrato con la paquetería" in lesson.text and "Tarifas 2026" in lesson.text


def test_the_calculator_begins_with_the_figure_of_the_programme(version, cast, browser):
    write(browser, cast, value="4,500")
    for address in (f"/lessons/{first_lesson(cast).id}", "/tools/packed-size"):
        form = browser(cast.owner).get(address)
        fields = form.form_with({"tool_divisor"}, None)
        assert fields.find("input", name="tool_divisor").attributes["value"] == "4,500"


def test_the_figure_of_one_programme_is_not_that_of_another(version, cast, browser):
    write(browser, cast)
    assert services.own_text(open_parameter("divisor_volumetrico"), cast.other_programme.id) == (
        "<em>pregunta a tu capacitador</em>"
    )


def test_who_may_read_and_who_may_write(version, cast, browser):
    for person, read, written in (
        (cast.lead, 200, 200),
        (cast.trainer, 404, 404),
        (cast.other_lead, 404, 404),
        (cast.owner, 404, 404),
    ):
        assert browser(person).get(page_of(cast)).status == read
        assert browser(person).get(f"{page_of(cast)}/divisor_volumetrico").status == written


def test_a_figure_from_a_public_source_is_not_the_leads_to_write(version, cast, browser):
    assert browser(cast.lead).get(f"{page_of(cast)}/comision").status == 404
    with pytest.raises(Refused):
        services.write_fact(cast.programme, "comision", "1%", "yo", today(), by=cast.lead)


def test_an_incomplete_figure_keeps_what_was_written(version, cast, browser):
    page = write(browser, cast, source="")
    assert page.status == 422 and "5,000 cm³ por kilo" in str(page.form_with({"value"}, None))
    ahead = write(browser, cast, read_on="2099-01-01")
    assert ahead.status == 422 and services.own_numbers(cast.programme.id, "packed-size") == {}


def test_a_figure_past_its_review_is_flagged_for_the_lead(version, cast, browser, stopped_clock):
    stopped_clock(datetime(2026, 12, 31, 18, tzinfo=UTC))
    assert "0 por volver a leer" in browser(cast.lead).get(page_of(cast)).text
    stopped_clock(datetime(2027, 1, 1, 18, tzinfo=UTC))
    page = browser(cast.lead).get(page_of(cast))
    assert "1 por volver a leer" in page.text and "Vuelve a leer la fuente" in page.text


def test_the_page_of_figures_takes_few_queries(version, cast, browser, count_queries):
    lead = browser(cast.lead)
    lead.get(page_of(cast))
    with count_queries() as queries:
        lead.get(page_of(cast))
    assert len(queries) <= 8


def test_a_number_is_found_in_what_somebody_wrote():
    assert number_in("5,000 cm³ por kilo") == Decimal(5000)
    assert number_in("entre 4500.5 y 5000") == Decimal("4500.5")
    assert number_in("depende") is None
