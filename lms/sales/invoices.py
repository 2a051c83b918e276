"""Importing invoices: first what they would change, file by file and month by month; then the change itself.

The files themselves are not kept: of each counted invoice its UUID, kind, month and amounts remain.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from lms import events
from lms.cohorts.models import Enrolment
from lms.foundation import storage
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.jobs import enqueue, job
from lms.sales import archives, ledger, months, reached, snapshots, words
from lms.sales.cfdi import Verdict, judge_all, read
from lms.sales.figures import hold, new_figure, note_change
from lms.sales.models import Channel, Figure, Invoice, SalesImport, Tier

# Marketplaces are left out: their sales are invoiced once a month as a whole, and would count twice.
CHANNELS = (Channel.WHOLESALE, Channel.OTHER, Channel.COUNTER, Channel.OWN_SHOP)
KEEP_PENDING = timedelta(days=1)
ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class FileLine:
    """One file of an upload: whether it counts, why (a key of words.REASONS), and with what."""

    name: str
    count: bool
    reason: str
    month: date | None = None
    gross: Decimal | None = None
    net: Decimal | None = None
    uuid: str = ""
    is_return: bool = False
    is_global: bool = False


@dataclass(frozen=True, kw_only=True)
class MonthLine:
    """What would be written into one month: `before` is today's figure, `was_typed`: by a person."""

    month: date
    invoices: int
    before: Decimal | None
    after: Decimal
    net: Decimal
    refunds: Decimal
    said: Decimal
    said_net: Decimal
    is_new: bool
    was_typed: bool = False
    below_zero: bool = False


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an import would do. Nothing is written until it is carried out."""

    channel: Channel
    files: tuple[FileLine, ...]
    months: tuple[MonthLine, ...]

    @property
    def counted(self) -> list[FileLine]:
        return [line for line in self.files if line.count]

    @property
    def left_out(self) -> list[FileLine]:
        return [line for line in self.files if not line.count]

    @property
    def has_global(self) -> bool:
        return any(line.is_global for line in self.counted)


def plan_import(enrolment: Enrolment, channel: Channel, files: Sequence[archives.File]) -> Plan:
    """What these files (name, content) would change. Raises Refused when they cannot be opened safely."""
    if channel not in CHANNELS:
        raise Refused(_("Choose what these invoices are: wholesale, your shop, or all your sales."))
    if not enrolment.firm.rfc:
        raise Refused(
            _("We need the RFC of your firm to know which invoices are yours. Ask your trainer to add it.")
        )
    lines = _close_months(enrolment, channel, _judge(enrolment, files))
    return Plan(channel=channel, files=tuple(lines), months=tuple(_months(enrolment, channel, lines)))


def import_invoices(
    enrolment: Enrolment, channel: Channel, files: Sequence[archives.File], *, by: Any, actor_id: int | None
) -> SalesImport:
    """Count invoices and add them up into the figures of one channel; what counted before changes nothing.

    `by` answers for the figures, `actor_id` did it (None: a command). Raises Refused when none counts.
    """
    hold(enrolment.firm_id)
    plan = plan_import(enrolment, channel, files)
    if not plan.counted:
        raise Refused(_("None of these files counts as a new sale. Nothing was changed."))
    done = SalesImport(
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        user_id=by.id,
        kind="cfdi",
        channel=channel,
        counted=len(plan.counted),
        left_out=len(plan.left_out),
        summary=as_data(plan),
        imported_at=now(),
        file_hash=_hash_of(files),
        before=[],
    )
    db.session.add(done)
    db.session.flush()
    db.session.add_all(_invoice(enrolment, done, line) for line in plan.counted)
    figures = ledger.figures_in(enrolment.firm_id, {line.month for line in plan.months})
    for line in plan.months:
        figure = figures.get((channel, line.month))
        done.before = [*done.before, [months.write_month(line.month), snapshots.remember(figure)]]
        figure = figure or new_figure(enrolment, channel, line.month, user_id=by.id)
        _write(figure, line, done, by=by, actor_id=actor_id)
    db.session.flush()
    reached.record_proven(enrolment, by_id=by.id)
    events.publish(
        events.SalesImported(
            actor_id=actor_id, enrolment_id=enrolment.id, firm_id=enrolment.firm_id, import_id=done.id
        )
    )
    return done


def _hash_of(files: Sequence[archives.File]) -> str:
    hashes = sorted({hashlib.sha256(content).hexdigest() for _name, content in files})
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def as_data(plan: Plan) -> dict[str, Any]:
    """A plan as plain data, for JSON and for the record of an import. Names of files are not in it."""
    reasons: dict[str, int] = defaultdict(int)
    for line in plan.left_out:
        reasons[str(line.reason)] += 1
    return {
        "source": "cfdi",
        "channel": plan.channel.value,
        "currency": "MXN",
        "counted": len(plan.counted),
        "left_out": dict(reasons),
        "months": [
            {
                "month": months.write_month(line.month),
                "channel": plan.channel.value,
                "source": "cfdi",
                "invoices": line.invoices,
                "pesos": str(line.said),
                "pesos_ex_vat": str(line.said_net),
                "orders": None,
                "refunded": str(line.refunds),
                "before": None if line.before is None else str(line.before),
                "after": str(line.after),
                "change": "new" if line.is_new else "changed",
                "why": None,
                "replaces": "typed" if line.was_typed and not line.is_new else None,
                "complete": True,
                "below_zero": line.below_zero,
            }
            for line in plan.months
        ],
        # Cancellation is not written in the file and was not asked of the SAT.
        "cancellation_checked": False,
    }


# Between the two steps


def keep_pending(files: Sequence[archives.File]) -> str:
    """Keep uploaded files until the person has seen what they would change; gives the key to find them."""
    key = storage.put(archives.pack(files)).key
    enqueue(forget_pending_invoices, run_at=now() + KEEP_PENDING, storage_key=key)
    return key


def pending(key: str) -> list[archives.File]:
    """The files kept under that key. Raises Refused when they are gone."""
    try:
        with storage.open_file(key) as stream:
            return archives.unpack(stream.read())
    except FileNotFoundError:
        raise Refused(_("These files are no longer here. Upload them again.")) from None


def drop_pending(key: str) -> None:
    """Forget the files as soon as the import is kept."""
    enqueue(forget_pending_invoices, storage_key=key)


@job
def forget_pending_invoices(storage_key: str) -> None:
    """Raw invoices name buyers: they do not stay."""
    storage.delete(storage_key)


# How a plan is made


def _judge(enrolment: Enrolment, files: Sequence[archives.File]) -> list[FileLine]:
    try:
        entries = archives.open_all(files)
    except archives.Unsafe as unsafe:
        raise Refused(str(words.PROBLEMS[unsafe.problem]) % {"name": unsafe.name}) from unsafe
    readable = [entry for entry in entries if entry.problem is None]
    documents = [read(entry.content) for entry in readable]
    seen = _seen(enrolment.firm_id, {document.uuid for document in documents if document.uuid})
    verdicts = judge_all(documents, enrolment.firm.rfc or "", seen, enrolment.firm.time_zone)
    judged = zip(documents, verdicts, strict=True)
    lines = []
    for entry in entries:
        if entry.problem:
            lines.append(FileLine(name=entry.name, count=False, reason=entry.problem))
        else:
            document, verdict = next(judged)
            lines.append(_line(entry.name, verdict, is_global=document.is_global))
    return lines


def _line(name: str, verdict: Verdict, *, is_global: bool) -> FileLine:
    return FileLine(
        name=name,
        count=verdict.count,
        reason=verdict.reason,
        month=verdict.month,
        gross=verdict.gross,
        net=verdict.net,
        uuid=verdict.uuid,
        is_return=verdict.sign < 0,
        is_global=is_global,
    )


def _seen(firm_id: int, uuids: set[str]) -> set[str]:
    return set(
        db.session.scalars(select(Invoice.uuid).where(Invoice.firm_id == firm_id, Invoice.uuid.in_(uuids)))
    )


def _close_months(enrolment: Enrolment, channel: Channel, lines: list[FileLine]) -> list[FileLine]:
    """Leave out what belongs to months into which nothing may be written now; another day it may count."""
    wanted = {line.month for line in lines if line.count and line.month}
    figures = ledger.figures_in(enrolment.firm_id, wanted)
    closed = {month: ledger.why_closed(enrolment, month) for month in wanted}
    for month in wanted:
        figure = figures.get((channel, month))
        if closed[month] is None and figure is not None and figure.is_locked:
            closed[month] = "month_locked"
    return [
        replace(line, count=False, reason=reason)
        if line.count and line.month and (reason := closed[line.month])
        else line
        for line in lines
    ]


def _months(enrolment: Enrolment, channel: Channel, lines: Iterable[FileLine]) -> list[MonthLine]:
    new: dict[date, list[FileLine]] = defaultdict(list)
    for line in lines:
        if line.count and line.month:
            new[line.month].append(line)
    present = ledger.figures_in(enrolment.firm_id, new)
    counted = _counted_before(enrolment.firm_id, channel, new)
    return [
        _month(month, new[month], present.get((channel, month)), *counted.get(month, (ZERO, ZERO, ZERO)))
        for month in sorted(new)
    ]


def _month(
    month: date, lines: list[FileLine], figure: Figure | None, gross: Decimal, net: Decimal, refunds: Decimal
) -> MonthLine:
    said = sum((line.gross or ZERO for line in lines), ZERO)
    said_net = sum((line.net or ZERO for line in lines), ZERO)
    gross, net = gross + said, net + said_net
    refunds -= sum((line.gross or ZERO for line in lines if line.is_return), ZERO)
    return MonthLine(
        month=month,
        invoices=len(lines),
        before=figure.gross if figure else None,
        after=max(gross, ZERO),
        net=max(net, ZERO),
        refunds=refunds,
        said=said,
        said_net=said_net,
        is_new=figure is None,
        was_typed=figure is not None and figure.import_id is None,
        below_zero=gross < 0,
    )


def _counted_before(
    firm_id: int, channel: Channel, wanted: Iterable[date]
) -> dict[date, tuple[Decimal, Decimal, Decimal]]:
    """Gross, net and returns of the invoices that earlier imports counted for this channel, by month."""
    sums = (
        select(Invoice.month, Invoice.kind, func.sum(Invoice.gross), func.sum(Invoice.net))
        .join(SalesImport, SalesImport.id == Invoice.import_id)
        .where(Invoice.firm_id == firm_id, SalesImport.channel == channel, Invoice.month.in_(list(wanted)))
        .group_by(Invoice.month, Invoice.kind)
    )
    found: dict[date, tuple[Decimal, Decimal, Decimal]] = {}
    for month, kind, gross, net in db.session.execute(sums):
        old = found.get(month, (ZERO, ZERO, ZERO))
        found[month] = (old[0] + gross, old[1] + net, old[2] - (gross if kind == "E" else ZERO))
    return found


def _invoice(enrolment: Enrolment, done: SalesImport, line: FileLine) -> Invoice:
    return Invoice(
        firm_id=enrolment.firm_id,
        import_id=done.id,
        uuid=line.uuid,
        kind="E" if line.is_return else "I",
        month=line.month,
        gross=line.gross,
        net=line.net,
    )


def _write(figure: Figure, line: MonthLine, done: SalesImport, *, by: Any, actor_id: int | None) -> None:
    kept, before = snapshots.remember(figure), figure.gross
    figure.gross, figure.net, figure.refunds = line.after, line.net, line.refunds
    figure.orders = figure.units = figure.cancelled = figure.fees = None
    figure.tier, figure.import_id, figure.source = Tier.C_INVOICE, done.id, "cfdi"
    figure.user_id, figure.declared_at = by.id, now()
    note_change(
        figure, "imported", before=before, by_id=actor_id, details=snapshots.changes_since(kept, figure)
    )
