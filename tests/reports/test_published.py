"""Published reports: frozen, checked by their hash, compared; and what strangers read of them."""

import json
from datetime import date
from decimal import Decimal

import pytest
from flask_babel import force_locale

from lms.accounts.models import Sector
from lms.foundation.db import db
from lms.reports import key_words, prices, snapshots
from lms.reports.models import ReportSnapshot
from lms.sales import months
from lms.sales.models import Figure
from tests.reports.past import AFTER, STATES, publish, taught
from tests.reports.test_document import later, waits


@pytest.fixture
def twelve(past):
    return [taught(past, f"Taller {n}", after=1100 + 20 * n, state=STATES[n % 2]) for n in range(12)]


def change_figures(enrolments, amount):
    for enrolment in enrolments:
        for figure in db.session.query(Figure).filter_by(enrolment_id=enrolment.id):
            if figure.month.year == 2026:
                figure.gross = Decimal(amount)
    db.session.commit()


def test_a_lead_publishes_and_reads_it_again(past, twelve, cast, browser):
    lead = browser(cast.lead)
    page = lead.get(f"/programmes/{past.programme_id}/report")
    assert page.status == 200 and page.heading == "El cambio típico de 12 empresas es de +21%"
    form = lead.get(f"/programmes/{past.programme_id}/report/publish")
    assert "queda fijo como está ahora" in form.text
    shown = lead.submit(f"/programmes/{past.programme_id}/report/publish", button="Publicar")
    assert "Publicado como informe número" in shown.text
    assert shown.heading == "El cambio típico de 12 empresas es de +21%"
    assert "Sin cambios" in shown.text and "Hodges-Lehmann" in shown.text
    assert "Informe" in lead.get(f"/programmes/{past.programme_id}/reports").text


def test_what_is_published_does_not_change(past, twelve, cast, browser):
    made = publish(past.programme, cast.lead)
    before = made.content
    change_figures(twelve, 5000)
    page = browser(cast.lead).get(f"/reports/{made.id}")
    assert page.heading == "El cambio típico de 12 empresas es de +21%"
    assert db.session.get(ReportSnapshot, made.id).content == before
    assert "+400%" in browser(cast.lead).get(f"/programmes/{past.programme_id}/report").heading


@pytest.mark.parametrize("change", ["number", "spelling", "hash"])
def test_a_change_of_a_published_report_is_found(past, twelve, cast, browser, app, change):
    made = publish(past.programme, cast.lead)
    runner = app.test_cli_runner()
    good = runner.invoke(args=["results", "verify", str(made.id)])
    assert good.exit_code == 0 and made.sha256 in good.output
    if change == "hash":
        made.sha256 = "0" * 64
    elif change == "number":
        made.content = made.content.replace('"admitted":14', '"admitted":15')
    else:
        made.content = made.content.replace('"admitted":14', '"admitted": 14')
    db.session.commit()
    bad = runner.invoke(args=["results", "verify", str(made.id)])
    assert bad.exit_code == 1 and "changed" in bad.output
    assert "Cambiado después de publicarse" in browser(cast.lead).get(f"/reports/{made.id}").text


def test_a_report_that_is_not_there_cannot_be_verified(app):
    assert app.test_cli_runner().invoke(args=["results", "verify", "77"]).exit_code == 2


def test_the_same_firms_make_the_same_bytes(past, twelve, cast):
    assert publish(past.programme, cast.lead).content == publish(past.programme, cast.lead).content


def test_two_reports_are_compared_number_by_number(past, twelve, cast, browser):
    first = publish(past.programme, cast.lead)
    change_figures(twelve[:6], 3000)
    second = publish(past.programme, cast.lead)
    changed = {one.path: (one.before, one.after) for one in snapshots.compare(first, second)}
    path = ("windows", "+1..+3", "program", "median_ratio")
    assert changed[path] == (1.21, 2.16)
    assert ("flow", "admitted") not in changed
    page = browser(cast.lead).get(f"/reports/{second.id}/changes/{first.id}")
    row = "Meses +1 a +3 › empresas del programa › cambio típico (mediana)"
    assert row in page.text and "+21%" in page.text and "+116%" in page.text
    same = browser(cast.lead).get(f"/reports/{second.id}/changes/{second.id}")
    assert "No cambió ningún número" in same.text


def test_every_number_that_may_change_has_its_words(past, twelve, cast, app):
    """With comparison firms, real pesos and silent firms, so that no part of a document is missing."""
    second = later(past.programme, cast.version)
    for n in range(12):
        waits(second, f"Espera {n}", 1000, 1100 + n)
        taught(past, f"Callada {n}", before=900 + n, after=None)
    for month in [*AFTER[:3], *(months.same_month_last_year(month) for month in AFTER[:3])]:
        prices.write_price(month, Decimal("100"), "INEGI", date(2026, 10, 1), by=cast.lead)
    made = publish(past.programme, cast.lead, cohort_ids={past.id})
    content = snapshots.content_of(made)
    assert content["windows"]["+1..+3"]["difference"] and content["real"]["change"]
    empty = ReportSnapshot(content=json.dumps({key: {} for key in snapshots.COMPARED}))
    paths = [one.path for one in snapshots.compare(empty, made)]
    assert len(paths) > 300
    with app.test_request_context(), force_locale("es_MX"):
        told = {path: key_words.path(path) for path in paths}
        assert {path: words for path, words in told.items() if "_" in words} == {}
        unknown = (
            {key for path in paths for key in path}
            - set(key_words.KEYS)
            - {"windows", "A", "B", "C", "D", "E"}
        )
        assert all(key.startswith("+") for key in unknown), unknown


def test_a_report_from_before_there_were_orders_is_compared_in_what_both_have(past, twelve, cast):
    first = publish(past.programme, cast.lead)
    old = snapshots.content_of(first)
    del old["volumes"]
    first.content = snapshots.canonical(old)
    assert snapshots.compare(first, publish(past.programme, cast.lead)) == []


def test_reports_of_other_programmes_are_not_there(past, twelve, cast, browser):
    made = publish(past.programme, cast.lead)
    for person in (cast.other_lead, cast.admin, cast.trainer, cast.owner):
        assert browser(person).get(f"/reports/{made.id}").status == 404
        assert browser(person).get(f"/reports/{made.id}/json").status == 404
    other = publish(past.programme, cast.lead)
    other.programme_id = cast.other_programme.id
    db.session.commit()
    assert browser(cast.lead).get(f"/reports/{made.id}/changes/{other.id}").status == 404


def test_an_empty_selection_is_not_published(past, cast, browser):
    path = f"/programmes/{past.programme_id}/report/publish?cohort={past.id}"
    answer = browser(cast.lead).submit(path, button="Publicar")
    assert answer.status == 422 and "no hay nada que publicar" in answer.text


# For everybody


def test_strangers_read_only_what_was_published(past, twelve, cast, browser):
    path = f"/results/{past.programme_id}"
    assert "Todavía son muy pocas" in browser().get(path).heading
    publish(past.programme, cast.lead)
    first = browser().get(path).html
    assert "21%" in browser().get(path).heading
    change_figures(twelve, 5000)
    assert browser().get(path).html == first


def test_strangers_are_told_whether_there_is_a_comparison_group(past, twelve, cast, browser):
    path = f"/results/{past.programme_id}"
    publish(past.programme, cast.lead)
    assert "no hay grupo de comparación" in browser().get(path).text
    second = later(past.programme, cast.version)
    for n in range(12):
        waits(second, f"Espera {n}", 1000, 1100 + n)
    made = publish(past.programme, cast.lead)
    assert made.is_public
    page = browser().get(path).text
    assert "Sí hay un grupo de comparación" in page and "no hay grupo de comparación" not in page


def test_a_part_of_the_programme_is_never_public(past, twelve, cast, browser):
    made = publish(past.programme, cast.lead, sector=Sector.FASHION.value)
    assert not made.is_public
    assert "Todavía son muy pocas" in browser().get(f"/results/{past.programme_id}").heading


@pytest.mark.parametrize(("changed", "is_public"), [(1, False), (4, False), (6, True), (12, True)])
def test_two_public_reports_never_tell_what_a_few_firms_did(past, twelve, cast, browser, changed, is_public):
    publish(past.programme, cast.lead)
    first = browser().get(f"/results/{past.programme_id}").html
    # Every second firm is in the same state: six of them are a whole shown group.
    chosen = twelve[::2] if changed == 6 else twelve[:changed]
    change_figures(chosen, 5000)
    second = publish(past.programme, cast.lead)
    assert second.is_public is is_public
    assert (browser().get(f"/results/{past.programme_id}").html != first) is is_public
    if not is_public:
        assert "se queda con un informe anterior" in browser(cast.lead).get(f"/reports/{second.id}").text


def test_one_firm_more_does_not_change_what_strangers_read(past, twelve, cast, browser):
    publish(past.programme, cast.lead)
    first = browser().get(f"/results/{past.programme_id}").html
    taught(past, "Taller Nuevo", after=9000)
    publish(past.programme, cast.lead)
    assert browser().get(f"/results/{past.programme_id}").html == first


def test_the_json_of_a_report_are_the_bytes_that_were_hashed(past, twelve, cast, browser):
    made = publish(past.programme, cast.lead)
    response = browser(cast.lead).client.get(f"/reports/{made.id}/json")
    assert snapshots.hash_of(response.get_data(as_text=True)) == made.sha256
    assert "Taller" not in response.get_data(as_text=True)
    assert json.loads(response.data)["version"] == 1
