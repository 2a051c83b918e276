"""Published numbers, to every digit that was printed."""

import math

import pytest

from lms.reports.statistics.least_squares import least_squares
from lms.reports.statistics.means import means, paired_t
from lms.reports.statistics.power import factors, firms_per_group, smallest_between
from lms.reports.statistics.shapes import Errors, Method
from lms.reports.statistics.signed_ranks import hodges_lehmann, signed_ranks
from lms.reports.statistics.two_groups import mann_whitney, shift

# Hollander and Wolfe: depression before and after, as in R's help of wilcox.test.
DEPRESSION = (
    [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30],
    [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29],
)
# Darwin's maize, as in the manual of scipy.
MAIZE = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]
# Student's sleep data, as in R's `sleep`.
SLEEP = (
    [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
)
# Hollander and Wolfe 4.1: permeability of membranes at term and earlier.
PERMEABILITY = (
    [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
    [1.15, 0.88, 0.90, 0.74, 1.21],
)


def changes(pair):
    return [one - other for one, other in zip(*pair, strict=True)]


def test_depression():
    found = signed_ranks(changes(DEPRESSION))
    assert found.positive == 40
    assert found.p_greater == 10 / 512 and f"{found.p_greater:.4g}" == "0.01953"
    assert found.method is Method.EXACT
    middle = hodges_lehmann(changes(DEPRESSION))
    assert f"{middle.value:.2f}" == "0.46"
    assert (f"{middle.interval.low:.3f}", f"{middle.interval.high:.3f}") == ("0.010", "0.786")
    assert f"{100 * middle.interval.level:.1f}" == "96.1"


def test_maize():
    found = signed_ranks(MAIZE)
    assert found.statistic == 24.0 and found.p_two_sided == 0.041259765625
    assert found.positive == 96 and found.p_greater == 0.0206298828125


def test_sleep():
    found = paired_t(changes(SLEEP))
    assert (f"{found.t:.4f}", found.df, f"{found.p_two_sided:.6f}") == ("-4.0621", 9, "0.002833")
    assert (f"{found.interval.low:.4f}", f"{found.interval.high:.4f}") == ("-2.4599", "-0.7001")


def test_permeability():
    found = mann_whitney(*PERMEABILITY)
    assert (found.statistic, f"{found.p_greater:.4f}") == (35, "0.1272")
    assert f"{shift(*PERMEABILITY).value:.3f}" == "0.305"


# Kiel and McClain's houses near the incinerator, as in Wooldridge's book. Its rows are not ours to keep. A
# regression on groups depends on nothing but the size and mean of each group and the squares within, so
# those are kept: (houses, mean, squares within) of prices in dollars of 1978 and of their logarithms.
PRICES = {
    ("far", 1978): (123, 82517.22764227643, 52940034535.62602),
    ("near", 1978): (56, 63692.857142857145, 100384437142.85712),
    ("far", 1981): (102, 101307.51359528187, 89337946552.59943),
    ("near", 1981): (40, 70619.23984375, 47276160190.03863),
}
LOGARITHMS = {
    ("far", 1978): (123, 11.285424025417452, 9.451402428519971),
    ("near", 1978): (56, 10.945500969991153, 10.073510293393806),
    ("far", 1981): (102, 11.478517750273785, 10.352175925837457),
    ("near", 1981): (40, 11.075945674587212, 6.428688916680533),
}


def fitted(groups, years=(1978, 1981)):
    """The regression on being near, on the year if there are two, and on both."""
    rows = []
    for (place, year), (size, mean, squares) in groups.items():
        reach = math.sqrt(squares / 2)
        if year in years:
            rows += [(place == "near", year == 1981, mean + move) for move in (reach, -reach)]
            rows += [(place == "near", year == 1981, mean)] * (size - 2)
    columns = {"constant": [1.0] * len(rows), "near": [float(near) for near, _late, _price in rows]}
    if len(years) > 1:
        columns["late"] = [float(late) for _near, late, _price in rows]
        columns["both"] = [float(near and late) for near, late, _price in rows]
    return least_squares([price for _near, _late, price in rows], columns, Errors.CLASSICAL)


@pytest.mark.parametrize(
    ("year", "houses", "constant", "gap", "error"),
    [
        (1978, 179, "82,517.23", "-18,824.37", "4,744.59"),
        (1981, 142, "101,307.51", "-30,688.27", "5,827.71"),
    ],
)
def test_houses_year_by_year(year, houses, constant, gap, error):
    fit = fitted(PRICES, (year,))
    found = (fit["constant"].value, fit["near"].value, fit["near"].error)
    assert fit.n == houses
    assert tuple(f"{value:,.2f}" for value in found) == (constant, gap, error)


def test_houses_difference_in_differences():
    prices, logarithms = fitted(PRICES)["both"], fitted(LOGARITHMS)["both"]
    assert (f"{prices.value:,.2f}", f"{prices.error:,.2f}") == ("-11,863.90", "7,456.65")
    assert (f"{logarithms.value:.4f}", f"{logarithms.error:.4f}") == ("-0.0626", "0.0834")


def test_power():
    assert round(firms_per_group(0.1)) == 1571
    assert round(firms_per_group(0.25)) == 252
    assert f"{smallest_between(200, 200):.2f}" == "0.28"
    many_months = smallest_between(200, 200) * math.sqrt(factors(6, 6, 0.5).ancova)
    assert f"{many_months:.2f}" == "0.11"


@pytest.mark.parametrize(
    ("correlation", "months", "post", "difference", "ancova"),
    [
        (0.25, 1, "1", "1.5", "0.9375"),
        (0.5, 1, "1", "1", "0.75"),
        (0.25, 3, "0.5", "0.5", "0.375"),
        (0.5, 6, "0.5833", "0.1667", "0.1548"),
    ],
)
def test_variance_factors(correlation, months, post, difference, ancova):
    found = factors(months, months, correlation)
    assert [f"{value:.4g}" for value in (found.post, found.difference, found.ancova)] == [
        post,
        difference,
        ancova,
    ]


def test_one_percent_of_a_hundred_is_one_at_each_end():
    found = means([float(value) for value in range(99)] + [1000.0])
    assert found.moved == 2
    assert (found.plain, found.winsorized) == (58.51, 49.5)
    assert means([1.0, 2.0, 99.0]).moved == 0
