"""Programme firms against comparison firms: difference in differences, ANCOVA, and Poisson with zeros.

Firms that started in different months are compared within their own months: each start is a block with the
comparison firms of the same months, and a firm that serves in two blocks is one cluster.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.reports.statistics.least_squares import least_squares, poisson
from lms.reports.statistics.shapes import LEVEL, Errors, Estimate

IN_PROGRAM = "program"
EFFECT = "program after"


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One firm's sales a month before and after, in one block of firms with the same months."""

    firm: str
    in_program: bool
    before: float
    after: float
    block: str = ""


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """One number by two kinds of errors. `value` is on the scale of the regression (mostly logarithms)."""

    clustered: Estimate
    robust: Estimate
    program: int
    comparison: int

    @property
    def value(self) -> float:
        return self.clustered.value


def difference_in_differences(rows: Sequence[Observation], level: float = LEVEL) -> Contrast:
    """Log sales on group, after and both, two rows a firm: errors clustered by firm.

    The robust errors (HC2) are those of the same number found from one change a firm. Needs sales above zero
    on both sides: a logarithm of zero there is none, and nothing is added to make one.
    """
    import numpy as np

    before, after = np.log([row.before for row in rows]), np.log([row.after for row in rows])
    constants = _blocks(rows)
    group = [float(row.in_program) for row in rows]
    panel = _twice(constants, group)
    firms = [row.firm for row in rows] * 2
    outcome = np.concatenate([before, after])
    clustered = least_squares(outcome, panel, Errors.CLUSTER, firms, level)
    robust = least_squares(after - before, {**constants, EFFECT: group}, Errors.HC2, level=level)
    return _contrast(rows, clustered[EFFECT], robust[EFFECT])


def ancova(rows: Sequence[Observation], sectors: Sequence[str] = (), level: float = LEVEL) -> Contrast:
    """Log sales after on log sales before and group; sectors enter as they are given."""
    import numpy as np

    columns: dict[str, Sequence[float]] = _blocks(rows)
    columns |= _dummies("sector", sectors)
    columns["before"] = list(np.log([row.before for row in rows]))
    columns[IN_PROGRAM] = [float(row.in_program) for row in rows]
    outcome = np.log([row.after for row in rows])
    firms = [row.firm for row in rows]
    clustered = least_squares(outcome, columns, Errors.CLUSTER, firms, level)
    robust = least_squares(outcome, columns, Errors.HC2, level=level)
    return _contrast(rows, clustered[IN_PROGRAM], robust[IN_PROGRAM])


def poisson_ratio(rows: Sequence[Observation], level: float = LEVEL) -> Contrast | None:
    """The ratio of the two groups' ratios of mean sales, firms with zeros included (as a logarithm).

    None where a whole group or block sold nothing on one side.
    """
    parts = {(row.in_program, "") for row in rows} | {(None, row.block) for row in rows}
    if any(_sold_nothing([row for row in rows if _is_in(row, part)]) for part in parts):
        return None
    columns = _twice(_blocks(rows), [float(row.in_program) for row in rows])
    return _poisson(rows, columns, EFFECT, level)


def poisson_change(rows: Sequence[Observation], level: float = LEVEL) -> Contrast | None:
    """One group's ratio of mean sales after to before, firms with zeros included (as a logarithm)."""
    if _sold_nothing(rows):
        return None
    one = [1.0] * len(rows)
    nothing = [0.0] * len(rows)
    columns = {"constant": one * 2, "after": nothing + one}
    return _poisson(rows, columns, "after", level)


def _is_in(row: Observation, part: tuple[bool | None, str]) -> bool:
    in_program, block = part
    return row.block == block if in_program is None else row.in_program is in_program


def _sold_nothing(rows: Sequence[Observation]) -> bool:
    return not any(row.before for row in rows) or not any(row.after for row in rows)


def _poisson(rows: Sequence[Observation], columns: dict, wanted: str, level: float) -> Contrast:
    firms = [row.firm for row in rows] * 2
    outcome = [row.before for row in rows] + [row.after for row in rows]
    clustered = poisson(outcome, columns, Errors.CLUSTER, firms, level)
    robust = poisson(outcome, columns, Errors.HC1, level=level)
    return _contrast(rows, clustered[wanted], robust[wanted])


def _contrast(rows: Sequence[Observation], clustered: Estimate, robust: Estimate) -> Contrast:
    return Contrast(
        clustered=clustered,
        robust=robust,
        program=len({row.firm for row in rows if row.in_program}),
        comparison=len({row.firm for row in rows if not row.in_program}),
    )


def _blocks(rows: Sequence[Observation]) -> dict[str, Sequence[float]]:
    """A constant, and one column for every block but the first."""
    return {"constant": [1.0] * len(rows), **_dummies("block", [row.block for row in rows])}


def _dummies(name: str, values: Sequence[str]) -> dict[str, Sequence[float]]:
    return {f"{name} {value}": [float(one == value) for one in values] for value in sorted(set(values))[1:]}


def _twice(constants: dict[str, Sequence[float]], group: Sequence[float]) -> dict[str, list[float]]:
    """The columns for two rows a firm: all rows before, then all rows after."""
    nothing = [0.0] * len(group)
    columns: dict[str, list[float]] = {}
    for name, values in (*constants.items(), (IN_PROGRAM, group)):
        columns[name] = [*values, *values]
        columns[f"{name} after"] = [*nothing, *values]
    return columns
