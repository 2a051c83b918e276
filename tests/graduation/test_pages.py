"""The pages of graduation: the lead decides, the firm sees what it lacks or has, anybody checks a folio."""

import pytest

from lms.cohorts.models import EnrolmentState
from lms.foundation.db import db
from lms.graduation import services
from lms.graduation.models import Certificate, Decision, Verdict
from lms.graduation.signing import Keys
from tests import build
from tests.standing import deeds


@pytest.fixture
def graduated(app, cast):
    """The certificate of Telas Lupita."""
    deeds.meet_every_rule(cast)
    keys = Keys(app.config["DATA_DIR"])
    return services.decide(cast.enrolment, Verdict.GRADUATED, by=cast.lead, keys=keys).certificate


@pytest.fixture
def ready(cast):
    deeds.meet_every_rule(cast)
    return cast


def lead_pages(cast):
    return [
        f"/cohorts/{cast.cohort.id}/graduation",
        f"/cohorts/{cast.cohort.id}/graduation/approve",
        f"/enrolments/{cast.enrolment.id}/decision",
    ]


def test_only_the_lead_of_the_programme_sees_candidates_and_decides(cast, browser, graduated):
    pages = [*lead_pages(cast), f"/certificates/{graduated.id}/revoke"]
    for path in pages:
        assert browser(cast.lead).get(path).status == 200
        for person in (cast.other_lead, cast.trainer, cast.mentor, cast.admin, cast.owner, cast.rival):
            assert browser(person).get(path).status == 404
        assert browser().get(path).status == 302


def test_the_list_shows_each_firm_with_what_it_is_missing(ready, browser):
    page = browser(ready.lead).get(lead_pages(ready)[0])
    rows = {row.find("th").text: row.text for row in page.root.find_all("tr") if row.find("th", scope="row")}
    mine = next(text for name, text in rows.items() if "Telas Lupita" in name)
    theirs = next(text for name, text in rows.items() if "Costuras Rosa" in name)
    assert "7 de 7" in mine and "Nada" in mine and "Lista" in mine
    assert "0 de 7" in theirs and "Línea base" in theirs and "Aprobar la prueba final" in theirs


def test_the_list_is_filtered_by_where_firms_are(ready, browser):
    def names(show):
        page = browser(ready.lead).get(f"{lead_pages(ready)[0]}?show={show}")
        return [name for name in ("Telas Lupita", "Costuras Rosa") if name in page.text]

    assert names("all") == names("nonsense") == ["Telas Lupita", "Costuras Rosa"]
    assert names("ready") == ["Telas Lupita"]
    assert names("missing") == ["Costuras Rosa"]
    assert names("decided") == []


def test_all_who_are_ready_are_approved_after_a_page_that_names_them(ready, browser):
    lead = browser(ready.lead)
    page = lead.get(lead_pages(ready)[1])
    assert "Telas Lupita" in page.text and "Costuras Rosa" not in page.text
    page = lead.send(page, lead_pages(ready)[1], button="Graduar")
    assert "Se graduó 1 empresa" in page.text and "Se graduó" in page.text
    assert db.session.query(Certificate).count() == 1
    page = lead.get(lead_pages(ready)[1])
    assert page.forms == [] and "no hay empresas listas" in page.text


def test_a_double_tap_on_approve_makes_one_decision(ready, browser):
    lead = browser(ready.lead)
    page = lead.get(lead_pages(ready)[1])
    for _tap in range(2):
        lead.send(page, lead_pages(ready)[1], button="Graduar")
    assert db.session.query(Decision).count() == db.session.query(Certificate).count() == 1


def test_an_exception_needs_a_reason_and_the_page_keeps_what_was_typed(cast, browser):
    lead, path = browser(cast.lead), f"/enrolments/{cast.rival_enrolment.id}/decision"
    page = lead.submit(path, button="Guardar", verdict="graduated", reason="corto")
    assert page.status == 422 and "Escribe por qué se gradúa" in page.errors[0]
    assert "corto" in page.html
    page = lead.submit(path, button="Guardar", verdict="graduated", reason="Faltó por enfermedad y repuso")
    assert page.status == 200 and "Graduada, por excepción" in page.text
    page = lead.get(path)
    assert "Faltó por enfermedad y repuso" in page.text and "Lena Díaz" in page.text


def test_no_verdict_is_no_decision(cast, browser):
    page = browser(cast.lead).submit(f"/enrolments/{cast.enrolment.id}/decision", button="Guardar", reason="")
    assert page.status == 422 and "Elige una de las tres" in page.errors[0]


def test_who_took_part_reads_that_and_may_still_bring_evidence(cast, browser):
    lead, path = browser(cast.lead), f"/enrolments/{cast.enrolment.id}/decision"
    lead.submit(path, button="Guardar", verdict="participated", reason="")
    assert "Tu empresa participó en el curso hasta el final" in browser(cast.owner).get("/certificate").text
    assert "Participó" in lead.get(path).text and db.session.query(Certificate).count() == 0
    deeds.meet_every_rule(cast)
    db.session.commit()
    late = lead.get(f"/cohorts/{cast.cohort.id}/graduation?show=late")
    assert "Evidencia tardía (1)" in late.text and "Ya cumple todas las reglas" in late.text
    assert "la decisión anterior queda registrada" in lead.get(path).text
    lead.submit(path, button="Guardar", verdict="graduated", reason="")
    assert "Evidencia tardía (0)" in lead.get(f"/cohorts/{cast.cohort.id}/graduation").text
    page = lead.get(path).text
    assert "Participó" in page and "reemplazada" in page


def test_not_graduated_is_told_to_the_firm_with_a_way_to_object(cast, browser):
    lead = browser(cast.lead)
    lead.submit(f"/enrolments/{cast.enrolment.id}/decision", button="Guardar", verdict="not_graduated")
    db.session.refresh(cast.enrolment)
    assert cast.enrolment.state is EnrolmentState.NOT_GRADUATED
    page = browser(cast.owner).get("/certificate")
    assert "no se gradúa esta vez" in page.text and "una persona lo revisa" in page.text


def test_a_firm_sees_what_it_is_missing_and_that_sales_are_no_rule(cast, browser):
    page = browser(cast.son).get("/certificate")
    assert page.heading == "Mi constancia"
    assert "Llevas 0 de 7" in page.text and "2 tareas aprobadas más" in page.text
    assert "si tus ventas suben o bajan" in page.text


def test_a_firm_that_meets_everything_waits_for_the_decision(ready, browser):
    assert "Cumples todos los requisitos" in browser(ready.owner).get("/certificate").text


def test_a_person_without_a_course_is_told_so(cast, browser):
    alone = build.user("Sola Paz")
    build.firm("Taller nuevo", alone)
    assert "todavía no está en un curso" in browser(build.as_person(alone)).get("/certificate").text
    assert browser(cast.trainer).get("/certificate").status == 404


def test_a_graduated_firm_sees_and_downloads_its_certificate(cast, graduated, browser):
    owner = browser(cast.owner)
    page = owner.get("/certificate")
    assert page.heading == "Telas Lupita" and graduated.folio in page.text
    assert "14 de octubre de 2026" in page.text
    paper = owner.client.get(f"/certificates/{graduated.folio}.pdf")
    assert paper.status_code == 200 and paper.mimetype == "application/pdf"
    assert (
        paper.data.startswith(b"%PDF-")
        and paper.data == owner.client.get(f"/certificates/{graduated.folio}.pdf").data
    )
    assert "sandbox" in paper.headers["Content-Security-Policy"]
    assert f"constancia-{graduated.folio}.pdf" in paper.headers["Content-Disposition"]


def test_anybody_with_the_folio_sees_what_was_certified(graduated, browser):
    page = browser().get(f"/certificates/{graduated.folio}")
    assert page.status == 200 and page.heading == "Esta constancia es auténtica"
    for said in (
        "Telas Lupita",
        "Lupita Ríos, Beto Ríos",
        "Polo Puebla",
        "Curso fashion",
        "64",
        "14 de octubre de 2026",
    ):
        assert said in page.text
    assert "Acabamos de comprobar su firma" in page.text
    assert "lupita.ríos@example.org" not in page.html


@pytest.mark.parametrize(
    "spelling", [str.lower, lambda folio: folio.replace("-", ""), lambda folio: f" {folio} "]
)
def test_a_folio_is_found_as_people_type_it(graduated, browser, spelling):
    stranger = browser()
    page = stranger.get("/certificates", query_string={"folio": spelling(graduated.folio)})
    assert page.location == f"/certificates/{graduated.folio}"


@pytest.mark.parametrize("typed", ["AAAA-BBBB", "A" * 26, "<script>", "x" * 101, "%00", "../../etc"])
def test_an_unknown_folio_is_answered_kindly(cast, browser, typed):
    page = browser().get("/certificates", query_string={"folio": typed})
    assert page.status == 404 and "Revisa el folio" in page.text


def test_unknown_addresses_of_certificates_are_not_found(cast, browser):
    page = browser().get("/certificates/AAAA-BBBB")
    assert page.status == 404 and page.heading == "Ninguna constancia tiene este folio"
    page = browser().get("/certificates/AAAA-BBBB.pdf")
    assert browser().follow(page).status == 404


def test_the_empty_form_asks_for_a_folio(app, browser):
    page = browser().get("/certificates")
    assert page.status == 200 and page.heading == "Revisar una constancia"


def test_a_revoked_certificate_says_so_without_saying_why(cast, graduated, browser):
    lead = browser(cast.lead)
    page = lead.submit(f"/certificates/{graduated.id}/revoke", button="Revocar", reason="Nombre equivocado")
    assert "Nombre equivocado" in page.text
    page = browser().get(f"/certificates/{graduated.folio}")
    assert page.heading == "Esta constancia fue revocada" and "Nombre equivocado" not in page.html
    assert browser().get(f"/certificates/{graduated.folio}.pdf").status == 302
    assert "Tu constancia fue revocada" in browser(cast.owner).get("/certificate").text


def test_a_certificate_changed_in_the_database_is_called_false(graduated, browser):
    graduated.firm_name = "Telas Robadas"
    page = browser().get(f"/certificates/{graduated.folio}")
    assert page.heading == "Esta constancia no es auténtica"
    assert "Telas Robadas" not in page.text
    assert browser().get(f"/certificates/{graduated.folio}.pdf").status == 302
