"""Against scipy and statsmodels, on whatever Hypothesis finds."""

import math
import warnings

import numpy as np
import pytest
import scipy.stats
import statsmodels.api as sm
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.power import TTestIndPower, TTestPower

from lms.reports.statistics import comparison, event_study, least_squares, medians, power
from lms.reports.statistics.comparison import Observation
from lms.reports.statistics.means import means, paired_t
from lms.reports.statistics.ranks import kth_sum, kth_walsh
from lms.reports.statistics.shapes import Errors, Method
from lms.reports.statistics.signed_ranks import hodges_lehmann, signed_ranks
from lms.reports.statistics.two_groups import mann_whitney, shift

numbers = st.floats(-1000, 1000).map(lambda value: round(value, 3))
few_values = st.integers(-4, 4).map(float)
distinct = st.lists(numbers, min_size=3, max_size=40, unique_by=abs).filter(lambda values: 0 not in values)


@given(distinct)
def test_signed_ranks_without_ties(values):
    found = signed_ranks(values)
    for side, p in (("two-sided", found.p_two_sided), ("greater", found.p_greater), ("less", found.p_less)):
        oracle = scipy.stats.wilcoxon(values, alternative=side, method="exact")
        assert p == pytest.approx(oracle.pvalue, rel=1e-12)
    assert not found.has_ties


@given(st.lists(few_values, min_size=2, max_size=10))
def test_signed_ranks_with_ties_are_those_of_every_sign_pattern(values):
    found = signed_ranks(values)
    sizes = [abs(value) for value in values if value]
    ranks = scipy.stats.rankdata(sizes)
    signs = np.array(np.meshgrid(*[[0, 1]] * len(ranks))).reshape(len(ranks), -1) if sizes else None
    sums = signs.T @ ranks if sizes else np.array([0.0])
    assert found.zeros == values.count(0)
    assert found.p_greater == pytest.approx((sums >= found.positive - 1e-9).mean())
    assert found.p_less == pytest.approx((sums <= found.positive + 1e-9).mean())


def test_many_differences_take_the_normal_approximation_and_say_so():
    values = np.random.default_rng(5).normal(0.05, 1, 3000).round(2)
    found = signed_ranks(values)
    oracle = scipy.stats.wilcoxon(values[values != 0], method="approx", correction=True)
    assert found.method is Method.NORMAL and found.has_ties
    assert found.p_two_sided == pytest.approx(oracle.pvalue, rel=1e-9)
    assert hodges_lehmann(values).interval.method is Method.NORMAL


@given(st.lists(numbers, min_size=6, max_size=25))
def test_the_interval_holds_exactly_the_shifts_that_the_test_does_not_reject(values):
    """The very meaning of the interval: inside it the exact test keeps its hypothesis, outside it rejects."""
    found = hodges_lehmann(values).interval
    assume(found.high > found.low)
    assert found.level >= 0.95
    outside = min(1e-4, (found.high - found.low) / 3)
    for edge, step in ((found.low, outside), (found.high, -outside)):
        moved = [value - edge + step for value in values]
        if 0 in moved or len({abs(value) for value in moved}) < len(moved):
            continue
        assert scipy.stats.wilcoxon(moved, method="exact").pvalue <= 0.05


@given(st.lists(numbers, min_size=2, max_size=30))
def test_hodges_lehmann_is_the_median_of_all_means(values):
    pairs = [(a + b) / 2 for at, a in enumerate(values) for b in values[at:]]
    assert hodges_lehmann(values).value == pytest.approx(float(np.median(pairs)), abs=1e-9)


def test_what_fell_to_nothing_is_the_largest_fall():
    values = [-math.inf, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    found = hodges_lehmann(values)
    assert found.interval.low == -math.inf and 0.3 < found.value < 0.6
    assert signed_ranks(values).negative == 10


def test_the_wanted_sum_is_found_without_making_them_all():
    rng = np.random.default_rng(3)
    one, other = np.sort(rng.normal(0, 1, 1700)), np.sort(rng.normal(1, 2, 1900))
    one[0] = -math.inf
    places = [0, 1899, 5000, 1_600_000, 1700 * 1900 - 1]
    assert kth_sum(one, other, places) == pytest.approx(np.sort(np.add.outer(one, other), axis=None)[places])
    values = np.sort(np.append(rng.normal(0, 1, 2500), -math.inf))
    rows, columns = np.triu_indices(len(values))
    means_of_pairs = np.sort((values[rows] + values[columns]) / 2)
    places = [0, 2500, 2501, 1_000_000, len(means_of_pairs) - 1]
    assert kth_walsh(values, places) == pytest.approx(means_of_pairs[places])


def cut_in_two(drawn):
    values, share = drawn
    at = 2 + round(share * (len(values) - 4))
    return values[:at], values[at:]


two_groups = st.tuples(st.lists(numbers, min_size=4, max_size=28, unique=True), st.floats(0, 1)).map(
    cut_in_two
)


@given(two_groups)
def test_mann_whitney(groups):
    first, second = groups
    found = mann_whitney(first, second)
    for side, p in (("two-sided", found.p_two_sided), ("greater", found.p_greater), ("less", found.p_less)):
        oracle = scipy.stats.mannwhitneyu(first, second, alternative=side, method="exact")
        assert p == pytest.approx(oracle.pvalue, rel=1e-12)
    assert found.statistic == oracle.statistic


@given(st.lists(few_values, min_size=2, max_size=5), st.lists(few_values, min_size=2, max_size=5))
def test_mann_whitney_with_ties_is_that_of_every_choice(first, second):
    found = mann_whitney(first, second)
    oracle = scipy.stats.mannwhitneyu(
        first, second, alternative="greater", method=scipy.stats.PermutationMethod(n_resamples=np.inf)
    )
    assert found.p_greater == pytest.approx(oracle.pvalue)


def test_large_groups_take_the_normal_approximation_and_say_so():
    rng = np.random.default_rng(6)
    first, second = rng.normal(0.1, 1, 700).round(1), rng.normal(0, 1, 900).round(1)
    found = mann_whitney(first, second)
    oracle = scipy.stats.mannwhitneyu(first, second, method="asymptotic", use_continuity=True)
    assert found.method is Method.NORMAL
    assert found.p_two_sided == pytest.approx(oracle.pvalue, rel=1e-9)
    assert shift(first, second).interval.method is Method.NORMAL


@given(two_groups)
def test_the_shift_is_the_median_of_all_differences_and_its_interval_that_of_the_test(groups):
    first, second = groups
    found = shift(first, second)
    assert found.value == pytest.approx(float(np.median(np.subtract.outer(first, second))), abs=1e-9)
    gap = found.interval.high - found.interval.low
    assume(gap > 1e-3 and found.interval.level >= 0.95)
    moved = [value - found.interval.low + min(gap / 3, 1e-4) for value in first]
    assume(len({*moved, *second}) == len(moved) + len(second))
    assert scipy.stats.mannwhitneyu(moved, second, method="exact").pvalue <= 0.05


@given(st.lists(numbers, min_size=2, max_size=60))
def test_signs_t_and_ends(values):
    signs = medians.sign_test(values)
    if signs.above + signs.below:
        oracle = scipy.stats.binomtest(signs.above, signs.above + signs.below).pvalue
        assert signs.p_two_sided == pytest.approx(oracle)
    pulled = means(values)
    assert pulled.winsorized == pytest.approx(
        float(scipy.stats.mstats.winsorize(np.array(values), 0.01).mean())
    )
    if np.std(values) > 1e-6:
        oracle = scipy.stats.ttest_1samp(values, 0)
        assert paired_t(values).t == pytest.approx(oracle.statistic, rel=1e-6, abs=1e-9)
        assert paired_t(values).p_two_sided == pytest.approx(oracle.pvalue, rel=1e-6, abs=1e-9)


@given(st.integers(6, 60))
def test_the_interval_between_two_values_has_the_level_it_says(n):
    found = medians.order_interval([float(value) for value in range(1, n + 1)])
    outside = 2 * scipy.stats.binom.cdf(found.low - 1, n, 0.5)
    wider = 2 * scipy.stats.binom.cdf(found.low, n, 0.5)
    assert found.level == pytest.approx(1 - outside) and outside <= 0.05 < wider
    assert found.high == n + 1 - found.low


def test_the_bootstrap_is_scipys():
    values = np.exp(np.random.default_rng(8).normal(0.1, 0.4, 41))
    found = medians.bootstrap_median(values)
    rng = np.random.default_rng(medians.SEED)
    oracle = scipy.stats.bootstrap((values,), np.median, n_resamples=9999, method="BCa", rng=rng, batch=1000)
    assert found.interval.method is Method.BCA
    assert (found.interval.low, found.interval.high) == tuple(oracle.confidence_interval)
    assert medians.bootstrap_median(values) == found


@pytest.mark.parametrize("values", [[1.2] * 12, [1.1] + [1.2] * 10 + [1.3], [1.1] + [1.2] * 2999 + [1.3]])
def test_the_bootstrap_falls_back_where_most_firms_are_alike_and_says_so(values):
    found = medians.bootstrap_median(values)
    assert (found.interval.low, found.interval.high) == (1.2, 1.2)
    assert found.interval.method is Method.PERCENTILE


@pytest.mark.parametrize("n", [501, 502])
def test_drawing_from_the_distribution_of_the_median_is_the_bootstrap(n):
    values = np.exp(np.random.default_rng(9).normal(0.1, 0.4, n))
    drawn = medians._drawn_by_order(values, 0.95, medians.SEED, 200_000)
    oracle = medians._drawn_by_scipy(values, 0.95, 1, 20_000)
    assert drawn.method is Method.BCA
    assert drawn.low == pytest.approx(oracle.low, abs=0.004)
    assert drawn.high == pytest.approx(oracle.high, abs=0.004)


def world(seed, n=60):
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, n)
    treated = (rng.random(n) < 0.5).astype(float)
    treated[:2] = (0.0, 1.0)
    y = 0.3 + 0.8 * x + 0.2 * treated + rng.normal(0, 0.5 + np.abs(x), n)
    return rng, x, treated, y


@given(st.integers(0, 10**6))
@settings(max_examples=30)
def test_least_squares(seed):
    rng, x, treated, y = world(seed)
    columns = {"constant": np.ones(len(x)), "x": x, "treated": treated}
    matrix = np.column_stack(list(columns.values()))
    firms = rng.integers(0, 15, len(x))
    for errors, arguments in (
        (Errors.CLASSICAL, {"cov_type": "nonrobust"}),
        (Errors.HC1, {"cov_type": "HC1", "use_t": True}),
        (Errors.HC2, {"cov_type": "HC2", "use_t": True}),
        (Errors.CLUSTER, {"cov_type": "cluster", "cov_kwds": {"groups": firms}, "use_t": True}),
    ):
        oracle = sm.OLS(y, matrix).fit(**arguments)
        found = least_squares.least_squares(y, columns, errors, firms)
        values = list(found.estimates.values())
        assert [one.value for one in values] == pytest.approx(oracle.params)
        assert [one.error for one in values] == pytest.approx(oracle.bse)
        assert [one.p for one in values] == pytest.approx(oracle.pvalues, rel=1e-6)
        assert [(one.low, one.high) for one in values] == [pytest.approx(row) for row in oracle.conf_int()]


@given(st.integers(0, 10**6))
@settings(max_examples=30)
def test_poisson(seed):
    rng, x, treated, _y = world(seed)
    y = rng.poisson(np.exp(0.5 + 0.4 * x + 0.3 * treated)) * 1234.5
    columns = {"constant": np.ones(len(x)), "x": x, "treated": treated}
    firms = rng.integers(0, 15, len(x))
    model = sm.GLM(y, np.column_stack(list(columns.values())), family=sm.families.Poisson())
    for errors, arguments, factor in (
        # What it calls HC1 for this model lacks the factor of that name: it is HC0.
        (Errors.HC1, {"cov_type": "HC1"}, math.sqrt(60 / 57)),
        (Errors.CLUSTER, {"cov_type": "cluster", "cov_kwds": {"groups": firms}}, 1.0),
    ):
        oracle = model.fit(**arguments, tol=1e-13)
        values = list(least_squares.poisson(y, columns, errors, firms).estimates.values())
        assert [one.value for one in values] == pytest.approx(oracle.params, rel=1e-6, abs=1e-9)
        assert [one.error for one in values] == pytest.approx(oracle.bse * factor, rel=1e-6)


def observations(seed, n=50, blocks=1):
    rng = np.random.default_rng(seed)
    rows = []
    for at in range(n):
        before, in_program = float(rng.lognormal(10, 1)), at % 2 == 0
        after = before * float(rng.lognormal(0.1, 0.4))
        block = str(int(rng.integers(0, blocks)))
        rows.append(
            Observation(firm=f"f{at}", in_program=in_program, before=before, after=after, block=block)
        )
    return rows


@given(st.integers(0, 10**6))
@settings(max_examples=20)
def test_difference_in_differences_and_ancova(seed):
    rows = observations(seed)
    found = comparison.difference_in_differences(rows)
    before, after = np.log([row.before for row in rows]), np.log([row.after for row in rows])
    group = np.array([float(row.in_program) for row in rows])
    late = np.repeat([0.0, 1.0], len(rows))
    twice = np.tile(group, 2)
    panel = np.column_stack([np.ones(2 * len(rows)), twice, late, twice * late])
    firms = np.tile(np.arange(len(rows)), 2)
    oracle = sm.OLS(np.concatenate([before, after]), panel).fit(
        cov_type="cluster", cov_kwds={"groups": firms}
    )
    assert (found.value, found.clustered.error) == pytest.approx((oracle.params[3], oracle.bse[3]))
    change = after - before
    assert found.value == pytest.approx(change[group == 1].mean() - change[group == 0].mean())
    # HC2 of a difference of two means is exactly Welch's error.
    welch = scipy.stats.ttest_ind(change[group == 1], change[group == 0], equal_var=False)
    assert found.value / found.robust.error == pytest.approx(welch.statistic)
    oracle = sm.OLS(after, np.column_stack([np.ones(len(rows)), before, group])).fit(cov_type="HC2")
    adjusted = comparison.ancova(rows)
    assert (adjusted.value, adjusted.robust.error) == pytest.approx((oracle.params[2], oracle.bse[2]))


def test_blocks_are_compared_within_themselves():
    rows = observations(4, 80, blocks=3)
    found = comparison.difference_in_differences(rows)
    change = np.log([row.after / row.before for row in rows])
    blocks = [row.block for row in rows]
    columns = [np.ones(len(rows))] + [np.array([one == block for one in blocks]) for block in ("1", "2")]
    group = np.array([float(row.in_program) for row in rows])
    oracle = sm.OLS(change, np.column_stack([*columns, group]).astype(float)).fit(cov_type="HC2")
    assert (found.value, found.robust.error) == pytest.approx((oracle.params[3], oracle.bse[3]))
    assert found.clustered.value == pytest.approx(oracle.params[3])


def test_a_ratio_of_ratios_has_room_for_zeros():
    rows = [
        Observation(firm="a", in_program=True, before=100, after=150),
        Observation(firm="b", in_program=True, before=50, after=0),
        Observation(firm="c", in_program=False, before=200, after=210),
        Observation(firm="d", in_program=False, before=0, after=40),
    ]
    assert math.exp(comparison.poisson_ratio(rows).value) == pytest.approx((150 / 150) / (250 / 200))
    assert math.exp(comparison.poisson_change(rows[:2]).value) == pytest.approx(1)


@given(st.integers(0, 10**6))
@settings(max_examples=10)
def test_the_event_study_is_the_regression_with_every_firm_and_month(seed):
    rng = np.random.default_rng(seed)
    sold = [
        {month: float(rng.lognormal(10, 1)) for month in range(-4, 4) if rng.random() < 0.85 or month == -1}
        for _firm in range(24)
    ]
    assume(all(len(firm) > 1 for firm in sold))
    found = event_study.event_study(sold[:11], sold[11:])
    rows = [(firm, month, value) for firm, months in enumerate(sold) for month, value in months.items()]
    months = [month for month in range(-4, 4) if month != -1]
    columns = [[float(row[0] == firm) for row in rows] for firm in range(24)]
    columns += [[float(row[1] == month) for row in rows] for month in months]
    columns += [[float(row[1] == month and row[0] < 11) for row in rows] for month in months]
    firms = np.array([row[0] for row in rows])
    with warnings.catch_warnings():
        # It says that there are more columns than clusters; only single coefficients are read.
        warnings.simplefilter("ignore")
        oracle = sm.OLS(np.log([row[2] for row in rows]), np.array(columns).T).fit(
            cov_type="cluster", cov_kwds={"groups": firms, "use_correction": False}
        )
        errors = oracle.bse[-7:]
    n, k = len(rows), 14
    factor = math.sqrt(24 / 23 * (n - 1) / (n - k))
    assert [one.month for one in found.moments] == months
    assert [one.effect.value for one in found.moments] == pytest.approx(oracle.params[-7:])
    assert [one.effect.error for one in found.moments] == pytest.approx(errors * factor)


@given(st.integers(3, 400), st.integers(3, 400))
@settings(max_examples=20)
def test_the_smallest_effect_is_the_one_found_with_that_power(first, second):
    paired = power.smallest_paired(first)
    assert TTestPower().power(paired, first, 0.05) == pytest.approx(0.8, abs=1e-4)
    between = power.smallest_between(first, second)
    assert TTestIndPower().power(between, first, 0.05, second / first) == pytest.approx(0.8, abs=1e-4)
