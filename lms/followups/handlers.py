"""What follow-ups hear of, and the work that comes round by itself."""

from datetime import timedelta

from sqlalchemy import select

from lms import events
from lms.cohorts.models import Enrolment, EnrolmentState
from lms.followups import services
from lms.followups.models import FollowUp
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.jobs import enqueue, every, job

# A day more than any time zone is ahead of the house's clock.
A_DAY = timedelta(days=1)


def follow(event: events.DecisionMade) -> None:
    """A firm that graduated is asked again; one whose decision was changed is not."""
    enrolment = db.session.get_one(Enrolment, event.enrolment_id)
    if enrolment.state is EnrolmentState.GRADUATED:
        services.plan(enrolment)
    else:
        services.cancel(enrolment)


@every(timedelta(hours=6))
def plan_asking() -> None:
    """Ask for a look at each follow-up that is open: each in a job of its own, so that one stops no other."""
    day = now().date()
    open_now = select(FollowUp.id).where(
        FollowUp.answered_at.is_(None),
        FollowUp.cancelled_at.is_(None),
        FollowUp.opens_on <= day + A_DAY,
        FollowUp.closes_on >= day - A_DAY,
    )
    for key in db.session.scalars(open_now):
        enqueue(ask, key=f"follow-up:{key}:{now():%Y-%m-%d-%H}", follow_up_id=key)


@job
def ask(follow_up_id: int) -> None:
    services.ask_due(db.session.get_one(FollowUp, follow_up_id))


HANDLERS: events.Handlers = {events.DecisionMade: (follow,)}
