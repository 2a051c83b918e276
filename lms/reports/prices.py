"""The consumer price index by month, as people read it and wrote it down here."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lms import events
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.reports.models import PriceIndex
from lms.sales import months


def all_prices() -> Sequence[PriceIndex]:
    """Every month that is known, the newest first."""
    return db.session.scalars(select(PriceIndex).order_by(PriceIndex.month.desc())).all()


def price_of(month: date) -> PriceIndex | None:
    return db.session.scalars(select(PriceIndex).where(PriceIndex.month == month)).first()


def write_price(month: date, value: Decimal, source: str, read_on: date, *, by: Any) -> PriceIndex:
    """Keep the index of a month; written again, it is corrected."""
    if month >= months.first_of(today()):
        raise Refused(_("The index of a month is known only after it has ended."))
    if read_on > today():
        raise Refused(_("The date on which it was read cannot lie ahead."))
    row = price_of(month) or PriceIndex(month=month)
    row.thousandths = int(value.scaleb(3).to_integral_value())
    row.source, row.read_on = source, read_on
    row.written_by_id, row.written_at = by.id, now()
    db.session.add(row)
    db.session.flush()
    events.publish(events.PriceIndexWritten(actor_id=by.id, price_index_id=row.id))
    return row
