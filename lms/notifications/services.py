"""The lines that wait for a person in the page: listing them, counting the unread, marking them as read."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update

from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.jobs import every
from lms.notifications.models import Letter, Notice

MOST_SHOWN = 100
KEEP = timedelta(days=120)


def notices_of(person: Any) -> list[Notice]:
    """What this person was told, newest first; of a firm, only while they act for it."""
    newest = select(Notice).where(_is_for(person)).order_by(Notice.id.desc()).limit(MOST_SHOWN)
    return list(db.session.scalars(newest))


def notice_of(person: Any, notice_id: int) -> Notice | None:
    """One of this person's notices."""
    return db.session.scalar(select(Notice).where(Notice.id == notice_id, _is_for(person)))


def unread_count(person: Any) -> int:
    unread = select(func.count()).select_from(Notice).where(_is_for(person), Notice.read_at.is_(None))
    return db.session.scalar(unread) or 0


def read(notice: Notice) -> None:
    if notice.read_at is None:
        notice.read_at = now()


def has_unread(user_id: int, path: str, firm_id: int | None) -> bool:
    """Whether a line that leads to this page waits for that person, at that firm."""
    return db.session.scalar(select(_leading(user_id, path, firm_id).exists())) or False


def read_path(user_id: int, path: str, firm_id: int | None) -> None:
    """Mark as read what leads to a page that this person has just seen."""
    waiting = _leading(user_id, path, firm_id).with_only_columns(Notice.id)
    db.session.execute(
        update(Notice)
        .where(Notice.id.in_(waiting))
        .values(read_at=now())
        .execution_options(synchronize_session=False)
    )


def forget_path(path: str) -> None:
    """Take back what leads to a page that is no more: lines that nobody has read, letters that still wait."""
    db.session.execute(delete(Notice).where(Notice.path == path, Notice.read_at.is_(None)))
    forget_letters(Letter.text.contains(path + "\n", autoescape=True))


def forget_letters(which: ColumnElement[bool]) -> None:
    """Take back letters that still wait: one without a text is not sent."""
    db.session.execute(
        update(Letter)
        .where(which, Letter.sent_at.is_(None))
        .values(text="", html="", calendar="")
        .execution_options(synchronize_session=False)
    )


def _leading(user_id: int, path: str, firm_id: int | None) -> Select:
    there = (Notice.user_id == user_id) & (Notice.path == path) & Notice.read_at.is_(None)
    return select(Notice).where(there, Notice.firm_id == firm_id)


def read_all(person: Any) -> None:
    db.session.execute(
        update(Notice)
        .where(_is_for(person), Notice.read_at.is_(None))
        .values(read_at=now())
        .execution_options(synchronize_session=False)
    )


def _is_for(person: Any):
    return (Notice.user_id == person.id) & or_(Notice.firm_id.is_(None), Notice.firm_id == person.firm_id)


@every(timedelta(days=1))
def forget_old_news() -> None:
    """What was read or sent months ago helps nobody and is about people."""
    old = now() - KEEP
    db.session.execute(delete(Notice).where(Notice.read_at < old))
    db.session.execute(delete(Letter).where(Letter.sent_at < old))
