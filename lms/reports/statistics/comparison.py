"""Programme firms against comparison firms: difference in differences, ANCOVA, and Poisson with zeros.

Firms that started in different months are compared within their own months: each start is a block with the
comparison firms of the same months, and a firm that serves in two blocks is one cluster.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from lms.reports.statistics.least_squares import least_squares, poisson
from lms.reports.statistics.shapes import LEVEL, Array, Errors, Estimate

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


@dataclass(frozen=True, kw_only=True, eq=False)
class Observed:
    """The same of many firms, each kind of number in one array; `block` is empty where there is one."""

    firm: Array
    in_program: Array
    before: Array
    after: Array
    block: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.before)

    def where(self, wanted: Array) -> "Observed":
        block = [one for one, yes in zip(self.block, wanted, strict=True) if yes] if self.block else ()
        return Observed(
            firm=self.firm[wanted],
            in_program=self.in_program[wanted],
            before=self.before[wanted],
            after=self.after[wanted],
            block=block,
        )


Rows: TypeAlias = Sequence[Observation] | Observed


def observed(rows: Rows) -> Observed:
    """Rows as arrays."""
    import numpy as np

    if isinstance(rows, Observed):
        return rows
    return Observed(
        firm=np.array([row.firm for row in rows]),
        in_program=np.array([row.in_program for row in rows], dtype=bool),
        before=np.array([row.before for row in rows], dtype=float),
        after=np.array([row.after for row in rows], dtype=float),
        block=[row.block for row in rows],
    )


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


def difference_in_differences(given: Rows, level: float = LEVEL) -> Contrast:
    """Log sales on group, after and both, two rows a firm: errors clustered by firm.

    The robust errors (HC2) are those of the same number found from one change a firm. Needs sales above zero
    on both sides: a logarithm of zero there is none, and nothing is added to make one.
    """
    import numpy as np

    rows = observed(given)
    before, after = np.log(rows.before), np.log(rows.after)
    constants, group = _blocks(rows), rows.in_program.astype(float)
    firms = np.concatenate([rows.firm, rows.firm])
    outcome = np.concatenate([before, after])
    clustered = least_squares(outcome, _twice(constants, group), Errors.CLUSTER, firms, level)
    robust = least_squares(after - before, {**constants, EFFECT: group}, Errors.HC2, level=level)
    return _contrast(rows, clustered[EFFECT], robust[EFFECT])


def ancova(given: Rows, sectors: Sequence[str] = (), level: float = LEVEL) -> Contrast:
    """Log sales after on log sales before and group; sectors enter as they are given."""
    import numpy as np

    rows = observed(given)
    columns = _blocks(rows) | _dummies("sector", sectors)
    columns["before"] = np.log(rows.before)
    columns[IN_PROGRAM] = rows.in_program.astype(float)
    outcome = np.log(rows.after)
    clustered = least_squares(outcome, columns, Errors.CLUSTER, rows.firm, level)
    robust = least_squares(outcome, columns, Errors.HC2, level=level)
    return _contrast(rows, clustered[IN_PROGRAM], robust[IN_PROGRAM])


def poisson_ratio(given: Rows, level: float = LEVEL) -> Contrast | None:
    """The ratio of the two groups' ratios of mean sales, firms with zeros included (as a logarithm).

    None where a whole group or block sold nothing on one side.
    """
    rows = observed(given)
    if any(_sold_nothing(rows, part) for part in _parts(rows)):
        return None
    return _poisson(rows, _twice(_blocks(rows), rows.in_program.astype(float)), EFFECT, level)


def poisson_change(given: Rows, level: float = LEVEL) -> Contrast | None:
    """One group's ratio of mean sales after to before, firms with zeros included (as a logarithm)."""
    import numpy as np

    rows = observed(given)
    if _sold_nothing(rows, np.ones(len(rows), dtype=bool)):
        return None
    one, nothing = np.ones(len(rows)), np.zeros(len(rows))
    columns = {"constant": np.concatenate([one, one]), "after": np.concatenate([nothing, one])}
    return _poisson(rows, columns, "after", level)


def _parts(rows: Observed) -> Iterator[Array]:
    """The two groups and every block, each as a mask."""
    import numpy as np

    yield rows.in_program
    yield ~rows.in_program
    names = np.asarray(rows.block)
    for name in sorted(set(rows.block)):
        yield names == name


def _sold_nothing(rows: Observed, part: Array) -> bool:
    return not rows.before[part].any() or not rows.after[part].any()


def _poisson(rows: Observed, columns: dict[str, Array], wanted: str, level: float) -> Contrast:
    import numpy as np

    firms = np.concatenate([rows.firm, rows.firm])
    outcome = np.concatenate([rows.before, rows.after])
    clustered = poisson(outcome, columns, Errors.CLUSTER, firms, level)
    robust = poisson(outcome, columns, Errors.HC1, level=level)
    return _contrast(rows, clustered[wanted], robust[wanted])


def _contrast(rows: Observed, clustered: Estimate, robust: Estimate) -> Contrast:
    import numpy as np

    return Contrast(
        clustered=clustered,
        robust=robust,
        program=len(np.unique(rows.firm[rows.in_program])),
        comparison=len(np.unique(rows.firm[~rows.in_program])),
    )


def _blocks(rows: Observed) -> dict[str, Array]:
    """A constant, and one column for every block but the first."""
    import numpy as np

    return {"constant": np.ones(len(rows)), **_dummies("block", rows.block)}


def _dummies(name: str, values: Sequence[str]) -> dict[str, Array]:
    import numpy as np

    given = np.asarray(values)
    return {f"{name} {value}": (given == value).astype(float) for value in sorted(set(values))[1:]}


def _twice(constants: dict[str, Array], group: Array) -> dict[str, Array]:
    """The columns for two rows a firm: all rows before, then all rows after."""
    import numpy as np

    nothing = np.zeros(len(group))
    columns: dict[str, Array] = {}
    for name, values in (*constants.items(), (IN_PROGRAM, group)):
        columns[name] = np.concatenate([values, values])
        columns[f"{name} after"] = np.concatenate([nothing, values])
    return columns
