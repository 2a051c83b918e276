"""The one conversation of each firm with its staff: reading, writing, and who has read up to where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import joinedload, lazyload

from lms import events
from lms.accounts.models import Firm, User
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.services import enrolments_visible_to, note_activity
from lms.foundation.clock import now
from lms.foundation.db import db, insert_into
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.messages.models import LONGEST_MESSAGE, Message, ReadMark
from lms.messages.services.counting import OPEN, recount_firm, recount_staff, trainers_of
from lms.permissions import Role

PER_PAGE = 20
THREADS_PER_PAGE = 25


@dataclass(frozen=True, kw_only=True)
class Thread:
    """Some messages of a conversation, oldest first, for one reader.

    `unread_from` is the first one that is new to them; `seen_by` names who has read up to which message;
    `earlier` is where the page before this one ends, None where nothing is older.
    """

    messages: Sequence[Message]
    unread_from: int | None
    seen_by: dict[int, list[str]]
    earlier: int | None
    newest_id: int | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One conversation in the list of a person of the staff."""

    enrolment_id: int
    firm_name: str
    cohort_name: str
    time_zone: str
    written_at: datetime
    words: str
    by_name: str
    from_firm: bool
    unread: int


def write(enrolment: Enrolment, text: str, *, by: Any) -> Message:
    """Write to the other side. Whoever writes has seen what was there before."""
    text = text.strip()
    if not text:
        raise Refused(_("Write your message first."))
    if len(text) > LONGEST_MESSAGE:
        raise Refused(_("Your message is too long: %(most)s characters at most.", most=LONGEST_MESSAGE))
    if enrolment.state not in OPEN:
        raise Refused(_("This firm is not in the cohort at present, so nobody would read your message."))
    from_firm = getattr(by, "firm_id", None) == enrolment.firm_id
    message = Message(
        enrolment=enrolment,
        firm_id=enrolment.firm_id,
        user_id=by.id,
        from_firm=from_firm,
        text=text,
        written_at=now(),
    )
    db.session.add(message)
    db.session.flush()
    if from_firm:
        note_activity(enrolment)
    read(enrolment, message.id, by=by)
    _recount(enrolment)
    events.publish(
        events.MessageWritten(
            actor_id=by.id,
            enrolment_id=enrolment.id,
            firm_id=enrolment.firm_id,
            message_id=message.id,
            from_firm=from_firm,
        )
    )
    return message


def read(enrolment: Enrolment, up_to: int, *, by: Any) -> None:
    """Keep that this person has seen the conversation up to that message; nobody un-reads anything."""
    newest = db.session.scalar(
        select(func.max(Message.id)).where(Message.enrolment_id == enrolment.id, Message.id <= up_to)
    )
    row = {"enrolment_id": enrolment.id, "user_id": by.id, "message_id": newest, "read_at": now()}
    if newest is None or db.session.scalar(insert_into(ReadMark, _forward), row) is None:
        return
    if getattr(by, "firm_id", None) == enrolment.firm_id:
        recount_firm(enrolment.firm_id)
    else:
        recount_staff([by.id])
    events.publish(
        events.MessagesRead(
            actor_id=by.id, enrolment_id=enrolment.id, firm_id=enrolment.firm_id, message_id=newest
        )
    )


def _forward(mark: Any, table: Any) -> Any:
    """For the first time, for a later message, and for two taps at once: only news gives a key back."""
    return mark.on_conflict_do_update(
        index_elements=["enrolment_id", "user_id"],
        set_={"message_id": mark.excluded.message_id, "read_at": mark.excluded.read_at},
        where=table.c.message_id < mark.excluded.message_id,
    ).returning(table.c.id)


def thread(enrolment: Enrolment, reader: Any, before: int | None = None) -> Thread:
    """The newest messages of a conversation, or those before a given one."""
    there = select(Message).where(Message.enrolment_id == enrolment.id).options(joinedload(Message.user))
    if before is not None:
        there = there.where(Message.id < before)
    newest_first = db.session.scalars(there.order_by(Message.id.desc()).limit(PER_PAGE + 1)).all()
    messages = newest_first[:PER_PAGE][::-1]
    marks = _marks(enrolment)
    mine = marks.get(reader.id, ("", 0))[1]
    new = [one.id for one in messages if one.id > mine and one.user_id != reader.id]
    return Thread(
        messages=messages,
        unread_from=new[0] if new else None,
        seen_by=_seen_by(messages, marks, reader) if before is None else {},
        earlier=messages[0].id if len(newest_first) > PER_PAGE else None,
        newest_id=messages[-1].id if messages and before is None else None,
    )


def whole(enrolment: Enrolment) -> Sequence[Message]:
    """Every message of a conversation, oldest first, for the printer."""
    there = select(Message).where(Message.enrolment_id == enrolment.id).options(joinedload(Message.user))
    return db.session.scalars(there.order_by(Message.id)).all()


def _marks(enrolment: Enrolment) -> dict[int, tuple[str, int]]:
    rows = db.session.execute(
        select(User.id, User.name, ReadMark.message_id)
        .join(ReadMark, ReadMark.user_id == User.id)
        .where(ReadMark.enrolment_id == enrolment.id)
        .order_by(User.id)
    )
    return {row.id: (row.name, row.message_id) for row in rows}


def _seen_by(messages: Sequence[Message], marks: dict[int, tuple[str, int]], reader: Any) -> dict:
    """At the last message that each of the others has seen and did not write: their names."""
    found: dict[int, list[str]] = {}
    for user_id, (name, up_to) in marks.items():
        reached = [one for one in messages if one.id <= up_to]
        if user_id != reader.id and reached and reached[-1].user_id != user_id:
            found.setdefault(reached[-1].id, []).append(name)
    return found


def readers_of(enrolment: Enrolment) -> list[str]:
    """The names of who reads what this firm writes, so that one knows before one types."""
    people = [person for person in (enrolment.mentor, *enrolment.cohort.trainers) if person]
    return list(dict.fromkeys(person.name for person in people if person.suspended_at is None))


def answers_first(enrolment: Enrolment) -> list[int]:
    """Who is there to answer this firm: its mentor, and without one the trainers of its cohort."""
    return [enrolment.mentor_id] if enrolment.mentor_id else trainers_of(enrolment.cohort_id)


def _recount(enrolment: Enrolment) -> None:
    recount_firm(enrolment.firm_id)
    recount_staff(answers_first(enrolment))


def threads_of(person: Any, *, everything: bool = False, page: int = 1) -> tuple[list[Line], bool]:
    """The conversations of a person of the staff: what is new first, then the newest; and whether more
    follow. For a lead, who answers none of them, nothing waits."""
    unread, newest = _unread_of(person), _newest()
    waits = literal(0) if person.role is Role.LEAD else func.coalesce(unread.c.count, 0)
    visible = enrolments_visible_to(person).with_only_columns(Enrolment.id)
    rows = (
        select(
            Message,
            Firm.name.label("firm_name"),
            Cohort.name.label("cohort_name"),
            Cohort.time_zone,
            waits.label("unread"),
        )
        .join(newest, newest.c.message_id == Message.id)
        .join(Enrolment, Enrolment.id == Message.enrolment_id)
        .join(Firm, Firm.id == Enrolment.firm_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(unread, unread.c.enrolment_id == Message.enrolment_id)
        .where(Message.enrolment_id.in_(visible))
        .options(joinedload(Message.user), lazyload(Message.enrolment))
        .order_by(waits == 0, Message.id.desc())
    )
    if not everything and person.role is not Role.LEAD:
        rows = rows.where(or_(Enrolment.mentor_id == person.id, Enrolment.mentor_id.is_(None)))
    found = db.session.execute(rows.limit(THREADS_PER_PAGE + 1).offset(THREADS_PER_PAGE * (page - 1))).all()
    return [_line(row) for row in found[:THREADS_PER_PAGE]], len(found) > THREADS_PER_PAGE


def _line(row: Any) -> Line:
    message = row.Message
    return Line(
        enrolment_id=message.enrolment_id,
        firm_name=row.firm_name,
        cohort_name=row.cohort_name,
        time_zone=row.time_zone,
        written_at=message.written_at,
        words=message.text,
        by_name=message.user.name,
        from_firm=message.from_firm,
        unread=row.unread,
    )


def _newest():
    return (
        select(Message.enrolment_id, func.max(Message.id).label("message_id"))
        .group_by(Message.enrolment_id)
        .subquery()
    )


def _unread_of(person: Any):
    """What firms wrote since this person last read, by conversation."""
    mine = (ReadMark.enrolment_id == Message.enrolment_id) & (ReadMark.user_id == person.id)
    return (
        select(Message.enrolment_id, func.count().label("count"))
        .outerjoin(ReadMark, mine)
        .where(Message.from_firm, Message.id > func.coalesce(ReadMark.message_id, 0))
        .group_by(Message.enrolment_id)
        .subquery()
    )
