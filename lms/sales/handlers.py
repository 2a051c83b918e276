"""What sales hear of: whoever leaves takes along the leave they gave."""

from lms import events
from lms.cohorts.models import EnrolmentState
from lms.sales import services
from lms.sales.models import SalesConnection


def member_left(event: events.MemberLeft) -> None:
    theirs = SalesConnection.user_id == event.user_id, SalesConnection.firm_id == event.firm_id
    services.end_connections(*theirs, why="left", by_id=event.actor_id)


def person_suspended(event: events.PersonSuspended) -> None:
    theirs = SalesConnection.user_id == event.user_id
    services.end_connections(theirs, why="left", by_id=event.actor_id)


def enrolment_changed(event: events.EnrolmentChanged) -> None:
    if event.state == EnrolmentState.WITHDRAWN:
        theirs = SalesConnection.enrolment_id == event.enrolment_id
        services.end_connections(theirs, why="withdrawn", by_id=event.actor_id)


HANDLERS: events.Handlers = {
    events.MemberLeft: (member_left,),
    events.PersonSuspended: (person_suspended,),
    events.EnrolmentChanged: (enrolment_changed,),
}
