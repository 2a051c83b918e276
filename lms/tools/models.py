"""A kept calculation: the numbers that a firm wrote, and what they came to."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.cohorts.models import ByPerson
from lms.foundation.db import Key, Model


class ToolSheet(ByPerson, Model):
    """One calculation under a name. Numbers are kept as text, so that none of them changes by being kept.

    The person is who wrote it last.
    """

    __table_args__ = (UniqueConstraint("firm_id", "tool", "name"),)

    id: Mapped[Key]
    tool: Mapped[str]
    name: Mapped[str]
    inputs: Mapped[dict[str, Any]]
    results: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
