"""flask sales import: the same table as the page, as text and as JSON."""

import json
from pathlib import Path

import pytest

from lms.accounts.models import Firm
from lms.foundation.db import db, transaction
from lms.sales import services
from lms.sales.models import Figure
from tests.sales.invoice import RFC, cfdi, zipped
from tests.sales.sheets import certificate, ml_row, ml_table, text, xlsx

SAMPLES = sorted(str(path) for path in (Path(__file__).parent / "samples").glob("*.xml"))


@pytest.fixture
def run(app, cast):
    with transaction():
        db.session.get(Firm, cast.firm.id).rfc = RFC
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["sales", "import", *map(str, arguments)])


def test_a_dry_run_over_the_samples_counts_the_one_sale_and_writes_nothing(run, cast):
    result = run(*SAMPLES, "--firm", RFC, "--dry-run")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    counted = [line for line in lines if "  sí  " in line]
    assert len(counted) == 1
    assert "cfdiutils_cfdi40-valid.xml" in counted[0]
    assert "3,327.01" in counted[0]
    assert "Cuentan 1 de 11 archivos. No se escribió nada." in lines
    assert not services.figures_of(cast.firm.id)


def test_an_import_writes_once_and_says_so_in_json(run, cast, tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(cfdi())
    first = json.loads(run(path, "--firm", f" {RFC.lower()} ", "--json").output)
    assert (first["written"], first["counted"]) == (True, 1)
    (month,) = first["months"]
    assert (month["month"], month["invoices"], month["before"]) == ("2026-09", 1, None)
    assert (month["pesos"], month["pesos_ex_vat"], month["after"]) == ("1160.00", "1000.00", "1160.00")
    again = run(path, "--firm", RFC, "--json")
    assert again.exit_code == 0
    assert json.loads(again.output)["files"][0]["reason"] == "repeated"
    (figure,) = db.session.query(Figure)
    assert (figure.gross, figure.revisions[0].by_id) == (1160, None)


def test_nothing_that_counts_is_no_failure(run, tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(b"nothing")
    assert run(path, "--firm", RFC).exit_code == 0


def test_an_unknown_firm_ends_with_two(run, tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(cfdi())
    result = run(path, "--firm", "XYZ010101AB1")
    assert result.exit_code == 2
    assert "No conocemos ninguna empresa" in result.output


def sheet(tmp_path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def ml(*amounts: float) -> bytes:
    rows = [
        ml_row(str(number), "3 de septiembre de 2026 10:00 hs.", "Entregado", amount, 1)
        for number, amount in enumerate(amounts)
    ]
    return xlsx(ml_table(rows))


def test_a_sales_file_is_told_by_its_columns_and_written_once(run, cast, tmp_path):
    path = sheet(tmp_path, "cualquier cosa.dat", ml(100, 50.5))
    dry = json.loads(run(path, "--firm", RFC, "--dry-run", "--json").output)
    assert (dry["written"], dry["source"], dry["channel"]) == (False, "mercado_libre_ventas", "mercado_libre")
    (month,) = dry["months"]
    assert (month["pesos"], month["orders"], month["units"], month["after"]) == ("150.50", 2, 2, "150.50")
    assert not services.figures_of(cast.firm.id)
    first = json.loads(run(path, "--firm", RFC, "--json").output)
    again = json.loads(run(path, "--firm", RFC, "--json").output)
    assert (first["written"], again["written"]) == (True, False)
    assert again["months"][0]["change"] == "same"
    assert len(first["files"][0]["sha256"]) == 64


def test_the_text_is_spanish_and_says_what_is_left_out(run, tmp_path):
    content = text([["Fecha", "Folio", "Total"], ["13/09/2026", "1", "10"], ["nunca", "2", "5"]])
    result = run(sheet(tmp_path, "v.csv", content), "--firm", RFC, "--channel", "counter", "--dry-run")
    assert result.exit_code == 0
    assert "1 × Sin una fecha que se pueda leer" in result.output
    assert "Cuentan 1 de 2 filas. No se escribió nada." in result.output
    assert "date = Fecha, pesos = Total, order = Folio" in result.output


def test_columns_are_mapped_and_a_table_without_names_is_refused_with_its_columns(run, cast, tmp_path):
    path = sheet(tmp_path, "v.csv", text([["A", "B"], ["13/09/2026", "10"], ["14/09/2026", "5"]]))
    refused = run(path, "--firm", RFC)
    assert refused.exit_code == 1 and "“A”, “B”" in refused.output
    assert run(path, "--firm", RFC, "--map", "date=A", "--map", "pesos=Z").exit_code == 1
    assert run(path, "--firm", RFC, "--map", "date").exit_code == 2
    done = json.loads(run(path, "--firm", RFC, "--map", "date=A", "--map", "pesos=2", "--json").output)
    assert done["months"][0]["pesos"] == "15.00" and done["columns"] == {"date": "A", "pesos": "B"}


def test_a_report_wants_its_month(run, cast, tmp_path):
    report = text([["SKU", "Unidades pedidas", "Ventas de productos pedidos"], ["A", "2", "MX$90.00"]])
    path = sheet(tmp_path, "r.csv", report)
    assert run(path, "--firm", RFC).exit_code == 1
    done = json.loads(run(path, "--firm", RFC, "--month", "2026-09", "--json").output)
    assert (done["months"][0]["month"], done["months"][0]["pesos"]) == ("2026-09", "90.00")


def test_certificates_and_invoices_in_one_zip_go_their_own_ways(run, cast, tmp_path):
    path = sheet(tmp_path, "todo.zip", zipped(("a.xml", cfdi()), ("b.xml", certificate())))
    answer = json.loads(run(path, "--firm", RFC, "--json").output)
    assert [one["source"] for one in answer["imports"]] == ["platform_certificate", "cfdi"]
    found = {figure.channel: (figure.gross, figure.tier) for figure in services.figures_of(cast.firm.id)}
    assert found == {"mercado_libre": (1160, "A"), "wholesale": (1160, "C")}


def test_several_files_of_one_kind_are_one_import_in_which_the_later_word_counts(run, cast, tmp_path):
    first, second = sheet(tmp_path, "1.xlsx", ml(100, 50)), sheet(tmp_path, "2.xlsx", ml(80))
    done = json.loads(run(first, second, first, "--firm", RFC, "--json").output)
    assert done["months"][0]["pesos"] == "130.00" and len(done["files"]) == 2


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "vacío"), (b"PK\x03\x04x", "dañado"), (b"%PDF-1", "no es una lista")]
)
def test_hostile_files_are_refused_by_name(run, tmp_path, content, words):
    result = run(sheet(tmp_path, "\x1b[31mmala.xlsx", content), "--firm", RFC)
    assert result.exit_code == 1
    assert words in result.output and "mala.xlsx" in result.output and "\x1b" not in result.output
