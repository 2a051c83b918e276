"""Second opinions: a reviewer asks a colleague, who writes without having read the first one."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager, joinedload, lazyload, selectinload

from lms import events
from lms.accounts.models import User
from lms.assignments.models import Attachment, Opinion, Submission, SubmissionState, SubmissionVersion
from lms.assignments.services.locking import lock
from lms.assignments.services.reviewing import HIGHEST_LEVEL, Stale
from lms.assignments.work import files_of
from lms.cohorts.models import Cohort, Enrolment, cohort_trainer
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _


def colleagues(submission: Submission, *, by: Any) -> list[User]:
    """Who else trains a cohort of the programme."""
    trainers = (
        select(User)
        .join(cohort_trainer, cohort_trainer.c.user_id == User.id)
        .join(Cohort, Cohort.id == cohort_trainer.c.cohort_id)
        .where(Cohort.programme_id == submission.programme_id, User.id != by.id, User.suspended_at.is_(None))
        .distinct()
        .order_by(User.name, User.id)
    )
    return list(db.session.scalars(trainers))


def ask_opinion(submission: Submission, colleague_id: int, question: str, *, by: Any) -> Opinion:
    """Ask a colleague what they would decide on the newest version."""
    lock(submission)
    if submission.state is not SubmissionState.HANDED_IN:
        raise Stale(_("This work was reviewed already."))
    if colleague_id not in {one.id for one in colleagues(submission, by=by)}:
        raise Refused(_("Choose one of the trainers of this programme."))
    number = len(submission.versions)
    asked = {(one.version_number, one.user_id) for one in submission.opinions}
    if (number, colleague_id) in asked:
        raise Refused(_("You have asked that person already."))
    opinion = Opinion(
        submission=submission,
        enrolment_id=submission.enrolment_id,
        firm_id=submission.firm_id,
        user_id=colleague_id,
        version_number=number,
        asked_by_id=by.id,
        asked_at=now(),
        question=question.strip(),
    )
    db.session.add(opinion)
    db.session.flush()
    events.publish(events.OpinionAsked(actor_id=by.id, **_said_of(opinion)))
    return opinion


def give_opinion(opinion: Opinion, levels: Mapping[str, int], text: str, *, by: Any) -> None:
    """What the colleague would decide; said once."""
    lock(opinion.submission)
    db.session.refresh(opinion, ["given_at"])
    if not is_open(opinion):
        raise Stale(_("This work was decided meanwhile, or you have answered already. Thank you."))
    text = text.strip()
    graded = {row["criterion"] for row in opinion.submission.brief.rubric}
    given = {criterion: level for criterion, level in levels.items() if criterion in graded}
    if not all(0 <= level <= HIGHEST_LEVEL for level in given.values()):
        raise Refused(_("Choose one of the four levels."))
    if not text and not given:
        raise Refused(_("Choose a level or write what you think."))
    opinion.levels, opinion.text, opinion.given_at = given, text, now()
    db.session.flush()
    events.publish(events.OpinionGiven(actor_id=by.id, **_said_of(opinion)))


def is_open(opinion: Opinion) -> bool:
    """Whether it can still be given: nothing was decided, and the firm has not sent another version."""
    submission = opinion.submission
    waits = submission.state is SubmissionState.HANDED_IN
    return opinion.given_at is None and waits and opinion.version_number == len(submission.versions)


def is_colleague(opinion: Opinion, *, by: Any) -> bool:
    """Whether who was asked still trains in the programme."""
    taught = select(Cohort.id).where(
        Cohort.programme_id == opinion.programme_id, Cohort.id.in_(by.cohort_ids)
    )
    return db.session.scalar(taught.limit(1)) is not None


def files_for(opinion: Opinion) -> list[Attachment]:
    """The files of the version that one was asked about."""
    return files_of(opinion.submission.versions[opinion.version_number - 1])


def opinions_asked(person: Any) -> list[Opinion]:
    """What this person is asked and has not answered, the oldest first."""
    own = aliased(Cohort)
    programmes = select(own.programme_id).where(own.id.in_(person.cohort_ids))
    asked = (
        select(Opinion)
        .join(Opinion.submission)
        .join(Enrolment, Enrolment.id == Opinion.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Opinion.user_id == person.id,
            Opinion.given_at.is_(None),
            Submission.state == SubmissionState.HANDED_IN,
            Cohort.programme_id.in_(programmes),
        )
        # Versions apart, and no second way to the enrolment: SQLite would go through the work of every firm.
        .options(
            joinedload(Opinion.asked_by),
            contains_eager(Opinion.submission).options(
                lazyload(Submission.enrolment),
                joinedload(Submission.brief),
                selectinload(Submission.versions).lazyload(SubmissionVersion.enrolment),
            ),
        )
        .order_by(Opinion.id)
    )
    return [one for one in db.session.scalars(asked) if is_open(one)]


def _said_of(opinion: Opinion) -> dict[str, Any]:
    title = opinion.submission.brief.title
    return {"enrolment_id": opinion.enrolment_id, "opinion_id": opinion.id, "title": title}
