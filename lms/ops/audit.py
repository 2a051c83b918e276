"""The audit trail: every event that is published, kept in the same transaction, for administrators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import func, insert, select

from lms import events
from lms.accounts.models import User
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.ops.models import AuditEntry

PER_PAGE = 50


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when, who did it (None: the house itself), what, and what it was about."""

    id: int
    at: Any
    actor_id: int | None
    actor_name: str | None
    event: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Entries:
    """One page of the trail, newest first."""

    rows: Sequence[Entry]
    page: int
    pages: int
    total: int


def record(event: events.Event) -> None:
    """Keep an event, without what is secret."""
    db.session.flush()
    row = {"at": now(), "actor_id": event.actor_id, "event": type(event).__name__}
    db.session.execute(insert(AuditEntry.__table__), row | {"details": _details(event)})


def entries(person: int | None = None, event: str = "", page: int = 1) -> Entries:
    """A page of the trail: what one person did, one kind of event, or everything."""
    chosen = select(AuditEntry)
    if person is not None:
        chosen = chosen.where(AuditEntry.actor_id == person)
    if event:
        chosen = chosen.where(AuditEntry.event == event)
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, page), pages)
    found = (
        chosen.outerjoin(User, User.id == AuditEntry.actor_id)
        .add_columns(User.name)
        .order_by(AuditEntry.id.desc())
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE)
    )
    rows = [
        Entry(kept.id, kept.at, kept.actor_id, name, kept.event, kept.details)
        for kept, name in db.session.execute(found)
    ]
    return Entries(rows, page, pages, total)


def event_names() -> list[str]:
    """The kinds of events that were ever kept, for a filter."""
    return list(db.session.scalars(select(AuditEntry.event).distinct().order_by(AuditEntry.event)))


def _details(event: events.Event) -> dict[str, Any]:
    kept = (field.name for field in fields(event) if field.name != "actor_id")
    return {name: getattr(event, name) for name in kept if not name.endswith("_secret")}


HANDLERS: events.Handlers = {events.Event: (record,)}
