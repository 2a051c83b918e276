"""The report of very many firms: asked for, made by a job with its progress, kept, exported, published."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.foundation import clock, jobs
from lms.foundation.db import db
from lms.reports import drafts, lines
from lms.reports.document import document_of
from lms.reports.models import ReportDraft, ReportSnapshot
from lms.reports.selection import select_from
from lms.reports.snapshots import canonical
from lms.reports.views.programme import AGAIN
from tests.reports.past import taught


@pytest.fixture
def many(past, monkeypatch):
    """Twelve firms, where more than five are very many."""
    monkeypatch.setattr(drafts, "LARGE", 5)
    monkeypatch.setattr(lines, "AT_ONCE", 4)
    for n in range(12):
        taught(past, f"Taller {n}", after=1100 + 20 * n)
    db.session.commit()
    return past


def path(cohort):
    return f"/programmes/{cohort.programme_id}/report?cohort={cohort.id}"


def make(many, lead):
    shown = lead.submit(path(many), button="Hacer el informe")
    assert "El informe se está haciendo" in shown.text and "0 de 12 empresas leídas" in shown.text
    assert lead.client.get(path(many)).headers["Refresh"] == AGAIN
    jobs.run_due()


def test_a_large_report_is_made_by_a_job_and_then_it_is_there(many, cast, browser):
    lead = browser(cast.lead)
    assert lead.get(path(many)).heading == "Este informe es de 12 empresas"
    make(many, lead)
    page = lead.get(path(many))
    assert page.heading == "El cambio típico de 12 empresas es de +21%"
    assert "Hecho el" in page.text and "Hodges-Lehmann" in page.text


def test_it_says_what_the_report_says_that_is_made_at_once(many, cast, browser):
    make(many, browser(cast.lead))
    selection = select_from(db.session.merge(many).programme, {many.id})
    kept = drafts.document_for(selection)
    assert kept == json.loads(canonical(document_of(selection)))


def test_how_many_firms_were_read_stands_in_its_row(many, cast, browser, monkeypatch):
    told = []
    teller = drafts._teller

    def heard(draft_id):
        tell = teller(draft_id)

        def say(firms):
            tell(firms)
            # As another process sees it.
            with db.engine.connect() as other:
                told.append(other.scalar(select(ReportDraft.firms_read).where(ReportDraft.id == draft_id)))

        return say

    monkeypatch.setattr(drafts, "_teller", heard)
    make(many, browser(cast.lead))
    assert told == [4, 8, 12]


def test_who_asks_twice_gets_the_same_one_and_later_a_new_one(many, cast, browser, monkeypatch):
    selection = select_from(db.session.merge(many).programme, {many.id})
    first = drafts.ask_for(selection, by=cast.lead)
    assert drafts.ask_for(selection, by=cast.lead) is first
    later = clock.now() + drafts.SILENCE + timedelta(minutes=1)
    monkeypatch.setattr(clock, "_system_time", lambda: later)
    assert drafts.ask_for(selection, by=cast.lead) is not first
    db.session.commit()
    jobs.run_due()
    assert db.session.query(ReportDraft).count() == 1


def test_files_and_publishing_take_what_was_made(many, cast, browser):
    lead = browser(cast.lead)
    waiting = lead.get(f"/programmes/{many.programme_id}/report/csv?cohort={many.id}")
    assert waiting.status == 302 and "primero hay que hacerlo" in lead.get(waiting.location).text
    publishing = f"/programmes/{many.programme_id}/report/publish?cohort={many.id}"
    assert "primero hay que hacerlo" in lead.submit(publishing, button="Publicar").text
    make(many, lead)
    kept = db.session.query(ReportDraft).one().content
    for kind in ("csv", "json", "xlsx", "pdf"):
        file = lead.client.get(f"/programmes/{many.programme_id}/report/{kind}?cohort={many.id}")
        assert file.status_code == 200 and "attachment" in file.headers["Content-Disposition"]
    assert "Publicado como informe número" in lead.submit(publishing, button="Publicar").text
    number = db.session.query(ReportSnapshot).one().id
    assert lead.client.get(f"/reports/{number}/json").get_data(as_text=True) == kept


def test_a_cohort_of_very_many_firms_goes_the_same_way(many, cast, browser):
    lead = browser(cast.lead)
    for address, part in (("report", path(many)), ("report.csv", path(many).replace("report", "report/csv"))):
        answer = lead.client.get(f"/cohorts/{many.id}/{address}")
        assert (answer.status_code, answer.location) == (302, part)
    assert lead.get(path(many)).heading == "Este informe es de 12 empresas"
    make(many, lead)
    file = lead.client.get(f"/cohorts/{many.id}/report.csv", follow_redirects=True)
    assert file.status_code == 200 and "Taller 11" in file.get_data(as_text=True)


def test_a_small_report_is_made_at_once(past, cast, browser):
    taught(past, "Sola")
    db.session.commit()
    page = browser(cast.lead).get(path(past))
    assert "Muy pocas empresas" in page.heading and "Hacerlo otra vez" not in page.text
