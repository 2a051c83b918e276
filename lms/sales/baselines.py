"""The months before the start: written down channel by channel, then frozen for good."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from lms import events
from lms.cohorts.models import AT_WORK, Cohort, Enrolment
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.jobs import every
from lms.sales import ledger, reached
from lms.sales.figures import Report, hold, write_reports
from lms.sales.models import Baseline, Channel, Figure

# Who is still writing on the first day is not cut off in the middle.
GRACE = timedelta(days=1)


def save_baseline(
    enrolment: Enrolment,
    channel: Channel,
    amounts: Mapping[date, Decimal | None],
    *,
    by: Any,
    file: tuple[str, bytes] | None = None,
) -> None:
    """Write down what one channel sold in months before the start; None is "I do not know".

    Raises Refused when the baseline is frozen, a month is not one of its, or a checked figure would change.
    """
    if ledger.has_baseline(enrolment.id):
        raise Refused(_("Your starting point is frozen and no longer changes."))
    if not set(amounts) <= set(ledger.baseline_months(enrolment)):
        raise Refused(_("Only the twelve months before your course belong to the starting point."))
    if not amounts:
        raise Refused(_("Write at least one amount. If you sold nothing, write 0."))
    reports = {(channel, month): Report(gross) for month, gross in amounts.items()}
    write_reports(enrolment, reports, by=by, file=file)


def freeze_baseline(enrolment: Enrolment, *, source_note: str = "", by: Any = None) -> Baseline:
    """Freeze what is known of the months before the start; later changes of figures do not reach it.

    `by` is the member who says that this is all, or None when the house does it because the course begins.
    Raises Refused when it is frozen already or nothing is known.
    """
    hold(enrolment.firm_id)
    if ledger.has_baseline(enrolment.id):
        raise Refused(_("Your starting point is frozen and no longer changes."))
    totals = ledger.monthly_totals([enrolment.firm_id]).get(enrolment.firm_id, {})
    rows = [(month, totals.get(month)) for month in ledger.baseline_months(enrolment)]
    if all(gross is None for _month, gross in rows):
        raise Refused(_("Write down at least one whole month first. What you remember is enough."))
    user_id = by.id if by else _last_writer(enrolment.firm_id, [month for month, _gross in rows])
    baseline = Baseline(
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        user_id=user_id,
        months=[[month.isoformat(), None if gross is None else str(gross)] for month, gross in rows],
        source_note=source_note,
        frozen_at=now(),
    )
    db.session.add(baseline)
    db.session.flush()
    reached.record_proven(enrolment, by_id=user_id)
    events.publish(
        events.BaselineFrozen(
            actor_id=by.id if by else None, enrolment_id=enrolment.id, firm_id=enrolment.firm_id
        )
    )
    return baseline


@every(timedelta(hours=6))
def freeze_due_baselines() -> None:
    """When a course has begun, freeze what its firms wrote down; who wrote down nothing may still do so."""
    for enrolment in _with_open_baseline():
        wanted = ledger.baseline_months(enrolment)
        totals = ledger.monthly_totals([enrolment.firm_id]).get(enrolment.firm_id, {})
        if any(totals.get(month) is not None for month in wanted) and _rested(enrolment.firm_id, wanted):
            freeze_baseline(enrolment)


def _with_open_baseline() -> list[Enrolment]:
    frozen = select(Baseline.enrolment_id)
    begun = (
        select(Enrolment)
        .join(Enrolment.cohort)
        .where(Enrolment.state.in_(AT_WORK), Enrolment.id.not_in(frozen), Cohort.starts_on <= today())
    )
    return list(db.session.scalars(begun))


def _rested(firm_id: int, wanted: Collection[date]) -> bool:
    """Whether nobody wrote in these months since a day."""
    newest = select(func.max(Figure.declared_at)).where(Figure.firm_id == firm_id, Figure.month.in_(wanted))
    written = db.session.scalar(newest)
    return written is None or written < now() - GRACE


def _last_writer(firm_id: int, wanted: Collection[date]) -> int:
    newest = (
        select(Figure.user_id)
        .where(Figure.firm_id == firm_id, Figure.month.in_(wanted))
        .order_by(Figure.declared_at.desc(), Figure.id.desc())
    )
    return db.session.scalars(newest).first()  # type: ignore[return-value]
