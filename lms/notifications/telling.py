"""Telling people something: at once by mail or with the letter of the morning, and always in the page."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.accounts.models import Membership, User
from lms.cohorts.models import Cohort, Enrolment
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.notifications.kinds import KIND_OF, WAITS_FOR_MORNING, Rhythm
from lms.notifications.letters import leave_notice, speaking, write
from lms.notifications.preferences import chosen_by
from lms.notifications.services import has_unread


def people_of(firm_id: int) -> list[User]:
    """The members of a firm, in the order they came."""
    members = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.firm_id == firm_id, Membership.ended_at.is_(None))
    )
    return list(db.session.scalars(members.order_by(Membership.id)))


def tell(
    people: Iterable[User],
    template: str,
    path: str,
    words: dict[str, Any],
    *,
    enrolment: Enrolment | None = None,
    to_firm: bool = True,
    letter: bool = True,
    notice: bool = True,
    once: bool = False,
    needed_by: datetime | None = None,
    calendar: Callable[[User], str] | None = None,
) -> None:
    """Write to each of these people, and leave them a line in the page; never to those who are suspended.

    Whoever wants such letters once a day, and whoever is not concerned first (`letter=False`), finds the line
    in the letter of the next morning. With `once`, whoever has not read the last line that leads to that page
    gets no second one, and no letter. In the cohort's quiet hours a letter that can wait does, unless it is
    `needed_by` a moment before they end. `calendar` writes what goes along for a reader's own calendar.
    """
    zone = enrolment.cohort.time_zone if enrolment else None
    firm_id = enrolment.firm_id if enrolment and to_firm else None
    kind, quiet = KIND_OF.get(template), _left_in_peace(enrolment, template, needed_by)
    for person in people:
        if person.suspended_at is not None or (once and has_unread(person.id, path, firm_id)):
            continue
        rhythm = chosen_by(person.id)[kind] if kind else Rhythm.AT_ONCE
        at_once = letter and rhythm is Rhythm.AT_ONCE
        with speaking(person.locale, zone):
            said = {**words, "name": person.first_name}
            if at_once:
                going_along = calendar(person) if calendar else ""
                write(person.email, template, path, said, reader=person, calendar=going_along, quiet=quiet)
            if notice:
                in_digest = kind is not None and rhythm is not Rhythm.NEVER and not at_once
                leave_notice(person, template, path, said, firm_id, in_digest=in_digest)


def _left_in_peace(enrolment: Enrolment | None, template: str, needed_by: datetime | None) -> Cohort | None:
    """The cohort whose quiet hours a letter respects; None for one that goes out at any hour."""
    if enrolment is None or template not in WAITS_FOR_MORNING:
        return None
    cohort = enrolment.cohort
    is_too_late = needed_by is not None and cohort.quiet_hours.over(now()) >= needed_by
    return None if is_too_late else cohort
