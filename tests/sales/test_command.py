"""flask sales import: the same table as the page, as text and as JSON."""

import json
from pathlib import Path

import pytest

from lms.accounts.models import Firm
from lms.foundation.db import db, transaction
from lms.sales import services
from lms.sales.models import Figure
from tests.sales.invoice import RFC, cfdi

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
