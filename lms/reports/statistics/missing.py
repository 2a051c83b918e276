"""Whether firms that report afterwards were other firms from the start than those that do not."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.reports.statistics.medians import median
from lms.reports.statistics.two_groups import MannWhitney, mann_whitney


@dataclass(frozen=True, kw_only=True)
class Attrition:
    """Sales before the course of those who reported after it and of those who did not."""

    reporting: int
    silent: int
    median_reporting: float
    median_silent: float
    test: MannWhitney


def attrition(reporting: Sequence[float], silent: Sequence[float], fewest: int) -> Attrition | None:
    """The comparison; None where either side has too few firms to speak of."""
    if min(len(reporting), len(silent)) < fewest:
        return None
    return Attrition(
        reporting=len(reporting),
        silent=len(silent),
        median_reporting=median(reporting),
        median_silent=median(silent),
        test=mann_whitney(reporting, silent),
    )
