"""A report as a file, opened with another program than the one that wrote it."""

import csv
import io
import re
import statistics
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from lms.foundation.db import db
from tests.reports.past import STATES, publish, taught


@pytest.fixture
def exported(past, cast, browser):
    """The file of a kind, of a programme with twelve firms, one with a hostile name."""
    for n in range(11):
        taught(past, f"Taller {n}", after=1100 + 20 * n, state=STATES[n % 2])
    hostile = taught(past, "Mala", after=1150)
    hostile.firm.name = '=HYPERLINK("http://example.org","Mala")'
    taught(past, "Sin Después", after=None)
    db.session.commit()

    def get(kind, snapshot=False):
        made = publish(past.programme, cast.lead, cohort_ids={past.id}) if snapshot else None
        path = (
            f"/reports/{made.id}/{kind}"
            if made
            else f"/programmes/{past.programme_id}/report/{kind}?cohort={past.id}"
        )
        response = browser(cast.lead).client.get(path)
        assert response.status_code == 200 and "attachment" in response.headers["Content-Disposition"]
        return response.data

    return get


def test_the_workbook_has_what_the_page_has(exported):
    book = CalamineWorkbook.from_filelike(io.BytesIO(exported("xlsx")))
    assert book.sheet_names == [
        "Resumen",
        "Ventanas",
        "Empresas",
        "Pedidos y en línea",
        "Meses conocidos",
        "Notas",
    ]
    texts = [str(row[0]) for row in book.get_sheet_by_name("Resumen").to_python()]
    assert any("Cambio observado, no atribuible al programa" in text for text in texts)
    rows = book.get_sheet_by_name("Empresas").to_python()
    head, firms = rows[0], rows[1:14]
    assert head[:3] == ["Empresa", "Giro", "Estado"]
    by_name = {row[0]: row for row in firms}
    assert by_name["Taller 3"][4:7] == [1000.0, 1160.0, 1.16]
    assert by_name["Sin Después"][6] == ""
    total = next(row for row in rows if row[0] == "Empresas con un cambio, juntas")
    measured = [row for row in firms if row[6] != ""]
    assert total[4] == sum(row[4] for row in measured) == 12000
    assert total[5] == sum(row[5] for row in measured)
    assert total[6] == pytest.approx(total[5] / total[4])
    windows = book.get_sheet_by_name("Ventanas").to_python()
    assert windows[1][1] == 12 and windows[1][2] == pytest.approx(0.19)


def test_the_totals_are_formulas_and_names_never_are(exported):
    archive = zipfile.ZipFile(io.BytesIO(exported("xlsx")))
    sheet = archive.read("xl/worksheets/sheet3.xml").decode()
    formulas = re.findall(r"<f>(.*?)</f>", sheet)
    assert formulas == [
        'SUMIF(G2:G14,"&gt;=0",E2:E14)',
        'SUMIF(G2:G14,"&gt;=0",F2:F14)',
        "IF(E15=0,0,F15/E15)",
        "COUNT(G2:G14)",
    ]
    sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    assert not any("HYPERLINK" in sheet for sheet in sheets)
    assert "=HYPERLINK(" in archive.read("xl/sharedStrings.xml").decode()
    assert [name for name in archive.namelist() if "charts/chart" in name]
    assert not [name for name in archive.namelist() if "externalLink" in name or "vba" in name.lower()]


def test_the_csv_has_a_dictionary_of_its_columns(exported):
    rows = list(csv.reader(io.StringIO(exported("csv").decode("utf-8-sig"))))
    meanings = list(csv.reader(io.StringIO(exported("dictionary").decode("utf-8-sig"))))
    assert [row[0] for row in meanings[1:]] == rows[0]
    assert all(row[1] for row in meanings[1:])
    names = [row[0] for row in rows[1:]]
    assert '\'=HYPERLINK("http://example.org","Mala")' in names and len(names) == 13


@pytest.mark.parametrize("snapshot", [False, True])
def test_the_pdf_is_tagged_and_the_same_whenever_it_is_asked_for(exported, snapshot):
    made = exported("pdf", snapshot)
    assert made.startswith(b"%PDF-1.7") and b"/StructTreeRoot" in made and b"/MarkInfo" in made
    assert b"/Lang" in made
    assert exported("pdf") == exported("pdf")


def test_page_workbook_and_table_say_the_same_numbers(past, cast, browser):
    for n in range(11):
        taught(past, f"Taller {n}", after=1090 + 20 * n)
    db.session.commit()
    lead, here = browser(cast.lead), f"/programmes/{past.programme_id}/report"
    page = lead.get(f"{here}?cohort={past.id}")
    document = lead.client.get(f"{here}/json?cohort={past.id}").json
    change = document["windows"]["+1..+3"]["program"]
    ratios = [row["ratio"] for row in document["firms"]]
    assert change["median_ratio"] == statistics.median(ratios) == 1.19
    assert "El cambio típico de 11 empresas es de +19%" in page.heading
    assert "+19% Mediana del cambio de 11 empresas" in page.text
    assert "Todas las ventas juntas cambiaron +19%. 0 empresas venden menos." in page.text
    assert f"{here}/csv?cohort={past.id}" in page.links
    assert "11 subieron →" in page.text and "Admitidas 11 de 11" in page.text
    rows = list(csv.reader(io.StringIO(lead.client.get(f"{here}/csv").data.decode("utf-8-sig"))))
    assert sorted(float(row[6]) for row in rows[1:] if row[6]) == sorted(ratios)
    book = CalamineWorkbook.from_filelike(io.BytesIO(lead.client.get(f"{here}/xlsx").data))
    total = next(row for row in book.get_sheet_by_name("Empresas").to_python() if row[0].endswith("juntas"))
    assert total[4:6] == [change["sums"]["before"], change["sums"]["after"]]


def test_windows_that_are_not_over_are_named_and_not_drawn(exported):
    book = CalamineWorkbook.from_filelike(io.BytesIO(exported("xlsx")))
    told = [row[0] for row in book.get_sheet_by_name("Ventanas").to_python()]
    assert "Meses +1 a +6" in told and "Meses +1 a +12" not in told
    lines = [str(row[0]) for row in book.get_sheet_by_name("Resumen").to_python()]
    assert "Todavía no terminan y por eso no están aquí: Meses +1 a +12." in lines


def test_of_four_firms_no_file_says_a_sum(past, cast, browser):
    for n in range(4):
        taught(past, f"Taller {n}", after=1100 + 20 * n)
    db.session.commit()
    lead, here = browser(cast.lead), f"/programmes/{past.programme_id}/report"
    archive = zipfile.ZipFile(io.BytesIO(lead.client.get(f"{here}/xlsx?cohort={past.id}").data))
    assert "<f>SUMIF" not in archive.read("xl/worksheets/sheet3.xml").decode()
    page = lead.get(f"{here}?cohort={past.id}")
    assert "Con menos de 5 empresas no decimos ningún porcentaje" in page.text
    assert "juntas" not in page.text and "subieron" not in page.text


def test_sheets_are_printed_as_wide_as_a_page_with_their_heads_on_each(exported):
    archive = zipfile.ZipFile(io.BytesIO(exported("xlsx")))
    sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    assert all('orientation="landscape"' in sheet and 'fitToHeight="0"' in sheet for sheet in sheets)
    assert "'Empresas'!$1:$1" in archive.read("xl/workbook.xml").decode().replace("Empresas!", "'Empresas'!")


def test_a_kind_of_file_that_there_is_not(past, cast, browser):
    assert browser(cast.lead).get(f"/programmes/{past.programme_id}/report/docx").status == 404
