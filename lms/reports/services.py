"""What the reports are made of, read in a fixed number of queries however many firms there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lms.cohorts import schedule
from lms.cohorts.models import AT_WORK, Cohort, Enrolment, EnrolmentState, Programme
from lms.foundation.clock import today
from lms.graduation.models import Verdict
from lms.reports import effect, levels, shown
from lms.reports.effect import Summary, Windows
from lms.reports.lines import STARTED, Line, lines_of
from lms.reports.shown import ShownView
from lms.reports.snapshots import content_of, public_snapshot


@dataclass(frozen=True, kw_only=True)
class Group:
    """The firms of one sector or state."""

    key: str
    summary: Summary


@dataclass(frozen=True, kw_only=True)
class Report:
    """A cohort's report for those who may see its firms.

    `admitted` has everyone, `lines` those who started: whoever leaves stays in the count, whoever never
    came does not.
    """

    cohort: Cohort
    ends_on: date
    windows: Windows
    admitted: tuple[Line, ...]
    lines: tuple[Line, ...]
    summary: Summary
    sectors: tuple[Group, ...]
    states: tuple[Group, ...]
    practices: tuple[levels.PracticeLine, ...]

    @property
    def measured(self) -> list[Line]:
        """The firms with a change, the largest rise first."""
        found = [line for line in self.lines if line.effect.is_measured]
        return sorted(found, key=lambda line: (-(line.effect.ratio or 0), line.name))

    @property
    def missing(self) -> list[Line]:
        """The firms without a figure on one side, by name."""
        return [line for line in self.lines if line.effect.kind in effect.MISSING]

    @property
    def is_a_year_apart(self) -> bool:
        return all(line.effect.is_a_year_apart for line in self.measured)

    @property
    def is_adjusted(self) -> bool:
        return all(line.effect.adjusted for line in self.measured)

    def stage(self, name: str) -> int:
        """How many firms came to this stage of the flow."""
        return sum(name in line.stages for line in self.admitted)

    @property
    def graduated(self) -> int:
        return sum(line.verdict is Verdict.GRADUATED for line in self.lines)

    @property
    def by_exception(self) -> int:
        return sum(line.by_exception for line in self.lines)

    @property
    def not_graduated(self) -> int:
        return sum(line.verdict is Verdict.NOT_GRADUATED for line in self.lines)

    @property
    def participated(self) -> int:
        return sum(line.verdict is Verdict.PARTICIPATED for line in self.lines)

    @property
    def undecided(self) -> int:
        return sum(line.verdict is None and line.status in AT_WORK for line in self.lines)

    @property
    def withdrawn(self) -> int:
        return sum(line.status is EnrolmentState.WITHDRAWN for line in self.lines)

    @property
    def self_reported(self) -> int:
        return sum(line.is_self_reported for line in self.measured)

    @property
    def changed_source(self) -> int:
        return sum(line.changed_source for line in self.measured)


@dataclass(frozen=True, kw_only=True)
class PublicReport:
    """A programme's results for strangers, as they were last published, and when the cohorts took place.

    `has_comparison` says that the whole report compares with firms that came later; what it found is for
    leads alone, because two groups of firms are more to subtract from each other.
    """

    programme: Programme
    view: ShownView
    published_at: datetime | None
    first_start: date | None
    last_end: date | None
    adjusted: bool
    has_comparison: bool


def cohort_report(cohort: Cohort, weeks: int) -> Report:
    """Everything the report of one cohort, whose course takes so many weeks, says."""
    admitted = lines_of(Enrolment.cohort_id == cohort.id)
    lines = tuple(line for line in admitted if STARTED in line.stages)
    return Report(
        cohort=cohort,
        ends_on=schedule.ends_on(cohort.starts_on, weeks),
        windows=effect.windows(cohort.starts_on, weeks, today(cohort.time_zone)),
        admitted=tuple(admitted),
        lines=lines,
        summary=effect.summarize(line.effect for line in lines),
        sectors=_groups(lines, "sector"),
        states=_groups(lines, "state"),
        practices=tuple(levels.practices(Enrolment.cohort_id == cohort.id)),
    )


def public_report(programme: Programme) -> PublicReport:
    """What strangers may read of a programme: the public part of a published report, nothing newer."""
    snapshot = public_snapshot(programme)
    if snapshot is None:
        nothing = shown.from_data(None)
        return PublicReport(
            programme=programme,
            view=nothing,
            published_at=None,
            first_start=None,
            last_end=None,
            adjusted=True,
            has_comparison=False,
        )
    content = content_of(snapshot)
    dates = content["about"]["cohorts"]
    return PublicReport(
        programme=programme,
        view=shown.from_data(content["public"]["shown"]),
        published_at=snapshot.published_at,
        first_start=min((date.fromisoformat(one["starts_on"]) for one in dates), default=None),
        last_end=max((date.fromisoformat(one["ends_on"]) for one in dates), default=None),
        adjusted=content["public"]["adjusted"],
        has_comparison=content["windows"][content["primary_window"]]["difference"] is not None,
    )


def _groups(lines: Sequence[Line], attribute: str) -> tuple[Group, ...]:
    """The firms by sector or state, those with most measured firms first."""
    keys = {getattr(line, attribute) for line in lines}
    groups = [
        Group(
            key=key,
            summary=effect.summarize(line.effect for line in lines if getattr(line, attribute) == key),
        )
        for key in keys
    ]
    return tuple(sorted(groups, key=lambda group: (-group.summary.measured, -group.summary.firms, group.key)))
