"""The change of one firm, and what many firms have in common."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.reports.effect import Effect, Kind, effect_of, summarize, windows
from lms.sales import months

D = Decimal
HUNDRED = D(100)
START = date(2025, 9, 15)
# The course of sixteen weeks ends on 4 January 2026, so February is the first whole month after it.
TODAY = date(2026, 5, 20)
WHEN = windows(START, 16, TODAY)
AFTER = (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1))


def year_before(amount=HUNDRED):
    return {month: amount for month in WHEN.before}


def test_the_windows_leave_out_the_months_of_the_course_and_the_running_one():
    assert WHEN.before[0] == date(2024, 9, 1) and WHEN.before[-1] == date(2025, 8, 1)
    assert WHEN.after == AFTER
    assert WHEN.first_after == date(2026, 2, 1)


def test_after_ends_twelve_months_past_the_course():
    later = windows(START, 16, date(2030, 1, 1)).after
    assert (later[0], later[-1], len(later)) == (date(2026, 2, 1), date(2027, 1, 1), 12)


def test_a_pause_moves_the_end_and_not_the_start():
    paused = windows(START, 16, TODAY, paused_days=30)
    assert paused.before == WHEN.before
    assert paused.after == AFTER[1:]


def test_while_the_course_runs_it_is_too_soon():
    running = windows(START, 16, date(2025, 11, 3))
    assert running.after == ()
    assert effect_of(year_before(), running) == Effect(kind=Kind.TOO_SOON)


def test_the_first_month_after_counts_once_it_is_whole():
    assert windows(START, 16, date(2026, 2, 28)).after == ()
    assert windows(START, 16, date(2026, 3, 1)).after == AFTER[:1]


def test_with_twelve_months_the_same_calendar_months_are_compared():
    """A maker of school uniforms sells most in August: February to April are compared with themselves."""
    totals = year_before(D(50)) | {date(2025, 2, 1): D(20), date(2025, 3, 1): D(30), date(2025, 4, 1): D(40)}
    totals |= {date(2025, 8, 1): D(900)} | dict(zip(AFTER, (D(40), D(30), D(50)), strict=True))
    found = effect_of(totals, WHEN)
    assert (found.before, found.after) == (D(30), D(40))
    assert found.ratio == D(4) / D(3)
    assert found.adjusted and found.is_a_year_apart and found.kind is Kind.ROSE
    assert found.compared == (date(2025, 2, 1), date(2025, 3, 1), date(2025, 4, 1))


def test_a_month_unknown_after_is_not_compared_before():
    totals = year_before(D(50)) | {date(2025, 3, 1): D(500)}
    totals |= {AFTER[0]: D(60), AFTER[1]: None, AFTER[2]: D(60)}
    found = effect_of(totals, WHEN)
    assert (found.before, found.after, found.months) == (D(50), D(60), (AFTER[0], AFTER[2]))


def test_late_months_have_their_partner_in_the_year_before_the_course():
    late = windows(START, 16, date(2027, 3, 1))
    totals = year_before() | {date(2024, 11, 1): D(200), date(2026, 11, 1): D(300)}
    found = effect_of(totals, late)
    assert found.compared == (date(2024, 11, 1),)
    assert found.ratio == D("1.5") and found.adjusted
    assert not found.is_a_year_apart


@pytest.mark.parametrize("known", [3, 11])
def test_with_fewer_months_their_mean_is_compared_and_it_is_said(known):
    totals = {month: D(100) for month in WHEN.before[:known]} | {AFTER[0]: D(130)}
    found = effect_of(totals, WHEN)
    assert found.ratio == D("1.3")
    assert not found.adjusted and not found.is_a_year_apart


def test_two_months_before_are_no_baseline():
    totals = {month: D(100) for month in WHEN.before[:2]} | {AFTER[0]: D(130)}
    found = effect_of(totals, WHEN)
    assert (found.kind, found.ratio, found.after) == (Kind.NO_BASELINE, None, D(130))


def test_unknown_is_not_zero():
    unknown = effect_of(year_before() | {month: None for month in AFTER}, WHEN)
    zero = effect_of(year_before() | {month: D(0) for month in AFTER}, WHEN)
    assert unknown.kind is Kind.NO_AFTER and unknown.ratio is None
    assert zero.kind is Kind.FELL and zero.ratio == 0


def test_who_sold_nothing_before_has_no_ratio():
    began = effect_of(year_before(D(0)) | {AFTER[0]: D(10)}, WHEN)
    still = effect_of(year_before(D(0)) | {AFTER[0]: D(0)}, WHEN)
    assert (began.kind, began.ratio) == (Kind.BEGAN, None)
    assert (still.kind, still.ratio) == (Kind.NO_SALES, None)


def test_who_sold_nothing_in_just_those_months_is_compared_with_the_whole_year():
    totals = year_before(D(120)) | {date(2025, month, 1): D(0) for month in (2, 3, 4)} | {AFTER[0]: D(90)}
    found = effect_of(totals, WHEN)
    assert (found.before, found.ratio, found.adjusted) == (D(90), D(1), False)


@pytest.mark.parametrize(
    ("after", "kind"),
    [("101", Kind.SAME), ("99", Kind.SAME), ("101.01", Kind.ROSE), ("98.99", Kind.FELL)],
)
def test_one_percent_either_way_is_the_same(after, kind):
    assert effect_of(year_before() | {AFTER[0]: D(after)}, WHEN).kind is kind


def test_it_is_verified_only_when_every_month_used_is():
    totals = year_before() | {AFTER[0]: D(100)}
    used = {AFTER[0], date(2025, 2, 1)}
    assert effect_of(totals, WHEN, used).verified
    assert not effect_of(totals, WHEN, {AFTER[0]}).verified


amounts = st.one_of(st.none(), st.decimals(min_value=0, max_value=10**7, places=2))
histories = st.lists(amounts, min_size=30, max_size=30).map(
    lambda values: dict(zip(months.months_between(date(2024, 9, 1), date(2027, 2, 1)), values, strict=True))
)


@given(histories, st.integers(1, 1000))
def test_the_unit_of_money_does_not_matter(history, times):
    larger = {month: None if amount is None else amount * times for month, amount in history.items()}
    one, other = effect_of(history, WHEN), effect_of(larger, WHEN)
    assert one.compared == other.compared and one.months == other.months
    assert (one.ratio is None) == (other.ratio is None)
    if one.ratio:
        assert abs(one.ratio / other.ratio - 1) < D("1e-20")


@given(histories, amounts)
def test_the_months_of_the_course_and_those_to_come_never_count(history, amount):
    course = months.months_between(date(2025, 9, 1), date(2026, 1, 1))
    changed = history | dict.fromkeys([*course, date(2026, 5, 1), date(2026, 12, 1)], amount)
    assert effect_of(changed, WHEN) == effect_of(history, WHEN)


@given(histories)
def test_there_is_a_ratio_exactly_where_something_was_sold_before(history):
    found = effect_of(history, WHEN)
    assert (found.ratio is not None) == found.is_measured
    if found.is_measured:
        assert found.before > 0 and found.ratio == found.after / found.before
        assert len(found.compared) >= 3 or found.adjusted


# Many firms


def firm(ratio, before=HUNDRED):
    """A firm whose sales changed by this ratio."""
    return effect_of(year_before(before) | {AFTER[0]: before * D(ratio)}, WHEN)


def test_the_change_is_worked_out_per_firm_before_the_middle_is_taken():
    """Four of five rise, yet the difference of the medians says that they fell."""
    pairs = [(40, 60), (50, 57), (59, 55), (60, 80), (90, 99)]
    found = summarize(firm(D(after) / D(before), D(before)) for before, after in pairs).spread
    assert (found.rose, found.fell) == (4, 1)
    assert found.median > 1
    assert round(found.median, 2) == D("1.14")
    assert found.of_sums == D(351) / D(299)


def test_below_five_firms_there_is_no_statistic():
    summary = summarize([firm("1.1")] * 4)
    assert (summary.measured, summary.spread) == (4, None)


def test_from_five_there_are_counts_and_the_median_from_ten_quartiles_too():
    nine = summarize(firm(D(n) / 10) for n in range(6, 15)).spread
    assert (nine.median, nine.quartiles) == (D(1), None)
    assert (nine.rose, nine.same, nine.fell) == (4, 1, 4)
    ten = summarize(firm(D(n) / 10) for n in range(6, 16)).spread
    assert ten.quartiles == (D("0.825"), D("1.275"))


def test_those_without_a_change_are_counted_apart_by_name():
    everyone = [firm("1.2")] * 6 + [
        effect_of(year_before(D(0)) | {AFTER[0]: D(5)}, WHEN),
        effect_of(year_before(), WHEN),
        effect_of({AFTER[0]: D(5)}, WHEN),
    ]
    summary = summarize(everyone)
    assert (summary.firms, summary.measured, summary.began, summary.missing) == (9, 6, 1, 2)
    assert (summary.no_after, summary.no_baseline) == (1, 1)
    assert (summary.adjusted, summary.unadjusted, summary.unverified) == (6, 0, 6)


def test_what_the_missing_could_change_is_said():
    missing = effect_of(year_before(), WHEN)
    measured = [firm(ratio) for ratio in ("1.2", "1.3", "1.4", "1.5", "1.6")]
    found = summarize([*measured, *[missing] * 4]).spread
    assert found.median == D("1.4")
    assert found.if_same == D("1.2") and found.if_nothing == D("1.2")


@given(st.lists(st.decimals("0.01", "20", places=2), min_size=5, max_size=40))
def test_the_parts_add_up_and_the_middle_lies_between(ratios):
    summary = summarize(firm(ratio) for ratio in ratios)
    found = summary.spread
    assert found.rose + found.same + found.fell == summary.measured == len(ratios)
    low, high = found.quartiles or (min(ratios), max(ratios))
    assert min(ratios) <= low <= found.median <= high <= max(ratios)
    assert found.if_nothing == found.if_same == found.median
