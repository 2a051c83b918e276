"""How long conversations stay: as long as they help, and then they go for good."""

from datetime import timedelta

from sqlalchemy import delete, exists, or_, select

from lms.cohorts.models import AT_WORK, Enrolment
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.jobs import every
from lms.messages.models import Announcement, Delivery, Message, ReadMark
from lms.messages.services.counting import recount_firm, recount_staff, trainers_of

# The last follow-up is asked a year after the course; a year more for what comes of it.
KEEP = timedelta(days=2 * 365)
AT_ONCE = 200


@every(timedelta(days=1))
def forget_old_conversations() -> None:
    """Of firms whose course ended long ago: messages, who read them, and what was announced to them."""
    ended = Enrolment.ended_at < now() - KEEP
    left = or_(
        exists().where(Message.enrolment_id == Enrolment.id),
        exists().where(Delivery.enrolment_id == Enrolment.id),
    )
    found = select(Enrolment).where(ended, Enrolment.state.not_in(AT_WORK), left).limit(AT_ONCE)
    for enrolment in db.session.scalars(found).all():
        for model in (ReadMark, Message, Delivery):
            db.session.execute(delete(model).where(model.enrolment_id == enrolment.id))
        recount_firm(enrolment.firm_id)
        answering = [enrolment.mentor_id] if enrolment.mentor_id else trainers_of(enrolment.cohort_id)
        recount_staff(answering)
    nobody = ~exists().where(Delivery.announcement_id == Announcement.id)
    db.session.execute(delete(Announcement).where(Announcement.sent_at < now() - KEEP, nobody))
