"""Invoices become figures: what is planned, what is written, and what is never counted twice."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from lms import events
from lms.accounts.models import Firm
from lms.foundation.db import db, transaction
from lms.foundation.errors import Refused
from lms.foundation.jobs import run_due
from lms.sales import services
from lms.sales.models import Channel, Figure, Invoice, SalesImport, Tier
from lms.sales.services import Report
from tests.sales.invoice import cfdi, zipped

AUG, SEP = date(2026, 8, 1), date(2026, 9, 1)
SHOP, ONLINE, TRADE, ALL = Channel.COUNTER, Channel.MERCADO_LIBRE, Channel.WHOLESALE, Channel.OTHER


def report(enrolment, by, **amounts):
    reports = {Channel(name): Report(Decimal(amount)) for name, amount in amounts.items()}
    return services.report_month(enrolment, SEP, reports, by=by)


def figure(enrolment, channel=SHOP, month=SEP) -> Figure:
    return services.figures_of_month(enrolment.firm_id, month)[channel]


def import_(enrolment, by, *contents, channel=TRADE) -> SalesImport:
    files = [(f"{number}.xml", content) for number, content in enumerate(contents)]
    return services.import_invoices(enrolment, channel, files, by=by, actor_id=by.id)


def test_a_plan_writes_nothing(enrolment, cast):
    plan = services.plan_import(enrolment, TRADE, [("a.xml", cfdi())])
    assert [(line.month, line.after, line.is_new) for line in plan.months] == [(SEP, Decimal(1160), True)]
    assert not services.figures_of(enrolment.firm_id)


def test_invoices_add_up_by_month_and_returns_subtract(enrolment, cast, heard):
    done = import_(
        enrolment, cast.owner, cfdi(), cfdi(), cfdi(kind="E", total="160.00", subtotal="137.93"),
        cfdi(issued="2026-08-31T10:00:00"), cfdi(kind="P"), b"nothing",
    )  # fmt: skip
    assert (done.counted, done.left_out, done.summary["left_out"]) == (4, 2, {"payment": 1, "broken": 1})
    september = figure(enrolment, TRADE)
    assert (september.gross, september.net, september.refunds) == (
        Decimal(2160),
        Decimal("1862.07"),
        Decimal(160),
    )
    assert (september.tier, september.import_id) == (Tier.C_INVOICE, done.id)
    assert figure(enrolment, TRADE, AUG).gross == 1160
    assert [type(one) for one in heard] == [events.SalesImported]


def test_importing_again_changes_nothing(enrolment, cast):
    first = cfdi()
    import_(enrolment, cast.owner, first)
    with pytest.raises(Refused):
        import_(enrolment, cast.son, first)
    with pytest.raises(Refused):
        import_(enrolment, cast.son, first, channel=ALL)
    import_(enrolment, cast.son, first, cfdi(total="40.00", subtotal="34.48"))
    assert figure(enrolment, TRADE).gross == 1200
    assert len(figure(enrolment, TRADE).revisions) == 2


def test_the_same_invoice_counts_for_each_of_two_firms_only_if_it_is_theirs(enrolment, cast):
    content = cfdi()
    import_(enrolment, cast.owner, content)
    cast.rival_firm.rfc = "XYZ010101AB1"
    with pytest.raises(Refused):
        import_(cast.rival_enrolment, cast.rival, content)


def test_more_returns_than_sales_is_nothing_sold(enrolment, cast):
    import_(enrolment, cast.owner, cfdi(kind="E"))
    assert figure(enrolment, TRADE).gross == 0
    import_(enrolment, cast.owner, cfdi(total="1500.00", subtotal="1293.10"))
    assert figure(enrolment, TRADE).gross == 340


def test_a_typed_figure_is_shown_before_invoices_replace_it(enrolment, cast):
    report(enrolment, cast.owner, wholesale="16000")
    (line,) = services.plan_import(enrolment, TRADE, [("a.xml", cfdi())]).months
    assert (line.before, line.after, line.was_typed) == (Decimal(16000), Decimal(1160), True)


def test_months_that_are_closed_are_left_out_and_may_count_later(enrolment, cast, stopped_clock):
    report(enrolment, cast.owner, wholesale="16000")
    locked = figure(enrolment, TRADE)
    services.verify_figure(locked, seen=services.seen_mark([locked]), by=cast.trainer)
    services.save_baseline(enrolment, SHOP, {AUG: Decimal(1)}, by=cast.owner)
    services.freeze_baseline(enrolment, by=cast.owner)
    moments = ("2026-09-10T12:00:00", "2026-08-10T12:00:00", "2026-10-02T12:00:00")
    files = [("x.xml", cfdi(issued=moment)) for moment in moments]
    plan = services.plan_import(enrolment, TRADE, files)
    assert [str(line.reason) for line in plan.files] == ["month_locked", "month_frozen", "month_open"]
    assert not plan.months
    services.unlock_figure(locked, "Llegaron las facturas", by=cast.trainer)
    stopped_clock(datetime(2026, 11, 2, 18, 0, tzinfo=UTC))
    assert [line.count for line in services.plan_import(enrolment, TRADE, files).files] == [True, False, True]


def test_a_firm_without_rfc_or_a_marketplace_channel_is_refused(enrolment, cast):
    with pytest.raises(Refused):
        services.plan_import(enrolment, ONLINE, [("a.xml", cfdi())])
    db.session.get(Firm, cast.firm.id).rfc = None
    with pytest.raises(Refused):
        services.plan_import(enrolment, TRADE, [("a.xml", cfdi())])


def test_a_bomb_is_refused_in_words(enrolment):
    with pytest.raises(Refused, match="mala.zip"):
        services.plan_import(enrolment, TRADE, [("mala.zip", zipped(("a.xml", b"0" * 9_000_000)))])


def test_of_an_invoice_only_what_a_sum_needs_is_kept(enrolment, cast):
    done = import_(enrolment, cast.owner, cfdi(stamp="6F35D3B5-3651-5370-BC2C-14CDBE384CD7"))
    (kept,) = db.session.scalars(select(Invoice)).all()
    assert (kept.uuid, kept.kind, kept.month) == ("6f35d3b5-3651-5370-bc2c-14cdbe384cd7", "I", SEP)
    assert "XAXX" not in str(done.summary)


def test_files_that_wait_are_forgotten_after_a_day(enrolment, stopped_clock):
    with transaction():
        key = services.keep_pending([("a.xml", b"<a/>")])
    run_due()
    assert services.pending(key) == [("a.xml", b"<a/>")]
    stopped_clock(datetime(2026, 10, 16, 18, 0, tzinfo=UTC))
    run_due()
    with pytest.raises(Refused):
        services.pending(key)
