"""How a firm and its mentor get on: the signs that a lead should look, each read from today. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

NO_MENTOR = "no_mentor"
LONG_AGO = "long_ago"
OVERDUE = "overdue"
MISSED = "missed"
UNHAPPY_FIRM = "unhappy_firm"
UNHAPPY_MENTOR = "unhappy_mentor"
NO_GOAL = "no_goal"

QUIET_DAYS = 21
MOST_OVERDUE = 2
ABSENCES = 2
UNHAPPY = 1


@dataclass(frozen=True, kw_only=True)
class Pair:
    """The numbers of one pairing; `days` since they last met, or since the firm began when they never did."""

    has_mentor: bool
    days: int
    overdue: int
    missed: int
    has_goal: bool
    firm_pulse: int | None = None
    mentor_pulse: int | None = None


def signs(pair: Pair) -> tuple[str, ...]:
    """Every sign that holds, the gravest first."""
    return tuple(_signs(pair))


def _signs(pair: Pair) -> Iterator[str]:
    if not pair.has_mentor:
        yield NO_MENTOR
    if pair.firm_pulse == UNHAPPY:
        yield UNHAPPY_FIRM
    if pair.mentor_pulse == UNHAPPY:
        yield UNHAPPY_MENTOR
    if pair.days >= QUIET_DAYS:
        yield LONG_AGO
    if pair.missed >= ABSENCES:
        yield MISSED
    if pair.overdue >= MOST_OVERDUE:
        yield OVERDUE
    if pair.has_mentor and not pair.has_goal:
        yield NO_GOAL


def level(found: tuple[str, ...]) -> str:
    """ "ok", "warn" or "bad", as badges are called: a missing goal alone is no worry."""
    grave = [sign for sign in found if sign != NO_GOAL]
    if not grave:
        return "ok"
    return "bad" if len(grave) > 1 or grave[0] in (NO_MENTOR, UNHAPPY_FIRM) else "warn"
