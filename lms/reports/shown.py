"""The public part of a frozen report: what strangers read, and what two of them would tell together. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from lms.reports.disclosure import FEWEST, PublicFirm, PublicView
from lms.reports.effect import MEASURED, Kind


@dataclass(frozen=True)
class ShownCell:
    """One row of a public table: a group by its keys, its size and its typical change."""

    keys: tuple[str, ...]
    count: int
    median: float

    @property
    def is_merged(self) -> bool:
        return len(self.keys) > 1


@dataclass(frozen=True)
class ShownView:
    """Everything that the public page shows; what is None or absent is withheld."""

    median: float | None
    quartiles: tuple[float, float] | None
    of_sums: float | None
    counts: Mapping[str, int]
    sectors: tuple[ShownCell, ...]
    states: tuple[ShownCell, ...]

    def count(self, name: str) -> int | None:
        return self.counts.get(name)


def as_data(view: PublicView) -> dict[str, Any]:
    def cells(rows) -> list[dict[str, Any]]:
        return [{"keys": list(row.keys), "count": row.count, "median": row.median} for row in rows]

    return {
        "median": view.median,
        "quartiles": list(view.quartiles) if view.quartiles else None,
        "of_sums": view.of_sums,
        "counts": {name: len(group) for name, group in view.counts.items()},
        "sectors": cells(view.sectors),
        "states": cells(view.states),
    }


def from_data(data: Mapping[str, Any] | None) -> ShownView:
    """The view that was frozen; without one, nothing is shown."""
    if data is None:
        return ShownView(None, None, None, {}, (), ())

    def cells(rows) -> tuple[ShownCell, ...]:
        return tuple(ShownCell(tuple(row["keys"]), row["count"], row["median"]) for row in rows)

    quartiles = data["quartiles"]
    return ShownView(
        data["median"],
        (quartiles[0], quartiles[1]) if quartiles else None,
        data["of_sums"],
        data["counts"],
        cells(data["sectors"]),
        cells(data["states"]),
    )


# A firm's row before and after; None where it was in only one of them.
Pair: TypeAlias = tuple[Sequence[Any] | None, Sequence[Any] | None]
# Places in a row of `rests_on`.
NUMBER, SECTOR, STATE, KIND, STAGES = 0, 1, 2, 3, 6


def rests_on(firms: Sequence[PublicFirm]) -> list[list[Any]]:
    """What each firm brings into the public numbers: its mark, where it stands, its change, its stages."""
    return [
        [
            firm.number,
            firm.sector,
            firm.state,
            firm.effect.kind.value,
            str(firm.effect.before),
            str(firm.effect.after),
            sorted(firm.stages),
        ]
        for firm in sorted(firms, key=lambda firm: firm.number)
    ]


def may_follow(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a reader of both public parts learns of no group of one to four firms what changed in it.

    Of all firms, and of every group that either of them shows, none may differ, or five and more.
    """
    old = {row[NUMBER]: row for row in before["rests_on"]}
    new = {row[NUMBER]: row for row in after["rests_on"]}
    pairs: list[Pair] = [(old.get(number), new.get(number)) for number in old.keys() | new.keys()]
    differing = [pair for pair in pairs if pair[0] != pair[1]]
    groups: list[list[Pair]] = [differing]
    for part in (before["shown"], after["shown"]):
        groups += [_within(differing, SECTOR, set(cell["keys"])) for cell in part["sectors"]]
        groups += [_within(differing, STATE, set(cell["keys"])) for cell in part["states"]]
    for name in before["shown"]["counts"].keys() | after["shown"]["counts"].keys():
        groups.append([pair for pair in differing if _counts(pair[0], name) != _counts(pair[1], name)])
    return not any(0 < len(group) < FEWEST for group in groups)


def _within(pairs: Sequence[Pair], place: int, keys: set[str]) -> list[Pair]:
    return [pair for pair in pairs if any(row is not None and row[place] in keys for row in pair)]


def _counts(row: Sequence[Any] | None, name: str) -> bool:
    """Whether a firm is one of those that the number of this name counts."""
    if row is None:
        return False
    if name == "measured":
        return Kind(row[KIND]) in MEASURED
    return row[KIND] == name or name in row[STAGES]
