"""What a firm is excused from: given with a reason, taken back with a reason, all of it kept."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from lms import events
from lms.cohorts.models import AT_WORK, Enrolment, Exemption
from lms.curriculum.syllabus import Entry, syllabus
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _


def excuse(enrolment: Enrolment, item: Entry, reason: str, *, by: Any) -> Exemption:
    """Ask this item of the course no longer of the firm. The firm may do it all the same."""
    if enrolment.state not in AT_WORK:
        raise Refused(_("This firm is not at work in the cohort now."))
    if item.optional:
        raise Refused(_("It is optional already: nobody asks for it."))
    _check_reason(reason)
    given = Exemption(
        enrolment=enrolment,
        firm_id=enrolment.firm_id,
        slug=item.slug,
        reason=reason.strip(),
        given_by_id=by.id,
        given_at=now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(given)
    except IntegrityError:
        # Somebody else was faster: the database lets only one be in force.
        raise Refused(_("The firm is excused from it already.")) from None
    _tell(given, item, by)
    return given


def end_exemption(exemption: Exemption, reason: str, *, by: Any) -> None:
    """Ask for it again, from now on."""
    db.session.refresh(exemption, ["ended_at"], with_for_update=True)
    if exemption.ended_at is not None:
        raise Refused(_("This was taken back already."))
    _check_reason(reason)
    exemption.ended_by_id, exemption.ended_at = by.id, now()
    exemption.ended_because = reason.strip()
    db.session.flush()
    _tell(exemption, item_named(exemption.enrolment, exemption.slug), by)


def excused_from(enrolment: Enrolment) -> dict[str, str]:
    """The reason of each exemption in force, by the name of the item; most firms have none."""
    return excused_by_firm([enrolment.id]).get(enrolment.id, {})


def excused_by_firm(enrolment_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """The same for many firms, in one query."""
    in_force = select(Exemption.enrolment_id, Exemption.slug, Exemption.reason).where(
        Exemption.enrolment_id.in_(enrolment_ids), Exemption.ended_at.is_(None)
    )
    found: dict[int, dict[str, str]] = {}
    for enrolment_id, slug, reason in db.session.execute(in_force):
        found.setdefault(enrolment_id, {})[slug] = reason
    return found


def exemptions_of(enrolment: Enrolment, slug: str) -> list[Exemption]:
    """All that were given for an item, newest first."""
    people = (joinedload(Exemption.given_by), joinedload(Exemption.ended_by))
    every = select(Exemption).where(Exemption.enrolment_id == enrolment.id, Exemption.slug == slug)
    return list(db.session.scalars(every.options(*people).order_by(Exemption.id.desc())))


def item_named(enrolment: Enrolment, slug: str) -> Entry | None:
    """The lesson, quiz or task of the firm's course, if it has it."""
    entries = syllabus(enrolment.cohort.course_version_id).entries
    return next((entry for entry in entries if entry.slug == slug), None)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Write the reason: the firm reads it."))


def _tell(exemption: Exemption, item: Entry | None, by: Any) -> None:
    told = events.ExemptionChanged(
        actor_id=by.id,
        enrolment_id=exemption.enrolment_id,
        firm_id=exemption.firm_id,
        exemption_id=exemption.id,
        slug=exemption.slug,
        title=item.title if item else exemption.slug,
        in_force=exemption.ended_at is None,
        reason=exemption.ended_because or exemption.reason,
    )
    events.publish(told)
