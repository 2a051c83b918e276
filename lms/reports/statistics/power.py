"""What a group of this size could have shown at all, and how much more months of figures help.

Effects are in standard deviations; a test is two-sided at five percent and is to find the effect in eight of
ten such programmes.
"""

import math
from dataclasses import dataclass

SIZE = 0.05
POWER = 0.80
# From so many degrees of freedom on the noncentral t is slow, and no other than the normal distribution.
LARGE = 100_000


@dataclass(frozen=True, kw_only=True)
class Factors:
    """By what the variance of the difference of two groups is multiplied, for three ways to analyse it."""

    post: float
    difference: float
    ancova: float


def smallest_paired(n: int, size: float = SIZE, power: float = POWER) -> float:
    """The smallest mean change, in its own standard deviations, that n firms would show."""
    return _smallest(math.sqrt(n), n - 1, size, power)


def smallest_between(first: int, second: int, size: float = SIZE, power: float = POWER) -> float:
    """The smallest difference of two groups' means, in their standard deviation."""
    root = math.sqrt(first * second / (first + second))
    return _smallest(root, first + second - 2, size, power)


def firms_per_group(effect: float, size: float = SIZE, power: float = POWER) -> float:
    """How many firms each of two groups needs to show this difference (take the next whole number)."""
    from scipy.optimize import brentq

    def lacking(n: float) -> float:
        return _power(effect * math.sqrt(n / 2), 2 * n - 2, size) - power

    high = 4.0
    while lacking(high) < 0:
        high *= 2
    return float(brentq(lacking, 2.0, high, xtol=1e-9))


def factors(before: int, after: int, correlation: float) -> Factors:
    """McKenzie's: `before` and `after` months of figures whose correlation is the same at any distance."""
    post = (1 + (after - 1) * correlation) / after
    return Factors(
        post=post,
        difference=post - ((before + 1) * correlation - 1) / before,
        ancova=post - before * correlation**2 / (1 + (before - 1) * correlation),
    )


def _smallest(root: float, df: int, size: float, power: float) -> float:
    from scipy.optimize import brentq

    highest = 4.0
    while _power(highest, df, size) < power:
        highest *= 1.5
    found = brentq(lambda shift: _power(shift, df, size) - power, 0.0, highest, xtol=1e-12)
    return float(found) / root


def _power(noncentrality: float, df: float, size: float) -> float:
    from scipy.stats import nct, norm, t

    critical = float(t.ppf(1 - size / 2, df))
    if df > LARGE:
        return float(norm.sf(critical - noncentrality) + norm.cdf(-critical - noncentrality))
    wrong_way = float(nct.cdf(-critical, df, noncentrality))
    # So far out in the tail the library gives up; it is nothing to three hundred digits.
    return float(nct.sf(critical, df, noncentrality)) + (0.0 if math.isnan(wrong_way) else wrong_way)
