"""Writing figures down month by month with every change kept; checking, locking and unlocking them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lms import events
from lms.accounts.models import Firm
from lms.cohorts.models import Enrolment
from lms.foundation import storage, uploads
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.money import format_money
from lms.sales import ledger, months, reached, words
from lms.sales.models import Channel, Evidence, Figure, FigureRevision, Tier


@dataclass(frozen=True)
class Report:
    """What a person says about one channel and month; `gross` None is "I do not know"."""

    gross: Decimal | None
    orders: int | None = None


def check_month(enrolment: Enrolment, month: date) -> None:
    """Raises Refused when a person may not write down this month."""
    closed = ledger.why_closed(enrolment, month)
    if closed == "month_open":
        raise Refused(_("That month is not over yet. Write it down when it has ended."))
    if closed == "month_frozen":
        raise Refused(_("That month belongs to your starting point, which is frozen and no longer changes."))
    if month < ledger.baseline_months(enrolment)[0]:
        raise Refused(_("That month is more than a year before your course. It is not needed."))


def report_month(
    enrolment: Enrolment,
    month: date,
    reports: Mapping[Channel, Report],
    *,
    by: Any,
    file: tuple[str, bytes] | None = None,
) -> list[Figure]:
    """Write down what a firm sold in a month by channel. `file` (name, content) backs all of these figures.

    Raises Refused when the month is closed, a checked figure would change, or the file is not accepted.
    """
    check_month(enrolment, month)
    if not reports:
        raise Refused(_("Write at least one amount. If you sold nothing, write 0."))
    written = write_reports(
        enrolment, {(channel, month): one for channel, one in reports.items()}, by=by, file=file
    )
    reached.record_proven(enrolment, by_id=by.id)
    events.publish(
        events.SalesReported(
            actor_id=by.id,
            enrolment_id=enrolment.id,
            firm_id=enrolment.firm_id,
            month=months.write_month(month),
        )
    )
    return written


def write_reports(
    enrolment: Enrolment,
    reports: Mapping[tuple[Channel, date], Report],
    *,
    by: Any,
    file: tuple[str, bytes] | None = None,
) -> list[Figure]:
    """Write what a person said, cell by cell; what did not change stays as it is."""
    hold(enrolment.firm_id)
    present = ledger.figures_in(enrolment.firm_id, {month for _channel, month in reports})
    _refuse_locked(present, reports)
    evidence = keep_evidence(enrolment, *file, by=by) if file else None
    written = []
    for (channel, month), report in reports.items():
        figure = present.get((channel, month))
        if figure is None:
            figure = new_figure(enrolment, channel, month, user_id=by.id)
            _say(figure, report, "declared", by)
        elif not figure.is_locked and _differs(figure, report):
            _say(figure, report, "changed", by)
        if evidence and not figure.is_locked:
            _back_with(figure, evidence, by)
        written.append(figure)
    db.session.flush()
    return written


def hold(firm_id: int) -> None:
    """Let one writer at a time work on a firm's figures (on databases that would let in several)."""
    db.session.execute(select(Firm.id).where(Firm.id == firm_id).with_for_update())


def new_figure(enrolment: Enrolment, channel: Channel, month: date, *, user_id: int) -> Figure:
    """A figure that says nothing yet."""
    figure = Figure(
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        user_id=user_id,
        channel=channel,
        month=month,
        tier=Tier.E_RECALL,
        declared_at=now(),
    )
    db.session.add(figure)
    return figure


def note_change(
    figure: Figure,
    what: str,
    *,
    before: Decimal | None,
    by_id: int | None,
    why: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Keep what a figure said before, who changed it and why; `details` is {field: [before, after]}."""
    figure.revisions.append(
        FigureRevision(
            firm_id=figure.firm_id,
            channel=figure.channel,
            month=figure.month,
            by_id=by_id,
            at=now(),
            what=what,
            before=before,
            after=figure.gross,
            details=dict(details or {}),
            why=why,
        )
    )


def keep_evidence(enrolment: Enrolment, name: str, content: bytes, *, by: Any) -> Evidence:
    """Keep a photo or PDF that backs figures. Raises Refused, in words, for anything else."""
    accepted = uploads.accept(name, content)
    stored = storage.put(accepted.content)
    small = storage.put(accepted.thumbnail) if accepted.thumbnail else None
    evidence = Evidence(
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        user_id=by.id,
        original_name=name[:200],
        media_type=accepted.media_type,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.key,
        thumbnail_key=small.key if small else None,
        uploaded_at=now(),
    )
    db.session.add(evidence)
    db.session.flush()
    return evidence


def seen_mark(figures: Iterable[Figure]) -> str:
    """What a page showed of figures, so that nobody checks an amount that changed behind their back."""
    return " ".join(f"{figure.id}:{figure.gross}" for figure in sorted(figures, key=lambda one: one.id))


def verify_figures(figures: Sequence[Figure], *, seen: str, by: Any) -> int:
    """Check figures as shown (`seen` is their mark) and lock them. Unknown and checked ones are passed over.

    Raises Refused when one changed since it was shown, was written by who checks, or nothing is left.
    """
    if seen_mark(figures) != seen:
        raise Refused(_("A figure changed while you were looking. Look at it again."))
    open_ones = [figure for figure in figures if not figure.is_locked and figure.gross is not None]
    if not open_ones:
        raise Refused(_("There is nothing to check: it is unknown or was checked already."))
    if any(figure.user_id == by.id for figure in open_ones):
        raise Refused(_("Somebody else has to check what you wrote down yourself."))
    for figure in open_ones:
        figure.verified_by_id, figure.verified_at = by.id, now()
        note_change(figure, "verified", before=figure.gross, by_id=by.id)
        events.publish(events.FigureVerified(actor_id=by.id, figure_id=figure.id, firm_id=figure.firm_id))
    return len(open_ones)


def verify_figure(figure: Figure, *, seen: str, by: Any) -> None:
    """Check one figure beside its evidence and lock it."""
    verify_figures([figure], seen=seen, by=by)


def verify_month(enrolment: Enrolment, month: date, *, seen: str, by: Any) -> int:
    """Check every known figure of a firm's month at once; gives how many."""
    hold(enrolment.firm_id)
    return verify_figures(list(ledger.figures_of_month(enrolment.firm_id, month).values()), seen=seen, by=by)


def unlock_figure(figure: Figure, reason: str, *, by: Any) -> None:
    """Let a checked figure be changed again; the reason stays in its history."""
    if not figure.is_locked:
        raise Refused(_("This figure is not locked."))
    figure.verified_by_id = figure.verified_at = None
    note_change(figure, "unlocked", before=figure.gross, by_id=by.id, why=reason)
    events.publish(
        events.FigureUnlocked(actor_id=by.id, figure_id=figure.id, firm_id=figure.firm_id, reason=reason)
    )


def _refuse_locked(
    present: Mapping[tuple[Channel, date], Figure], reports: Mapping[tuple[Channel, date], Report]
) -> None:
    for key, report in reports.items():
        figure = present.get(key)
        if figure and figure.is_locked and _differs(figure, report):
            raise Refused(
                _(
                    "“%(channel)s” was checked with %(amount)s and is locked. Ask your trainer to unlock it.",
                    channel=words.CHANNELS[figure.channel],
                    amount=format_money(figure.gross),
                )
            )


def _differs(figure: Figure, report: Report) -> bool:
    if report.orders is not None and report.orders != figure.orders:
        return True
    if report.gross is None or figure.gross is None:
        return report.gross != figure.gross
    # Pages show whole pesos: who sends back what the page showed has changed nothing.
    return report.gross not in (figure.gross, figure.gross.quantize(Decimal(1)))


def _say(figure: Figure, report: Report, what: str, by: Any) -> None:
    before = figure.gross
    figure.gross, figure.net, figure.units = report.gross, None, None
    figure.cancelled = figure.refunds = figure.fees = None
    figure.source, figure.currency, figure.is_whole = "", "MXN", None
    figure.orders = report.orders if report.orders is not None else figure.orders
    figure.tier = Tier.D_RECORD if figure.evidence_id else Tier.E_RECALL
    figure.import_id = None
    figure.user_id, figure.declared_at = by.id, now()
    note_change(figure, what, before=before, by_id=by.id)


def _back_with(figure: Figure, evidence: Evidence, by: Any) -> None:
    """A photo makes a remembered figure a recorded one; figures from files are backed better already."""
    changed_just_now = bool(figure.revisions) and figure.revisions[-1].id is None
    figure.evidence = evidence
    figure.tier = min(figure.tier, Tier.D_RECORD)
    if not changed_just_now:
        note_change(figure, "evidence", before=figure.gross, by_id=by.id)
