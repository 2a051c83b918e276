"""The calculators' pages: what is typed, what is kept, who reads it, what is refused."""

import csv
import io
from decimal import Decimal

import pytest

from lms.cohorts.models import EnrolmentState
from lms.curriculum.calculators import CALCULATORS
from lms.foundation.db import db
from lms.tools import services
from lms.tools.models import ToolSheet
from tests import build
from tests.pages import values

NUMBERS = {"tool_weekly_sales": "12", "tool_lead_weeks": "2", "tool_safety_weeks": "1", "tool_in_stock": "30"}
BUTTON = "Calcular y guardar"


def fill(visitor, address="/tools/reorder-point", name="Azul M", **changed):
    return visitor.submit(address, BUTTON, tool_title=name, **(NUMBERS | changed))


def typed_in(page) -> dict[str, list[str]]:
    return values(next(form for form in page.forms if form.find("input", name="tool_title")))


def sheets() -> list[ToolSheet]:
    return db.session.query(ToolSheet).order_by(ToolSheet.id).all()


def test_what_is_calculated_is_shown_and_kept(cast, browser):
    page = fill(browser(cast.son))
    assert page.heading == "Azul M"
    assert "36 piezas" in page.text and "2.5 semanas" in page.text
    assert "Ya estás en el punto o abajo" in page.text
    (sheet,) = sheets()
    assert (sheet.firm_id, sheet.user_id, sheet.tool) == (cast.firm.id, cast.son.id, "reorder-point")
    assert sheet.inputs["in_stock"] == "30" and sheet.results == {"point": "36", "weeks_left": "2.5"}


def test_the_same_name_again_replaces_the_numbers(cast, browser):
    fill(browser(cast.son))
    fill(browser(cast.owner), name="  Azul   M ", tool_weekly_sales="10")
    (sheet,) = sheets()
    assert sheet.results["point"] == "30" and sheet.user_id == cast.owner.id


@pytest.mark.parametrize("typed", ["1,250.50", "$1,250.50", " 1250.5 ", "1 250.50"])
def test_numbers_are_read_as_people_write_them(cast, browser, typed):
    fill(browser(cast.son), tool_in_stock=typed)
    assert Decimal(sheets()[0].inputs["in_stock"]) == Decimal("1250.5")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"tool_weekly_sales": ""}, "Escribe un número. Si no hay, escribe 0."),
        ({"tool_weekly_sales": "0"}, "Tiene que ser mayor que 0."),
        ({"tool_weekly_sales": "doce"}, "Escribe solo un número"),
        ({"tool_weekly_sales": "-4"}, "Escribe solo un número"),
        ({"tool_weekly_sales": "9" * 30}, "Este número es muy grande"),
        ({"name": "   "}, "Escribe un nombre de hasta 80 letras."),
        ({"name": "x" * 81}, "Escribe un nombre de hasta 80 letras."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(cast, browser, changed, message):
    page = fill(browser(cast.son), **changed)
    assert page.status == 422 and message in page.text and sheets() == []
    assert typed_in(page)["tool_lead_weeks"] == ["2"]


def test_numbers_without_an_answer_are_refused_in_words(cast, browser):
    numbers = {
        "tool_title": "Blusa", "tool_cost": "100", "tool_returns": "0", "tool_fee_percent": "90",
        "tool_shipping": "50", "tool_isr_percent": "2.5", "tool_vat_percent": "16",
    }  # fmt: skip
    page = browser(cast.son).submit("/tools/minimum-price", BUTTON, **numbers)
    assert page.status == 422 and "no queda nada de ningún precio" in page.text and sheets() == []


def test_changing_a_sheet_begins_with_its_numbers(cast, browser):
    fill(browser(cast.son))
    address = f"/tools/sheets/{sheets()[0].id}"
    page = browser(cast.son).get(f"{address}/edit")
    assert typed_in(page)["tool_weekly_sales"] == ["12"] and typed_in(page)["tool_title"] == ["Azul M"]
    fill(browser(cast.son), address=f"{address}/edit", tool_weekly_sales="8")
    assert [sheet.results["point"] for sheet in sheets()] == ["24"]


def test_changing_a_sheet_changes_its_name_too(cast, browser):
    fill(browser(cast.son))
    fill(browser(cast.son), address=f"/tools/sheets/{sheets()[0].id}/edit", name="Azul L")
    assert [sheet.name for sheet in sheets()] == ["Azul L"]


def test_a_name_that_is_taken_is_refused_and_nothing_is_lost(cast, browser):
    fill(browser(cast.son))
    fill(browser(cast.son), name="Roja", tool_weekly_sales="8")
    page = fill(browser(cast.son), address=f"/tools/sheets/{sheets()[0].id}/edit", name="Roja")
    assert page.status == 422 and "ya guarda otro cálculo con ese nombre" in page.text
    assert [(sheet.name, sheet.results["point"]) for sheet in sheets()] == [("Azul M", "36"), ("Roja", "24")]


def test_a_sheet_that_was_sent_twice_is_kept_once(cast, browser):
    visitor = browser(cast.son)
    page = visitor.get("/tools/reorder-point")
    sent = typed_in(page) | {name: [value] for name, value in NUMBERS.items()} | {"tool_title": ["Azul M"]}
    first = visitor.post("/tools/reorder-point", sent)
    again = visitor.post("/tools/reorder-point", sent | {"tool_weekly_sales": ["99"]})
    assert first.location == again.location and [sheet.results["point"] for sheet in sheets()] == ["36"]


def test_a_sheet_is_deleted_after_a_question(cast, browser):
    fill(browser(cast.son))
    address = f"/tools/sheets/{sheets()[0].id}/delete"
    assert "¿Borrar “Azul M”?" in browser(cast.son).get(address).text
    browser(cast.son).submit(address, "Borrarlo")
    assert sheets() == []


def test_the_list_names_what_was_kept_and_leads_back(cast, browser):
    assert "Todavía no hay nada guardado" in browser(cast.son).get("/tools/").text
    fill(browser(cast.son))
    page = browser(cast.son).get("/tools/")
    assert "Azul M" in page.text and "36 piezas" in page.text
    assert "Azul M" not in browser(cast.rival).get("/tools/").text


def test_the_list_asks_as_much_for_many_as_for_one(cast, browser, count_queries):
    visitor = browser(cast.son)
    fill(visitor)
    with count_queries() as one:
        visitor.get("/tools/")
    for number in range(12):
        fill(visitor, name=f"Clave {number}")
    with count_queries() as many:
        visitor.get("/tools/")
    assert len(one) == len(many) <= 6


def test_the_export_holds_every_number_and_no_formula(cast, browser):
    fill(browser(cast.son), name="=HYPERLINK(1)")
    answer = browser(cast.son).client.get("/tools/export.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 1 + 6 and all(row[1] == "'=HYPERLINK(1)" for row in rows[1:])


def test_staff_read_a_firms_sheets_and_change_nothing(cast, browser):
    fill(browser(cast.son))
    address = f"/tools/sheets/{sheets()[0].id}"
    page = browser(cast.trainer).get(address)
    assert page.status == 200 and "Cambiar los números" not in page.text
    assert browser(cast.trainer).get(f"{address}/edit").status == 404
    assert browser(cast.rival).get(address).status == 404
    assert "Azul M" in browser(cast.trainer).get(f"/enrolments/{cast.enrolment.id}").text


def test_staff_see_what_belongs_to_their_own_cohort(cast, browser):
    fill(browser(cast.son))
    elsewhere = build.enrol(cast.firm, cast.other_cohort)
    db.session.commit()
    page = browser(cast.other_trainer).get(f"/enrolments/{elsewhere.id}")
    assert page.status == 200 and "Azul M" not in page.text


def test_every_number_says_where_it_is_found(cast, browser):
    for tool in CALCULATORS:
        page = browser(cast.son).get(f"/tools/{tool}")
        for row in CALCULATORS[tool].inputs:
            field = page.root.find("input", name=f"tool_{row.name}")
            hint = page.root.find(id=field.attributes["aria-describedby"].split()[0])
            assert len(hint.text) > 10, row.name


def test_a_number_that_may_be_left_out_says_so(cast, browser):
    page = browser(cast.son).get("/tools/reorder-point")
    label = page.root.find("label", for_="tool_in_stock")
    assert "(si quieres)" in label.text
    fill(browser(cast.son), tool_in_stock="")
    assert sheets()[0].results == {"point": "36"}


def test_the_sum_is_spelled_out_with_the_firms_own_numbers(cast, browser):
    numbers = {
        "tool_title": "Lupita", "tool_cost": "132", "tool_returns": "4", "tool_fee_percent": "15 %",
        "tool_shipping": "$60", "tool_isr_percent": "2.5", "tool_vat_percent": "16", "tool_price": "$348",
    }  # fmt: skip
    page = browser(cast.son).submit("/tools/minimum-price", BUTTON, **numbers)
    assert "$348 ÷ 1.16 = $300" in page.text and "$300 × 2.5% = $7.50" in page.text
    assert "$196 ÷ 0.6905 ≈ $283.85 → $284" in page.text
    assert "A $348 cada pieza te deja $44.30." in page.text
    assert "estimación" in page.text and "consulta a tu contador" in page.text


def test_the_way_back_leads_to_a_lesson_or_nowhere_else(cast, browser):
    page = browser(cast.son).get("/tools/reorder-point?from=week-01/lesson-1")
    assert "/learning/items/week-01/lesson-1" in page.links
    for odd in ("//example.org", "../../sign-out", "javascript:alert(1)", "x" * 200):
        page = browser(cast.son).get("/tools/reorder-point", query_string={"from": odd})
        assert "/tools/" in page.links and not any(odd in link for link in page.links)


def test_who_waits_for_the_first_course_is_told_so(cast, browser):
    cast.enrolment.state = EnrolmentState.INVITED
    db.session.commit()
    for address in ("/tools/", "/tools/reorder-point"):
        page = browser(cast.son).get(address)
        assert page.status == 200 and "Tu empresa todavía no tiene curso" in page.text
    assert browser(cast.son).get("/tools/export.csv").status == 200


def test_a_lesson_holds_its_calculator_and_the_way_back(cast, browser):
    lesson = cast.version.week_rows[1].lessons[0]
    example = {"weekly_sales": 12, "lead_weeks": 2, "safety_weeks": 1, "in_stock": 30}
    lesson.tools = [{"tool": "reorder-point", "example": example}]
    db.session.commit()
    visitor = browser(cast.son)
    page = visitor.get(f"/lessons/{lesson.id}")
    assert "En el ejemplo: 12 piezas" in page.text
    page = fill(visitor, address=f"/lessons/{lesson.id}")
    assert page.heading == "Azul M" and f"/learning/items/{lesson.slug}" in page.links
    assert services.example_of(cast.version.id, "reorder-point") == example


def test_taxes_are_filled_in_from_the_lesson_and_the_firms_own_numbers_are_not(cast, browser):
    lesson = cast.version.week_rows[0].lessons[0]
    lesson.tools = [
        {"tool": "minimum-price", "example": {"isr_percent": 2.5, "vat_percent": 16, "cost": 132}}
    ]
    db.session.commit()
    page = browser(cast.son).get("/tools/minimum-price")
    assert typed_in(page)["tool_isr_percent"] == ["2.5"] and typed_in(page)["tool_cost"] == [""]


def test_who_has_no_firm_and_what_does_not_exist_find_nothing(cast, browser):
    assert browser(cast.son).get("/tools/moon").status == 404
    assert browser(cast.trainer).get("/tools/").status == 404
