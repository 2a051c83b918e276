"""A cohort's report as its lead reads it, and a programme's results as everybody does."""

import csv
import io
from datetime import timedelta

import pytest

from lms.accounts.models import Sector
from lms.cohorts.models import EnrolmentState
from lms.foundation.clock import now
from lms.graduation.models import Verdict
from lms.mentoring.models import Moment, PracticeCheck
from lms.permissions import Role
from tests import build
from tests.reports.past import (
    BEFORE,
    PAST,
    SECTORS,
    STATES,
    decided,
    figures,
    frozen,
    of,
    publish,
    taught,
)


def rows_of(page):
    return [row.text for row in page.root.find_all("tr")]


def row_of(page, name):
    return next(row for row in rows_of(page) if row.startswith(name))


def report_path(cohort):
    return f"/cohorts/{cohort.id}/report"


def results_path(cohort):
    return f"/results/{cohort.programme_id}"


def test_the_finding_is_the_title(past, cast, browser):
    for n in range(4):
        taught(past, f"Taller {n}", after=1300)
    taught(past, "Taller Bajo", after=800)
    page = browser(cast.lead).get(report_path(past))
    assert page.status == 200
    assert page.heading == "4 de 5 empresas venden más que en los mismos meses del año anterior"
    assert "+30%" in page.text and "+20%" in page.text  # the typical firm; all sales together
    assert "1 empresa vende menos." in page.text
    assert "no se puede atribuir" in page.text


def test_before_and_after_of_each_firm_are_in_the_table(past, cast, browser):
    taught(past, "Taller Alto", before=1000, after=1500)
    row = row_of(browser(cast.lead).get(report_path(past)), "Taller Alto")
    assert "$1,000" in row and "$1,500" in row and "+50%" in row
    assert "De memoria" in row and "Sin revisar" in row


def test_a_checked_firm_has_its_badge(past, cast, browser):
    taught(past, "Taller Alto", checked_by=cast.trainer)
    row = row_of(browser(cast.lead).get(report_path(past)), "Taller Alto")
    assert "Revisado" in row and "Sin revisar" not in row


def test_with_four_firms_each_is_shown_and_no_percentage_of_the_group(past, cast, browser):
    for n in range(4):
        taught(past, f"Taller {n}")
    page = browser(cast.lead).get(report_path(past))
    assert page.heading.startswith("Solo 4 empresas tienen datos de antes y después")
    assert "Cambio típico" not in page.text and "Mediana" not in page.text
    assert "Taller 3" in page.text


def test_small_sectors_and_states_have_no_percentage(past, cast, browser):
    for n in range(5):
        taught(past, f"Taller {n}")
    taught(past, "Botas Solas", sector=Sector.FOOTWEAR, state="GUA", after=1700)
    page = browser(cast.lead).get(report_path(past))
    rows = {row.find("th").text: row.text for row in page.root.find_all("tr") if row.find("th")}
    assert "Pocas empresas" in rows["Calzado"] and "Pocas empresas" in rows["Guanajuato"]
    assert "%" not in rows["Calzado"]
    assert "+20%" in rows["Ropa"] and "+20%" in rows["Puebla"]


def test_missing_firms_are_named_with_who_has_to_act(past, cast, browser):
    mentor = build.user("Marta Luz", Role.MENTOR)
    taught(past, "Taller Callado", after=None, mentor=mentor)
    taught(past, "Taller Sin Antes", before=None)
    section = browser(cast.lead).get(report_path(past)).text
    assert "2 empresas sin dato" in section
    assert "Taller Callado" in section and "Marta Luz se lo recuerda." in section
    assert "La empresa anota 8 meses después del curso." in section
    assert "Su punto de partida nunca se cerró" in section


def test_what_is_remembered_after_the_start_makes_no_before(past, cast, browser):
    enrolment = taught(past, "Taller Olvido", before=None)
    owner = enrolment.firm.people[0]
    figures(enrolment, owner, dict.fromkeys(BEFORE, 10))
    page = browser(cast.lead).get(report_path(past))
    assert "Sin dato de antes" in page.text and "$10" not in page.text.replace("$100", "")


def test_who_began_to_sell_is_counted_apart(past, cast, browser):
    for n in range(5):
        taught(past, f"Taller {n}")
    taught(past, "Taller Nuevo", before=0, after=900)
    page = browser(cast.lead).get(report_path(past))
    assert "5 de 5" in page.text
    assert "1 empresa no vendía antes y empezó a vender" in page.text


def test_a_running_cohort_says_that_it_is_too_soon(cast, browser):
    page = browser(cast.lead).get(report_path(cast.cohort))
    assert page.status == 200
    assert page.heading.startswith("Es pronto para comparar")
    assert "febrero de 2027" in page.heading
    assert "Todavía no hay nada después del curso" in page.text
    assert "Cambio típico" not in page.text


def test_a_cohort_without_firms_has_a_report_too(past, cast, browser):
    assert browser(cast.lead).get(report_path(past)).heading == "Todavía no empieza ninguna empresa"


def test_the_flow_counts_every_stage(past, cast, browser):
    done = [taught(past, f"Taller {n}") for n in range(3)]
    taught(past, "Taller Callado", after=None)
    invited = taught(past, "Taller Invitado", before=None, after=None)
    invited.state, invited.started_at = EnrolmentState.INVITED, None
    for enrolment in done[:2]:
        decided(enrolment, Verdict.GRADUATED, cast.lead)
    page = browser(cast.lead).get(report_path(past))
    table = next(one for one in page.root.find_all("table") if "Admitidas" in one.text)
    assert [row.text for row in table.find_all("tr")][1:] == [
        *("Admitidas 5", "Empezaron 4", "Punto de partida cerrado 4"),
        *("Se graduaron 2", "Anotaron ventas después 3"),
    ]
    assert "Taller Invitado" not in page.text


def test_decisions_tell_exceptions_apart(past, cast, browser):
    decided(taught(past, "Uno"), Verdict.GRADUATED, cast.lead)
    decided(taught(past, "Dos"), Verdict.GRADUATED, cast.lead, "Se enfermó en la semana final.")
    decided(taught(past, "Tres"), Verdict.NOT_GRADUATED, cast.lead)
    taught(past, "Cuatro")
    rows = rows_of(browser(cast.lead).get(report_path(past)))
    assert "Graduadas con todas las reglas 1" in rows
    assert "Graduadas por excepción, con su razón escrita 1" in rows
    assert "No se graduó 1" in rows and "Sin decidir 1" in rows


def test_practices_are_counted_for_firms_that_answered_both_times(past, cast, browser):
    practice = cast.version.practices[0]
    for name, answers in {"Uno": (False, True), "Dos": (True, True), "Tres": (True, None)}.items():
        enrolment = taught(past, name)
        for moment, yes in zip((Moment.START, Moment.END), answers, strict=True):
            if yes is not None:
                answer = {"practice_id": practice.id, "moment": moment, "yes": yes, "answered_at": now()}
                build.add(PracticeCheck(**of(enrolment, cast.lead), **answer))
    rows = rows_of(browser(cast.lead).get(report_path(past)))
    assert f"{practice.text} 1 de 2 2 de 2" in rows


@pytest.mark.parametrize("order", ["change", "sales", "name", "nonsense"])
def test_firms_can_be_sorted(past, cast, browser, order):
    taught(past, "Alfa", after=1100)
    taught(past, "Beta", before=5000, after=5200)
    taught(past, "Cero", after=1900)
    page = browser(cast.lead).get(f"{report_path(past)}?order={order}")
    table = next(one for one in page.root.find_all("table", class_="tc"))
    names = [row.find("th").text.split()[0] for row in table.find("tbody").find_all("tr")]
    others = {"sales": ["Beta", "Cero", "Alfa"], "name": ["Alfa", "Beta", "Cero"]}
    assert names == others.get(order, ["Cero", "Alfa", "Beta"])


def test_only_who_leads_the_programme_reads_its_report(past, cast, browser):
    for person in (cast.owner, cast.trainer, cast.mentor, cast.other_lead, cast.admin):
        assert browser(person).get(report_path(past)).status == 404
        assert browser(person).get(f"{report_path(past)}.csv").status == 404
    assert browser().get(report_path(past)).status in (302, 401)


def test_the_table_can_be_had_for_a_spreadsheet_and_runs_no_formula(past, cast, browser):
    taught(past, "=HYPERLINK(1)", before=1000, after=1250)
    taught(past, "Taller Callado", after=None)
    lead = browser(cast.lead)
    lead.get(report_path(past))
    response = lead.client.get(f"{report_path(past)}.csv")
    assert response.mimetype == "text/csv" and "attachment" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert rows[0]["Empresa"] == "'=HYPERLINK(1)"
    assert rows[0]["Cambio (después / antes)"] == "1.2500"
    assert rows[1]["Después (pesos al mes)"] == ""


def test_a_report_takes_as_many_queries_for_thirty_firms_as_for_three(past, cast, browser, count_queries):
    def ask(path, person):
        # The first time keeps what the test wrote.
        browser(person).get(path)
        with count_queries() as queries:
            assert browser(person).get(path).status == 200
        return len(queries)

    counts = []
    for size in (3, 30):
        for n in range(size):
            taught(past, f"Taller {size} {n}", state=STATES[n % 3], sector=SECTORS[n % 3])
        counts.append([ask(report_path(past), cast.lead), ask(results_path(past), None)])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 20


# For everybody


def test_the_public_page_is_there_only_when_the_programme_says_so(past, cast, browser):
    assert browser().get(results_path(past)).status == 200
    past.programme.report_public = False
    assert browser().get(results_path(past)).status == 404
    assert browser(cast.lead).get(results_path(past)).status == 404
    assert browser().get("/results/999999").status == 404


def test_the_public_page_shows_percentages_without_names_or_pesos(past, cast, browser):
    names = [f"Canario {n}" for n in range(12)]
    for n, name in enumerate(names):
        taught(past, name, before=1000 + n, after=1300 + 20 * n, state=STATES[n % 2], city=f"Pueblo {n}")
    publish(past.programme, cast.lead)
    page = browser().get(results_path(past))
    assert page.heading.startswith("La empresa típica vende") and "más que antes del curso" in page.heading
    for secret in (*names, "Dueña", "Pueblo", "Marta", "$"):
        assert secret not in page.text
        assert secret not in page.html
    assert "Puebla" in page.text and "Guanajuato" in page.text
    assert "no se puede atribuir" in page.text


def test_below_five_firms_the_public_page_has_no_number_of_sales(past, cast, browser):
    for n in range(4):
        taught(past, f"Taller {n}")
    publish(past.programme, cast.lead)
    page = browser().get(results_path(past))
    assert page.heading == "Todavía son muy pocas las empresas con datos para publicar resultados"
    assert "+20%" not in page.text


def test_only_firms_that_agreed_to_the_study_are_in_the_public_numbers(past, cast, browser):
    for n in range(6):
        taught(past, f"Taller {n}", after=1200)
    for n in range(7):
        taught(past, f"Otro {n}", after=9000, agrees=False)
    publish(past.programme, cast.lead)
    page = browser().get(results_path(past))
    assert "Mediana del cambio de 6 empresas" in page.text
    assert "20%" in page.heading


def test_a_firm_that_took_part_twice_is_one_firm_in_public(past, cast, browser):
    enrolments = [taught(past, f"Taller {n}") for n in range(4)]
    again = build.cohort(past.programme, cast.version, "Segunda", starts_on=PAST + timedelta(days=7))
    for enrolment in enrolments:
        second = build.enrol(enrolment.firm, again)
        frozen(second, enrolment.firm.people[0], dict.fromkeys(BEFORE, 1000))
    publish(past.programme, cast.lead)
    assert browser().get(results_path(past)).heading.startswith("Todavía son muy pocas")
