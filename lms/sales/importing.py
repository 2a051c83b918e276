"""Carrying out an import of sales, and undoing it: what was there before comes back."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select, update

from lms import events
from lms.cohorts.models import Enrolment
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.sales import entries, ledger, months, planning, reached, snapshots
from lms.sales.batches import Read
from lms.sales.figures import hold, new_figure, note_change
from lms.sales.importers.canonical import Batch, Row
from lms.sales.models import Channel, Figure, FigureRevision, Invoice, SalesImport
from lms.sales.planning import MonthPlan, SheetPlan


def import_batch(
    enrolment: Enrolment, channel: Channel, batch: Batch, file_hash: str, *, by: Any, actor_id: int | None
) -> tuple[SalesImport | None, SheetPlan]:
    """Write what a batch says into the figures of a channel; gives the import (None when nothing changes) and
    what it did. `by` answers for the figures, `actor_id` did it (None: a command)."""
    hold(enrolment.firm_id)
    plan = planning.plan(enrolment, channel, batch)
    if plan.changes_nothing:
        return None, plan
    source = entries.source_of(enrolment.firm_id, channel, batch.source)
    source = source or entries.make_source(enrolment.firm_id, channel, batch.source)
    done = SalesImport(
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        user_id=by.id,
        kind=batch.source,
        channel=channel,
        counted=plan.counted,
        left_out=sum(plan.left_out.values()),
        summary=planning.as_data(plan),
        imported_at=now(),
        source_id=source.id,
        file_hash=file_hash,
        first_day=plan.first_day,
        last_day=plan.last_day,
        before=[],
    )
    db.session.add(done)
    db.session.flush()
    figures = ledger.figures_in(enrolment.firm_id, {line.month for line in plan.months})
    closed = {_number(line.month): line.why for line in plan.months if line.why}
    entries.write(source, done.id, planning.open_changes(source, batch, closed))
    for line in plan.writes:
        _write(enrolment, figures.get((channel, line.month)), line, done, plan, by=by, actor_id=actor_id)
    db.session.flush()
    _tell(enrolment, done, by, actor_id)
    return done, plan


def import_read(
    enrolment: Enrolment, read: Read, *, by: Any, actor_id: int | None, dry_run: bool
) -> dict[str, Any]:
    """Carry out what was read, or only say what it would do; gives plain data."""
    if dry_run:
        plan, done = planning.plan(enrolment, read.channel, read.batch), None
    else:
        done, plan = import_batch(
            enrolment, read.channel, read.batch, read.file_hash, by=by, actor_id=actor_id
        )
    return {"written": done is not None, **planning.as_data(plan), "files": read.files}


def _number(month: date) -> int:
    return month.year * 12 + month.month - 1


def _tell(enrolment: Enrolment, done: SalesImport, by: Any, actor_id: int | None) -> None:
    reached.record_proven(enrolment, by_id=by.id)
    events.publish(
        events.SalesImported(
            actor_id=actor_id, enrolment_id=enrolment.id, firm_id=enrolment.firm_id, import_id=done.id
        )
    )


def _write(
    enrolment: Enrolment,
    figure: Figure | None,
    line: MonthPlan,
    done: SalesImport,
    plan: SheetPlan,
    *,
    by: Any,
    actor_id: int | None,
) -> None:
    kept = snapshots.remember(figure)
    done.before = [*done.before, [months.write_month(line.month), kept]]
    figure = figure or new_figure(enrolment, plan.channel, line.month, user_id=by.id)
    before = figure.gross
    _fill(figure, line.after)
    figure.tier, figure.currency, figure.source = plan.tier, plan.currency, plan.source
    figure.is_whole, figure.import_id = line.is_whole, done.id
    figure.user_id, figure.declared_at = by.id, now()
    note_change(
        figure, "imported", before=before, by_id=actor_id, details=snapshots.changes_since(kept, figure)
    )


def _fill(figure: Figure, row: Row) -> None:
    figure.gross, figure.net, figure.orders, figure.units = row.gross, row.net, row.orders, row.units
    figure.cancelled, figure.refunds, figure.fees = row.cancelled, row.refunded, row.fees


def undo_import(done: SalesImport, *, by: Any) -> None:
    """Give back what an import changed: orders, invoices and figures are as they were before.

    What a person wrote into a month afterwards stays. Raises Refused when a later import of the same channel
    stands on this one, or when a figure was checked or frozen since.
    """
    hold(done.firm_id)
    if done.undone_at is not None:
        raise Refused(_("This import was undone already."))
    if _newer(done):
        raise Refused(_("There is a newer import of the same place. Undo that one first."))
    figures = ledger.figures_in(done.firm_id, {months.parse_month(month) for month, _kept in done.before})
    _refuse_closed(done, figures)
    for month, kept in done.before:
        figure = figures.get((done.channel, months.parse_month(month)))
        if figure is not None and figure.import_id == done.id:
            _give_back(figure, kept, by)
    if done.source_id is not None:
        entries.take_back(done.id)
    db.session.execute(delete(Invoice).where(Invoice.import_id == done.id))
    done.undone_at, done.undone_by_id = now(), by.id
    db.session.flush()
    events.publish(
        events.SalesImportUndone(
            actor_id=by.id, enrolment_id=done.enrolment_id, firm_id=done.firm_id, import_id=done.id
        )
    )


def can_undo(done: SalesImport) -> bool:
    """Whether nothing stands on this import, so that it can be taken back."""
    return done.undone_at is None and not _newer(done)


def given_back(done: SalesImport) -> list[tuple[date, Decimal | None, Decimal | None, bool]]:
    """What an undo would do, by month: what the figure says, what it would say, and whether it would go."""
    rows = [(months.parse_month(month), kept) for month, kept in done.before]
    figures = ledger.figures_in(done.firm_id, {month for month, _kept in rows})
    found = []
    for month, kept in rows:
        figure = figures.get((done.channel, month))
        if figure is not None and figure.import_id == done.id:
            before = Decimal(kept["gross"]) if kept and kept["gross"] is not None else None
            found.append((month, figure.gross, before, kept is None))
    return found


def imports_of(firm_id: int) -> list[SalesImport]:
    """The imports of a firm, newest first."""
    found = select(SalesImport).where(SalesImport.firm_id == firm_id).order_by(SalesImport.id.desc())
    return list(db.session.scalars(found))


def _newer(done: SalesImport) -> bool:
    later = select(SalesImport.id).where(
        SalesImport.firm_id == done.firm_id,
        SalesImport.channel == done.channel,
        SalesImport.id > done.id,
        SalesImport.undone_at.is_(None),
    )
    return db.session.scalar(later.limit(1)) is not None


def _refuse_closed(done: SalesImport, figures: Mapping[tuple[Channel, date], Figure]) -> None:
    for figure in figures.values():
        if figure.channel is not done.channel or figure.import_id != done.id:
            continue
        why = ledger.why_closed(done.enrolment, figure.month)
        if figure.is_locked:
            raise Refused(
                _("The figure of %(month)s was checked. It has to be unlocked first.",
                  month=months.write_month(figure.month))
            )  # fmt: skip
        if why == "month_frozen":
            raise Refused(
                _("%(month)s belongs to your starting point, which is frozen.",
                  month=months.write_month(figure.month))
            )  # fmt: skip


def _give_back(figure: Figure, kept: Mapping[str, Any] | None, by: Any) -> None:
    """What the figure said before. One that was not there before goes, and its history stays."""
    before, today = figure.gross, snapshots.remember(figure)
    if kept is None:
        figure.gross = None
        note_change(figure, "undone", before=before, by_id=by.id, details={"gone": [False, True]})
        db.session.flush()
        unlink = update(FigureRevision).where(FigureRevision.figure_id == figure.id).values(figure_id=None)
        db.session.execute(unlink)
        db.session.execute(delete(Figure).where(Figure.id == figure.id))
        db.session.expunge(figure)
        return
    snapshots.restore(figure, kept)
    note_change(figure, "undone", before=before, by_id=by.id, details=snapshots.changes_since(today, figure))
