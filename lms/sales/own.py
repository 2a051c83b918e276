"""What a person wrote down of sales, for the file of their own data."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from lms.foundation.db import db
from lms.foundation.own_data import Row
from lms.sales.models import Figure


def figures(who: Any) -> Iterable[Row]:
    """The figures that one declared, of the firm in which one is now."""
    mine = (
        select(Figure)
        .where(Figure.firm_id == who.firm_id, Figure.user_id == who.id)
        .order_by(Figure.month, Figure.channel)
    )
    names = ("month", "channel", "gross", "net", "orders", "units", "tier", "source", "note", "declared_at")
    for one in db.session.scalars(mine):
        yield {name: getattr(one, name) for name in names}


TELLS = {"figures": figures}
