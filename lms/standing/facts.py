"""What firms have done, read for many enrolments at once in a fixed number of queries of a few columns.

Work is matched by slug, not by key: a cohort that moves to a newer version of its course keeps what was done.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from lms.accounts.models import Membership
from lms.assignments.models import Extension, ExtensionState, Outcome, Review, Submission, SubmissionState
from lms.cohorts.models import Cohort, Exemption
from lms.cohorts.schedule import week_of
from lms.curriculum.models import Brief, Lesson, MilestoneDefinition, Quiz
from lms.foundation.clock import now
from lms.foundation.db import UtcDateTime, db, rows_of
from lms.learning.models import Attempt, AttemptState, Reading
from lms.mentoring.models import Session, SessionState, Snooze
from lms.sales.milestones import Sold
from lms.sales.models import DIGITAL, Figure, MilestoneReached
from lms.standing.shapes import Met, PutOff

# Best first: with two submissions to one slug (an older version's and this one's) the better counts.
_BEST = (SubmissionState.ACCEPTED, SubmissionState.HANDED_IN, SubmissionState.RETURNED, SubmissionState.DRAFT)
# Between the slugs of a row: a slug has none.
_BETWEEN = ","
_NO_MOMENT = cast(null(), UtcDateTime)
# What stands for a week with several sessions: what was missed, then what is still to be held or noted.
_GRAVEST = {"missed": 0, "planned": 1, "made_up": 2, "held": 2}
# Of which enrolments or firms: the statements are built once, since every page asks them again.
_IDS: Any = bindparam("ids", expanding=True)
COUNTED = (SessionState.HELD, SessionState.MADE_UP, SessionState.MISSED)


@dataclass
class Tries:
    """How a firm fared with one quiz."""

    failed: int
    passed: bool
    last_at: datetime


@dataclass
class Work:
    """Where one brief is."""

    submission_id: int
    state: SubmissionState
    times_returned: int
    returned_at: datetime | None


@dataclass
class Given:
    """A day up to which a firm was given time for a task, and how long it had been paused then."""

    until: date
    paused_days: int


@dataclass
class Facts:
    """All that is known of one enrolment's work, meetings and milestones."""

    read: set[str] = field(default_factory=set)
    quizzes: dict[str, Tries] = field(default_factory=dict)
    briefs: dict[str, Work] = field(default_factory=dict)
    given: dict[str, Given] = field(default_factory=dict)
    excused: dict[str, str] = field(default_factory=dict)
    to_confirm: int = 0
    sessions: list[tuple[datetime, SessionState]] = field(default_factory=list)
    verified: set[str] = field(default_factory=set)
    put_off: list[PutOff] = field(default_factory=list)
    last_at: datetime | None = None

    @property
    def passed(self) -> set[str]:
        return {slug for slug, tries in self.quizzes.items() if tries.passed}

    @property
    def accepted(self) -> set[str]:
        return {slug for slug, work in self.briefs.items() if work.state is SubmissionState.ACCEPTED}

    @property
    def excused_in_effect(self) -> dict[str, str]:
        """What is not asked of the firm. What it did all the same counts, as if nothing had been said."""
        if not self.excused:
            return {}
        done = self.read | self.passed | self.accepted
        return {slug: reason for slug, reason in self.excused.items() if slug not in done}

    def seen(self, moment: datetime | None) -> None:
        """The firm did something at that moment."""
        if moment and (self.last_at is None or moment > self.last_at):
            self.last_at = moment


@dataclass
class Reported:
    """A firm's figures: months somebody answered for, those a member gave an amount for, what was sold."""

    answered: set[date] = field(default_factory=set)
    own: set[date] = field(default_factory=set)
    sold: list[Sold] = field(default_factory=list)


def work_of(enrolment_ids: Collection[int], *, with_moments: bool = False) -> dict[int, Facts]:
    """The work of these enrolments, in two queries; when each thing was done only on demand.

    The grid of a cohort reads thousands of rows and asks for no moment: making them would be a third of it.
    """
    found: dict[int, Facts] = defaultdict(Facts)
    _add_finished(found, enrolment_ids, with_moments)
    _add_submissions(found, enrolment_ids, with_moments)
    return found


def facts_of(enrolment_ids: Collection[int]) -> dict[int, Facts]:
    """The work, meetings and milestones of these enrolments, in three queries."""
    found = work_of(enrolment_ids, with_moments=True)
    _add_meetings(found, enrolment_ids)
    return found


def figures_of(firm_ids: Collection[int], since: date) -> dict[int, Reported]:
    """The figures of these firms from that month on: one query, a row per firm, month and kind of channel."""
    found: dict[int, Reported] = defaultdict(Reported)
    for row in rows_of(_figures(), {"ids": list(firm_ids), "since": since}):
        reported = found[row.firm_id]
        reported.answered.add(row.month)
        if row.own:
            reported.own.add(row.month)
        orders = None if row.orders is None else int(row.orders)
        reported.sold.append(Sold(month=row.month, is_digital=row.is_digital, gross=row.gross, orders=orders))
    return found


@cache
def _figures() -> Select:
    is_digital = Figure.channel.in_(DIGITAL).label("is_digital")
    is_member = (Membership.firm_id == Figure.firm_id) & (Membership.user_id == Figure.user_id)
    is_own = case((Membership.id.is_not(None) & Figure.gross.is_not(None), 1), else_=0)
    return (
        select(
            Figure.firm_id,
            Figure.month,
            is_digital,
            func.sum(Figure.gross).label("gross"),
            func.sum(Figure.orders).label("orders"),
            func.max(is_own).label("own"),
        )
        .outerjoin(Membership, is_member)
        .where(Figure.firm_id.in_(_IDS), Figure.month >= bindparam("since"))
        .group_by(Figure.firm_id, Figure.month, is_digital)
    )


def _add_finished(found: dict[int, Facts], ids: Collection[int], with_moments: bool) -> None:
    """Lessons read, those of a firm in one row, and quizzes tried, in one query."""
    rows: Any = rows_of(_finished(with_moments), {"ids": list(ids)})
    for enrolment_id, slugs, failed, passed, at in rows:
        facts = found[enrolment_id]
        facts.seen(at)
        if failed is None:
            facts.read.update(slugs.split(_BETWEEN))
        else:
            facts.quizzes[slugs] = Tries(int(failed), bool(passed), at)


@cache
def _finished(with_moments: bool) -> CompoundSelect:
    return union_all(_readings(with_moments), _attempts(with_moments))


def _readings(with_moments: bool) -> Select:
    return (
        select(
            Reading.enrolment_id,
            func.aggregate_strings(Lesson.slug, _BETWEEN).label("slugs"),
            cast(null(), Integer).label("failed"),
            cast(null(), Integer).label("passed"),
            (func.max(Reading.done_at) if with_moments else null()).label("at"),
        )
        .join(Lesson, Lesson.id == Reading.lesson_id)
        .where(Reading.enrolment_id.in_(_IDS), Reading.done_at.is_not(None))
        .group_by(Reading.enrolment_id)
    )


def _attempts(with_moments: bool) -> Select:
    return (
        select(
            Attempt.enrolment_id,
            Quiz.slug,
            func.sum(case((Attempt.passed, 0), else_=1)),
            func.max(case((Attempt.passed, 1), else_=0)),
            func.max(Attempt.finished_at) if with_moments else null(),
        )
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(
            Attempt.enrolment_id.in_(_IDS),
            Attempt.state == AttemptState.FINISHED,
            Attempt.reset_id.is_(None),
        )
        .group_by(Attempt.enrolment_id, Quiz.slug)
    )


def _add_submissions(found: dict[int, Facts], ids: Collection[int], with_moments: bool) -> None:
    """How the tasks stand, and in the same query the days that firms were given for some of them and what
    they are excused from."""
    rows: Any = rows_of(_tasks(with_moments), {"ids": list(ids)})
    for row in rows:
        facts = found[row.enrolment_id]
        if row.reason:
            facts.excused[row.slug] = row.reason
            continue
        if row.until:
            facts.given[row.slug] = Given(row.until, row.number)
            continue
        known = facts.briefs.get(row.slug)
        if known is None or _BEST.index(row.state) < _BEST.index(known.state):
            facts.briefs[row.slug] = Work(row.submission_id, row.state, row.number, row.returned_at)
        facts.to_confirm += bool(row.to_confirm)
        facts.seen(row.handed_in_at)
        facts.seen(row.draft_saved_at)


@cache
def _tasks(with_moments: bool) -> CompoundSelect:
    return union_all(_begun(with_moments), _given(), _excused())


def _begun(with_moments: bool) -> Select:
    is_return = Review.outcome == Outcome.RETURNED
    moments = {
        "handed_in_at": Submission.handed_in_at,
        "draft_saved_at": Submission.draft_saved_at,
        "returned_at": func.max(Review.reviewed_at),
    }
    return (
        select(
            Submission.enrolment_id,
            Submission.id.label("submission_id"),
            Brief.slug,
            Submission.state,
            func.count(Review.id).label("number"),
            Submission.to_confirm,
            cast(null(), Date).label("until"),
            cast(null(), String).label("reason"),
            *((moment if with_moments else null()).label(name) for name, moment in moments.items()),
        )
        .join(Brief, Brief.id == Submission.brief_id)
        .outerjoin(Review, (Review.submission_id == Submission.id) & is_return)
        .where(Submission.enrolment_id.in_(_IDS))
        .group_by(Submission.id, Brief.slug)
    )


def _given() -> Select:
    return select(
        Extension.enrolment_id,
        null(),
        Extension.brief_slug,
        null(),
        Extension.paused_days,
        false(),
        Extension.due_on,
        null(),
        _NO_MOMENT,
        _NO_MOMENT,
        _NO_MOMENT,
    ).where(Extension.enrolment_id.in_(_IDS), Extension.state == ExtensionState.GRANTED)


def _excused() -> Select:
    return select(
        Exemption.enrolment_id,
        null(),
        Exemption.slug,
        null(),
        literal(0),
        false(),
        null(),
        Exemption.reason,
        _NO_MOMENT,
        _NO_MOMENT,
        _NO_MOMENT,
    ).where(Exemption.enrolment_id.in_(_IDS), Exemption.ended_at.is_(None))


def _add_meetings(found: dict[int, Facts], ids: Collection[int]) -> None:
    """Sessions that count, milestones that were verified and reasons that were put off, in one query."""
    # Those whose day is long past are left where they are: a day more covers every time zone.
    rows: Any = rows_of(_meetings(), {"ids": list(ids), "past": now().date() - timedelta(days=1)})
    for row in rows:
        if row.until:
            found[row.enrolment_id].put_off.append(PutOff(row.code, row.since, row.number, row.until))
        elif row.code:
            found[row.enrolment_id].verified.add(row.code)
        else:
            found[row.enrolment_id].sessions.append((row.at, row.state))


@cache
def _meetings() -> CompoundSelect:
    sessions = select(
        Session.enrolment_id,
        Session.starts_at.label("at"),
        Session.state,
        cast(null(), String).label("code"),
        cast(null(), Date).label("since"),
        cast(null(), Date).label("until"),
        cast(null(), Integer).label("number"),
    ).where(Session.enrolment_id.in_(_IDS), Session.state.in_(COUNTED))
    nothing = (cast(null(), Date), cast(null(), Date), cast(null(), Integer))
    milestones = (
        select(MilestoneReached.enrolment_id, _NO_MOMENT, null(), MilestoneDefinition.code, *nothing)
        .join(MilestoneDefinition, MilestoneDefinition.id == MilestoneReached.milestone_id)
        .where(MilestoneReached.enrolment_id.in_(_IDS), MilestoneReached.verified_at.is_not(None))
    )
    put_off = select(
        Snooze.enrolment_id, _NO_MOMENT, null(), Snooze.reason, Snooze.since, Snooze.until, Snooze.number
    ).where(Snooze.enrolment_id.in_(_IDS), Snooze.taken_back_at.is_(None), Snooze.until > bindparam("past"))
    return union_all(sessions, milestones, put_off).order_by("at")


def week_of_session(starts_at: datetime, cohort: Cohort) -> int:
    """In the calendar: a group session is in the same week also for a firm that was paused."""
    return week_of(cohort.starts_on, starts_at.astimezone(ZoneInfo(cohort.time_zone)).date())


def sessions_by_week(ids: Collection[int], cohort: Cohort, last: int) -> dict[int, dict[int, Met]]:
    """The session of each firm and week of the cohort up to the last; of several the gravest, then newest.

    The database works out the weeks: to make a moment of every row would be a tenth of the grid.
    """
    zone = ZoneInfo(cohort.time_zone)
    mondays = (cohort.starts_on + timedelta(weeks=number) for number in range(last + 1))
    begins = [datetime.combine(monday, time(), zone) for monday in mondays]
    week = case(*((Session.starts_at < moment, number) for number, moment in enumerate(begins)))
    rows = db.session.execute(
        select(Session.enrolment_id, week, Session.id, type_coerce(Session.state, String)).where(
            Session.enrolment_id.in_(ids), Session.state.in_(_GRAVEST), Session.starts_at < begins[-1]
        )
    )
    found: dict[int, dict[int, Met]] = defaultdict(dict)
    for enrolment_id, number, key, state in rows:
        known = found[enrolment_id].get(number)
        if known is None or (-_GRAVEST[state], key) > (-_GRAVEST[known.state], known.id):
            found[enrolment_id][number] = Met(key, state)
    return found
