"""How a cohort does with each task: what came, what was accepted at first, how long answers took. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

LEVELS = 4
# With fewer firms a figure tells of single ones.
FEWEST_FIRMS = 5


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A version that a firm handed in."""

    firm: int
    brief: str
    number: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A decision on a version that was not taken up again."""

    firm: int
    brief: str
    number: int
    at: datetime
    accepted: bool
    levels: Mapping[str, int]


@dataclass
class CriterionFigures:
    """How many firms stand at each level, by the last decision on each."""

    counts: list[int] = field(default_factory=lambda: [0] * LEVELS)

    @property
    def firms(self) -> int:
        return sum(self.counts)

    @property
    def mean(self) -> float | None:
        return sum(n * count for n, count in enumerate(self.counts)) / self.firms if self.firms else None


@dataclass
class TaskFigures:
    """The figures of one task. Firms are counted, not versions."""

    firms: int = 0
    reviewed: int = 0
    accepted: int = 0
    at_first: int = 0
    sent_back: int = 0
    median_days: float | None = None
    criteria: dict[str, CriterionFigures] = field(default_factory=dict)

    @property
    def is_small(self) -> bool:
        """Whether so few firms sent it that a figure tells of single ones."""
        return 0 < self.firms < FEWEST_FIRMS


def figures(sent: Iterable[Sent], marks: Iterable[Mark]) -> dict[str, TaskFigures]:
    """The figures of each task, by its name. A decision on what is not the firm's work does not count."""
    versions: dict[str, dict[tuple[int, int], datetime]] = defaultdict(dict)
    for one in sent:
        versions[one.brief][one.firm, one.number] = one.at
    decided: dict[str, list[Mark]] = defaultdict(list)
    for mark in sorted(marks, key=lambda mark: mark.at):
        decided[mark.brief].append(mark)
    return {brief: _task(came, decided[brief]) for brief, came in versions.items()}


def _task(came: Mapping[tuple[int, int], datetime], marks: list[Mark]) -> TaskFigures:
    marks = [mark for mark in marks if (mark.firm, mark.number) in came]
    last = {mark.firm: mark for mark in marks}
    first: dict[int, Mark] = {}
    answered: dict[tuple[int, int], datetime] = {}
    for mark in marks:
        first.setdefault(mark.firm, mark)
        answered.setdefault((mark.firm, mark.number), mark.at)
    waits = [(at - came[key]) / timedelta(days=1) for key, at in answered.items()]
    found = TaskFigures(
        firms=len({firm for firm, _number in came}),
        reviewed=len(last),
        accepted=sum(mark.accepted for mark in last.values()),
        at_first=sum(mark.accepted for mark in first.values()),
        sent_back=len({mark.firm for mark in marks if not mark.accepted}),
        median_days=median(waits) if waits else None,
    )
    for mark in last.values():
        for criterion, level in mark.levels.items():
            found.criteria.setdefault(criterion, CriterionFigures()).counts[level] += 1
    return found
