"""The pages of sales as a firm and its staff meet them."""

import io
from datetime import date
from decimal import Decimal

import pytest
from PIL import Image
from sqlalchemy import func, select

from lms.foundation.db import db
from lms.foundation.jobs import run_due
from lms.sales import services
from lms.sales.models import Channel, Evidence, Figure, Invoice, MilestoneReached
from lms.sales.services import Report
from tests import pages
from tests.sales.invoice import RFC, cfdi, zipped

AUG, SEP = date(2026, 8, 1), date(2026, 9, 1)
SHOP = Channel.COUNTER


def picture(name="libreta.jpg", kind="JPEG"):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(buffer, kind)
    return (io.BytesIO(buffer.getvalue()), name)


def figures(cast, month=SEP) -> dict:
    return {
        channel.value: figure.gross
        for channel, figure in services.figures_of_month(cast.firm.id, month).items()
    }


def write(cast, by=None, month=SEP, **amounts):
    reports = {Channel(name): Report(Decimal(amount)) for name, amount in amounts.items()}
    services.report_month(cast.enrolment, month, reports, by=by or cast.owner)


@pytest.fixture
def rfc(cast):
    cast.firm.rfc = RFC


# A month


def test_a_month_is_looked_at_again_before_it_is_kept(cast, browser):
    at_phone = browser(cast.owner)
    page = at_phone.submit("/sales", "Revisar y enviar", amount_counter="29,800", amount_social="$12,400")
    assert page.heading == "¿Está bien así?"
    assert "$42,200" in page.text
    assert figures(cast) == {}
    done = at_phone.send(page, "/sales", "Sí, enviar")
    assert done.heading == "Todos tus meses"
    assert "$42,200" in done.text
    nothing = Decimal(0)
    sold = {"counter": 29800, "social": 12400}
    assert figures(cast) == sold | dict.fromkeys(("mercado_libre", "wholesale", "own_shop"), nothing)


def test_not_knowing_is_an_answer_and_not_zero(cast, browser):
    at_phone = browser(cast.owner)
    page = at_phone.submit("/sales", amount_counter="29800", unknown_social="y")
    assert "No sé" in page.text
    done = at_phone.send(page, "/sales", "Sí, enviar")
    assert figures(cast)["social"] is None
    assert "al menos $29,800" in done.text


def test_what_is_not_a_number_is_shown_again_with_the_example(cast, browser):
    page = browser(cast.owner).submit(
        "/sales", amount_mercado_libre="4 mil quinientos", amount_counter="29800"
    )
    assert page.status == 422
    assert page.errors == ["Mercado Libre: Escribe solo números, por ejemplo 4,500."]
    assert page.root.find("input", name="amount_mercado_libre").attributes["value"] == "4 mil quinientos"
    assert page.root.find("input", name="amount_counter").attributes["value"] == "29800"


@pytest.mark.parametrize(
    "typed",
    [{"amount_counter": ""}, {"amount_counter": "5", "unknown_counter": "y"}, {"amount_counter": "-5"}],
)
def test_a_month_without_sense_is_not_shown_for_sending(cast, browser, typed):
    page = browser(cast.owner).submit("/sales", **typed)
    assert page.status == 422
    assert page.errors


def test_odd_amounts_are_asked_about_and_can_be_corrected(cast, browser):
    write(cast, month=AUG, counter="58400")
    at_phone = browser(cast.owner)
    page = at_phone.submit("/sales", amount_counter="58")
    assert "¿Pusiste miles en lugar de pesos?" in page.text
    again = at_phone.send(page, "/sales", "Corregir")
    assert again.heading == "Tus ventas de septiembre de 2026"
    assert again.root.find("input", name="amount_counter").attributes["value"] == "58"
    assert figures(cast) == {}


def test_a_double_tap_writes_once_and_going_back_to_correct_writes_again(cast, browser):
    at_phone = browser(cast.owner)
    typed = at_phone.get("/sales")
    page = at_phone.send(typed, "/sales", amount_counter="100")
    for _tap in range(2):
        assert at_phone.send(page, "/sales", "Sí, enviar").heading == "Todos tus meses"
    corrected = at_phone.send(typed, "/sales", amount_counter="120")
    assert "decía $100" in corrected.text
    at_phone.send(corrected, "/sales", "Sí, enviar")
    assert figures(cast)["counter"] == 120


def test_a_photo_backs_the_figures_and_only_who_may_sees_it(cast, browser):
    at_phone = browser(cast.owner)
    page = at_phone.submit("/sales", amount_counter="100")
    at_phone.send(page, "/sales", "Sí, enviar", files={"file": picture()})
    evidence = db.session.scalars(select(Evidence)).one()
    for person, status in (
        (cast.son, 200), (cast.trainer, 200), (cast.mentor, 200), (cast.lead, 200), (cast.rival, 404),
        (cast.outsider, 404), (cast.other_trainer, 404), (cast.other_mentor, 404), (cast.other_lead, 404),
        (cast.admin, 404),
    ):  # fmt: skip
        assert browser(person).get(f"/evidence/{evidence.id}").status == status
        assert browser(person).get(f"/evidence/{evidence.id}/small").status == status
    answer = browser(cast.son).get(f"/evidence/{evidence.id}")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_a_file_that_is_no_photo_keeps_what_was_typed(cast, browser):
    at_phone = browser(cast.owner)
    page = at_phone.submit("/sales", amount_counter="100")
    refused = at_phone.send(page, "/sales", "Sí, enviar", files={"file": (io.BytesIO(b"<svg/>"), "x.jpg")})
    assert refused.status == 422
    assert refused.root.find("input", name="amount_counter").attributes["value"] == "100"
    at_phone.send(refused, "/sales", "Sí, enviar")
    assert figures(cast)["counter"] == 100


def test_a_checked_figure_has_no_field(cast, browser):
    write(cast, counter="29800", social="10")
    services.verify_figure(
        services.figures_of_month(cast.firm.id, SEP)[SHOP],
        seen=services.seen_mark([services.figures_of_month(cast.firm.id, SEP)[SHOP]]),
        by=cast.trainer,
    )
    page = browser(cast.owner).get("/sales?month=2026-09")
    assert page.root.find("input", name="amount_counter") is None
    assert "$29,800" in page.text


@pytest.mark.parametrize(
    ("month", "status"), [("2026-10", 409), ("2020-01", 409), ("nada", 404), ("2026-07", 200)]
)
def test_only_months_that_ended_in_the_last_year_are_written_down(cast, browser, month, status):
    assert browser(cast.owner).get(f"/sales?month={month}").status == status


def test_each_firm_sees_its_own_months(cast, browser):
    write(cast, counter="29800")
    assert "29,800" in browser(cast.son).get("/sales/history").text
    assert "29,800" not in browser(cast.rival).get("/sales/history").text
    assert browser(cast.trainer).get("/sales").status == 404
    assert browser(cast.ex_member).get("/sales").status == 404
    assert browser().get("/sales").status in (302, 303)


def test_the_history_names_missing_months_and_shows_changes(cast, browser):
    page = browser(cast.owner).get("/sales/history")
    assert "septiembre de 2026" in page.text
    write(cast, counter="29800", month=AUG)
    write(cast, counter="28000")
    write(cast, cast.son, counter="28500")
    page = browser(cast.owner).get("/sales/history")
    assert "Todavía faltan" not in page.text
    assert "$28,000 → $28,500" in page.text
    assert page.root.find("svg", role="img") is not None


# The starting point


def test_the_starting_point_is_written_place_by_place_and_frozen(cast, browser):
    at_phone = browser(cast.owner)
    path = "/sales/baseline?channel=counter"
    saved = at_phone.submit(
        path, "Guardar este lugar", **{"amount_2026-08-01": "31,200", "unknown_2026-07-01": "y"}
    )
    assert "Se conoce 1 mes de 12" in saved.text
    asked = at_phone.get("/sales/baseline/freeze")
    assert "menos de 6 meses" in asked.text
    frozen = at_phone.send(asked, "/sales/baseline/freeze", source_note="mi libreta")
    assert "Congelado el" in frozen.text
    assert "mi libreta" in frozen.text
    assert not frozen.forms or frozen.root.find("input", name="amount_2026-08-01") is None


def test_an_error_in_the_starting_point_keeps_the_rest(cast, browser):
    fields = {"amount_2026-08-01": "ocho", "amount_2026-07-01": "500"}
    page = browser(cast.owner).submit("/sales/baseline", **fields)
    assert page.status == 422
    assert page.root.find("input", name="amount_2026-07-01").attributes["value"] == "500"


# Invoices


def test_invoices_are_shown_before_they_are_added_up(cast, rfc, browser):
    at_phone = browser(cast.owner)
    content = zipped(("una.xml", cfdi()), ("pago.xml", cfdi(kind="P")), ("nota.pdf", b"%PDF-"))
    page = at_phone.submit(
        "/sales/import", channel="wholesale", files={"files": [(io.BytesIO(content), "facturas.zip")]}
    )
    assert page.heading == "Cuenta 1 factura"
    for words in (
        "una.xml",
        "Venta: suma",
        "pago.xml",
        "Es un pago",
        "nota.pdf",
        "No es un archivo XML",
        "$1,160",
    ):
        assert words in page.text
    assert "Vigencia no verificada" in page.text
    assert figures(cast) == {}
    opened = at_phone.post("/sales/import", _upload(at_phone, content))
    done = at_phone.submit(opened.location, "Sumar 1 factura")
    assert done.heading == "Ventas sumadas"
    assert figures(cast) == {"wholesale": 1160}


def _upload(browser, content: bytes, channel="wholesale", name="facturas.zip") -> dict:
    form = browser.get("/sales/import").form_with({"files"}, None)
    return {**pages.values(form), "channel": [channel], "files": [(io.BytesIO(content), name)]}


def test_the_uploaded_files_are_deleted_once_added_up(cast, rfc, browser, app):
    at_phone, root = browser(cast.owner), app.extensions["storage"].root
    before = set(root.rglob("*"))
    opened = at_phone.post("/sales/import", _upload(at_phone, cfdi(), name="a.xml"))
    kept = [path for path in set(root.rglob("*")) - before if path.is_file()]
    assert any(b"XAXX010101000" in path.read_bytes() for path in kept)
    at_phone.submit(opened.location, "Sumar 1 factura")
    run_due()
    assert not any(path.exists() and b"XAXX010101000" in path.read_bytes() for path in kept)
    assert "ya no están" in at_phone.get(opened.location).text


def test_a_ticket_is_of_use_to_nobody_else(cast, rfc, browser):
    at_phone = browser(cast.owner)
    opened = at_phone.post("/sales/import", _upload(at_phone, cfdi(), name="a.xml"))
    for person in (cast.son, cast.rival):
        assert browser(person).get(opened.location).status == 404
    assert browser(cast.owner).get(opened.location[:-3] + "abc").status == 404


def test_what_counted_once_has_no_button_the_second_time(cast, rfc, browser):
    content, at_phone = cfdi(), browser(cast.owner)
    at_phone.submit(
        at_phone.post("/sales/import", _upload(at_phone, content, name="a.xml")).location, "Sumar"
    )
    again = at_phone.get(at_phone.post("/sales/import", _upload(at_phone, content, name="a.xml")).location)
    assert "Ya se contó" in again.text
    assert not again.root.find_all("button", type="submit") or "Sumar" not in again.text
    assert db.session.scalar(select(func.count(Invoice.id))) == 1


def test_an_upload_without_files_or_with_a_bomb_is_refused_in_words(cast, rfc, browser):
    at_phone = browser(cast.owner)
    assert at_phone.submit("/sales/import", channel="wholesale").status == 422
    bomb = zipped(("a.xml", b"0" * 9_000_000))
    page = at_phone.submit(
        "/sales/import", channel="wholesale", files={"files": [(io.BytesIO(bomb), "mala.zip")]}
    )
    assert page.status == 422
    assert "mala.zip" in page.errors[0]


def test_names_of_files_are_only_text(cast, rfc, browser):
    content = zipped(("<script>alert(1)</script>.xml", b"x"))
    page = browser(cast.owner).submit(
        "/sales/import", channel="wholesale", files={"files": [(io.BytesIO(content), "z.zip")]}
    )
    assert "<script>alert" not in page.html
    assert "<script>alert(1)</script>.xml" in page.text


# Staff


def test_staff_check_a_figure_beside_its_evidence(cast, browser):
    write(cast, counter="29800")
    figure = services.figures_of_month(cast.firm.id, SEP)[SHOP]
    for person in (
        cast.rival,
        cast.owner,
        cast.other_trainer,
        cast.other_lead,
        cast.other_mentor,
        cast.admin,
    ):
        assert browser(person).get(f"/figures/{figure.id}/verify").status == 404
        assert browser(person).get(f"/enrolments/{cast.enrolment.id}/sales").status == 404
        assert browser(person).get(f"/figures/{figure.id}/unlock").status == 404
    page = browser(cast.mentor).submit(f"/figures/{figure.id}/verify", "Coincide")
    assert page.heading == "Ventas de Telas Lupita"
    assert "Revisado Mario" in page.text
    unlocked = browser(cast.trainer).submit(
        f"/figures/{figure.id}/unlock", reason="La libreta dice otra cosa"
    )
    assert "La libreta dice otra cosa" in unlocked.text
    assert not db.session.get(Figure, figure.id).is_locked


def test_an_unlock_needs_a_reason(cast, browser):
    write(cast, counter="29800")
    figure = services.figures_of_month(cast.firm.id, SEP)[SHOP]
    services.verify_figure(figure, seen=services.seen_mark([figure]), by=cast.trainer)
    assert browser(cast.trainer).submit(f"/figures/{figure.id}/unlock", reason="").status == 422
    assert db.session.get(Figure, figure.id).is_locked


def test_staff_check_a_whole_month(cast, browser):
    write(cast, counter="29800", social="5")
    page = browser(cast.trainer).submit(f"/enrolments/{cast.enrolment.id}/sales", "Dar por revisado")
    assert page.text.count("Abrir") == 2


def test_a_figure_that_changed_behind_the_page_is_not_checked(cast, browser):
    write(cast, counter="29800")
    figure = services.figures_of_month(cast.firm.id, SEP)[SHOP]
    path, at_desk = f"/figures/{figure.id}/verify", browser(cast.trainer)
    page = at_desk.get(path)
    write(cast, counter="298000")
    refused = at_desk.send(page, path)
    assert refused.status == 422
    assert "$298,000" in refused.text
    assert not db.session.get(Figure, figure.id).is_locked
    at_desk.send(refused, path)
    assert db.session.get(Figure, figure.id).is_locked


# Milestones


def test_a_firm_claims_a_milestone_and_its_mentor_checks_it(cast, browser):
    milestone = next(one for one in cast.version.milestones if one.code == "M1")
    path = f"/milestones/{milestone.id}/claim"
    assert browser(cast.owner).submit(path, evidence="x").status == 422
    page = browser(cast.owner).submit(path, evidence="Mi cuenta dice verificada")
    assert "todavía no lo revisa" in page.text
    claim = db.session.scalars(select(MilestoneReached)).one()
    check = f"/milestones/reached/{claim.id}/verify"
    for person in (cast.owner, cast.rival, cast.other_trainer, cast.other_lead, cast.admin):
        assert browser(person).get(check).status == 404
    listed = browser(cast.mentor).submit(check, "Así es")
    assert "M1" in listed.text
    assert "y revisado" in browser(cast.son).get(path).text
    assert browser(cast.outsider).get(path).status == 404
