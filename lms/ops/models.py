"""The audit trail: every event that was published, only ever added to."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.db import Key, Model, reference


class AuditEntry(Model):
    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = reference("user.id")
    event: Mapped[str] = mapped_column(index=True)
    details: Mapped[dict[str, Any]]
