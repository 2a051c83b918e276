"""How much waits to be read, kept beside the person, so that no page has to ask for it.

A number is always counted anew and never added to: whatever went wrong before, the next message puts it
right.
"""

from collections.abc import Iterable

from sqlalchemy import Select, func, or_, select, update

from lms.accounts.models import Membership, User
from lms.cohorts.models import AT_WORK, Cohort, Enrolment, cohort_trainer
from lms.cohorts.services import FINISHED
from lms.foundation.db import db
from lms.messages.models import Announcement, Delivery, Message, ReadMark

OPEN = (*AT_WORK, *FINISHED)


def recount_firm(firm_id: int) -> None:
    """For everybody of a firm: announcements, and messages since they joined in the conversation that is
    theirs now."""
    ours = Membership.firm_id == firm_id
    # Whoever counts at the same time waits here, and counts afterwards what this one wrote.
    db.session.execute(select(Membership.id).where(ours).with_for_update())
    newest = (
        select(func.max(Enrolment.id))
        .where(Enrolment.firm_id == Membership.firm_id, Enrolment.state.in_(OPEN))
        .correlate(Membership)
        .scalar_subquery()
    )
    messages = (
        select(func.count())
        .select_from(Message)
        .where(
            Message.enrolment_id == newest,
            Message.user_id != Membership.user_id,
            Message.written_at >= Membership.joined_at,
            Message.id > _read_up_to(Membership.user_id).correlate(Membership, Message).scalar_subquery(),
        )
        .correlate(Membership)
        .scalar_subquery()
    )
    announcements = (
        select(func.count())
        .select_from(Delivery)
        .join(Announcement, Announcement.id == Delivery.announcement_id)
        .where(
            Delivery.user_id == Membership.user_id,
            Delivery.firm_id == Membership.firm_id,
            Delivery.seen_at.is_(None),
            Announcement.withdrawn_at.is_(None),
        )
        .correlate(Membership)
        .scalar_subquery()
    )
    _keep(update(Membership).where(ours).values(unread=messages + announcements))


def recount_staff(user_ids: Iterable[int]) -> None:
    """For staff: what firms wrote in the conversations in which this person is the one to answer."""
    theirs = User.id.in_(sorted(set(user_ids)))
    db.session.execute(select(User.id).where(theirs).order_by(User.id).with_for_update())
    messages = (
        select(func.count())
        .select_from(Message)
        .join(Enrolment, Enrolment.id == Message.enrolment_id)
        .where(
            Message.from_firm,
            Enrolment.state.in_(OPEN),
            _answers(),
            Message.id > _read_up_to(User.id).correlate(User, Message).scalar_subquery(),
        )
        .correlate(User)
        .scalar_subquery()
    )
    _keep(update(User).where(theirs).values(unread=messages))


def _answers():
    """Whether it is this person who answers: the mentor, and without one the cohort's trainers."""
    taught = select(cohort_trainer.c.cohort_id).where(cohort_trainer.c.user_id == User.id).correlate(User)
    trains = Enrolment.mentor_id.is_(None) & Enrolment.cohort_id.in_(taught)
    return or_(Enrolment.mentor_id == User.id, trains)


def _read_up_to(user_id) -> Select:
    return select(func.coalesce(func.max(ReadMark.message_id), 0)).where(
        ReadMark.user_id == user_id, ReadMark.enrolment_id == Message.enrolment_id
    )


def _keep(statement) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))


def trainers_of(cohort_id: int) -> list[int]:
    taught = select(cohort_trainer.c.user_id).where(cohort_trainer.c.cohort_id == cohort_id)
    return list(db.session.scalars(taught))


def recount_cohorts_of(programme_id: int) -> None:
    """After a change of who trains: everybody who trains in the programme."""
    trainers = (
        select(cohort_trainer.c.user_id)
        .join(Cohort, Cohort.id == cohort_trainer.c.cohort_id)
        .where(Cohort.programme_id == programme_id)
    )
    recount_staff(db.session.scalars(trainers))
