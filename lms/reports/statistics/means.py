"""Means, shown beside the medians: the paired t test, and the mean with its ends pulled in."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lms.reports.statistics.shapes import LEVEL, Interval, Method

PULLED_IN = 0.01


@dataclass(frozen=True, kw_only=True)
class PairedT:
    """The mean of differences and Student's test that it is zero."""

    mean: float
    deviation: float
    t: float
    df: int
    p_two_sided: float
    interval: Interval


@dataclass(frozen=True, kw_only=True)
class Means:
    """The plain mean and the winsorized one; `moved` says how many values were pulled in."""

    plain: float
    winsorized: float
    moved: int


def paired_t(differences: Sequence[float], level: float = LEVEL) -> PairedT:
    import numpy as np
    from scipy.stats import t

    values = np.asarray(differences, dtype=float)
    n = len(values)
    mean, deviation = float(values.mean()), float(values.std(ddof=1))
    error = deviation / math.sqrt(n)
    statistic = mean / error if error else math.copysign(math.inf, mean) if mean else 0.0
    reach = float(t.ppf((1 + level) / 2, n - 1)) * error
    return PairedT(
        mean=mean,
        deviation=deviation,
        t=statistic,
        df=n - 1,
        p_two_sided=float(2 * t.sf(abs(statistic), n - 1)),
        interval=Interval(low=mean - reach, high=mean + reach, level=level, method=Method.T),
    )


def means(values: Sequence[float], share: float = PULLED_IN) -> Means:
    """Both means; below a hundred values one percent is nobody, and then they are the same."""
    import numpy as np

    ordered = np.sort(np.asarray(values, dtype=float))
    n = len(ordered)
    ends = int(share * n)
    pulled = np.clip(ordered, ordered[ends], ordered[n - ends - 1])
    return Means(plain=float(ordered.mean()), winsorized=float(pulled.mean()), moved=2 * ends)
