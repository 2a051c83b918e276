"""Announcements: written and changed, sent by a job at their time, seen, withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from lms import events
from lms.accounts.models import Membership, User
from lms.accounts.person import person
from lms.cohorts.models import Cohort
from lms.cohorts.services import cohorts_visible_to, reach_of
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.jobs import enqueue, job
from lms.messages.audience import Audience, reached
from lms.messages.models import Announcement, Delivery
from lms.messages.services.counting import recount_firm
from lms.messages.shapes import AnnouncementData
from lms.permissions import Permission, can
from lms.standing.services import standings_of

MOST_SHOWN = 100


@dataclass(frozen=True)
class FirmReached:
    """A firm that an announcement reaches, and its people."""

    enrolment_id: int
    firm_id: int
    firm_name: str
    people: list[User] = field(default_factory=list)


@dataclass(frozen=True)
class Sent:
    """An announcement with how many received and saw it."""

    announcement: Announcement
    people: int = 0
    seen: int = 0


def who_gets(cohort: Cohort, audience: str) -> list[FirmReached]:
    """The firms that are in that situation now, with those of their people who can enter."""
    chosen = reached(Audience.read(audience), standings_of(cohort), today(cohort.time_zone))
    firms = [FirmReached(one.enrolment_id, one.firm_id, one.firm_name) for one in chosen]
    of_firm = {firm.firm_id: firm.people for firm in firms}
    rows = db.session.execute(
        select(User, Membership.firm_id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.firm_id.in_(of_firm), Membership.ended_at.is_(None), User.suspended_at.is_(None))
        .order_by(Membership.id)
    )
    for user, firm_id in rows:
        of_firm[firm_id].append(user)
    return firms


def announce(cohort: Cohort, data: AnnouncementData, *, by: Any) -> Announcement:
    """Write an announcement and ask for it to be sent, now or at its time."""
    _check(cohort, data)
    announcement = Announcement(cohort=cohort, author_id=by.id, written_at=now())
    _write(announcement, data)
    db.session.add(announcement)
    db.session.flush()
    ask_to_send(announcement)
    _publish(announcement, "written", by)
    return announcement


def change(announcement: Announcement, data: AnnouncementData, *, by: Any) -> None:
    """Change what was not sent yet; it is then the announcement of whoever changed it."""
    _hold(announcement)
    if not announcement.can_change:
        raise Refused(_("It went out or was withdrawn meanwhile, so it stays as it is."))
    _check(announcement.cohort, data)
    _write(announcement, data)
    announcement.author_id = by.id
    db.session.flush()
    ask_to_send(announcement)
    _publish(announcement, "changed", by)


def withdraw(announcement: Announcement, because: str, *, by: Any) -> None:
    """Take it back: nobody reads it any more, and whoever may announce still sees that it was there."""
    _hold(announcement)
    if announcement.withdrawn_at is not None:
        raise Refused(_("Somebody withdrew it already."))
    announcement.withdrawn_at, announcement.withdrawn_because = now(), because.strip()
    announcement.withdrawn_by_id = by.id
    db.session.flush()
    deliveries = deliveries_of(announcement)
    _recount(deliveries)
    ids = [delivery.id for delivery in deliveries]
    events.publish(
        events.AnnouncementWithdrawn(
            actor_id=by.id,
            announcement_id=announcement.id,
            cohort_id=announcement.cohort_id,
            delivery_ids=ids,
        )
    )


@job
def send_announcement(announcement_id: int) -> None:
    """Decide who receives it, and tell them. One that was moved, sent or withdrawn meanwhile is left alone.

    It goes out with the rights that its author has now: who may no longer announce here sends nothing.
    """
    announcement = db.session.get_one(Announcement, announcement_id)
    _hold(announcement)
    if not announcement.can_change or announcement.send_at > now():
        return
    if not _may_still(announcement):
        announcement.withdrawn_at = now()
        announcement.withdrawn_because = _("Its author no longer works with this cohort.")
        return
    announcement.sent_at = now()
    deliveries = _deliver(announcement)
    events.publish(
        events.AnnouncementSent(
            actor_id=announcement.author_id,
            announcement_id=announcement.id,
            cohort_id=announcement.cohort_id,
            people=len(deliveries),
            title_secret=announcement.title,
            text_secret=announcement.text,
            deliveries_secret=[(one.id, one.enrolment_id, one.user_id) for one in deliveries],
        )
    )


def _deliver(announcement: Announcement) -> list[Delivery]:
    deliveries = [
        Delivery(
            announcement_id=announcement.id,
            enrolment_id=firm.enrolment_id,
            firm_id=firm.firm_id,
            user_id=user.id,
        )
        for firm in who_gets(announcement.cohort, announcement.audience)
        for user in firm.people
    ]
    db.session.add_all(deliveries)
    db.session.flush()
    _recount(deliveries)
    return deliveries


def _recount(deliveries: Sequence[Delivery]) -> None:
    """In one order, so that two announcements at a time never wait for each other."""
    for firm_id in sorted({delivery.firm_id for delivery in deliveries}):
        recount_firm(firm_id)


def _may_still(announcement: Announcement) -> bool:
    author = person(announcement.author_id)
    if author is None:
        return False
    cohort_ids, programme_ids = reach_of(author)
    reaching = author.reaching(cohort_ids=cohort_ids, programme_ids=programme_ids)
    return can(reaching, Permission.ANNOUNCE, announcement.cohort)


def see(delivery: Delivery, *, by: Any) -> None:
    """Keep that its reader saw it; the first time counts."""
    if delivery.seen_at is not None or delivery.announcement.withdrawn_at is not None:
        return
    delivery.seen_at = now()
    db.session.flush()
    recount_firm(delivery.firm_id)
    events.publish(events.AnnouncementSeen(actor_id=by.id, firm_id=delivery.firm_id, delivery_id=delivery.id))


def running_cohorts_of(reader: Any) -> Sequence[Cohort]:
    """The cohorts that are not over, which this person may tell something."""
    return db.session.scalars(cohorts_visible_to(reader).where(Cohort.closed_at.is_(None))).all()


def announcements_of(cohort: Cohort) -> list[Sent]:
    """Those of a cohort, newest first, with how many received and saw each."""
    counted = (
        select(
            Delivery.announcement_id,
            func.count().label("people"),
            func.count(Delivery.seen_at).label("seen"),
        )
        .group_by(Delivery.announcement_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Announcement, func.coalesce(counted.c.people, 0), func.coalesce(counted.c.seen, 0))
        .outerjoin(counted, counted.c.announcement_id == Announcement.id)
        .where(Announcement.cohort_id == cohort.id)
        .options(joinedload(Announcement.author))
        .order_by(Announcement.id.desc())
        .limit(MOST_SHOWN)
    )
    return [Sent(announcement, people, seen) for announcement, people, seen in rows]


def deliveries_of(announcement: Announcement) -> Sequence[Delivery]:
    """Everybody who received it, by firm."""
    those = (
        select(Delivery)
        .where(Delivery.announcement_id == announcement.id)
        .options(joinedload(Delivery.user))
        .order_by(Delivery.enrolment_id, Delivery.id)
    )
    return db.session.scalars(those).all()


def delivered_to(reader: Any) -> Sequence[Delivery]:
    """What a member received at the firm they act for, newest first; what was withdrawn is not there."""
    those = (
        select(Delivery)
        .join(Delivery.announcement)
        .join(Announcement.author)
        .where(
            Delivery.user_id == reader.id,
            Delivery.firm_id == reader.firm_id,
            Announcement.withdrawn_at.is_(None),
        )
        .options(contains_eager(Delivery.announcement).contains_eager(Announcement.author))
        .order_by(Delivery.id.desc())
        .limit(MOST_SHOWN)
    )
    return db.session.scalars(those).all()


def _check(cohort: Cohort, data: AnnouncementData) -> None:
    if data.send_at is not None and data.send_at <= now():
        raise Refused(_("That moment has passed. Choose a later one, or leave it empty to send it now."))
    if data.send_at is None and not any(firm.people for firm in who_gets(cohort, data.audience)):
        raise Refused(_("Nobody would receive it: no firm is in that situation today."))


def _write(announcement: Announcement, data: AnnouncementData) -> None:
    announcement.audience = Audience.read(data.audience).word
    announcement.title, announcement.text = data.title.strip(), data.text.strip()
    announcement.send_at = data.send_at or now()


def ask_to_send(announcement: Announcement) -> None:
    """A job for each time that was ever chosen: the one of a time that is no more finds nothing to do."""
    key = f"announcement:{announcement.id}:{announcement.send_at.isoformat()}"
    enqueue(send_announcement, key=key, run_at=announcement.send_at, announcement_id=announcement.id)


def _hold(announcement: Announcement) -> None:
    """Let one writer at a time decide whether it is out already."""
    db.session.refresh(announcement, with_for_update={"of": Announcement})


def _publish(announcement: Announcement, what: str, by: Any) -> None:
    events.publish(
        events.AnnouncementWritten(
            actor_id=by.id,
            announcement_id=announcement.id,
            cohort_id=announcement.cohort_id,
            audience=announcement.audience,
            what=what,
        )
    )
