"""What trainers do with handed-in work: take it in hand, accept it or send it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload, lazyload

from lms import events
from lms.accounts.models import User
from lms.assignments.models import (
    HeldReview,
    Opinion,
    Outcome,
    Review,
    ReviewDraft,
    ReviewPin,
    Submission,
    SubmissionState,
)
from lms.assignments.pins import GRAIN, LONGEST_REMARK, MOST_PINS, Pin
from lms.assignments.services.locking import lock
from lms.assignments.services.speaking import forget_replaced, own_recording
from lms.assignments.work import files_of, whole
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

HIGHEST_LEVEL = 3


class Stale(Refused):
    """Somebody else changed the work since the page was opened."""


def claim(submission: Submission, hours: int, *, by: Any) -> None:
    """Take the work in hand, so that no colleague reviews it too. A claim lapses by itself."""
    lock(submission)
    if submission.state is not SubmissionState.HANDED_IN:
        raise Stale(_("This work was reviewed already."))
    _refuse_while_claimed(submission, by)
    _refuse_while_held(submission, None)
    submission.claimed_by_id, submission.claimed_until = by.id, now() + timedelta(hours=hours)


def release(submission: Submission, *, by: Any) -> None:
    """Give the work back to the queue."""
    if submission.claimed_by_id == by.id:
        submission.claimed_by_id = submission.claimed_until = None


def claimant(submission: Submission) -> User | None:
    """Who has the work in hand right now."""
    lasts = submission.claimed_until is not None and submission.claimed_until > now()
    # By its key: the relationship may still hold who had it before the row was read anew.
    return db.session.get(User, submission.claimed_by_id) if lasts else None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a reviewer chose and wrote, looked over and complete."""

    outcome: Outcome
    levels: dict[str, int] = field(default_factory=dict)
    feedback: str
    pins: tuple[Pin, ...] = ()
    recording_id: int | None = None


def review(
    submission: Submission,
    outcome: Outcome,
    levels: Mapping[str, int],
    feedback: str,
    pins: Sequence[Pin] = (),
    recording_id: int | None = None,
    *,
    revision: int,
    by: Any,
) -> Review:
    """Accept the work or send it back. Raises Stale when `revision`, which the reviewer saw, is no more."""
    decision = decided(submission, outcome, levels, feedback, pins, recording_id, revision=revision, by=by)
    return make_known(submission, decision, grader_id=by.id)


def decided(
    submission: Submission,
    outcome: Outcome,
    levels: Mapping[str, int],
    feedback: str,
    pins: Sequence[Pin],
    recording_id: int | None,
    *,
    revision: int,
    by: Any,
) -> Decision:
    """What this person may decide now on this work, or a refusal in words; its row is held from here on."""
    lock(submission)
    if submission.revision != revision or submission.state is not SubmissionState.HANDED_IN:
        raise Stale(_("This work changed while you had it open. Nothing of yours is lost: look at both."))
    _refuse_while_claimed(submission, by)
    _refuse_while_held(submission, by)
    feedback = feedback.strip()
    graded = {row["criterion"]: levels.get(row["criterion"]) for row in submission.brief.rubric}
    given = {criterion: level for criterion, level in graded.items() if level is not None}
    if not all(0 <= level <= HIGHEST_LEVEL for level in given.values()):
        raise Refused(_("Choose one of the four levels."))
    if outcome is Outcome.ACCEPTED and len(given) < len(graded):
        left = ", ".join(criterion for criterion, level in graded.items() if level is None)
        raise Refused(_("To accept it, choose a level for: %(criteria)s.", criteria=left))
    recording_id = own_recording(submission, recording_id, by=by)
    if outcome is Outcome.RETURNED and not feedback and recording_id is None:
        raise Refused(_("To send it back, write what to change."))
    check_pins(submission, pins)
    return Decision(
        outcome=outcome, levels=given, feedback=feedback, pins=tuple(pins), recording_id=recording_id
    )


def check_pins(submission: Submission, pins: Sequence[Pin]) -> None:
    """Refuse remarks that are too many, too long, or on no photo of the newest version."""
    photos = {one.id for one in files_of(submission.versions[-1]) if one.thumbnail_key}
    if any(pin.photo not in photos for pin in pins):
        raise Refused(_("One of your marks is on a photo that is not in this version."))
    if len(pins) > MOST_PINS:
        raise Refused(_("There are more than %(count)s marks. Take some away.", count=MOST_PINS))
    if any(len(pin.text) > LONGEST_REMARK for pin in pins):
        raise Refused(_("A mark has at most %(count)s letters.", count=LONGEST_REMARK))


def make_known(submission: Submission, decision: Decision, *, grader_id: int) -> Review:
    """The decision becomes the review that the firm reads, and the firm is told."""
    made = Review(
        submission=submission,
        enrolment_id=submission.enrolment_id,
        firm_id=submission.firm_id,
        version_number=len(submission.versions),
        grader_id=grader_id,
        outcome=decision.outcome,
        levels=decision.levels,
        feedback=decision.feedback,
        recording_id=decision.recording_id,
        reviewed_at=now(),
        pin_rows=[_row(pin) for pin in decision.pins],
    )
    db.session.add(made)
    submission.state = SubmissionState(decision.outcome.value)
    set_aside(submission, grader_id)
    db.session.execute(delete(HeldReview).where(HeldReview.submission_id == submission.id))
    db.session.flush()
    forget_replaced(submission.id, grader_id)
    reviewed = events.SubmissionReviewed(
        actor_id=grader_id,
        enrolment_id=submission.enrolment_id,
        firm_id=submission.firm_id,
        submission_id=submission.id,
        title=submission.brief.title,
        accepted=decision.outcome is Outcome.ACCEPTED,
    )
    events.publish(reviewed)
    return made


def _row(pin: Pin) -> ReviewPin:
    x, y = round(pin.x * GRAIN), round(pin.y * GRAIN)
    return ReviewPin(attachment_id=pin.photo, x=x, y=y, text=pin.text)


def set_aside(submission: Submission, grader_id: int) -> None:
    """The reviewer is done with it: out of hand, no draft left, and pages that are open elsewhere are old."""
    submission.claimed_by_id = submission.claimed_until = None
    submission.revision += 1
    mine = (ReviewDraft.submission_id == submission.id, ReviewDraft.user_id == grader_id)
    db.session.execute(delete(ReviewDraft).where(*mine))


def for_review(submission: Submission) -> Submission:
    """The work with its history, and what only its reviewers see."""
    held = joinedload(Submission.held).options(lazyload(HeldReview.enrolment), joinedload(HeldReview.grader))
    said = joinedload(Submission.opinions).options(lazyload(Opinion.enrolment), joinedload(Opinion.user))
    return whole(submission, held, said)


def held_review(submission: Submission) -> HeldReview | None:
    """The finished review that the firm does not see yet."""
    asked = select(HeldReview).where(HeldReview.submission_id == submission.id)
    return db.session.scalar(asked.execution_options(populate_existing=True))


def _refuse_while_held(submission: Submission, by: Any) -> None:
    held = held_review(submission)
    is_ours = held is not None and by is not None and held.grader_id == by.id
    if held is not None and not is_ours and held.version_number == len(submission.versions):
        raise Refused(
            _(
                "%(name)s has decided already, and the firm sees it later. Take that back first.",
                name=held.grader.name,
            )
        )


def _refuse_while_claimed(submission: Submission, by: Any) -> None:
    other = claimant(submission)
    if other is not None and other.id != by.id:
        raise Refused(_("%(name)s is reviewing this work.", name=other.name))
