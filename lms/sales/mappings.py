"""What the columns of a firm's own files mean, remembered by the names of these columns."""

from collections.abc import Mapping
from typing import TypeAlias

from sqlalchemy import select

from lms.foundation.clock import now
from lms.foundation.db import db
from lms.sales.models import Channel, ColumnMapping

# The channel and the columns by what they mean, for the signature of a header.
Remembered: TypeAlias = dict[str, tuple[Channel, dict[str, str]]]


def all_of(firm_id: int) -> Remembered:
    """Everything a firm said about columns."""
    found = select(ColumnMapping).where(ColumnMapping.firm_id == firm_id)
    return {one.signature: (one.channel, dict(one.columns)) for one in db.session.scalars(found)}


def remember(firm_id: int, signature: str, channel: Channel, columns: Mapping[str, str]) -> None:
    """Keep it for the next file with the same columns."""
    found = select(ColumnMapping).filter_by(firm_id=firm_id, signature=signature)
    kept = db.session.scalars(found).first()
    if kept is None:
        kept = ColumnMapping(firm_id=firm_id, signature=signature)
        db.session.add(kept)
    kept.columns, kept.channel, kept.used_at = dict(columns), channel, now()
