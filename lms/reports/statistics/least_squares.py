"""Least squares and Poisson regression with classical, robust and clustered errors.

The factors for small samples are the usual ones: n/(n-k) for HC1, and G/(G-1) * (n-1)/(n-k) for G clusters.
Intervals use Student's t with n-k degrees of freedom, with clusters G-1.
"""

import math
from collections.abc import Mapping, Sequence

from lms.reports.statistics.shapes import LEVEL, Array, Errors, Estimate, Fit, Unidentified

STEPS = 100
CLOSE = 1e-12
NEGLIGIBLE = 1e-12


def least_squares(
    y: Sequence[float] | Array,
    columns: Mapping[str, Sequence[float] | Array],
    errors: Errors,
    clusters: Sequence | Array | None = None,
    level: float = LEVEL,
) -> Fit:
    """Fit y by these columns; a constant is a column like any other."""
    import numpy as np

    x = _matrix(columns)
    outcome = np.asarray(y, dtype=float)
    bread = np.linalg.inv(x.T @ x)
    values = bread @ (x.T @ outcome)
    residuals = outcome - x @ values
    groups, number = _numbered(clusters) if errors is Errors.CLUSTER else (None, None)
    variance = _variance(x, residuals, bread, errors, groups, number)
    return _as_fit(list(columns), values, variance, len(outcome), errors, number, level)


def poisson(
    y: Sequence[float] | Array,
    columns: Mapping[str, Sequence[float] | Array],
    errors: Errors = Errors.HC1,
    clusters: Sequence | Array | None = None,
    level: float = LEVEL,
) -> Fit:
    """Fit the logarithm of the mean of y, zeros of y included; exp of an estimate is a ratio of means."""
    import numpy as np

    x = _matrix(columns)
    outcome = np.asarray(y, dtype=float)
    mean = (outcome + outcome.mean()) / 2
    values = np.zeros(x.shape[1])
    for _step in range(STEPS):
        working = np.log(mean) + (outcome - mean) / mean
        weighted = x * mean[:, None]
        new = np.linalg.solve(x.T @ weighted, weighted.T @ working)
        mean = np.exp(x @ new)
        settled = np.abs(new - values).max() < CLOSE * (1 + np.abs(new).max())
        values = new
        if settled:
            break
    bread = np.linalg.inv(x.T @ (x * mean[:, None]))
    groups, number = _numbered(clusters) if errors is Errors.CLUSTER else (None, None)
    variance = _variance(x, outcome - mean, bread, errors, groups, number)
    return _as_fit(list(columns), values, variance, len(outcome), errors, number, level)


def estimate(value: float, variance: float, df: float, errors: Errors, level: float = LEVEL) -> Estimate:
    """A coefficient with its interval and p-value."""
    from scipy.stats import t

    error = math.sqrt(max(variance, 0.0))
    if error < NEGLIGIBLE:
        # No spread at all: what is left of the value, too, may be nothing but rounding.
        error, value = 0.0, value if abs(value) > NEGLIGIBLE else 0.0
    reach = float(t.ppf((1 + level) / 2, df)) * error
    statistic = abs(value) / error if error else math.inf if value else 0.0
    return Estimate(
        value=value,
        error=error,
        low=value - reach,
        high=value + reach,
        p=float(2 * t.sf(statistic, df)),
        df=df,
        errors=errors,
        level=level,
    )


def _matrix(columns: Mapping[str, Sequence[float] | Array]) -> Array:
    import numpy as np

    x = np.column_stack([np.asarray(column, dtype=float) for column in columns.values()])
    if len(x) <= x.shape[1] or np.linalg.matrix_rank(x) < x.shape[1]:
        raise Unidentified(", ".join(columns))
    return x


def _numbered(clusters: Sequence | Array | None) -> tuple[Array, int]:
    import numpy as np

    if clusters is None:
        raise ValueError("clustered errors need clusters")
    names, numbers = np.unique(np.asarray(clusters), return_inverse=True)
    return numbers, len(names)


def _variance(
    x: Array, residuals: Array, bread: Array, errors: Errors, groups: Array | None, number: int | None
) -> Array:
    import numpy as np

    n, k = x.shape
    if errors is Errors.CLASSICAL:
        return bread * float(residuals @ residuals) / (n - k)
    if errors is Errors.HC1:
        scores, factor = x * residuals[:, None], n / (n - k)
    elif errors is Errors.HC2:
        leverage = np.einsum("ij,jk,ik->i", x, bread, x)
        # A row that only one column describes has no residual and no say in the error.
        weight = np.where(leverage < 1 - CLOSE, 1 - leverage, 1.0)
        scores, factor = x * (residuals / np.sqrt(weight))[:, None], 1.0
    else:
        assert groups is not None and number is not None
        scores = np.stack([np.bincount(groups, column * residuals, number) for column in x.T], axis=1)
        factor = number / (number - 1) * (n - 1) / (n - k)
    return factor * bread @ (scores.T @ scores) @ bread


def _as_fit(
    names: list[str],
    values: Array,
    variance: Array,
    n: int,
    errors: Errors,
    clusters: int | None,
    level: float,
) -> Fit:
    df = clusters - 1 if clusters is not None else n - len(names)
    found = {
        name: estimate(float(values[at]), float(variance[at, at]), df, errors, level)
        for at, name in enumerate(names)
    }
    return Fit(estimates=found, n=n, clusters=clusters)
