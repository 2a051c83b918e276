"""Importing files of sales: months are a union, importing again changes nothing, an undo gives back."""

import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from lms import events
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.sales import reading, services
from lms.sales.importers.layout import Setting
from lms.sales.models import Channel, Figure, FigureRevision, Invoice, SalesEntry, SalesEntryBefore, Tier
from lms.sales.services import Read, Report
from tests.sales.invoice import cfdi
from tests.sales.sheets import ml_row, ml_table, text, xlsx

AUG, SEP = date(2026, 8, 1), date(2026, 9, 1)
ML = Channel.MERCADO_LIBRE


def ml(*rows) -> bytes:
    return xlsx(ml_table([ml_row(*row) for row in rows]))


def sale(number: str, day: int, amount: float, status: str = "Entregado", month: str = "septiembre") -> tuple:
    return (number, f"{day} de {month} de 2026 10:00 hs.", status, amount, 1)


def read(content: bytes, channel: Channel = ML, **mapping: str) -> Read:
    setting = Setting(zone="America/Mexico_City", mapping=mapping)
    batch = reading.read_guessing(io.BytesIO(content), "ventas", setting)
    return Read(channel=channel, batch=batch, files=[{"sha256": f"{hash(content):x}"}])


def bring(enrolment, cast, one: Read, by=None):
    by = by or cast.owner
    done, _plan = services.import_batch(
        enrolment, one.channel, one.batch, one.file_hash, by=by, actor_id=by.id
    )
    return done


def gross(cast, month: date = SEP, channel: Channel = ML):
    figure = services.figures_of_month(cast.firm.id, month).get(channel)
    return figure.gross if figure else "none"


def everything(cast) -> dict:
    """What the books say, and the orders behind it."""
    figures = [
        (one.channel, one.month, one.gross, one.net, one.orders, one.units, one.cancelled, one.refunds,
         one.fees, one.tier, one.source, one.import_id, one.user_id)
        for one in db.session.scalars(select(Figure).order_by(Figure.channel, Figure.month))
    ]  # fmt: skip
    orders = sorted(
        (one.source_id, one.key, one.gross, one.import_id) for one in db.session.scalars(select(SalesEntry))
    )
    return {"figures": figures, "orders": orders}


def test_an_import_writes_months_with_everything_that_is_known(enrolment, cast, heard):
    done = bring(enrolment, cast, read(ml(sale("1", 3, 100.5), sale("2", 4, 50, "Cancelaste la venta"))))
    figure = services.figures_of_month(cast.firm.id, SEP)[ML]
    assert (figure.gross, figure.orders, figure.units, figure.cancelled) == (Decimal("100.50"), 1, 1, 50)
    assert (figure.tier, figure.source, figure.currency) == (Tier.B_EXPORT, "mercado_libre_ventas", "MXN")
    assert figure.file_hash == done.file_hash
    (revision,) = figure.revisions
    assert (revision.what, revision.before, revision.after, revision.by_id) == (
        "imported", None, Decimal("100.50"), cast.owner.id,
    )  # fmt: skip
    assert revision.details["orders"] == [None, 1]
    assert [type(one) for one in heard] == [events.SalesImported]


def test_the_same_file_again_changes_nothing(enrolment, cast):
    content = ml(sale("1", 3, 100), sale("2", 4, 50))
    bring(enrolment, cast, read(content))
    before = everything(cast)
    assert bring(enrolment, cast, read(content)) is None
    assert everything(cast) == before
    assert db.session.scalar(select(func.count(FigureRevision.id))) == 1


def test_overlapping_files_are_a_union_and_the_newest_state_of_an_order_wins(enrolment, cast):
    bring(enrolment, cast, read(ml(sale("1", 3, 100), sale("2", 20, 50))))
    bring(enrolment, cast, read(ml(sale("2", 20, 50, "Devuelto el 25 de septiembre"), sale("3", 28, 7))))
    figure = services.figures_of_month(cast.firm.id, SEP)[ML]
    assert (figure.gross, figure.orders, figure.refunds) == (107, 2, 50)


def test_a_dry_run_says_what_an_import_does_and_changes_nothing(enrolment, cast):
    bring(enrolment, cast, read(ml(sale("1", 3, 100))))
    before = everything(cast)
    again = read(ml(sale("1", 3, 120), sale("9", 5, 1, month="agosto")))
    answer = services.import_read(enrolment, again, by=cast.owner, actor_id=None, dry_run=True)
    assert everything(cast) == before and not answer["written"]
    assert [(one["month"], one["before"], one["after"], one["change"]) for one in answer["months"]] == [
        ("2026-08", None, "1.00", "new"), ("2026-09", "100.00", "120.00", "changed"),
    ]  # fmt: skip
    bring(enrolment, cast, again)
    assert (gross(cast, AUG), gross(cast)) == (1, 120)


def test_an_undo_gives_back_what_was_there(enrolment, cast, heard):
    services.report_month(enrolment, AUG, {ML: Report(Decimal(30), 2)}, by=cast.son)
    first = bring(enrolment, cast, read(ml(sale("1", 3, 100))))
    before = everything(cast)
    second = bring(
        enrolment,
        cast,
        read(ml(sale("1", 3, 100, "Devuelto"), sale("2", 9, 8), sale("5", 1, 4, month="agosto"))),
    )
    assert (gross(cast), gross(cast, AUG)) == (8, 4)
    with pytest.raises(Refused):
        services.undo_import(first, by=cast.owner)
    services.undo_import(second, by=cast.owner)
    assert everything(cast) == before
    assert db.session.scalar(select(func.count()).select_from(SalesEntryBefore)) == 0
    services.undo_import(first, by=cast.owner)
    assert (gross(cast), gross(cast, AUG)) == ("none", 30)
    assert type(heard[-1]) is events.SalesImportUndone
    with pytest.raises(Refused):
        services.undo_import(first, by=cast.owner)


def test_the_history_outlives_a_figure_that_an_undo_took_away(enrolment, cast):
    done = bring(enrolment, cast, read(ml(sale("1", 3, 100))))
    services.undo_import(done, by=cast.owner)
    db.session.commit()
    assert [one.what for one in services.history_of(cast.firm.id, ML, SEP)] == ["undone", "imported"]
    bring(enrolment, cast, read(ml(sale("1", 3, 100))))
    assert [one.what for one in services.history_of(cast.firm.id, ML, SEP)] == [
        "imported",
        "undone",
        "imported",
    ]


def test_what_a_person_wrote_after_an_import_stays_when_it_is_undone(enrolment, cast):
    done = bring(enrolment, cast, read(ml(sale("1", 3, 100))))
    services.report_month(enrolment, SEP, {ML: Report(Decimal(77))}, by=cast.owner)
    services.undo_import(done, by=cast.owner)
    assert gross(cast) == 77


def test_two_sources_are_never_added_and_the_change_is_told(enrolment, cast):
    bring(enrolment, cast, read(ml(sale("1", 3, 100))))
    other = read(text([["Fecha", "Folio", "Total"], ["2026-09-04", "1", "60"]]))
    plan = services.import_read(enrolment, other, by=cast.owner, actor_id=None, dry_run=True)
    assert plan["months"][0]["replaces"] == "mercado_libre_ventas"
    bring(enrolment, cast, other)
    assert gross(cast) == 60
    bring(enrolment, cast, read(ml(sale("1", 3, 100))))
    assert gross(cast) == 100


def test_another_kind_of_file_of_all_sales_is_not_taken_for_all_invoices(enrolment, cast):
    one = read(text([["Fecha", "Total"], ["2026-09-04", "60"]]), Channel.OTHER)
    bring(enrolment, cast, one)
    services.report_month(enrolment, SEP, {Channel.COUNTER: Report(Decimal(10))}, by=cast.owner)
    assert services.total_of(services.figures_of_month(cast.firm.id, SEP).values()) == 70


def test_months_that_are_open_frozen_or_checked_are_left_out(enrolment, cast):
    services.report_month(enrolment, SEP, {ML: Report(Decimal(5))}, by=cast.owner)
    figure = services.figures_of_month(cast.firm.id, SEP)[ML]
    services.verify_figure(figure, seen=services.seen_mark([figure]), by=cast.trainer)
    services.report_month(enrolment, date(2026, 7, 1), {ML: Report(Decimal(5))}, by=cast.owner)
    services.freeze_baseline(enrolment, by=cast.owner)
    one = read(
        ml(sale("1", 3, 100), sale("2", 3, 10, month="julio"), sale("3", 3, 1, month="octubre"),
           sale("4", 3, 2, month="agosto"), sale("5", 3, 2, month="enero"))
    )  # fmt: skip
    answer = services.import_read(enrolment, one, by=cast.owner, actor_id=None, dry_run=False)
    why = {month["month"]: month["why"] for month in answer["months"]}
    assert why["2026-10"] == "month_open" and why["2026-09"] == "month_locked"
    assert {why[month] for month in ("2026-01", "2026-07", "2026-08")} == {"month_frozen"}
    assert not answer["written"] and gross(cast) == 5


def test_a_checked_figure_keeps_its_import(enrolment, cast):
    done = bring(enrolment, cast, read(ml(sale("1", 3, 100))))
    figure = services.figures_of_month(cast.firm.id, SEP)[ML]
    services.verify_figure(figure, seen=services.seen_mark([figure]), by=cast.trainer)
    with pytest.raises(Refused):
        services.undo_import(done, by=cast.owner)
    services.unlock_figure(figure, "Se equivocó", by=cast.trainer)
    services.undo_import(done, by=cast.owner)
    assert gross(cast) == "none"


def test_an_import_of_invoices_is_undone_too(enrolment, cast):
    services.report_month(enrolment, SEP, {Channel.WHOLESALE: Report(Decimal(30))}, by=cast.owner)
    files = [("a.xml", cfdi())]
    done = services.import_invoices(
        enrolment, Channel.WHOLESALE, files, by=cast.owner, actor_id=cast.owner.id
    )
    assert gross(cast, channel=Channel.WHOLESALE) == 1160
    services.undo_import(done, by=cast.owner)
    assert gross(cast, channel=Channel.WHOLESALE) == 30
    assert db.session.scalar(select(func.count(Invoice.id))) == 0
    services.import_invoices(enrolment, Channel.WHOLESALE, files, by=cast.owner, actor_id=cast.owner.id)
    assert gross(cast, channel=Channel.WHOLESALE) == 1160


def test_a_net_amount_is_known_while_every_order_tells_it(enrolment, cast):
    table = [["Fecha", "Folio", "Importe sin IVA"], ["2026-09-04", "1", "100"]]
    bring(enrolment, cast, read(text(table)))
    assert services.figures_of_month(cast.firm.id, SEP)[ML].net == 100
    table.append(["2026-09-05", "2", "50"])
    bring(enrolment, cast, read(text(table)))
    figure = services.figures_of_month(cast.firm.id, SEP)[ML]
    assert (figure.net, figure.gross) == (150, 174)


def test_numbers_of_orders_are_nowhere(enrolment, cast):
    bring(enrolment, cast, read(ml(sale("2000018220538232", 3, 100))))
    kept = " ".join(
        str(tuple(row)) for table in db.metadata.sorted_tables for row in db.session.execute(select(table))
    )
    assert "2000018220538232" not in kept and "Secreto" not in kept


amounts = st.integers(0, 1000)
files = st.lists(
    st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(1, 28), amounts), min_size=1),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files)
def test_any_files_in_a_row_are_their_union_and_undone_one_by_one_they_leave_no_trace(enrolment, cast, files):
    known: dict = {}
    states, done = [], []
    for file in files:
        states.append(everything(cast))
        rows = [[f"2026-09-{day:02d}", number, str(amount)] for number, (day, amount) in file.items()]
        done.append(bring(enrolment, cast, read(text([["Fecha", "Folio", "Total"], *rows]))))
        known |= {(number, day): amount for number, (day, amount) in file.items()}
        assert gross(cast) == sum(known.values())
    for one, before in zip(reversed(done), reversed(states), strict=True):
        if one is not None:
            services.undo_import(one, by=cast.owner)
        assert everything(cast) == before
