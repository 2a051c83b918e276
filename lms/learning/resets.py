"""A new attempt that staff give a person: what was answered is set aside, kept, and may come back."""

from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from lms import events
from lms.cohorts.models import AT_WORK, Enrolment
from lms.curriculum.models import Quiz
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.learning.models import Attempt, AttemptReset, Sitting, SittingMoment


def give_quiz_again(enrolment: Enrolment, user_id: int, quiz: Quiz, reason: str, *, by: Any) -> AttemptReset:
    """Set this person's attempts at the quiz aside, finished or not; the next one is a first one again."""
    _check(enrolment, reason)
    begun = list(db.session.scalars(_locked(_attempts(enrolment.id, user_id, quiz.slug), Attempt)))
    return _give(enrolment, user_id, begun, reason, by, quiz_slug=quiz.slug)


def give_test_again(
    enrolment: Enrolment, user_id: int, moment: SittingMoment, reason: str, *, by: Any
) -> AttemptReset:
    """The same for one moment of the test, which may then be answered whatever the week is."""
    _check(enrolment, reason)
    begun = list(db.session.scalars(_locked(_sittings(enrolment.id, user_id, moment), Sitting)))
    return _give(enrolment, user_id, begun, reason, by, moment=moment)


def take_back(reset: AttemptReset, *, by: Any) -> None:
    """Let what was set aside count again, as long as the person began nothing new."""
    db.session.refresh(reset, ["undone_at"], with_for_update=True)
    if not can_be_undone(reset) or not _restored(reset):
        raise Refused(
            _("This cannot be undone any more: the new attempt was begun, or it was undone already.")
        )
    reset.undone_by_id, reset.undone_at = by.id, now()
    db.session.flush()
    events.publish(
        events.NewAttemptTakenBack(
            actor_id=by.id,
            enrolment_id=reset.enrolment_id,
            firm_id=reset.firm_id,
            user_id=reset.user_id,
            attempt_reset_id=reset.id,
        )
    )


def _restored(reset: AttemptReset) -> bool:
    """Whether it could be done: the person may begin in this very moment, and the database knows it first."""
    model: Any = Sitting if reset.moment else Attempt
    try:
        with db.session.begin_nested():
            db.session.execute(update(model).where(model.reset_id == reset.id).values(reset_id=None))
    except IntegrityError:
        return False
    return True


def can_be_undone(reset: AttemptReset) -> bool:
    """Whether it is the last one and nothing was begun since."""
    if reset.undone_at is not None:
        return False
    current: Any = (
        _sittings(reset.enrolment_id, reset.user_id, reset.moment)
        if reset.moment
        else _attempts(reset.enrolment_id, reset.user_id, reset.quiz_slug)
    )
    later = select(AttemptReset.id).where(
        AttemptReset.enrolment_id == reset.enrolment_id,
        AttemptReset.user_id == reset.user_id,
        AttemptReset.quiz_slug == reset.quiz_slug,
        AttemptReset.moment.is_(None) if reset.moment is None else AttemptReset.moment == reset.moment,
        AttemptReset.undone_at.is_(None),
        AttemptReset.id > reset.id,
    )
    return db.session.scalar(current.limit(1)) is None and db.session.scalar(later.limit(1)) is None


def resets_of(enrolment: Enrolment) -> list[AttemptReset]:
    """All that were given to people of the firm, newest first."""
    people = (
        joinedload(AttemptReset.given_by),
        joinedload(AttemptReset.undone_by),
        joinedload(AttemptReset.user),
    )
    given = select(AttemptReset).where(AttemptReset.enrolment_id == enrolment.id)
    return list(db.session.scalars(given.options(*people).order_by(AttemptReset.id.desc())))


def given_to(enrolment: Enrolment, user_id: int, quiz: Quiz) -> AttemptReset | None:
    """The newest new attempt at this quiz that the person has, for the page of the quiz."""
    given = select(AttemptReset).where(
        AttemptReset.enrolment_id == enrolment.id,
        AttemptReset.user_id == user_id,
        AttemptReset.quiz_slug == quiz.slug,
        AttemptReset.undone_at.is_(None),
    )
    newest = given.options(joinedload(AttemptReset.given_by)).order_by(AttemptReset.id.desc()).limit(1)
    return db.session.scalar(newest)


def _check(enrolment: Enrolment, reason: str) -> None:
    if enrolment.state not in AT_WORK:
        raise Refused(_("This firm is not at work in the cohort now."))
    if not reason.strip():
        raise Refused(_("Write the reason: the person reads it."))


def _give(
    enrolment: Enrolment,
    user_id: int,
    begun: list[Any],
    reason: str,
    by: Any,
    quiz_slug: str = "",
    moment: SittingMoment | None = None,
) -> AttemptReset:
    if not begun:
        raise Refused(_("There is nothing to set aside: this person can begin already."))
    reset = AttemptReset(
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        user_id=user_id,
        quiz_slug=quiz_slug,
        moment=moment,
        reason=reason.strip(),
        given_by_id=by.id,
        given_at=now(),
    )
    db.session.add(reset)
    db.session.flush()
    for one in begun:
        one.reset_id = reset.id
    db.session.flush()
    given = events.NewAttemptGiven(
        actor_id=by.id,
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        user_id=user_id,
        attempt_reset_id=reset.id,
        quiz_slug=quiz_slug,
        moment=moment.value if moment else "",
        reason=reset.reason,
    )
    events.publish(given)
    return reset


def _attempts(enrolment_id: int, user_id: int, slug: str) -> Select[Attempt]:
    """What counts of a person's attempts at a quiz, of whatever version of the course."""
    mine = (Attempt.enrolment_id == enrolment_id, Attempt.user_id == user_id, Attempt.reset_id.is_(None))
    return select(Attempt).join(Quiz, Quiz.id == Attempt.quiz_id).where(*mine, Quiz.slug == slug)


def _sittings(enrolment_id: int, user_id: int, moment: SittingMoment | None) -> Select[Sitting]:
    mine = (Sitting.enrolment_id == enrolment_id, Sitting.user_id == user_id, Sitting.reset_id.is_(None))
    return select(Sitting).where(*mine, Sitting.moment == moment)


def _locked(query: Select, model: Any) -> Select:
    """Somebody may be answering, and somebody else setting aside, in this very moment."""
    return query.with_for_update(of=model).execution_options(populate_existing=True)
