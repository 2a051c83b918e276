"""Month by month around the start: log sales of programme firms against comparison firms.

Each firm has its own level and each group its own months, all against the last month before the start; the
difference of the two groups' months is what is shown. Errors are clustered by firm, with the factor
G/(G-1) * (n-1)/(n-k), in which levels of firms do not count as estimated: they lie within the clusters.
Months without sales have no logarithm and are left out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.reports.statistics.least_squares import estimate
from lms.reports.statistics.shapes import LEVEL, Array, Errors, Estimate


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One month, counted from the start (the first month of the programme is 0)."""

    month: int
    effect: Estimate
    program: int
    comparison: int


@dataclass(frozen=True, kw_only=True)
class EventStudy:
    """Every month but the reference, which is zero by definition."""

    reference: int
    moments: tuple[Moment, ...]
    program: int
    comparison: int


def event_study(
    program: Sequence[Mapping[int, float]],
    comparison: Sequence[Mapping[int, float]],
    fewest: int = 2,
    level: float = LEVEL,
) -> EventStudy | None:
    """The study of these firms' sales by month from the start, over the months that `fewest` of each know.

    The reference is the last such month before the start; without one there is no study.
    """
    both = [_table(firms) for firms in (program, comparison)]
    months = sorted(set(both[0].known_to(fewest)) & set(both[1].known_to(fewest)))
    reference = max((month for month in months if month < 0), default=None)
    if reference is None or len(months) < 2:
        return None
    kept = [_solved(table.only(months), months.index(reference)) for table in both]
    firms = kept[0].firms + kept[1].firms
    n, k = kept[0].rows + kept[1].rows, 2 * (len(months) - 1)
    factor = firms / (firms - 1) * (n - 1) / (n - k)
    moments = []
    for at, month in enumerate(month for month in months if month != reference):
        value = kept[0].values[at] - kept[1].values[at]
        variance = factor * (kept[0].variances[at] + kept[1].variances[at])
        place = months.index(month)
        moments.append(
            Moment(
                month=month,
                effect=estimate(float(value), float(variance), firms - 1, Errors.CLUSTER, level),
                program=kept[0].known[place],
                comparison=kept[1].known[place],
            )
        )
    return EventStudy(
        reference=reference, moments=tuple(moments), program=kept[0].firms, comparison=kept[1].firms
    )


@dataclass(frozen=True)
class _Table:
    """Firms as rows and months as columns, of logarithms; nothing known is NaN."""

    months: list[int]
    logs: Array

    def known_to(self, fewest: int) -> list[int]:
        import numpy as np

        counts = np.isfinite(self.logs).sum(axis=0)
        return [month for month, count in zip(self.months, counts, strict=True) if count >= fewest]

    def only(self, months: list[int]) -> Array:
        import numpy as np

        logs = self.logs[:, [self.months.index(month) for month in months]]
        # A single month tells nothing once the firm's own level is taken off.
        return logs[np.isfinite(logs).sum(axis=1) > 1]


@dataclass(frozen=True)
class _Solved:
    values: Array
    variances: Array
    known: list[int]
    firms: int
    rows: int


def _table(firms: Sequence[Mapping[int, float]]) -> _Table:
    import numpy as np

    months = sorted({month for firm in firms for month, value in firm.items() if value > 0})
    place = {month: at for at, month in enumerate(months)}
    logs = np.full((len(firms), len(months)), np.nan)
    for row, firm in enumerate(firms):
        for month, value in firm.items():
            if value > 0:
                logs[row, place[month]] = math.log(value)
    return _Table(months, logs)


def _solved(logs: Array, reference: int) -> _Solved:
    """One group's months against the reference, with the sum of squared scores of its firms."""
    import numpy as np

    known = np.isfinite(logs)
    filled = np.where(known, logs, 0.0)
    each = known.sum(axis=1)
    others = [at for at in range(logs.shape[1]) if at != reference]
    centred = np.where(known, filled - (filled.sum(axis=1) / each)[:, None], 0.0)
    marks = known.astype(float)
    # Sums of products of the months' columns after each firm's mean is taken off.
    products = np.diag(marks.sum(axis=0)) - marks.T @ (marks / each[:, None])
    bread = np.linalg.pinv(products[np.ix_(others, others)])
    values = bread @ centred.sum(axis=0)[others]
    fitted = marks[:, others] * values
    fitted_mean = fitted.sum(axis=1) / each
    residuals = centred - known * (_with(fitted, others, logs.shape[1]) - fitted_mean[:, None])
    scores = residuals[:, others]
    variance = bread @ (scores.T @ scores) @ bread
    return _Solved(
        values=values,
        variances=np.diag(variance),
        known=[int(count) for count in known.sum(axis=0)],
        firms=len(logs),
        rows=int(known.sum()),
    )


def _with(fitted: Array, others: list[int], width: int) -> Array:
    import numpy as np

    whole = np.zeros((len(fitted), width))
    whole[:, others] = fitted
    return whole
