"""What a firm has reached of the graduation rules. How much it sells is no rule and never appears here."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from lms.cohorts.rules import GraduationRules

ACCEPTED = "accepted"
ATTENDANCE = "attendance"
OWN_FIGURES = "own_figures"
FINAL_QUIZ = "final_quiz"


class Numbers(Protocol):
    """What the rules ask of a standing."""

    @property
    def milestones(self) -> Collection[str]: ...

    @property
    def briefs_accepted(self) -> int: ...

    @property
    def briefs_required(self) -> int: ...

    @property
    def attended(self) -> int: ...

    @property
    def counted_sessions(self) -> int: ...

    @property
    def own_figure_months(self) -> int: ...

    @property
    def final_quiz_passed(self) -> bool: ...

    @property
    def final_quiz_excused(self) -> bool: ...


@dataclass(frozen=True)
class Criterion:
    """One rule and how far a firm is with it. `key` is a milestone's code or one of the names above.

    Where the firm is excused from all that the rule asks for, `need` is 0 and the rule is met.
    """

    key: str
    met: bool
    have: int
    need: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Criterion":
        return cls(key=kept["key"], met=kept["met"], have=kept["have"], need=kept["need"])


def evaluate(rules: GraduationRules, numbers: Numbers) -> list[Criterion]:
    """Each rule that asks for something, met or not. A rule set to zero, or switched off, asks for nothing.

    A firm without a single session that was held, made up or missed has not met a rule of attendance: nobody
    can say that it attended. Where a programme holds no sessions, its rule says zero percent.
    """
    found = [_criterion(code, int(code in numbers.milestones), 1) for code in rules.milestones]
    if rules.accepted_percent:
        need = _share(rules.accepted_percent, numbers.briefs_required)
        found.append(_criterion(ACCEPTED, numbers.briefs_accepted, need))
    if rules.attendance_percent:
        need = max(_share(rules.attendance_percent, numbers.counted_sessions), 1)
        found.append(_criterion(ATTENDANCE, numbers.attended, need))
    if rules.own_figures:
        found.append(_criterion(OWN_FIGURES, numbers.own_figure_months, rules.own_figures))
    if rules.final_quiz:
        need = int(not numbers.final_quiz_excused)
        found.append(_criterion(FINAL_QUIZ, int(numbers.final_quiz_passed), need))
    return found


def all_met(criteria: Iterable[Criterion]) -> bool:
    return all(criterion.met for criterion in criteria)


def _criterion(key: str, have: int, need: int) -> Criterion:
    return Criterion(key, have >= need, have, need)


def _share(percent: int, of: int) -> int:
    """The least whole number that is at least that percentage: 80 % of 16 is 13."""
    return -(-percent * of // 100)
