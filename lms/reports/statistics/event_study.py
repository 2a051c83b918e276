"""Month by month around the start: log sales of programme firms against comparison firms.

Each firm has its own level and each group its own months, all against the last month before the start; the
difference of the two groups' months is what is shown. Errors are clustered by firm, with the factor
G/(G-1) * (n-1)/(n-k), in which levels of firms do not count as estimated: they lie within the clusters.
Months without sales have no logarithm and are left out.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from lms.reports.statistics.least_squares import estimate
from lms.reports.statistics.shapes import LEVEL, Array, Errors, Estimate

# So many firms' months are worked on at a time.
AT_ONCE = 20_000


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


class Logs(Protocol):
    """Logarithms of sales of one group: a row a firm, a column a month, NaN where nothing is known."""

    @property
    def months(self) -> list[int]: ...

    def parts(self) -> Iterator[Array]:
        """Some thousands of rows at a time, the same each time it is asked."""
        ...


def event_study(
    program: Sequence[Mapping[int, float]],
    comparison: Sequence[Mapping[int, float]],
    fewest: int = 2,
    level: float = LEVEL,
) -> EventStudy | None:
    """The study of these firms' sales by month from the start, over the months that `fewest` of each know.

    The reference is the last such month before the start; without one there is no study.
    """
    return study_of(_table(program), _table(comparison), fewest, level)


def study_of(program: Logs, comparison: Logs, fewest: int = 2, level: float = LEVEL) -> EventStudy | None:
    """The same from the logarithms."""
    both = (program, comparison)
    months = sorted(set(_known_to(program, fewest)) & set(_known_to(comparison, fewest)))
    reference = max((month for month in months if month < 0), default=None)
    if reference is None or len(months) < 2:
        return None
    kept = [_solved(logs, months, months.index(reference)) for logs in both]
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
    """All of it in memory."""

    months: list[int]
    logs: Array

    def parts(self) -> Iterator[Array]:
        for at in range(0, len(self.logs), AT_ONCE):
            yield self.logs[at : at + AT_ONCE]


def _known_to(logs: Logs, fewest: int) -> list[int]:
    import numpy as np

    counts = sum((np.isfinite(part).sum(axis=0) for part in logs.parts()), np.zeros(len(logs.months)))
    return [month for month, count in zip(logs.months, counts, strict=True) if count >= fewest]


def _only(logs: Logs, months: list[int]) -> Iterator[Array]:
    """These months of the firms that know two of them: one tells nothing without the firm's own level."""
    import numpy as np

    places = [logs.months.index(month) for month in months]
    for part in logs.parts():
        wanted = part[:, places]
        yield wanted[np.isfinite(wanted).sum(axis=1) > 1]


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


def _solved(logs: Logs, months: list[int], reference: int) -> _Solved:
    """One group's months against the reference, with the sum of squared scores of its firms."""
    import numpy as np

    width = len(months)
    others = [at for at in range(width) if at != reference]
    # Sums of products of the months' columns after each firm's mean is taken off.
    products, sums, known, firms = np.zeros((width, width)), np.zeros(width), np.zeros(width), 0
    for centred, marks, each in map(_centred, _only(logs, months)):
        products += np.diag(marks.sum(axis=0)) - marks.T @ (marks / each[:, None])
        sums += centred.sum(axis=0)
        known += marks.sum(axis=0)
        firms += len(marks)
    bread = np.linalg.pinv(products[np.ix_(others, others)])
    values = bread @ sums[others]
    middle = np.zeros((len(others), len(others)))
    for centred, marks, each in map(_centred, _only(logs, months)):
        fitted = marks[:, others] * values
        fitted_mean = fitted.sum(axis=1) / each
        residuals = centred - marks * (_with(fitted, others, width) - fitted_mean[:, None])
        scores = residuals[:, others]
        middle += scores.T @ scores
    return _Solved(
        values=values,
        variances=np.diag(bread @ middle @ bread),
        known=[int(count) for count in known],
        firms=firms,
        rows=int(known.sum()),
    )


def _centred(logs: Array) -> tuple[Array, Array, Array]:
    """What is left of a part after each firm's mean, which months it knows, and how many each firm knows."""
    import numpy as np

    known = np.isfinite(logs)
    each = known.sum(axis=1)
    filled = np.where(known, logs, 0.0)
    return np.where(known, filled - (filled.sum(axis=1) / each)[:, None], 0.0), known.astype(float), each


def _with(fitted: Array, others: list[int], width: int) -> Array:
    import numpy as np

    whole = np.zeros((len(fitted), width))
    whole[:, others] = fitted
    return whole
