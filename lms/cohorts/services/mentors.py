"""Who mentors a firm: within what each takes, with the history kept; and graduates who become mentors."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import joinedload

from lms import events
from lms.accounts import services as accounts
from lms.accounts.models import Membership, User
from lms.cohorts.models import (
    AT_WORK,
    Cohort,
    Enrolment,
    EnrolmentState,
    MentorCapacity,
    MentorPeriod,
    cohort_trainer,
)
from lms.cohorts.services.enrolments import COUNTED, enrolments_of
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.permissions import Role

COMFORTABLE_LOAD = (5, 15)


def possible_mentors(cohort: Cohort) -> list[User]:
    """The cohort's trainers and every mentor of the house, unless suspended, by name."""
    taught = select(cohort_trainer.c.user_id).where(cohort_trainer.c.cohort_id == cohort.id)
    able = select(User).where(
        User.suspended_at.is_(None),
        or_(User.role == Role.MENTOR, (User.role == Role.TRAINER) & User.id.in_(taught)),
    )
    return list(db.session.scalars(able.order_by(User.name, User.id)))


def mentor_loads(people: Sequence[User]) -> dict[int, int]:
    """How many firms each mentors now, over all cohorts."""
    counted = select(Enrolment.mentor_id, func.count()).where(
        Enrolment.mentor_id.in_([person.id for person in people]), Enrolment.state.in_(COUNTED)
    )
    loads = {
        mentor_id: count for mentor_id, count in db.session.execute(counted.group_by(Enrolment.mentor_id))
    }
    return {person.id: loads.get(person.id, 0) for person in people}


def capacities(people: Sequence[User]) -> dict[int, int]:
    """How many firms each takes: what was said, else the most that goes well."""
    said = select(MentorCapacity.user_id, MentorCapacity.firms).where(
        MentorCapacity.user_id.in_([person.id for person in people])
    )
    known = {user_id: firms for user_id, firms in db.session.execute(said)}
    return {person.id: known.get(person.id, COMFORTABLE_LOAD[1]) for person in people}


def set_capacities(cohort: Cohort, firms: Mapping[int, int], *, by: Any) -> None:
    """Say how many firms mentors of this cohort take. Fewer than they have takes none away."""
    people = {person.id: person for person in possible_mentors(cohort)}
    before = capacities(list(people.values()))
    for user_id, most in firms.items():
        if user_id not in people or most == before[user_id]:
            continue
        row = db.session.scalars(select(MentorCapacity).where(MentorCapacity.user_id == user_id)).first()
        if row is None:
            row = MentorCapacity(user_id=user_id)
            db.session.add(row)
        row.firms = most
        events.publish(events.CapacitySet(actor_id=by.id, user_id=user_id, firms=most))
    db.session.flush()


def assign_mentor(enrolment: Enrolment, mentor_id: int | None, *, by: Any) -> None:
    """Give a firm its mentor, another one, or none. Who mentored it before stays on record."""
    if enrolment.mentor_id == mentor_id:
        return
    if mentor_id is not None:
        _check(enrolment, mentor_id)
    _turn_page(enrolment, mentor_id)
    enrolment.mentor_id = mentor_id
    db.session.flush()
    db.session.expire(enrolment, ["mentor"])
    events.publish(events.MentorAssigned(actor_id=by.id, enrolment_id=enrolment.id, mentor_id=mentor_id))


def _check(enrolment: Enrolment, mentor_id: int) -> None:
    able = {person.id: person for person in possible_mentors(enrolment.cohort)}
    person = able.get(mentor_id)
    if person is None:
        raise Refused(_("This person cannot mentor in this cohort. Choose one of the list."))
    # Of a competitor in the same cohort nobody should read notes and figures; least of all of oneself.
    own = select(Enrolment.id).where(
        Enrolment.cohort_id == enrolment.cohort_id,
        Enrolment.firm_id.in_([firm.id for firm in accounts.firms_of(mentor_id)]),
    )
    if db.session.scalar(own.limit(1)) is not None:
        raise Refused(_("%(name)s has a firm in this very cohort. Choose somebody else.", name=person.name))
    if mentor_loads([person])[mentor_id] >= (most := capacities([person])[mentor_id]):
        raise Refused(
            _(
                "%(name)s takes %(count)s firms at most and has as many. Choose somebody else.",
                name=person.name,
                count=most,
            )
        )


def _turn_page(enrolment: Enrolment, mentor_id: int | None) -> None:
    present = (MentorPeriod.enrolment_id == enrolment.id) & MentorPeriod.until.is_(None)
    closed = db.session.execute(update(MentorPeriod).where(present).values(until=now()))
    if closed.rowcount == 0 and enrolment.mentor_id is not None:  # type: ignore[attr-defined]
        since = enrolment.started_at or enrolment.invited_at
        db.session.add(
            MentorPeriod(enrolment_id=enrolment.id, mentor_id=enrolment.mentor_id, since=since, until=now())
        )
    if mentor_id is not None:
        db.session.add(MentorPeriod(enrolment_id=enrolment.id, mentor_id=mentor_id, since=now()))


def mentor_history(enrolment: Enrolment) -> list[MentorPeriod]:
    """Who mentored the firm, the newest first."""
    periods = select(MentorPeriod).where(MentorPeriod.enrolment_id == enrolment.id)
    with_people = periods.options(joinedload(MentorPeriod.mentor))
    return list(db.session.scalars(with_people.order_by(MentorPeriod.id.desc())))


# Sharing


def plan_sharing(cohort: Cohort) -> list[tuple[Enrolment, User]]:
    """Who would mentor each firm that has nobody, if they were shared evenly among the cohort's trainers.

    Nobody gets more than they take; firms that find no room are left out.
    """
    trainers = [trainer for trainer in cohort.trainers if trainer.suspended_at is None]
    waiting = [one for one in enrolments_of(cohort) if one.mentor_id is None and one.state in COUNTED]
    if not trainers or not waiting:
        return []
    by_id = {trainer.id: trainer for trainer in trainers}
    shared = spread(mentor_loads(trainers), len(waiting), capacities(trainers))
    return [(enrolment, by_id[mentor_id]) for enrolment, mentor_id in zip(waiting, shared, strict=False)]


def share_evenly(cohort: Cohort, *, by: Any) -> int:
    """Carry out what `plan_sharing` says; how many firms got a mentor."""
    plan = plan_sharing(cohort)
    if not plan:
        raise Refused(_("There is nothing to share: every firm has a mentor, or no trainer has room."))
    for enrolment, mentor in plan:
        assign_mentor(enrolment, mentor.id, by=by)
    return len(plan)


def spread(loads: Mapping[int, int], count: int, most: Mapping[int, int] | None = None) -> list[int]:
    """Whom each of `count` new firms goes to: always to who has fewest and still has room, in turn."""
    carried = Counter(loads)
    chosen: list[int] = []
    for _turn in range(count):
        able = [one for one in loads if most is None or carried[one] < most[one]]
        if not able:
            break
        least = min(able, key=lambda person_id: (carried[person_id], person_id))
        carried[least] += 1
        chosen.append(least)
    return chosen


# Graduates


def graduates_of(cohort: Cohort) -> list[Membership]:
    """The people of the firms that graduated in this cohort, by firm and name."""
    graduated = select(Enrolment.firm_id).where(
        Enrolment.cohort_id == cohort.id, Enrolment.state == EnrolmentState.GRADUATED
    )
    people = (
        select(Membership)
        .join(Membership.user)
        .join(Membership.firm)
        .where(Membership.firm_id.in_(graduated), Membership.ended_at.is_(None), User.suspended_at.is_(None))
        .options(joinedload(Membership.user), joinedload(Membership.firm))
    )
    return sorted(db.session.scalars(people), key=lambda place: (place.firm.name, place.user.name))


def make_mentor(cohort: Cohort, user_id: int, *, by: Any) -> User:
    """Let somebody whose firm graduated mentor others: they see the firms they are given, and their own."""
    place = next((one for one in graduates_of(cohort) if one.user_id == user_id), None)
    if place is None:
        raise Refused(_("Only somebody of a firm that graduated in this cohort can become a mentor here."))
    if place.user.role is not Role.MEMBER:
        raise Refused(_("%(name)s works for the programme already.", name=place.user.name))
    at_work = select(Enrolment.id).where(Enrolment.firm_id == place.firm_id, Enrolment.state.in_(AT_WORK))
    if db.session.scalar(at_work.limit(1)) is not None:
        raise Refused(_("This firm is at work in another cohort. Wait until it has finished."))
    accounts.change_role(place.user, Role.MENTOR, by=by)
    return place.user
