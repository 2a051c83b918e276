"""What this room does when something happens elsewhere: who answers a firm changed, so the counts do too."""

from sqlalchemy import select

from lms import events
from lms.cohorts.models import Enrolment, MentorPeriod
from lms.foundation.db import db
from lms.messages import demo
from lms.messages.services import recount_cohorts_of, recount_firm, recount_staff
from lms.messages.services.counting import trainers_of


def follow_mentor(event: events.MentorAssigned) -> None:
    """The new mentor, those before, and the trainers, who answer while there is none."""
    enrolment = db.session.get_one(Enrolment, event.enrolment_id)
    ever = select(MentorPeriod.mentor_id).where(MentorPeriod.enrolment_id == enrolment.id)
    recount_staff([*trainers_of(enrolment.cohort_id), *db.session.scalars(ever)])


def follow_trainers(event: events.ProgrammeChanged) -> None:
    recount_cohorts_of(event.programme_id)


def follow_state(event: events.EnrolmentChanged) -> None:
    """Where a firm withdrew, nothing of its conversation waits for anybody any more."""
    enrolment = db.session.get_one(Enrolment, event.enrolment_id)
    recount_firm(enrolment.firm_id)
    people = [*trainers_of(enrolment.cohort_id), enrolment.mentor_id]
    recount_staff(person for person in people if person is not None)


def begin_with_the_day(event: events.SignedIn) -> None:
    recount_staff([event.user_id])


def fill_invention(event: events.InventionLoaded) -> None:
    demo.fill()


HANDLERS: events.Handlers = {
    events.MentorAssigned: (follow_mentor,),
    events.ProgrammeChanged: (follow_trainers,),
    events.EnrolmentChanged: (follow_state,),
    events.InventionLoaded: (fill_invention,),
    events.SignedIn: (begin_with_the_day,),
}
