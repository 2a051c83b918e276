"""The test before and after the course: who is asked which form when, what was answered, what changed.

It counts for nothing: neither graduation nor progress knows of it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.services import note_activity
from lms.curriculum.models import KnowledgeTest, Objective, TestQuestion
from lms.curriculum.questions import mark
from lms.curriculum.syllabus import TestTitle, syllabus, tests
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.learning.models import Sitting, SittingMoment
from lms.learning.services import present_week

# Fewer people than this say nothing about a group.
FEWEST = 5
FORMS = ("A", "B")


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A form that this person can answer now; `given` is what was kept of it so far.

    When the second one is `sent`, what changed can be read instead.
    """

    moment: SittingMoment
    test: TestTitle
    week: int
    given: Mapping[str, int]
    sent: bool

    @property
    def begun(self) -> bool:
        return bool(self.given)


@dataclass(frozen=True)
class Change:
    """One objective of one person, before and after."""

    objective: Objective
    before: bool
    after: bool


@dataclass(frozen=True)
class Gain:
    """One objective of a group: how many of those who answered both forms were right in each."""

    objective: Objective
    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class CohortGain:
    """`gains` is empty while fewer than five people answered both forms."""

    before: int
    after: int
    both: int
    gains: list[Gain]


def offer(enrolment: Enrolment, person: Any) -> Offer | None:
    """The form that is open to this person now: one in week 0, the other from the last week on.

    Once the first is sent there is none; nor is there a second one for who did not send the first.
    """
    titles = {test.form: test for test in tests(enrolment.cohort.course_version_id)}
    every = _every_sitting_of(enrolment, person.id)
    mine = _current(every)
    moment, week = _given_again(enrolment, every, mine) or _moment(enrolment)
    if moment is None or set(titles) != set(FORMS):
        return None
    found, before = mine.get(moment), mine.get(SittingMoment.BEFORE)
    began = before is not None and before.sent_at is not None
    # The first form is open until it is sent, the second one only to who sent the first.
    if began is (moment is SittingMoment.BEFORE):
        return None
    form = before.form if before else first_form(person.id)
    return Offer(
        moment=moment,
        test=titles[_other(form) if moment is SittingMoment.AFTER else form],
        week=week,
        given=found.given if found else {},
        sent=found is not None and found.sent_at is not None,
    )


def first_form(user_id: int) -> str:
    """Crossed: every other person begins with B, so that a form is as often the first as the second."""
    return FORMS[user_id % 2]


def sheet(offered: Offer) -> tuple[KnowledgeTest, list[TestQuestion]]:
    """The form with its questions."""
    test = db.session.get_one(KnowledgeTest, offered.test.id)
    return test, list(test.questions)


def save(enrolment: Enrolment, offered: Offer, given: Mapping[str, int], *, by: Any) -> None:
    """Keep what was answered so far; it can be changed until it is sent."""
    sitting = _open_sitting(enrolment, offered, by)
    sitting.given = dict(given)
    note_activity(enrolment)


def send(enrolment: Enrolment, offered: Offer, given: Mapping[str, int], *, by: Any) -> None:
    """Answer the whole form, once: what is right is noted by objective and told only after the second."""
    _test, questions = sheet(offered)
    if set(given) != {str(question.id) for question in questions}:
        raise Refused(_("Answer every question; if you do not know, choose what seems best."))
    sitting = _open_sitting(enrolment, offered, by)
    sitting.given = dict(given)
    sitting.marks = {
        question.objective: mark(question, given[str(question.id)]).right for question in questions
    }
    sitting.sent_at = now()
    note_activity(enrolment)


def changes(enrolment: Enrolment, person: Any) -> list[Change]:
    """What changed for this person, objective by objective; nothing before both forms are sent."""
    mine = _sittings_of(enrolment, person.id)
    if len([one for one in mine.values() if one.sent_at]) < len(SittingMoment):
        return []
    before, after = (mine[moment].marks for moment in SittingMoment)
    return [
        Change(objective, before[objective.key], after[objective.key])
        for objective in _objectives(enrolment.cohort.course_version_id)
        if objective.key in before and objective.key in after
    ]


# For staff


def cohort_gain(cohort: Cohort) -> CohortGain:
    """What the people of a cohort answered, in two queries however many they are."""
    sent = (
        select(Sitting.user_id, Sitting.moment, Sitting.marks)
        .join(Enrolment, Enrolment.id == Sitting.enrolment_id)
        .where(Enrolment.cohort_id == cohort.id, Sitting.sent_at.is_not(None), Sitting.reset_id.is_(None))
    )
    marks: dict[SittingMoment, dict[int, Mapping[str, bool]]] = {moment: {} for moment in SittingMoment}
    for row in db.session.execute(sent):
        marks[row.moment][row.user_id] = row.marks
    before, after = marks[SittingMoment.BEFORE], marks[SittingMoment.AFTER]
    both = sorted(before.keys() & after.keys())
    gains = _gains(cohort, [(before[key], after[key]) for key in both]) if len(both) >= FEWEST else []
    return CohortGain(before=len(before), after=len(after), both=len(both), gains=gains)


def sittings_in(enrolment: Enrolment) -> list[tuple[str, dict[SittingMoment, datetime]]]:
    """The people of a firm who sent a form, by name, and when."""
    sent = (
        select(User.id, User.name, Sitting.moment, Sitting.sent_at)
        .join(User, User.id == Sitting.user_id)
        .where(Sitting.enrolment_id == enrolment.id, Sitting.sent_at.is_not(None), Sitting.reset_id.is_(None))
        .order_by(User.name, User.id)
    )
    found: dict[int, tuple[str, dict[SittingMoment, datetime]]] = {}
    for row in db.session.execute(sent):
        found.setdefault(row.id, (row.name, {}))[1][row.moment] = row.sent_at
    return list(found.values())


def sent_by(enrolment_ids: Collection[int]) -> dict[int, dict[SittingMoment, int]]:
    """How many people of each firm sent each form of the test, in one query."""
    counted = (
        select(Sitting.enrolment_id, Sitting.moment, func.count().label("people"))
        .where(
            Sitting.enrolment_id.in_(enrolment_ids), Sitting.sent_at.is_not(None), Sitting.reset_id.is_(None)
        )
        .group_by(Sitting.enrolment_id, Sitting.moment)
    )
    found: dict[int, dict[SittingMoment, int]] = {}
    for row in db.session.execute(counted):
        found.setdefault(row.enrolment_id, {})[row.moment] = row.people
    return found


def _gains(cohort: Cohort, pairs: list[tuple[Mapping[str, bool], Mapping[str, bool]]]) -> list[Gain]:
    return [
        Gain(
            objective,
            sum(before.get(objective.key, False) for before, _after in pairs),
            sum(after.get(objective.key, False) for _before, after in pairs),
        )
        for objective in _objectives(cohort.course_version_id)
    ]


def _objectives(version_id: int) -> Collection[Objective]:
    ordered = select(Objective).where(Objective.version_id == version_id).order_by(Objective.position)
    return db.session.scalars(ordered).all()


def _moment(enrolment: Enrolment) -> tuple[SittingMoment | None, int]:
    """Which form the calendar asks for, and the week in which it stands."""
    week = present_week(enrolment)
    last = syllabus(enrolment.cohort.course_version_id).weeks[-1].number
    if week == 0:
        return SittingMoment.BEFORE, 0
    return (SittingMoment.AFTER, last) if week >= last else (None, 0)


def _given_again(
    enrolment: Enrolment, every: list[Sitting], current: Mapping[SittingMoment, Sitting]
) -> tuple[SittingMoment, int] | None:
    """The form that staff let this person answer anew, whatever the week, until it is sent."""
    aside = max((one for one in every if one.reset_id), key=lambda one: one.reset_id or 0, default=None)
    if aside is None or (aside.moment in current and current[aside.moment].sent_at):
        return None
    is_before = aside.moment is SittingMoment.BEFORE
    return aside.moment, 0 if is_before else syllabus(enrolment.cohort.course_version_id).weeks[-1].number


def _other(form: str) -> str:
    return FORMS[1 - FORMS.index(form)]


def _sittings_of(enrolment: Enrolment, user_id: int) -> dict[SittingMoment, Sitting]:
    return _current(_every_sitting_of(enrolment, user_id))


def _every_sitting_of(enrolment: Enrolment, user_id: int) -> list[Sitting]:
    """Those that were set aside too."""
    mine = select(Sitting).where(Sitting.enrolment_id == enrolment.id, Sitting.user_id == user_id)
    return list(db.session.scalars(mine))


def _current(every: Iterable[Sitting]) -> dict[SittingMoment, Sitting]:
    return {sitting.moment: sitting for sitting in every if sitting.reset_id is None}


def _open_sitting(enrolment: Enrolment, offered: Offer, by: Any) -> Sitting:
    """This person's sitting, made when it is not there; two taps at once make one, and one sends it."""
    mine = select(Sitting).where(
        Sitting.enrolment_id == enrolment.id,
        Sitting.user_id == by.id,
        Sitting.moment == offered.moment,
        Sitting.reset_id.is_(None),
    )
    mine = mine.with_for_update(of=Sitting).execution_options(populate_existing=True)
    sitting = db.session.scalar(mine)
    if sitting is None:
        sitting = Sitting(
            enrolment_id=enrolment.id,
            firm_id=enrolment.firm_id,
            user_id=by.id,
            moment=offered.moment,
            form=offered.test.form,
            test_id=offered.test.id,
            started_at=now(),
        )
        try:
            with db.session.begin_nested():
                db.session.add(sitting)
        except IntegrityError:
            sitting = db.session.scalars(mine).one()
    if sitting.sent_at:
        raise Refused(_("You have sent this test already."))
    return sitting
