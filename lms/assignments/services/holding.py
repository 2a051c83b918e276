"""Reviews that are finished and shown to the firm at a set moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from lms.accounts.models import Firm, User
from lms.assignments import pins as pinning
from lms.assignments.models import (
    HeldReview,
    Outcome,
    Review,
    ReviewDraft,
    Submission,
    SubmissionState,
    SubmissionVersion,
)
from lms.assignments.pins import Pin
from lms.assignments.queue import may_review
from lms.assignments.services.locking import lock
from lms.assignments.services.reviewing import Decision, Stale, decided, held_review, make_known, set_aside
from lms.assignments.services.speaking import forget_replaced
from lms.cohorts.models import Cohort, Enrolment
from lms.curriculum.models import Brief, Week
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.jobs import enqueue, job

MOST_DAYS_HELD = 60


@dataclass(frozen=True, kw_only=True)
class HeldRow:
    """A finished review in the list of its reviewers. `is_old`: the firm has changed its work since, so that
    it is not shown by itself."""

    submission_id: int
    firm: str
    brief: str
    cohort_id: int
    week: int
    grader_id: int
    grader: str
    outcome: Outcome
    show_at: datetime
    is_old: bool


def hold(
    submission: Submission,
    outcome: Outcome,
    levels: Mapping[str, int],
    feedback: str,
    show_at: datetime,
    pins: Sequence[Pin] = (),
    recording_id: int | None = None,
    *,
    revision: int,
    by: Any,
) -> HeldReview:
    """Finish the review now and show it to the firm then. One's own held review is replaced."""
    decision = decided(submission, outcome, levels, feedback, pins, recording_id, revision=revision, by=by)
    if show_at <= now():
        raise Refused(_("Choose a moment that is still to come."))
    if show_at > now() + timedelta(days=MOST_DAYS_HELD):
        raise Refused(
            _("The firm can wait %(count)s days at most. Choose a nearer day.", count=MOST_DAYS_HELD)
        )
    held = held_review(submission) or HeldReview(
        submission_id=submission.id, enrolment_id=submission.enrolment_id, firm_id=submission.firm_id
    )
    held.version_number, held.grader_id = len(submission.versions), by.id
    held.outcome, held.levels, held.feedback = decision.outcome, decision.levels, decision.feedback
    held.pins, held.recording_id = pinning.kept(decision.pins), decision.recording_id
    held.reviewed_at, held.show_at = now(), show_at
    db.session.add(held)
    set_aside(submission, by.id)
    db.session.flush()
    forget_replaced(submission.id, by.id)
    enqueue(show_held_review, run_at=show_at, held_review_id=held.id)
    return held


def show_now(submission: Submission) -> Review:
    """Show the held review to the firm without waiting for its moment."""
    lock(submission)
    held = _waiting(submission)
    if not _is_of_newest(held, submission):
        raise Stale(_("The firm has changed its work since. Review the new version."))
    return _show(held, submission)


def take_back(submission: Submission) -> None:
    """The firm will not see it: what was decided is a draft of its reviewer again, unless that person has
    begun to write it anew."""
    lock(submission)
    held = _waiting(submission)
    place = {
        "submission_id": submission.id,
        "version_number": held.version_number,
        "user_id": held.grader_id,
    }
    if db.session.scalar(select(ReviewDraft.id).filter_by(**place)) is None:
        draft = ReviewDraft(**place, levels=held.levels, feedback=held.feedback, saved_at=now())
        draft.pins, draft.recording_id = held.pins, held.recording_id
        db.session.add(draft)
    db.session.delete(held)
    submission.revision += 1
    db.session.flush()


@job
def show_held_review(held_review_id: int) -> None:
    """At its moment. It may have been taken back, shown or moved since this job was asked for."""
    held = db.session.get(HeldReview, held_review_id)
    if held is None:
        return
    submission = held.submission
    lock(submission)
    held = held_review(submission)
    if held is not None and held.show_at <= now() and _is_of_newest(held, submission):
        _show(held, submission)


def held_for(person: Any) -> list[HeldRow]:
    """What this person and colleagues finished and the firms do not see yet, the nearest moment first."""
    newest = select(func.max(SubmissionVersion.number)).where(
        SubmissionVersion.submission_id == HeldReview.submission_id
    )
    is_newest = (Submission.state == SubmissionState.HANDED_IN) & (
        HeldReview.version_number == newest.scalar_subquery()
    )
    rows = (
        select(
            HeldReview.submission_id,
            Firm.name.label("firm"),
            Brief.title.label("brief"),
            Cohort.id.label("cohort_id"),
            Week.number.label("week"),
            HeldReview.grader_id,
            User.name.label("grader"),
            HeldReview.outcome,
            HeldReview.show_at,
            (~is_newest).label("is_old"),
        )
        .join(Submission, Submission.id == HeldReview.submission_id)
        .join(Enrolment, Enrolment.id == HeldReview.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Firm, Firm.id == HeldReview.firm_id)
        .join(Brief, Brief.id == Submission.brief_id)
        .join(Week, Week.id == Brief.week_id)
        .join(User, User.id == HeldReview.grader_id)
        .where(may_review(person))
        .order_by(HeldReview.show_at, HeldReview.id)
    )
    return [HeldRow(**row._mapping) for row in db.session.execute(rows)]


def _waiting(submission: Submission) -> HeldReview:
    held = held_review(submission)
    if held is None:
        raise Stale(_("The firm sees this review already, or it was taken back."))
    return held


def _is_of_newest(held: HeldReview, submission: Submission) -> bool:
    is_open = submission.state is SubmissionState.HANDED_IN
    return is_open and held.version_number == len(submission.versions)


def _show(held: HeldReview, submission: Submission) -> Review:
    decision = Decision(
        outcome=held.outcome,
        levels=held.levels,
        feedback=held.feedback,
        pins=tuple(held.remarks),
        recording_id=held.recording_id,
    )
    return make_known(submission, decision, grader_id=held.grader_id)
