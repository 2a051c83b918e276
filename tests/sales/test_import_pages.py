"""The pages on which a firm brings files of sales, looks them over, writes them, and takes them back."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from lms.foundation import clock
from lms.foundation.db import db
from lms.foundation.jobs import run_due
from lms.sales import services, uploads
from lms.sales.models import Channel, ColumnMapping, SalesImport, SalesUpload, UploadState
from tests import build, pages
from tests.sales.invoice import RFC, cfdi
from tests.sales.sheets import certificate, ml_row, ml_table, text, xlsx

SEP = date(2026, 9, 1)
ML = Channel.MERCADO_LIBRE


def ml(*amounts: float) -> bytes:
    rows = [
        ml_row(str(number), "3 de septiembre de 2026 10:00 hs.", "Entregado", amount, 1)
        for number, amount in enumerate(amounts)
    ]
    return xlsx(ml_table(rows))


def upload(at_phone, *contents: bytes, channel: str = "", name: str = "ventas.xlsx") -> pages.Page:
    form = at_phone.get("/sales/import").form_with({"files"}, None)
    files = [(io.BytesIO(content), name) for content in contents]
    return at_phone.follow(
        at_phone.post("/sales/import", {**pages.values(form), "channel": [channel], "files": files})
    )


def waiting() -> SalesUpload:
    return db.session.scalars(select(SalesUpload).order_by(SalesUpload.id.desc())).first()


def path_of(arrived: SalesUpload) -> str:
    return f"/sales/imports/uploads/{arrived.id}"


def gross(cast, channel: Channel = ML):
    figure = services.figures_of_month(cast.firm.id, SEP).get(channel)
    return figure and figure.gross


def test_a_file_is_looked_over_then_written_then_undone(cast, browser):
    at_phone = browser(cast.owner)
    page = upload(at_phone, ml(100, 50.5))
    assert page.heading == "Cambiaría 1 mes"
    for words in (
        "Septiembre de 2026",
        "$150",
        "Archivo de ventas de Mercado Libre",
        "Todavía no se guarda nada",
    ):
        assert words in page.text
    assert "Secreto" not in page.text and gross(cast) is None
    done = at_phone.send(page, path_of(waiting()), "Escribir 1 mes")
    assert done.heading == "Ventas sumadas" and gross(cast) == 150.5
    brought = db.session.scalars(select(SalesImport)).one()
    asked = at_phone.get(f"/sales/imports/{brought.id}/undo")
    assert "nada anotado" in asked.text
    undone = at_phone.send(asked, f"/sales/imports/{brought.id}/undo", "Deshacer")
    assert undone.heading == "Importación deshecha" and gross(cast) is None
    assert "Deshecha" in at_phone.get("/sales/imports").text
    assert at_phone.submit(f"/sales/imports/{brought.id}/undo", "Deshacer").status == 422


def test_the_same_file_again_has_nothing_to_write(cast, browser):
    at_phone = browser(cast.owner)
    at_phone.send(upload(at_phone, ml(100)), path_of(waiting()), "Escribir")
    page = upload(at_phone, ml(100))
    assert "ya dicen esto" in page.text
    assert not [button for button in page.root.find_all("button") if "Escribir" in button.text]


def test_a_month_that_a_person_wrote_says_that_it_is_replaced(cast, browser):
    services.report_month(cast.enrolment, SEP, {ML: services.Report(5)}, by=cast.owner)
    page = upload(browser(cast.owner), ml(100))
    assert "Cambia lo que anotaste" in page.text


def test_a_list_that_nobody_knows_asks_for_its_columns_and_remembers_them(cast, browser):
    at_phone = browser(cast.owner)
    content = text([["Día", "Cliente", "Dinero"], ["13/09/2026", "Secreta", "70"], ["2/9/2026", "Otra", "5"]])
    page = upload(at_phone, content, name="cuaderno.csv")
    assert page.heading == "¿Qué significan las columnas?"
    path = f"{path_of(waiting())}/columns"
    refused = at_phone.send(page, path, "Ver", is_date="Día")
    assert refused.status == 422 and "qué columna tiene los pesos" in " ".join(refused.errors)
    shown = at_phone.send(page, path, "Ver", is_date="Día", is_pesos="Dinero", channel="counter")
    assert "$75" in shown.text and "Pesos con IVA" in shown.text
    done = at_phone.send(shown, path_of(waiting()), "Escribir")
    assert done.heading == "Ventas sumadas" and gross(cast, Channel.COUNTER) == 75
    assert db.session.scalar(select(func.count(ColumnMapping.id))) == 1
    again = text([["Día", "Cliente", "Dinero"], ["14/09/2026", "Secreta", "20"]])
    known = upload(at_phone, again, name="otro nombre.csv")
    assert known.heading == "Cambiaría 1 mes" and "Decirlo de otra forma" in known.text
    assert gross(cast, Channel.COUNTER) == 75


def test_a_report_without_its_month_asks_for_it(cast, browser):
    at_phone = browser(cast.owner)
    report = text([["SKU", "Unidades pedidas", "Ventas de productos pedidos"], ["A", "2", "MX$90.00"]])
    page = upload(at_phone, report, name="BusinessReport.csv")
    assert page.heading == "¿Qué mes es?"
    shown = at_phone.send(page, f"{path_of(waiting())}/columns", "Ver", month="2026-09")
    assert "$90" in shown.text
    at_phone.send(shown, path_of(waiting()), "Escribir")
    assert gross(cast, Channel.AMAZON) == 90


def test_certificates_go_to_their_platform_and_invoices_their_own_way(cast, browser):
    cast.firm.rfc = RFC
    at_phone = browser(cast.owner)
    page = upload(at_phone, certificate(), name="constancia.xml")
    assert "Constancia de la plataforma" in page.text
    at_phone.send(page, path_of(waiting()), "Escribir")
    assert gross(cast) == 1160
    assert upload(at_phone, cfdi(), name="a.xml").status == 422
    assert upload(at_phone, cfdi(), channel="wholesale", name="a.xml").heading == "Cuenta 1 factura"
    mixed = upload(at_phone, cfdi(), certificate(), channel="", name="b.xml")
    assert mixed.status == 422 and "aparte de las facturas" in " ".join(mixed.errors)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "está vacío"), (b"%PDF-1.4", "no es una lista"), (b"MZ" + bytes(90), "no es una lista"),
        (b"una sola palabra", "no es una lista"),
        (b"<html><table>", "página web"),
        (b"PK\x03\x04roto", "dañado"), (b"x," * 400_000, "1,000 columnas"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name_in_words(cast, browser, content, words):
    page = upload(browser(cast.owner), content, name="<b>mala</b>.xlsx")
    assert page.status == 422
    assert words in page.errors[0] and "<b>mala</b>.xlsx" in page.errors[0]


def test_formulas_and_scripts_in_a_file_are_only_text(cast, browser):
    content = text([["a<script>alert(1)</script>", "=cmd|' /C calc'!A0"], ["13/09/2026", "70"]])
    page = upload(browser(cast.owner), content, name="x.csv")
    assert "<script>alert" not in page.html and "a<script>alert(1)</script>" in page.text


def test_a_large_file_is_read_and_written_by_the_worker_with_its_progress(cast, browser, monkeypatch, app):
    monkeypatch.setattr(uploads, "SMALL_BYTES", 100)
    monkeypatch.setattr(uploads, "MANY_ORDERS", 2)
    at_phone = browser(cast.owner)
    page = upload(at_phone, ml(*[10] * 30_000))
    assert page.heading == "Estamos leyendo tu archivo" and page.headers["Refresh"] == "3"
    seen = []
    tell = uploads._tell_progress
    monkeypatch.setattr(uploads, "_tell_progress", lambda *said: (seen.append(said[1]), tell(*said)))
    run_due()
    assert seen == [10_000, 20_000, 30_000]
    shown = at_phone.get(path_of(waiting()))
    assert "$300,000" in shown.text and waiting().files_key is None
    busy = at_phone.send(shown, path_of(waiting()), "Escribir")
    assert busy.heading == "Estamos escribiendo tus meses" and gross(cast) is None
    run_due()
    assert at_phone.follow(at_phone.get(path_of(waiting()))).heading == "Ventas sumadas"
    assert gross(cast) == 300_000


def test_a_large_file_that_cannot_be_read_says_so_when_the_worker_came_to_it(cast, browser, monkeypatch):
    monkeypatch.setattr(uploads, "SMALL_BYTES", 100)
    at_phone = browser(cast.owner)
    upload(at_phone, ml(1)[:3000])
    run_due()
    page = at_phone.get(path_of(waiting()))
    assert page.heading == "Este archivo no se puede leer" and "dañado" in page.text


def test_files_do_not_stay(cast, browser, app, stopped_clock):
    at_phone = browser(cast.owner)
    root = app.extensions["storage"].root
    page = upload(at_phone, ml(100), name="se-borra.xlsx")
    run_due()
    at_phone.send(page, path_of(waiting()), "Escribir")
    run_due()
    assert not [path for path in root.rglob("*") if path.is_file() and b"se-borra.xlsx" in path.read_bytes()]
    content = text([["Día", "Cliente"], ["13/09/2026", "Secreta Clienta"]])
    upload(at_phone, content, name="x.csv")
    assert any(b"Secreta Clienta" in path.read_bytes() for path in root.rglob("*") if path.is_file())

    stopped_clock(clock.now() + timedelta(days=2))
    run_due()
    run_due()
    assert not any(b"Secreta Clienta" in path.read_bytes() for path in root.rglob("*") if path.is_file())
    assert db.session.scalars(select(SalesUpload.state)).all() == [UploadState.WRITTEN]


def test_an_upload_is_of_nobody_else(cast, browser):
    upload(browser(cast.owner), ml(100))
    for person in (cast.rival, cast.outsider, cast.trainer, cast.mentor, cast.lead, cast.admin):
        assert browser(person).get(path_of(waiting())).status == 404
    assert browser(cast.son).get(path_of(waiting())).status == 200


def test_staff_read_the_history_of_a_figure_and_undo_an_import(cast, browser):
    at_phone = browser(cast.owner)
    at_phone.send(upload(at_phone, ml(100)), path_of(waiting()), "Escribir")
    page = browser(cast.trainer).get(f"/enrolments/{cast.enrolment.id}/sales")
    assert "Archivo de ventas de Mercado Libre" in page.text
    history = browser(cast.mentor).get(f"/enrolments/{cast.enrolment.id}/sales/2026-09/mercado_libre")
    assert "Sumado de un archivo" in history.text and "Pedidos: — → 1" in history.text
    brought = db.session.scalars(select(SalesImport)).one()
    assert browser(cast.lead).submit(f"/sales/imports/{brought.id}/undo", "Deshacer").heading
    assert gross(cast) is None
    assert browser(cast.owner).get(f"/enrolments/{cast.enrolment.id}/sales/2026-09/nada").status == 404


def test_a_lead_sees_whose_figures_are_missing_and_who_has_to_act(cast, browser, count_queries):
    services.report_month(cast.enrolment, SEP, {Channel.COUNTER: services.Report(5)}, by=cast.owner)
    page = browser(cast.lead).get(f"/cohorts/{cast.cohort.id}/sales")
    assert "La empresa: faltan meses" in page.text and "Telas Lupita" in page.text
    assert "Por revisar" in page.text
    asked = []
    for round_of in range(3):
        for number in range(4):
            build.enrol(build.firm(f"Taller {round_of} {number}"), cast.cohort)
        with count_queries() as queries:
            browser(cast.lead).get(f"/cohorts/{cast.cohort.id}/sales")
        asked.append(len(queries))
    assert asked[1] == asked[2]
    assert browser(cast.other_lead).get(f"/cohorts/{cast.cohort.id}/sales").status == 404


def test_one_definition_of_a_sale_stands_on_every_page(cast, browser):
    services.report_month(cast.enrolment, SEP, {Channel.COUNTER: services.Report(5)}, by=cast.owner)
    figure = services.figures_of_month(cast.firm.id, SEP)[Channel.COUNTER]
    of_firm = ("/sales", "/sales/history", "/sales/baseline", "/sales/import")
    for path in of_firm:
        page = browser(cast.owner).get(path)
        assert "Venta es un producto que se vendió y sigue vendido" in page.text, path
    for path in (f"/enrolments/{cast.enrolment.id}/sales", f"/figures/{figure.id}/verify",
                 f"/cohorts/{cast.cohort.id}/sales"):  # fmt: skip
        assert "Venta es un producto" in browser(cast.trainer).get(path).text, path


def test_shares_of_a_month_and_a_change_of_source_are_told(cast, browser):
    reports = {Channel.COUNTER: services.Report(75), ML: services.Report(25)}
    services.report_month(cast.enrolment, SEP, reports, by=cast.owner)
    services.report_month(cast.enrolment, date(2026, 7, 1), {ML: services.Report(9)}, by=cast.owner)
    at_phone = browser(cast.owner)
    at_phone.send(upload(at_phone, ml(25)), path_of(waiting()), "Escribir")
    page = at_phone.get("/sales/history")
    assert "Vendido en línea: 25%" in page.text and "75% del mes" in page.text
    assert "Un cambio de fuente puede parecer un cambio de ventas" in page.text
