"""What a standing holds: the numbers of one enrolment, as every page, list and report reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from lms.cohorts.thresholds import Thresholds


@dataclass(frozen=True, kw_only=True)
class WeekCell:
    """One week of one firm. Optional items are not in it, so they never lower it.

    `quiz` is None where the week has no quiz; `brief_state` is None where it has no required brief, "" where
    nothing was begun, else the submission's state. `brief_due_on` is later than `due_on` where the firm was
    given more days. `mark` is one word for the cell: done, part, late, now,
    ahead, pause or exempt. What the firm is excused from is not in it.
    """

    number: int
    read: int
    lessons: int
    quiz: bool | None
    brief_state: str | None
    due_on: date
    brief_due_on: date
    mark: str


class Met(NamedTuple):
    """One session as the grid shows it."""

    id: int
    state: str


@dataclass(frozen=True)
class Progress:
    """A firm's weeks, for the grid of its cohort; by week, what waits for a review and the session it had."""

    enrolment_id: int
    firm_name: str
    per_week: tuple[WeekCell, ...]
    to_review: Mapping[int, int]
    sessions: Mapping[int, Met]


@dataclass(frozen=True)
class PutOff:
    """A reason for attention that staff put off, as it was then: since when it held, how many it counted."""

    reason: str
    since: date
    number: int
    until: date


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one enrolment is doing today. Fields named `…_since` say when the number beside them began to hold.

    `person` is the name of whoever was first of the firm's people of today, "" when nobody came yet.
    `state` is the EnrolmentState, `state_code` the firm's state of Mexico. `week_now` ends at `weeks`.
    `attended` (held or made up) is of `counted_sessions` (those and the missed). `own_figure_months` counts
    months since the start with a figure that a member of the firm gave; `missing_months` are past months for
    which nobody gave any answer, not even "I do not know". `done` are the slugs of lessons read and quizzes
    passed, `work` the state of each brief that was begun, `given` the days up to which time was given for
    one. `excused` are the reasons why something is not asked of the firm, by slug; none of it is in any
    total, unless the firm did it all the same. `to_confirm` counts work that staff handed in for the firm
    and that it has not confirmed.
    `returned_often` and `failed_often` count tasks and quizzes beyond the `thresholds` of the cohort;
    `put_off` is for staff alone.
    """

    enrolment_id: int
    cohort_id: int
    cohort_name: str
    firm_id: int
    firm_name: str
    person: str
    sector: str
    state_code: str
    state: str
    mentor_id: int | None
    time_zone: str
    starts_on: date
    ends_on: date
    started_at: datetime | None
    weeks: int
    week_now: int
    lessons_done: int
    lessons_total: int
    quizzes_passed: int
    quizzes_total: int
    briefs_accepted: int
    briefs_required: int
    attended: int
    counted_sessions: int
    own_figure_months: int
    milestones: frozenset[str]
    final_quiz_passed: bool
    final_quiz_excused: bool
    baseline_frozen: bool
    last_activity_at: datetime | None
    last_contact_at: datetime | None
    open_help: int
    open_help_since: datetime | None
    overdue_briefs: int
    overdue_since: date | None
    returned_often: int
    returned_since: datetime | None
    failed_often: int
    failed_since: datetime | None
    missed_in_a_row: int
    missed_since: datetime | None
    missing_months: tuple[date, ...]
    per_week: tuple[WeekCell, ...]
    done: frozenset[str]
    work: Mapping[str, str]
    given: Mapping[str, date]
    excused: Mapping[str, str]
    to_confirm: int
    thresholds: Thresholds
    put_off: tuple[PutOff, ...]

    @property
    def has_finished(self) -> bool:
        """Whether nothing is left for the firm to do in the course itself."""
        return (
            self.lessons_done == self.lessons_total
            and self.quizzes_passed == self.quizzes_total
            and all(cell.brief_state in (None, "handed_in", "accepted") for cell in self.per_week)
        )
