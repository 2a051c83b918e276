"""Pauses that a firm asks for in its high season: the lead answers, the firm says when it is back."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from lms import events
from lms.cohorts.models import Enrolment, EnrolmentState, PauseRequest, PauseState
from lms.cohorts.services.enrolments import pause, resume
from lms.cohorts.services.reach import enrolments_visible_to
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _


def ask_for_pause(enrolment: Enrolment, reason: str, weeks: int, *, by: Any) -> PauseRequest:
    """Ask for a pause with the firm's own reason. There is never more than one open question."""
    if enrolment.state is not EnrolmentState.ACTIVE:
        raise Refused(_("Only a firm at work can pause."))
    if not reason.strip():
        raise Refused(_("Tell us in a few words why your firm needs a pause."))
    asked = PauseRequest(
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        user_id=by.id,
        reason=reason.strip(),
        weeks=weeks,
        asked_at=now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(asked)
    except IntegrityError:
        raise Refused(_("Your firm has asked already. You will read the answer here.")) from None
    events.publish(
        events.PauseAsked(
            actor_id=by.id, enrolment_id=enrolment.id, firm_id=enrolment.firm_id, pause_request_id=asked.id
        )
    )
    return asked


def take_back(request: PauseRequest, *, by: Any) -> None:
    """The firm needs no pause after all; nobody has answered yet."""
    _lock(request)
    request.state, request.answered_by_id, request.answered_at = PauseState.WITHDRAWN, by.id, now()


def answer_pause(request: PauseRequest, *, approve: bool, words: str, by: Any) -> None:
    """Approve, which stops the clock of the firm today, or decline, which says why."""
    _lock(request)
    if not approve and not words.strip():
        raise Refused(_("Write why not: the firm reads it."))
    if approve:
        pause(request.enrolment, reason=request.reason, by=by)
    request.state = PauseState.APPROVED if approve else PauseState.DECLINED
    request.answer, request.answered_by_id, request.answered_at = words.strip(), by.id, now()
    db.session.flush()
    events.publish(
        events.PauseAnswered(
            actor_id=by.id,
            enrolment_id=request.enrolment_id,
            firm_id=request.firm_id,
            pause_request_id=request.id,
            approved=approve,
        )
    )


def come_back(enrolment: Enrolment, *, by: Any) -> None:
    """The firm itself says that it is back: all its dates move by the days it was away."""
    if enrolment.state is not EnrolmentState.PAUSED:
        raise Refused(_("Your firm is not on a pause."))
    resume(enrolment, by=by)


def newest_request(enrolment: Enrolment) -> PauseRequest | None:
    """What the firm asked last, answered or not."""
    mine = select(PauseRequest).where(PauseRequest.enrolment_id == enrolment.id)
    newest = mine.options(joinedload(PauseRequest.answered_by), joinedload(PauseRequest.user))
    return db.session.scalars(newest.order_by(PauseRequest.id.desc()).limit(1)).first()


def open_pause_requests(person: Any, programme_id: int) -> list[PauseRequest]:
    """The firms of a programme that wait for this person's answer, the longest wait first."""
    reached = enrolments_visible_to(person).with_only_columns(Enrolment.id)
    waiting = (
        select(PauseRequest)
        .where(PauseRequest.state == PauseState.ASKED, PauseRequest.enrolment_id.in_(reached))
        .options(joinedload(PauseRequest.user))
        .order_by(PauseRequest.asked_at, PauseRequest.id)
    )
    return [one for one in db.session.scalars(waiting) if one.programme_id == programme_id]


def _lock(request: PauseRequest) -> None:
    db.session.refresh(request, ["state"], with_for_update=True)
    if request.state is not PauseState.ASKED:
        raise Refused(_("This was answered already. Look at it again."))
