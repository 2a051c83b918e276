"""More days for a task: a firm asks with its reason, staff answer with theirs, and all of it is kept."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from lms import events
from lms.assignments.models import Extension, ExtensionState, SubmissionState
from lms.assignments.queue import may_review
from lms.assignments.services.dates import deadline_of
from lms.assignments.services.working import work_at
from lms.cohorts.models import AT_WORK, Cohort, Enrolment
from lms.cohorts.services import note_activity, paused_days_today
from lms.curriculum.models import Brief
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

# More than this is no extension but another plan for the firm.
MOST_DAYS = 90


@dataclass(frozen=True)
class Request:
    """A firm that asks for more days, and the task it asks them for."""

    extension: Extension
    brief: Brief


def ask_for_days(enrolment: Enrolment, brief: Brief, days: int, reason: str, *, by: Any) -> Extension:
    """Ask for more days with the firm's own reason. There is never more than one open question for a task."""
    _refuse_when_of_no_use(enrolment, brief)
    if not reason.strip():
        raise Refused(_("Tell us in a few words why you need more days."))
    asked = Extension(
        **_whose(enrolment, brief),
        state=ExtensionState.ASKED,
        asked_by_id=by.id,
        asked_at=now(),
        asked_days=days,
        asked_because=reason.strip(),
    )
    if not _added(asked):
        raise Refused(_("Your firm has asked already. The answer will be on the task's page."))
    note_activity(enrolment)
    told = events.MoreDaysAsked(
        actor_id=by.id,
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        extension_id=asked.id,
        title=brief.title,
    )
    events.publish(told)
    return asked


def give_days(enrolment: Enrolment, brief: Brief, due_on: date, reason: str, *, by: Any) -> Extension:
    """Give a firm more days without being asked, or another day than the one it was given."""
    _refuse_when_of_no_use(enrolment, brief)
    _check_day(enrolment, brief, due_on)
    _check_reason(reason)
    waiting = _in_state(enrolment, brief, ExtensionState.ASKED)
    if waiting is not None:
        return answer_request(waiting, brief, due_on, reason, by=by)
    given = Extension(**_whose(enrolment, brief))
    _grant(given, brief, due_on, reason, by)
    return given


def answer_request(
    extension: Extension, brief: Brief, due_on: date | None, reason: str, *, by: Any
) -> Extension:
    """Answer a firm that asked: with a day, or with none, which is a no. The firm reads the reason."""
    db.session.refresh(extension, ["state"], with_for_update=True)
    if extension.state is not ExtensionState.ASKED:
        raise Refused(_("This was answered already. Look at it again."))
    _check_reason(reason)
    if due_on is None:
        extension.state, extension.reason = ExtensionState.DECLINED, reason.strip()
        extension.decided_by_id, extension.decided_at = by.id, now()
        _tell(extension, brief, by)
        return extension
    _refuse_when_of_no_use(extension.enrolment, brief)
    _check_day(extension.enrolment, brief, due_on)
    _grant(extension, brief, due_on, reason, by)
    return extension


def withdraw_days(extension: Extension, brief: Brief, reason: str, *, by: Any) -> None:
    """Take back the days that were given: from now on the usual date counts again."""
    db.session.refresh(extension, ["state"], with_for_update=True)
    if extension.state is not ExtensionState.GRANTED:
        raise Refused(_("This was answered already. Look at it again."))
    _check_reason(reason)
    _end(extension, ExtensionState.WITHDRAWN, reason, by)
    _tell(extension, brief, by)


def extensions_of(enrolment: Enrolment, slug: str | None = None) -> list[Extension]:
    """What was asked, given, refused and taken back for a task of the firm, or for all, newest first."""
    found = select(Extension).where(Extension.enrolment_id == enrolment.id)
    if slug is not None:
        found = found.where(Extension.brief_slug == slug)
    people = (
        joinedload(Extension.asked_by),
        joinedload(Extension.decided_by),
        joinedload(Extension.ended_by),
    )
    return list(db.session.scalars(found.options(*people).order_by(Extension.id.desc())))


def requests_for(person: Any) -> list[Request]:
    """The firms that wait for this person's answer, the longest wait first."""
    waiting = (
        select(Extension, Brief)
        .join(Enrolment, Enrolment.id == Extension.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(
            Brief,
            (Brief.slug == Extension.brief_slug) & (Brief.version_id == Cohort.course_version_id),
        )
        .where(
            Extension.state == ExtensionState.ASKED,
            Enrolment.state.in_(AT_WORK),
            may_review(person),
        )
        .options(joinedload(Extension.asked_by), joinedload(Brief.week))
        .order_by(Extension.asked_at, Extension.id)
    )
    return [Request(extension, brief) for extension, brief in db.session.execute(waiting)]


def _whose(enrolment: Enrolment, brief: Brief) -> dict[str, Any]:
    return {"enrolment": enrolment, "firm_id": enrolment.firm_id, "brief_slug": brief.slug}


def _refuse_when_of_no_use(enrolment: Enrolment, brief: Brief) -> None:
    if enrolment.state not in AT_WORK:
        raise Refused(_("This firm's course has ended: its dates no longer count."))
    submission = work_at(enrolment, brief)
    if submission is not None and submission.state is not SubmissionState.DRAFT:
        raise Refused(_("This task was sent already. A correction has no date, so more days change nothing."))


def _check_day(enrolment: Enrolment, brief: Brief, due_on: date) -> None:
    usual_on, day = deadline_of(enrolment, brief).usual_on, today(enrolment.cohort.time_zone)
    if due_on <= usual_on or due_on < day:
        raise Refused(_("Choose a day that is not past and after the task's own date."))
    if due_on > max(usual_on, day) + timedelta(days=MOST_DAYS):
        raise Refused(_("Choose a day within the next %(days)s days.", days=MOST_DAYS))


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Write the reason: the firm reads it."))


def _grant(extension: Extension, brief: Brief, due_on: date, reason: str, by: Any) -> None:
    enrolment = extension.enrolment
    before = _in_state(enrolment, brief, ExtensionState.GRANTED)
    if before is not None:
        _end(before, ExtensionState.REPLACED, "", by)
        db.session.flush()  # there is never a moment with two
    extension.state, extension.due_on, extension.reason = ExtensionState.GRANTED, due_on, reason.strip()
    extension.paused_days = paused_days_today(enrolment)
    extension.decided_by_id, extension.decided_at = by.id, now()
    if not _added(extension):
        raise Refused(_("This was answered already. Look at it again."))
    _tell(extension, brief, by)


def _end(extension: Extension, state: ExtensionState, reason: str, by: Any) -> None:
    extension.state, extension.ended_because = state, reason.strip()
    extension.ended_by_id, extension.ended_at = by.id, now()


def _in_state(enrolment: Enrolment, brief: Brief, state: ExtensionState) -> Extension | None:
    return db.session.scalar(
        select(Extension)
        .where(
            Extension.enrolment_id == enrolment.id,
            Extension.brief_slug == brief.slug,
            Extension.state == state,
        )
        .with_for_update(of=Extension)
    )


def _added(extension: Extension) -> bool:
    """Whether it could be kept: somebody else may ask or give in the same moment."""
    try:
        with db.session.begin_nested():
            db.session.add(extension)
    except IntegrityError:
        return False
    return True


def _tell(extension: Extension, brief: Brief, by: Any) -> None:
    db.session.flush()
    answered = events.MoreDaysAnswered(
        actor_id=by.id,
        enrolment_id=extension.enrolment_id,
        firm_id=extension.firm_id,
        extension_id=extension.id,
        title=brief.title,
        state=extension.state.value,
        due_on=extension.due_on.isoformat() if extension.due_on else None,
        reason=extension.ended_because or extension.reason,
    )
    events.publish(answered)
