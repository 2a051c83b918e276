"""Sales read over a connection: again, slowly, wrongly, or not at all."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lms.foundation import clock
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.jobs import Job
from lms.sales.connections.patience import LONGEST, MOST_TRIES, wait_before
from lms.sales.models import (
    ConnectionState,
    SalesEntry,
    UploadState,
)
from tests.sales.connecting import (
    AMAZON,
    SEP,
    begun,
    connect,
    do_all_jobs,
    do_jobs,
    gross,
    one,
    path_of,
    read,
)
from tests.sales.marketplace_server import METRICS, ORDERS, order


def test_reading_again_updates_and_never_doubles(cast, at_phone, there):
    connect(at_phone)
    for cancelled in (False, True):
        if cancelled:
            there.orders[1]["status"] = "cancelled"
            there.orders.append(order(3, "2026-09-11T12:00:00.000-04:00", 40))
        read(at_phone)
        do_all_jobs()
        at_phone.submit(f"/sales/imports/uploads/{begun().id}", "Escribir")
    assert (gross(cast), gross(cast, date(2026, 8, 1))) == (40, 100)
    assert len(db.session.scalars(select(SalesEntry.key)).all()) == 3
    read(at_phone)
    do_all_jobs()
    assert "ya dicen esto" in at_phone.get(f"/sales/imports/uploads/{begun().id}").text


def test_amazon_gives_totals_and_is_asked_about_vat(cast, at_phone, there):
    there.metrics = {"2026-09": ("1000", 4, 5)}
    connect(at_phone, AMAZON)
    assert "IVA" in at_phone.get(path_of(one())).text
    read(at_phone, since="2026-09", vat="added")
    do_all_jobs()
    at_phone.submit(f"/sales/imports/uploads/{begun().id}", "Escribir")
    assert gross(cast, SEP, AMAZON) == 1160 and {said["granularity"] for said in there.queries(METRICS)} == {
        "Month"
    }


# Patience


def test_a_busy_marketplace_is_waited_for_and_the_page_says_until_when(cast, at_phone, there, stopped_clock):
    connect(at_phone)
    there.answer_next(ORDERS, 429, Retry_After="600")
    read(at_phone)
    do_jobs()
    waiting = db.session.scalars(
        select(Job).where(Job.done_at.is_(None), Job.name == "read_connected_month")
    ).one()
    assert timedelta(seconds=600) <= waiting.run_at - now() <= timedelta(seconds=750)
    assert "pide esperar" in at_phone.get(f"/sales/imports/uploads/{begun().id}").text
    do_jobs()
    assert len(there.queries(ORDERS)) == 1
    stopped_clock(clock.now() + timedelta(minutes=13))
    assert do_all_jobs().state is UploadState.READY


def test_after_so_many_tries_it_says_that_nothing_was_changed(cast, at_phone, there, stopped_clock):
    connect(at_phone)
    for _try in range(MOST_TRIES):
        there.answer_next(ORDERS, 503)
    read(at_phone)
    for _try in range(MOST_TRIES):
        do_jobs()
        stopped_clock(clock.now() + timedelta(hours=2))
    assert begun().state is UploadState.REFUSED and len(there.queries(ORDERS)) == MOST_TRIES
    assert "Nada cambió" in begun().problem and one().state is ConnectionState.OPEN


def test_waits_grow_and_never_undercut_what_was_asked():
    assert [wait_before(tries, None, 0) for tries in (1, 2, 3)] == [30, 60, 120]
    assert wait_before(1, 500, 0) == 500 and wait_before(30, None, 1) == LONGEST * 1.25


@pytest.mark.parametrize("answer", [(200, b"<html>"), (302, b""), (200, {"results": []}), (400, b"")])
def test_an_answer_that_cannot_be_used_changes_nothing(cast, at_phone, there, answer):
    connect(at_phone)
    there.answer_next(ORDERS, *answer, Location="http://127.0.0.1:1/")
    read(at_phone)
    assert do_all_jobs().state is UploadState.REFUSED and begun().batch_key is None
    assert at_phone.get(f"/sales/imports/uploads/{begun().id}").status == 200 and gross(cast) is None


def test_months_without_a_sale_are_told_and_write_nothing(cast, at_phone, there):
    there.orders = []
    connect(at_phone)
    read(at_phone)
    assert do_all_jobs().state is UploadState.REFUSED and "no se vendió nada" in begun().problem.lower()


def test_which_months_may_be_read(cast, at_phone, there):
    connect(at_phone)
    for since, words in (("2026-10", "ya terminó"), ("2020-01", "tres años"), ("", "Elige el mes")):
        page = read(at_phone, since=since)
        assert page.status == 422 and words in " ".join(page.errors)
    read(at_phone)
    assert "ya se están leyendo" in " ".join(read(at_phone).errors).lower()
