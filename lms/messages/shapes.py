"""What somebody wrote to announce, on its way from a form to the services."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class AnnouncementData:
    """`send_at` is None for at once."""

    audience: str
    title: str
    text: str
    send_at: datetime | None = None
