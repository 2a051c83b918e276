"""What is kept of standings: how many firms of a cohort needed someone, week by week."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from lms.foundation.db import Key, Model, reference


class AttentionWeek(Model):
    """How a cohort stood in the week of a Monday: firms at work, those that needed someone, and for what.

    Counted once, at `taken_at`, and never changed: what a firm puts right cannot be counted afterwards.
    """

    __table_args__ = (UniqueConstraint("cohort_id", "week_on"),)

    id: Mapped[Key]
    cohort_id: Mapped[int] = reference("cohort.id", index=False)
    week_on: Mapped[date]
    taken_at: Mapped[datetime]
    at_work: Mapped[int]
    needing: Mapped[int]
    by_reason: Mapped[dict[str, Any]]
