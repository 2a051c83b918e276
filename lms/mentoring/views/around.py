"""What the pages of this room share: the firm one acts for, chats that are ready to send, days and hours."""

from flask import current_app, g, request

from lms.cohorts.models import Enrolment
from lms.cohorts.services import current_enrolment
from lms.foundation.i18n import gettext as _
from lms.mentoring import services
from lms.mentoring.addresses import chat_link
from lms.mentoring.models import Session
from lms.web.guard import me
from lms.web.templating import long_date, time


def chats(enrolment: Enrolment, path: str) -> list[tuple]:
    """The people of a firm who can be written to, each with the chat that is ready to send."""
    words = _(
        "Hello, I write to you from %(site)s. Please open this page: %(address)s",
        site=site_name(),
        address=site_address(path),
    )
    found = (
        (person, chat_link(person.phone, words)) for person in services.people_with_phone(enrolment.firm)
    )
    return [(person, link) for person, link in found if link]


def chat_about(enrolment: Enrolment, path: str) -> str:
    """The chat with the firm's mentor, with a message about a page ready to send; "" without a number."""
    mentor = services.mentor_of(enrolment)
    words = _(
        "Hello, I write to you about %(site)s: %(address)s", site=site_name(), address=site_address(path)
    )
    return chat_link(mentor.phone, words) if mentor else ""


def own_enrolment() -> Enrolment | None:
    enrolment = current_enrolment(me().firm_id)
    if enrolment is not None:
        g.time_zone = enrolment.cohort.time_zone
    return enrolment


def readers(enrolment: Enrolment) -> list[str]:
    """The names of who is there to answer a firm."""
    people = [person for person in (enrolment.mentor, *enrolment.cohort.trainers) if person]
    return list(dict.fromkeys(person.name for person in people if person.suspended_at is None))


def site_address(path: str) -> str:
    return (current_app.config["SITE_URL"] or request.url_root).rstrip("/") + path


def site_name() -> str:
    return current_app.config["SITE_NAME"]


def day_of(session: Session) -> str:
    g.time_zone = session.enrolment.cohort.time_zone
    return long_date(session.starts_at)


def hour_of(session: Session) -> str:
    g.time_zone = session.enrolment.cohort.time_zone
    return time(session.starts_at)
