"""Which cohorts and enrolments a person reaches, and the enrolment in which a firm works."""

from typing import Any

from sqlalchemy import Select, bindparam, false, or_, select
from sqlalchemy.orm import joinedload, lazyload, load_only

from lms.cohorts.models import AT_WORK, Cohort, Enrolment, EnrolmentState, cohort_trainer, programme_lead
from lms.foundation.db import db
from lms.permissions import Role

Ids = frozenset[int]

FINISHED = (EnrolmentState.GRADUATED, EnrolmentState.NOT_GRADUATED)

# Built once: every request of a member asks it.
_NEWEST = (
    select(Enrolment)
    .where(Enrolment.firm_id == bindparam("firm_id"), Enrolment.state.in_((*AT_WORK, *FINISHED)))
    .order_by(Enrolment.id.desc())
    .limit(1)
)
# What pages of learning need; the rest would come when it is asked for.
_NEWEST_ALONE = _NEWEST.options(
    load_only(
        Enrolment.cohort_id, Enrolment.firm_id, Enrolment.state, Enrolment.paused_on, Enrolment.paused_days
    ),
    lazyload(Enrolment.firm),
    lazyload(Enrolment.mentor),
    joinedload(Enrolment.cohort, innerjoin=True).options(
        load_only(Cohort.programme_id, Cohort.course_version_id, Cohort.starts_on, Cohort.time_zone),
        lazyload(Cohort.programme),
    ),
)


def reach_of(person: Any) -> tuple[Ids, Ids]:
    """The cohorts a trainer is assigned to and the programmes a lead leads, as ids; nobody has both."""
    if person.role is Role.TRAINER:
        taught = select(cohort_trainer.c.cohort_id).where(cohort_trainer.c.user_id == person.id)
        return frozenset(db.session.scalars(taught)), frozenset()
    if person.role is Role.LEAD:
        led = select(programme_lead.c.programme_id).where(programme_lead.c.user_id == person.id)
        return frozenset(), frozenset(db.session.scalars(led))
    return frozenset(), frozenset()


def current_enrolment(firm_id: int | None, *, alone: bool = False) -> Enrolment | None:
    """Where the firm works now, or worked last: its newest enrolment that is active, paused or finished.

    It comes with its firm, mentor and programme, or `alone` where a page shows none of them.
    """
    if firm_id is None:
        return None
    return db.session.scalars(_NEWEST_ALONE if alone else _NEWEST, {"firm_id": firm_id}).first()


def enrolments_visible_to(person: Any) -> Select[Enrolment]:
    """The enrolments a person's role lets them see: a member their firm's, staff those they were assigned."""
    return select(Enrolment).where(_reaches_enrolment(person))


def cohorts_visible_to(person: Any) -> Select[Cohort]:
    """The cohorts a trainer teaches or a lead leads, newest first."""
    reaches = {
        Role.TRAINER: Cohort.id.in_(person.cohort_ids),
        Role.LEAD: Cohort.programme_id.in_(person.programme_ids),
    }
    return (
        select(Cohort)
        .where(reaches.get(person.role, false()))
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    )


def _reaches_enrolment(person: Any):
    if person.role is Role.MEMBER:
        return Enrolment.firm_id == person.firm_id if person.firm_id is not None else false()
    if person.role is Role.MENTOR:
        return Enrolment.mentor_id == person.id
    if person.role is Role.TRAINER:
        return or_(Enrolment.mentor_id == person.id, Enrolment.cohort_id.in_(person.cohort_ids))
    if person.role is Role.LEAD:
        of_programmes = select(Cohort.id).where(Cohort.programme_id.in_(person.programme_ids))
        return Enrolment.cohort_id.in_(of_programmes)
    return false()
