"""What a stranger may read of results: nothing about fewer than five firms, not even by subtracting.

A group is shown with its size and its median change. Two groups can be subtracted when one lies within the
other, so before a group is shown it is checked against everything shown already. Pure: firms in, what may
be shown out.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, product
from statistics import median

from lms.reports.effect import Effect, Kind, summarize

FEWEST = 5
# A total that is mostly one firm tells that firm's figure.
LARGEST_SHARE = Decimal("0.6")


@dataclass(frozen=True, kw_only=True)
class PublicFirm:
    """One firm as the public page counts it; the number is only a mark to tell firms apart."""

    number: int
    sector: str
    state: str
    effect: Effect
    stages: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One row of a table: a group by its key, or several small ones together (`keys` has them all)."""

    keys: tuple[str, ...]
    members: frozenset[int]
    median: Decimal

    @property
    def is_merged(self) -> bool:
        return len(self.keys) > 1

    @property
    def count(self) -> int:
        return len(self.members)


@dataclass(frozen=True, kw_only=True)
class PublicView:
    """Everything that the public page shows. What is None or absent is withheld.

    `counts` are numbers of firms by name: "measured", "rose", "fell" and the stages of the flow. `of_sums`
    is the change of all sales together. There are no pesos here.
    """

    median: Decimal | None = None
    quartiles: tuple[Decimal, Decimal] | None = None
    of_sums: Decimal | None = None
    counts: dict[str, frozenset[int]] = field(default_factory=dict)
    sectors: tuple[Cell, ...] = ()
    states: tuple[Cell, ...] = ()

    def count(self, name: str) -> int | None:
        """How many firms, or None when that may not be said."""
        return len(self.counts[name]) if name in self.counts else None


def publish(firms: Iterable[PublicFirm], stages: Sequence[str] = ()) -> PublicView:
    """What may be shown of these firms; `stages` are those of the flow, the more important first."""
    firms = list(firms)
    measured = [firm for firm in firms if firm.effect.is_measured]
    spread = summarize(firm.effect for firm in measured).spread
    if spread is None:
        return PublicView()
    sectors, states = _tables(measured)
    counts = _counts(firms, measured, stages, [sectors, states])
    return PublicView(
        median=spread.median,
        quartiles=spread.quartiles,
        of_sums=None if _is_mostly_one(measured) else spread.of_sums,
        counts=counts,
        sectors=_cells(sectors, measured),
        states=_cells(states, measured),
    )


# A table is its groups by their keys; merged ones have several.
Table = dict[tuple[str, ...], frozenset[int]]


def _tables(measured: Sequence[PublicFirm]) -> tuple[Table, Table]:
    """Sectors and states, the states merged until both tables together isolate nobody."""
    sectors = _partition(measured, lambda firm: firm.sector)
    states = _partition(measured, lambda firm: firm.state)
    while states and tables_isolate(sectors.values(), states.values()):
        states = _coarser(states)
    return sectors, states


def _partition(firms: Sequence[PublicFirm], key: Callable[[PublicFirm], str]) -> Table:
    """Every firm in one group of at least five; small ones are put together, with the next one if need be.

    A table with one row says nothing: it is left out.
    """
    groups: dict[str, set[int]] = {}
    for firm in firms:
        groups.setdefault(key(firm), set()).add(firm.number)
    table: Table = {(name,): frozenset(members) for name, members in groups.items()}
    while len(table) > 1 and min(map(len, table.values())) < FEWEST:
        table = _merge_two_smallest(table)
    return table if len(table) > 1 else {}


def _coarser(table: Table) -> Table:
    merged = _merge_two_smallest(table)
    return merged if len(merged) > 1 else {}


def _merge_two_smallest(table: Table) -> Table:
    """All that was merged already stays one row, so that there is a single "others"."""
    order = sorted(table, key=lambda keys: (len(keys) == 1, len(table[keys]), keys))
    if len(order[0]) == 1:
        order = sorted(table, key=lambda keys: (len(table[keys]), keys))
    first, second = order[:2]
    kept = {keys: members for keys, members in table.items() if keys not in (first, second)}
    return kept | {tuple(sorted(first + second)): table[first] | table[second]}


def tables_isolate(rows: Collection[frozenset[int]], columns: Collection[frozenset[int]]) -> bool:
    """Whether adding and subtracting groups of two tables of the same firms can leave fewer than five.

    Every sum that leaves whole firms gives each row a number and each column a number so that the two add
    up to 0 or 1 wherever a row and a column share firms. For fixed numbers of the rows, a column whose rows
    differ is settled; one whose rows agree is wholly in or wholly out, and has five firms or more.
    """
    rows = list(rows)
    if not rows or not columns:
        return False
    # Neighbouring rows differ by one at most, so none is further from the first than there are rows.
    reach = range(-len(rows) + 1, len(rows))
    for numbers in product(reach, repeat=len(rows) - 1):
        left = _left_by((0, *numbers), rows, columns)
        if left is not None and 0 < left < FEWEST:
            return True
    return False


def _left_by(
    numbers: Sequence[int], rows: Sequence[frozenset[int]], columns: Iterable[frozenset[int]]
) -> int | None:
    """How many firms these numbers of the rows leave over; None where no columns make whole firms."""
    left = 0
    for column in columns:
        pairs = zip(numbers, rows, strict=True)
        shared = [(number, len(row & column)) for number, row in pairs if row & column]
        low, high = min(number for number, _size in shared), max(number for number, _size in shared)
        if high - low > 1:
            return None
        if high > low:
            left += sum(size for number, size in shared if number == high)
    return left


def _counts(
    firms: Sequence[PublicFirm],
    measured: Sequence[PublicFirm],
    stages: Sequence[str],
    tables: Sequence[Table],
) -> dict[str, frozenset[int]]:
    """The numbers of firms that may be said, each checked against the tables and the numbers before it."""
    wanted = {
        "measured": frozenset(firm.number for firm in measured),
        "rose": frozenset(firm.number for firm in measured if firm.effect.kind is Kind.ROSE),
        "fell": frozenset(firm.number for firm in measured if firm.effect.kind is Kind.FELL),
    }
    for stage in stages:
        wanted[stage] = frozenset(firm.number for firm in firms if stage in firm.stages)
    counts: dict[str, frozenset[int]] = {}
    for name, group in wanted.items():
        # "All of them rose" would tell it of each one.
        tells_of_each = name in ("rose", "fell") and group == wanted["measured"]
        if len(group) >= FEWEST and not tells_of_each and not _isolates(group, list(counts.values()), tables):
            counts[name] = group
    return counts


def _isolates(group: frozenset[int], shown: Sequence[frozenset[int]], tables: Sequence[Table]) -> bool:
    """Whether this group, added to or subtracted from what is shown already, leaves one to four firms."""
    sums = [group, *(group | one for one in shown if not group & one)]
    of_tables = (_left_over(total, list(table.values())) for total in sums for table in tables)
    if any(0 < left < FEWEST for pair in of_tables for left in pair):
        return True
    return _combination_isolates(group, [*shown, *(one for table in tables for one in table.values())])


def _combination_isolates(group: frozenset[int], others: Sequence[frozenset[int]]) -> bool:
    """The same for every sum and difference of the group with one or two others."""
    everyone: frozenset[int] = group.union(*others)
    # Firms that are in the same groups stay together, so it is enough to look at one of each kind.
    kinds = Counter((one in group, *(one in other for other in others)) for one in everyone)
    places = range(1, len(others) + 1)
    for chosen in (*combinations(places, 1), *combinations(places, 2)):
        for signs in product((1, -1), repeat=len(chosen) + 1):
            if 0 < _left_of(kinds, list(zip(signs, (0, *chosen), strict=True))) < FEWEST:
                return True
    return False


def _left_of(kinds: Counter, columns: Sequence[tuple[int, int]]) -> int:
    """How many firms these signed groups leave; none where a firm counts other than once or not at all."""
    left = 0
    for kind, size in kinds.items():
        weight = sum(sign * kind[at] for sign, at in columns)
        if weight not in (0, 1):
            return 0
        left += weight * size
    return left


def _left_over(group: frozenset[int], layer: Sequence[frozenset[int]]) -> tuple[int, int]:
    """What is left of the group without those of the layer inside it, and of those around it without it."""
    nobody: frozenset[int] = frozenset()
    within = nobody.union(*(one for one in layer if one <= group))
    around = nobody.union(*(one for one in layer if one & group))
    return len(group - within) if within else 0, len(around - group) if group <= around else 0


def _is_mostly_one(measured: Sequence[PublicFirm]) -> bool:
    before = [firm.effect.before or Decimal(0) for firm in measured]
    after = [firm.effect.after or Decimal(0) for firm in measured]
    return any(max(amounts) > LARGEST_SHARE * sum(amounts) for amounts in (before, after))


def _cells(table: Table, measured: Sequence[PublicFirm]) -> tuple[Cell, ...]:
    """Rows by size, the merged ones last."""
    ratios = {firm.number: firm.effect.ratio for firm in measured}
    cells = [
        Cell(keys=keys, members=members, median=median(ratios[number] or Decimal(0) for number in members))
        for keys, members in table.items()
    ]
    return tuple(sorted(cells, key=lambda cell: (cell.is_merged, -cell.count, cell.keys)))
