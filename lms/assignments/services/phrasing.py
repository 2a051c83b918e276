"""The sentences that reviewers keep for a task, for themselves or for all who review it."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from lms.assignments.models import Phrase, Submission
from lms.assignments.phrases import LONGEST_PHRASE, fill, without_names
from lms.curriculum.models import CourseVersion
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

MOST_PHRASES = 60


def phrases_for(submission: Submission, *, by: Any) -> list[Phrase]:
    """One's own sentences for this task and those that colleagues of the same programme share."""
    of_task = (
        select(Phrase)
        .join(CourseVersion, CourseVersion.course_id == Phrase.course_id)
        .where(
            CourseVersion.id == submission.brief.version_id,
            Phrase.programme_id == submission.programme_id,
            Phrase.brief_slug == submission.brief.slug,
            _may_read(by),
        )
        .options(joinedload(Phrase.user))
        .order_by(Phrase.user_id != by.id, Phrase.id)
    )
    return list(db.session.scalars(of_task))


def said_to(phrase: Phrase, submission: Submission) -> str:
    """The sentence with the names of whom it is said to."""
    return fill(phrase.text, *_names(submission))


def keep_phrase(submission: Submission, words: str, shared: bool, *, by: Any) -> Phrase:
    """Keep words just written. The same words kept twice are one sentence."""
    text = _checked(without_names(words, *_names(submission)))
    there = phrases_for(submission, by=by)
    if same := next((one for one in there if one.text == text and one.user_id == by.id), None):
        same.shared = same.shared or shared
        return same
    if len([one for one in there if one.user_id == by.id]) >= MOST_PHRASES:
        raise Refused(
            _("You have %(count)s sentences for this task. Take one away first.", count=MOST_PHRASES)
        )
    made = Phrase(
        programme_id=submission.programme_id,
        course_id=db.session.get_one(CourseVersion, submission.brief.version_id).course_id,
        brief_slug=submission.brief.slug,
        user_id=by.id,
        text=text,
        shared=shared,
        written_at=now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def change_phrase(phrase: Phrase, text: str, shared: bool) -> None:
    phrase.text, phrase.shared = _checked(text.strip()), shared


def remove_phrase(phrase: Phrase) -> None:
    db.session.delete(phrase)


def _checked(text: str) -> str:
    if not text:
        raise Refused(_("Write the sentence first."))
    if len(text) > LONGEST_PHRASE:
        raise Refused(
            _("A sentence has at most %(count)s letters. Choose a part of it.", count=LONGEST_PHRASE)
        )
    return text


def _may_read(by: Any) -> ColumnElement[bool]:
    return or_(Phrase.user_id == by.id, Phrase.shared.is_(True))


def _names(submission: Submission) -> tuple[str, str]:
    return submission.enrolment.firm.name, submission.versions[-1].user.first_name
