"""Calls for help and their answers, contacts that staff note, and what firms say of their practices."""

from collections.abc import Mapping
from typing import Any

from lms import events
from lms.cohorts.models import Enrolment
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.mentoring.models import Contact, HelpRequest, Moment, PracticeCheck
from lms.mentoring.questions import practice_checks
from lms.mentoring.services.keeping import add, note_firm_activity


def ask_help(enrolment: Enrolment, *, text: str, about_title: str, about_path: str, by: Any) -> HelpRequest:
    """Ask the firm's staff for help with the page one was looking at; words are needed only without one."""
    if not text.strip() and not about_title:
        raise Refused(_("Tell us in a few words what you need help with."))
    request = HelpRequest(
        enrolment=enrolment,
        firm_id=enrolment.firm_id,
        user_id=by.id,
        about_title=about_title,
        about_path=about_path,
        text=text.strip(),
        asked_at=now(),
    )
    add(request)
    note_firm_activity(enrolment, by)
    events.publish(
        events.HelpAsked(
            actor_id=by.id,
            enrolment_id=enrolment.id,
            firm_id=enrolment.firm_id,
            help_request_id=request.id,
            about=about_path,
        )
    )
    return request


def answer_help(request: HelpRequest, answer: str, *, by: Any) -> None:
    """Answer the person who asked; the first answer counts."""
    if request.answered_at is not None:
        raise Refused(_("Somebody answered this already. Open the page again to read the answer."))
    request.answer, request.answered_at, request.answered_by_id = answer.strip(), now(), by.id
    db.session.flush()
    events.publish(
        events.HelpAnswered(
            actor_id=by.id,
            enrolment_id=request.enrolment_id,
            user_id=request.user_id,
            help_request_id=request.id,
        )
    )


def note_contact(enrolment: Enrolment, *, channel: str, text: str, by: Any, minutes: int = 0) -> Contact:
    """Keep that staff wrote to or called a firm outside the house, so that colleagues know."""
    contact = Contact(
        enrolment=enrolment,
        firm_id=enrolment.firm_id,
        by_id=by.id,
        channel=channel,
        text=text.strip(),
        minutes=minutes,
        made_at=now(),
    )
    add(contact)
    events.publish(events.ContactNoted(actor_id=by.id, enrolment_id=enrolment.id, contact_id=contact.id))
    return contact


def check_practices(enrolment: Enrolment, moment: Moment, answers: Mapping[int, bool], *, by: Any) -> None:
    """Keep a firm's yes or no to each practice (by its id); answering again replaces the earlier answer."""
    known = {check.practice_id: check for check in practice_checks(enrolment, moment)}
    for practice_id, yes in answers.items():
        check = known.get(practice_id)
        if check is None:
            check = PracticeCheck(
                enrolment=enrolment, firm_id=enrolment.firm_id, practice_id=practice_id, moment=moment
            )
            db.session.add(check)
        check.yes, check.user_id, check.answered_at = yes, by.id, now()
    note_firm_activity(enrolment, by)
    db.session.flush()
