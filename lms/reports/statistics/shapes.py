"""What the statistics give back: estimates with their uncertainty and the method that found it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

# An array of numbers; the library that makes it is loaded only where it is used.
Array: TypeAlias = Any

LEVEL = 0.95


class Method(StrEnum):
    """How a p-value or an interval was found."""

    EXACT = "exact"
    NORMAL = "normal approximation with continuity correction"
    BCA = "BCa bootstrap"
    PERCENTILE = "percentile bootstrap"
    BINOMIAL = "order statistics"
    T = "Student's t"


class Errors(StrEnum):
    """Which standard errors an estimate of a regression has."""

    CLASSICAL = "classical"
    HC1 = "HC1"
    HC2 = "HC2"
    CLUSTER = "cluster"


class Unidentified(ValueError):
    """The data cannot tell the columns of a regression apart, or there are hardly more columns than rows."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """An interval, with the confidence that it really has: exact ones rarely have just 95 %."""

    low: float
    high: float
    level: float
    method: Method


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One coefficient of a regression with its standard error; `df` are those of the t distribution."""

    value: float
    error: float
    low: float
    high: float
    p: float
    df: float
    errors: Errors
    level: float = LEVEL


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A regression: its estimates by the name of the column."""

    estimates: Mapping[str, Estimate]
    n: int
    clusters: int | None = None

    def __getitem__(self, name: str) -> Estimate:
        return self.estimates[name]
