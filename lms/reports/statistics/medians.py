"""The middle of one group: the median with two intervals, and the sign test."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.reports.statistics.shapes import LEVEL, Array, Interval, Method

RESAMPLES = 9999
SEED = 20260105
# Up to here samples are really drawn; beyond, their medians are drawn from the very distribution they have.
MOST_DRAWN = 400
DRAWN_AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class SignTest:
    """Whether as many values lie above as below; those exactly at it count for neither."""

    above: int
    below: int
    equal: int
    p_two_sided: float


@dataclass(frozen=True, kw_only=True)
class Bootstrap:
    """An interval of the median by drawing again, always with the same seed."""

    value: float
    interval: Interval
    resamples: int
    seed: int


def median(values: Sequence[float]) -> float:
    import numpy as np

    return float(np.median(np.asarray(values, dtype=float)))


def sign_test(values: Sequence[float], at: float = 0.0) -> SignTest:
    from scipy.stats import binomtest

    above, below = sum(value > at for value in values), sum(value < at for value in values)
    p = float(binomtest(above, above + below).pvalue) if above + below else 1.0
    return SignTest(above=above, below=below, equal=len(values) - above - below, p_two_sided=p)


def order_interval(values: Sequence[float], level: float = LEVEL) -> Interval:
    """Between two of the values themselves, whatever the distribution."""
    import numpy as np
    from scipy.stats import binom

    ordered = np.sort(np.asarray(values, dtype=float))
    n = len(ordered)
    # The largest r for which fewer than r values below the median is rare enough.
    place = max(int(binom.ppf((1 - level) / 2, n, 0.5)), 1)
    reached = 1 - 2 * float(binom.cdf(place - 1, n, 0.5))
    return Interval(
        low=float(ordered[place - 1]), high=float(ordered[n - place]), level=reached, method=Method.BINOMIAL
    )


def bootstrap_median(
    values: Sequence[float], level: float = LEVEL, *, seed: int = SEED, resamples: int = RESAMPLES
) -> Bootstrap:
    """BCa; where the data are degenerate for it, percentiles of the same kind of draws."""
    import numpy as np

    given = np.asarray(values, dtype=float)
    draw = _drawn_by_scipy if len(given) <= MOST_DRAWN else _drawn_by_order
    return Bootstrap(
        value=float(np.median(given)),
        interval=draw(given, level, seed, resamples),
        resamples=resamples,
        seed=seed,
    )


def _drawn_by_scipy(values: Array, level: float, seed: int, resamples: int) -> Interval:
    import warnings

    import numpy as np
    from scipy.stats import bootstrap

    def draw(method: str):
        return bootstrap(
            (values,),
            np.median,
            confidence_level=level,
            n_resamples=resamples,
            batch=DRAWN_AT_ONCE,
            method=method,
            rng=np.random.default_rng(seed),
        ).confidence_interval

    with warnings.catch_warnings():
        # It warns where it finds no BCa interval; the answer says so too.
        warnings.simplefilter("ignore")
        found, method = draw("BCa"), Method.BCA
        # Where leaving any one firm out moves nothing, the acceleration is nothing but rounding.
        if np.ptp(_jackknifed(np.sort(values))) == 0 or not np.isfinite([found.low, found.high]).all():
            found, method = draw("percentile"), Method.PERCENTILE
    return Interval(low=float(found.low), high=float(found.high), level=level, method=method)


def _drawn_by_order(values: Array, level: float, seed: int, resamples: int) -> Interval:
    """The same without drawing samples: where the middle of n draws falls has a known distribution."""
    import numpy as np

    ordered = np.sort(values)
    drawn = _drawn_medians(ordered, np.random.default_rng(seed), resamples)
    ends = _bca_ends(ordered, drawn, level)
    method = Method.BCA if ends is not None else Method.PERCENTILE
    low, high = np.quantile(drawn, ends if ends is not None else [(1 - level) / 2, (1 + level) / 2])
    return Interval(low=float(low), high=float(high), level=level, method=method)


def _drawn_medians(ordered: Array, rng, resamples: int) -> Array:
    n = len(ordered)
    place = (n + 1) // 2
    # The k-th of n uniform numbers is a Beta(k, n - k + 1); the next lies a Beta(1, n - k) of the rest on.
    at = rng.beta(place, n - place + 1, resamples)
    first = ordered[(at * n).astype(int).clip(0, n - 1)]
    if n % 2:
        return first
    after = at + (1 - at) * rng.beta(1, n - place, resamples)
    return (first + ordered[(after * n).astype(int).clip(0, n - 1)]) / 2


def _bca_ends(ordered: Array, drawn: Array, level: float) -> Array | None:
    """At which shares of the drawn medians the interval ends; None where they cannot be told."""
    import numpy as np
    from scipy.stats import norm

    middle = np.median(ordered)
    bias = norm.ppf(((drawn < middle).mean() + (drawn <= middle).mean()) / 2)
    pulls = _jackknifed(ordered)
    pulls = pulls.mean() - pulls
    if not np.isfinite(bias) or np.ptp(pulls) == 0:
        return None
    acceleration = (pulls**3).sum() / (6 * (pulls**2).sum() ** 1.5)
    steps = bias + norm.ppf([(1 - level) / 2, (1 + level) / 2])
    return norm.cdf(bias + steps / (1 - acceleration * steps))


def _jackknifed(ordered: Array) -> Array:
    """The median without each value in turn."""
    import numpy as np

    n = len(ordered)
    half = n // 2
    if n % 2 == 0:
        return np.repeat([ordered[half], ordered[half - 1]], half)
    without_low = (ordered[half] + ordered[half + 1]) / 2
    without_middle = (ordered[half - 1] + ordered[half + 1]) / 2
    without_high = (ordered[half - 1] + ordered[half]) / 2
    return np.repeat([without_low, without_middle, without_high], [half, 1, half])
