"""What a stranger reads isolates nobody: no two shown numbers leave one to four firms between them."""

from collections import Counter
from decimal import Decimal
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.reports.disclosure import PublicFirm, publish, tables_isolate
from lms.reports.effect import Effect, Kind

D = Decimal
STAGES = ("admitted", "graduated", "reported", "started", "baseline")
SECTORS = ("fashion", "footwear", "furniture")
STATES = ("PUE", "GUA", "JAL", "MEX", "MIC")


def firm(number, ratio="1.2", sector="fashion", state="PUE", before=100, stages=STAGES):
    """A firm as the public page counts it; without a ratio it has no figures."""
    if ratio is None:
        effect = Effect(kind=Kind.NO_AFTER)
        return PublicFirm(number=number, sector=sector, state=state, effect=effect, stages=frozenset(stages))
    ratio = D(ratio)
    kind = Kind.SAME if abs(ratio - 1) <= D("0.01") else Kind.ROSE if ratio > 1 else Kind.FELL
    effect = Effect(kind=kind, before=D(before), after=D(before) * ratio, ratio=ratio)
    return PublicFirm(number=number, sector=sector, state=state, effect=effect, stages=frozenset(stages))


def many(*groups):
    """Firms from (how many, fields) pairs, numbered through."""
    fields = [field for count, field in groups for _n in range(count)]
    return [firm(number, **field) for number, field in enumerate(fields)]


def shown_groups(view):
    """Every group whose size can be read from the page."""
    return [*view.counts.values(), *(cell.members for cell in (*view.sectors, *view.states))]


def isolated(groups):
    """The size of a small group that adding and subtracting up to three shown ones leaves, or None."""
    everyone = frozenset().union(*groups)
    # Firms in the same groups cannot be told apart: one of each kind stands for all.
    kinds = Counter(tuple(one in group for group in groups) for one in everyone)
    for count in (1, 2, 3):
        for some in combinations(range(len(groups)), count):
            for signs in product((1, -1), repeat=count):
                columns = list(zip(signs, some, strict=True))
                weights = {kind: sum(sign * kind[at] for sign, at in columns) for kind in kinds}
                left = sum(kinds[kind] for kind, weight in weights.items() if weight == 1)
                if 0 < left < 5 and set(weights.values()) <= {0, 1}:
                    return left
    return None


ratios = st.one_of(st.none(), *[st.decimals("0.2", "3", places=2)] * 3)
worlds = st.lists(
    st.tuples(
        ratios,
        st.sampled_from(SECTORS),
        st.sampled_from(STATES),
        st.integers(1, 10**6),
        # Most firms reach most stages: that is where numbers come close to each other.
        st.sets(st.sampled_from(STAGES), max_size=2).map(lambda missed: set(STAGES) - missed),
    ),
    min_size=12,
    max_size=60,
).map(lambda rows: [firm(number, *row) for number, row in enumerate(rows)])

# Sectors that live in one or two states each, as shoes do in León: there tables can be subtracted.
HOMES = [
    *[("fashion", "PUE"), ("footwear", "GUA"), ("footwear", "JAL")],
    *[("furniture", "JAL"), ("furniture", "MIC")],
]
regional = st.lists(
    st.sampled_from(HOMES),
    min_size=10,
    max_size=60,
).map(lambda rows: [firm(n, "1.2", sector, state) for n, (sector, state) in enumerate(rows)])


@settings(max_examples=60, deadline=None)
@given(worlds)
def test_no_shown_numbers_isolate_fewer_than_five_firms(firms):
    view = publish(firms, STAGES)
    groups = shown_groups(view)
    assert all(len(group) >= 5 for group in groups)
    assert isolated(groups) is None


@settings(max_examples=60, deadline=None)
@given(regional)
def test_sectors_that_live_in_few_states_cannot_be_subtracted_from_them(firms):
    assert isolated(shown_groups(publish(firms, STAGES))) is None


@settings(max_examples=60, deadline=None)
@given(worlds)
def test_a_table_holds_everybody_so_that_the_total_leaves_nobody(firms):
    view = publish(firms, STAGES)
    measured = {one.number for one in firms if one.effect.is_measured}
    for table in (view.sectors, view.states):
        if table:
            assert len(table) > 1
            assert sum(cell.count for cell in table) == len(measured)
            assert frozenset().union(*(cell.members for cell in table)) == measured


def test_below_five_measured_firms_nothing_is_shown():
    view = publish(many((4, {}), (30, {"ratio": None})), STAGES)
    assert view.median is None and not view.counts and not view.sectors


def test_small_states_are_put_together():
    view = publish(many((6, {"state": "PUE"}), (3, {"state": "GUA"}), (4, {"state": "JAL"})), STAGES)
    assert [(cell.keys, cell.count) for cell in view.states] == [(("GUA", "JAL"), 7), (("PUE",), 6)][::-1]


def test_a_single_small_state_takes_the_next_smallest_with_it():
    groups = [(9, {"state": "PUE"}), (6, {"state": "GUA"}), (2, {"state": "JAL"})]
    view = publish(many(*groups), STAGES)
    assert [(cell.keys, cell.count) for cell in view.states] == [(("PUE",), 9), (("GUA", "JAL"), 8)]


def test_a_table_that_would_have_one_row_is_left_out():
    assert publish(many((9, {"state": "PUE"}), (2, {"state": "JAL"})), STAGES).states == ()


def test_nested_tables_are_coarsened_until_they_cannot_be_subtracted():
    """All shoes but two are made in Guanajuato: shoes minus Guanajuato would be those two."""
    shoes = [(8, {"sector": "footwear", "state": "GUA"}), (2, {"sector": "footwear", "state": "JAL"})]
    others = [(6, {"state": "JAL"}), (9, {"state": "PUE"})]
    view = publish(many(*shoes, *others), STAGES)
    assert [cell.count for cell in view.sectors] == [15, 10]
    assert isolated(shown_groups(view)) is None
    assert ("GUA",) not in [cell.keys for cell in view.states]


def test_the_check_of_two_tables_sees_a_sum_of_several():
    rows = [frozenset(range(10)), frozenset(range(10, 20))]
    inside = [frozenset(range(8)), frozenset(range(8, 20))]
    across = [frozenset([*range(5), *range(10, 15)]), frozenset([*range(5, 10), *range(15, 20)])]
    assert tables_isolate(rows, inside)
    assert not tables_isolate(rows, across)


def test_how_many_rose_is_hidden_when_the_others_are_few_or_nobody():
    assert publish(many((10, {}), (3, {"ratio": "0.8"})), STAGES).count("rose") is None
    assert publish(many((10, {})), STAGES).count("rose") is None
    shown = publish(many((10, {}), (5, {"ratio": "0.8"})), STAGES)
    assert (shown.count("rose"), shown.count("fell"), shown.count("measured")) == (10, 5, 15)


def test_those_that_stayed_the_same_are_not_left_over():
    view = publish(many((10, {}), (6, {"ratio": "0.8"}), (2, {"ratio": "1"})), STAGES)
    assert view.count("rose") == 10 and view.count("fell") is None


def test_the_flow_shows_no_stage_that_few_firms_did_not_reach():
    firms = many((20, {}), (2, {"ratio": None, "stages": ("admitted",)}))
    view = publish(firms, STAGES)
    assert (view.count("measured"), view.count("admitted"), view.count("graduated")) == (20, None, 20)


def test_no_firm_is_most_of_a_shown_total():
    even = publish(many((6, {})), STAGES)
    uneven = publish(many((5, {"before": 10}), (1, {"before": 1000})), STAGES)
    assert even.of_sums == D("1.2") and uneven.of_sums is None
    assert uneven.median == D("1.2")
