"""A firm lets its sales be read at a marketplace; how that begins, is kept, and ends."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from lms.accounts import services as accounts
from lms.accounts.models import Membership, MembershipKind, User
from lms.cohorts import services as cohorts
from lms.foundation import clock
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.ops.models import AuditEntry
from lms.sales import services
from lms.sales.connections import leave
from lms.sales.models import (
    ConnectionState,
    SalesConnection,
    SalesImport,
    UploadState,
)
from tests import pages
from tests.sales.connecting import (
    BACK,
    ML,
    SEP,
    as_digital_lead,
    ask,
    begun,
    connect,
    do_all_jobs,
    do_jobs,
    gross,
    one,
    path_of,
    read,
    state_of,
)
from tests.sales.marketplace_server import ORDERS, TOKEN

# Giving leave


def test_a_firm_connects_reads_looks_over_writes_and_undoes(cast, at_phone, there):
    page = ask(at_phone)
    assert page.heading == "Di que sí en Mercado Libre" and "Tu contraseña se queda allá" in page.text
    assert "code_challenge" in str(page.links)
    back = at_phone.get(f"{BACK}?code=CODE-1&state={state_of(one())}")
    assert back.heading == "Mercado Libre dice que sí" and one().state is ConnectionState.ASKED
    waits = at_phone.send(back, BACK, "Conectar Mercado Libre")
    assert waits.heading == "Conectando" and there.asked == []
    do_jobs()
    assert one().state is ConnectionState.OPEN
    assert at_phone.get(path_of(one())).heading == "Lee tus ventas en Mercado Libre"
    waiting = read(at_phone)
    assert waiting.heading == "Se están leyendo tus ventas" and "0 de 2 meses" in waiting.text
    assert do_all_jobs().state is UploadState.READY
    plan = at_phone.get(f"/sales/imports/uploads/{begun().id}")
    assert plan.heading == "Cambiarían 2 meses" and "$250" in plan.text
    assert "Conexión con Mercado Libre" in plan.text and "Leído allá" in plan.text and gross(cast) is None
    at_phone.send(plan, f"/sales/imports/uploads/{begun().id}", "Escribir 2 meses")
    figure = services.figures_of_month(cast.firm.id, SEP)[ML]
    assert (figure.gross, figure.tier.value, figure.is_whole, figure.source) == (
        250.5, "A", True, "mercado_libre_api",
    )  # fmt: skip
    brought = db.session.scalars(select(SalesImport)).one()
    assert brought.file_hash and "SECRETO" not in json.dumps(brought.summary).upper()
    at_phone.submit(f"/sales/imports/{brought.id}/undo", "Deshacer")
    assert gross(cast) is None


def test_a_state_that_is_nobodys_or_somebody_elses_connects_nothing(cast, browser, at_phone, there):
    ask(at_phone)
    state = state_of(one())
    for page in (
        at_phone.get(f"{BACK}?code=CODE-1&state=other"),
        at_phone.get(BACK),
        browser(cast.son).get(f"{BACK}?code=CODE-1&state={state}"),
        browser(cast.rival).get(f"{BACK}?code=CODE-1&state={state}"),
    ):
        assert page.status == 422 and page.heading == "Sin conectar"
    assert "no mandó permiso" in at_phone.get(f"{BACK}?error=access_denied&state={state}").text
    do_jobs()
    assert there.asked == [] and one().state is ConnectionState.ASKED


def test_two_clicks_and_a_second_answer_make_one_connection(cast, at_phone, there):
    ask(at_phone)
    state = state_of(one())
    page = at_phone.get(f"{BACK}?code=CODE-1&state={state}")
    sent = pages.values(page.form_with(set(), "Conectar"))
    places = {at_phone.post(BACK, sent).location for _click in range(2)}
    assert len(places) == 1
    assert at_phone.get(f"{BACK}?code=CODE-1&state={state}").status == 422
    do_jobs()
    assert len(there.queries(TOKEN)) == 1 and one().state is ConnectionState.OPEN


def test_an_answer_after_half_an_hour_is_too_late(cast, at_phone, there, stopped_clock):
    ask(at_phone)
    state = state_of(one())
    stopped_clock(clock.now() + timedelta(minutes=31))
    assert at_phone.get(f"{BACK}?code=CODE-1&state={state}").status == 422
    assert at_phone.get(path_of(one())).heading == "Tardó demasiado"
    leave.forget_unanswered_questions()
    assert one() is None


def test_a_code_that_is_refused_says_so(cast, at_phone, there):
    there.code = "another"
    assert connect(at_phone).state is ConnectionState.ENDED
    assert "no confirmó el permiso" in at_phone.get(path_of(one())).text and one().sealed is None


def test_a_marketplace_that_is_away_is_asked_again_for_the_same_code(cast, at_phone, there, stopped_clock):
    there.answer_next(TOKEN, 503)
    assert connect(at_phone).state is ConnectionState.ANSWERED
    stopped_clock(clock.now() + timedelta(minutes=2))
    do_jobs()
    assert one().state is ConnectionState.OPEN


def test_connecting_again_takes_the_place_of_the_older_one(cast, at_phone, there):
    first = connect(at_phone).id
    there.code = "CODE-1"
    leave.ask(cast.enrolment, ML, by=cast.owner)
    db.session.commit()
    made = leave.answer(state_of(one()), "CODE-1", "", "http://x", by=cast.owner)
    do_jobs()
    old, new = db.session.get(SalesConnection, first), db.session.get(SalesConnection, made.id)
    assert (old.state, old.ended_why, old.sealed) == (ConnectionState.ENDED, "replaced", None)
    assert new.state is ConnectionState.OPEN


def test_only_the_owner_and_who_leads_the_digital_side_connect(cast, browser, there):
    place = db.session.scalars(select(Membership).filter_by(user_id=cast.son.id)).one()
    place.kind = MembershipKind.STAFF
    db.session.commit()
    page = browser(cast.son).get("/sales/connections")
    assert "Solo quien es dueño" in page.text and not page.root.find_all("button", string="Conectar Amazon")
    with pytest.raises(Refused):
        services.ask_marketplace(cast.enrolment, ML, by=cast.son)
    place.kind = MembershipKind.DIGITAL_LEAD
    db.session.commit()
    assert ask(browser(cast.son)).heading == "Di que sí en Mercado Libre"


def test_what_is_no_marketplace_is_refused(cast, at_phone, there):
    form = at_phone.get("/sales/connections").form_with(set(), "Conectar Amazon")
    for channel in ("counter", "x", ""):
        assert at_phone.post("/sales/connections", pages.values(form) | {"channel": [channel]}).status == 422


def test_without_settings_no_page_offers_it(app, cast, at_phone, monkeypatch):
    assert "conecta donde vendes" in at_phone.get("/sales/import").text
    for name in ("MERCADO_LIBRE_CLIENT_ID", "AMAZON_CLIENT_ID"):
        monkeypatch.setitem(app.config, name, "")
    assert "conecta donde vendes" not in at_phone.get("/sales/import").text
    assert at_phone.get("/sales/connections").status == 404


def test_what_happens_with_the_sales_is_said_where_one_agrees(app, cast, at_phone, browser, monkeypatch):
    administrator, programme = browser(cast.admin), f"/programmes/{cast.programme.id}/edit"
    for page in (at_phone.get("/my-data"), browser().get("/privacy")):
        assert "conecta una tienda en línea" in page.text and "nunca quién compró" in page.text
    page = administrator.get(programme)
    assert "este aviso no lo dice" in page.text
    said = "Si tu empresa conecta Mercado Libre, leemos allá sus ventas; nunca quién compró."
    administrator.send(page, programme, "Guardar", notice=said)
    assert "este aviso no lo dice" not in administrator.get(programme).text
    assert said in at_phone.get("/my-data").text
    for name in ("MERCADO_LIBRE_CLIENT_ID", "AMAZON_CLIENT_ID"):
        monkeypatch.setitem(app.config, name, "")
    for page in (at_phone.get("/my-data"), browser().get("/privacy")):
        assert "conecta una tienda en línea" not in page.text


# Tokens


def test_no_secret_is_in_the_database_the_log_or_the_trail(cast, at_phone, there, capfd):
    connect(at_phone)
    read(at_phone)
    do_all_jobs()
    rows = [
        str(list(row))
        for table in db.metadata.sorted_tables
        for row in db.session.execute(text(f'SELECT * FROM "{table.name}"'))
    ]
    said = "".join(capfd.readouterr())
    for secret in ("APP_USR-2", "TG-2", "CODE-1", "client-secret"):
        assert not any(secret in row for row in rows) and secret not in said
    assert any(entry.event == "SalesConnected" for entry in db.session.scalars(select(AuditEntry)))


def test_an_old_token_is_exchanged_and_its_successor_kept(cast, at_phone, there, stopped_clock):
    connect(at_phone)
    stopped_clock(clock.now() + timedelta(hours=6))
    assert leave.fresh_tokens(one().id).refresh == "TG-3"
    assert leave.fresh_tokens(one().id).refresh == "TG-3" and len(there.queries(TOKEN)) == 2


def test_a_token_that_ends_early_is_exchanged_once(cast, at_phone, there):
    connect(at_phone)
    there.answer_next(ORDERS, 401, {"error": "unauthorized"})
    read(at_phone)
    assert do_all_jobs().state is UploadState.READY and len(there.queries(TOKEN)) == 2


def test_a_leave_that_was_taken_away_over_there_ends_here(cast, at_phone, there):
    connect(at_phone)
    there.access = there.refresh = "gone"
    read(at_phone)
    assert do_all_jobs().state is UploadState.REFUSED
    assert (one().state, one().ended_why, one().sealed) == (ConnectionState.ENDED, "refused", None)
    page = at_phone.get(f"/sales/imports/uploads/{begun().id}")
    assert "ya no da permiso" in page.text and page.heading == "No se pudieron leer tus ventas"


def test_of_two_workers_that_refresh_at_once_the_later_one_takes_what_the_first_kept(
    cast, at_phone, there, stopped_clock, monkeypatch
):
    connect(at_phone)
    stopped_clock(clock.now() + timedelta(hours=6))
    key, refresh = one().id, leave.MARKETPLACES[ML].refresh

    def overtaken(app, old):
        monkeypatch.setattr(leave.MARKETPLACES[ML], "refresh", refresh, raising=False)
        leave.fresh_tokens(key)
        return refresh(app, old)

    monkeypatch.setattr(leave.MARKETPLACES[ML], "refresh", overtaken, raising=False)
    assert leave.fresh_tokens(key).refresh == "TG-3" and one().state is ConnectionState.OPEN


def test_with_another_secret_of_the_house_one_connects_again(app, cast, at_phone, there, monkeypatch):
    connect(at_phone)
    read(at_phone)
    db.session.commit()
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret, 16+")
    assert do_all_jobs().state is UploadState.REFUSED and one().state is ConnectionState.ENDED


# The end


def test_the_firm_ends_it_and_what_was_being_read_stops(cast, at_phone, browser, there):
    connect(at_phone)
    read(at_phone)
    page = browser(cast.son).submit(f"{path_of(one())}/end", "Terminar")
    assert "terminó" in page.text and one().sealed is None and one().ended_by_id == cast.son.id
    asked = len(there.asked)
    assert do_all_jobs().state is UploadState.REFUSED and len(there.asked) == asked
    assert at_phone.get(path_of(one())).heading == "Esta conexión terminó"
    assert at_phone.submit(f"{path_of(one())}/end", "Terminar").status == 422


def test_the_lead_ends_it_from_the_firms_page(cast, at_phone, browser, there):
    connect(at_phone)
    at_desk = browser(cast.lead)
    firm = at_desk.get(f"/enrolments/{cast.enrolment.id}/sales")
    assert f"{path_of(one())}/end" in str(firm.links)
    assert at_desk.submit(f"{path_of(one())}/end", "Terminar").heading.startswith("Ventas de")
    assert one().ended_by_id == cast.lead.id


def test_who_leaves_the_firm_takes_the_leave_along(cast, browser, there):
    as_digital_lead(cast, browser, there)
    read(browser(cast.owner))
    accounts.remove_member(cast.firm.id, cast.son.id, by=cast.owner)
    assert (one().state, one().ended_why, one().sealed) == (ConnectionState.ENDED, "left", None)
    assert do_all_jobs().state is UploadState.REFUSED and not there.queries(ORDERS)


def test_a_leave_of_somebody_who_is_gone_is_not_used_even_if_nobody_said_so(cast, browser, there):
    as_digital_lead(cast, browser, there)
    read(browser(cast.owner))
    place = db.session.scalars(select(Membership).filter_by(user_id=cast.son.id)).one()
    place.ended_at = now()
    do_all_jobs()
    assert (one().ended_why, one().sealed) == ("left", None) and not there.queries(ORDERS)


def test_a_suspended_person_and_a_firm_that_is_gone_end_it(cast, browser, there):
    as_digital_lead(cast, browser, there)
    accounts.suspend(db.session.get(User, cast.son.id), by=cast.admin)
    assert one().sealed is None
    there.code = "CODE-1"
    connect(browser(cast.owner))
    assert one().state is ConnectionState.OPEN
    cohorts.withdraw(cast.enrolment, reason="Cerró el taller", by=cast.lead)
    assert (one().ended_why, one().sealed) == ("withdrawn", None)


def test_a_leave_that_ends_while_its_token_is_exchanged_stays_ended(
    cast, at_phone, there, stopped_clock, monkeypatch
):
    connect(at_phone)
    stopped_clock(clock.now() + timedelta(hours=6))
    key, refresh = one().id, leave.MARKETPLACES[ML].refresh

    def meanwhile(app, old):
        leave.revoke(one(), by=cast.owner)
        db.session.commit()
        return refresh(app, old)

    monkeypatch.setattr(leave.MARKETPLACES[ML], "refresh", meanwhile, raising=False)
    with pytest.raises(leave.Failed):
        leave.fresh_tokens(key)
    assert one().sealed is None


def test_a_pin_is_not_enough_to_give_leave(cast, at_phone, there):
    form = at_phone.get("/sales/connections").form_with(set(), "Conectar Amazon")
    with at_phone.client.session_transaction() as session:
        session["by"] = "pin"
    page = at_phone.get("/sales/connections")
    assert "un código a tu correo" in page.text and "Conectar Amazon" not in page.text
    assert at_phone.post("/sales/connections", pages.values(form)).location.startswith("/sign-in/again")
    assert at_phone.get(f"{BACK}?code=x&state=y").location.startswith("/sign-in/again") and one() is None
