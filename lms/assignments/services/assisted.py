"""Work that staff handed in for a firm: the firm says whether it is its own."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms import events
from lms.assignments.models import Assistance, Outcome, Submission, SubmissionState, SubmissionVersion
from lms.assignments.services.locking import lock
from lms.cohorts.models import Enrolment
from lms.cohorts.services import note_activity
from lms.curriculum.models import Brief
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _


def work_to_confirm(enrolment: Enrolment) -> list[SubmissionVersion]:
    """What staff handed in for the firm and nobody of it has answered yet, oldest first."""
    asked = (
        select(SubmissionVersion)
        .join(Submission, Submission.id == SubmissionVersion.submission_id)
        .where(
            SubmissionVersion.enrolment_id == enrolment.id,
            SubmissionVersion.assistance == Assistance.ASKED,
            Submission.to_confirm,
        )
        .options(
            joinedload(SubmissionVersion.submission).joinedload(Submission.brief).joinedload(Brief.week),
            joinedload(SubmissionVersion.user),
        )
        .order_by(SubmissionVersion.id)
    )
    return list(db.session.scalars(asked))


def confirm(submission: Submission, *, by: Any) -> None:
    """It is the firm's work: nothing changes but that everybody knows."""
    version = _asked(submission)
    _answer(version, Assistance.CONFIRMED, "", by)


def object_to(submission: Submission, reason: str, *, by: Any) -> None:
    """It is not the firm's work: it leaves the queue, also when it was reviewed, and the task is open again.

    The version, its files and its reviews stay in the history. What the firm handed in itself before counts
    again.
    """
    version = _asked(submission)
    _answer(version, Assistance.OBJECTED, reason, by)
    own = [one for one in submission.versions if one.assistance is not Assistance.OBJECTED]
    reviewed = {one.version_number: one.outcome for one in submission.reviews}
    was_returned = bool(own) and reviewed.get(own[-1].number) is Outcome.RETURNED
    submission.state = SubmissionState.RETURNED if was_returned else SubmissionState.DRAFT
    submission.handed_in_at = own[-1].handed_in_at if own else None
    submission.claimed_by_id = submission.claimed_until = None
    submission.revision += 1
    db.session.flush()


def _asked(submission: Submission) -> SubmissionVersion:
    lock(submission)
    version = submission.versions[-1] if submission.versions else None
    if not submission.to_confirm or version is None or version.assistance is not Assistance.ASKED:
        raise Refused(_("Your firm has answered this already."))
    return version


def _answer(version: SubmissionVersion, answer: Assistance, reason: str, by: Any) -> None:
    submission = version.submission
    version.assistance, version.objection = answer, reason.strip()
    version.answered_by_id, version.answered_at = by.id, now()
    submission.to_confirm = False
    db.session.flush()
    note_activity(submission.enrolment)
    answered = events.AssistedWorkAnswered(
        actor_id=by.id,
        enrolment_id=submission.enrolment_id,
        firm_id=submission.firm_id,
        submission_id=submission.id,
        title=submission.brief.title,
        version=version.number,
        confirmed=answer is Assistance.CONFIRMED,
        reason=version.objection,
    )
    events.publish(answered)
