"""Each firm's change and the median of all: by the report's own functions, and by a columnar engine.

`python -m bench.columns FIGURES.csv` does it from a file, as the command line does; the engine reads it too.
`python -m bench.columns` does it from DATA_DIR: from the ledger, as the job does, and from the changes that
the job has kept, as the page does; the rows of the ledger lie in the engine's memory already, as it wants
them. The engine is DuckDB where that is installed, else pandas. Both ways print JSON.
"""

import json
import math
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

ROUNDS = 3
START = date(2025, 1, 1)
Medians = dict[str, float]
Work = Callable[[], Medians]


def measure(ours: Work, engine: Any, theirs: Work) -> dict[str, Any]:
    """CPU seconds of both in turn; both must find the same medians."""
    pairs = []
    for _round in range(ROUNDS):
        (found, own), (expected, other) = _timed(ours), _timed(theirs)
        if found.keys() != expected.keys() or not all(
            math.isclose(found[key], expected[key]) for key in found
        ):
            raise SystemExit(f"the medians differ: {found}, {expected}")
        pairs.append((own, other))
    return {
        "engine": engine.name,
        "seconds": round(median(own for own, _other in pairs), 2),
        "engine_seconds": round(median(other for _own, other in pairs), 3),
        "ratio": round(median(own / other for own, other in pairs), 1),
    }


def _timed(work: Work) -> tuple[Medians, float]:
    started = time.process_time()
    return work(), time.process_time() - started


def of_file(path: Path, engine: Any) -> dict[str, Any]:
    """What `results evaluate` does before the statistics: read, each firm's change, the middle of them."""
    from lms.foundation.garbage import uncollected
    from lms.reports import effect
    from lms.reports.evaluation import PRIMARY, Group
    from lms.reports.figures_file import read_figures

    when = effect.windows_from(START, 4, PRIMARY)
    compared = [date(month.year - 1, month.month, 1) for month in when.after]

    def ours() -> Medians:
        with uncollected():
            firms = read_figures(path).firms
            changes = [(firm.group, effect.effect_of(firm.totals, when, fewest=1)) for firm in firms]
            return {group.value: _middle([one for of, one in changes if of is group]) for group in Group}

    return measure(ours, engine, lambda: engine.of_file(path, compared, when.after))


def of_ledger(engine: Any) -> dict[str, Any]:
    """The lines of a report, in which there is much more than a change; and what the job has kept of them."""
    from sqlalchemy import select

    from lms.cohorts.models import Programme
    from lms.foundation.db import db
    from lms.foundation.garbage import uncollected
    from lms.reports.drafts import document_for
    from lms.reports.lines import lines_of
    from lms.reports.selection import select_from
    from lms.sales.models import Figure

    selection = select_from(db.session.get_one(Programme, 1))
    known = next(line.effect for line in lines_of(*selection.conditions()) if line.effect.adjusted)
    engine.take(db.session.execute(select(Figure.firm_id, Figure.month, Figure.gross)))

    def read() -> Medians:
        with uncollected():
            return {"program": _middle([line.effect for line in lines_of(*selection.conditions())])}

    def read_again() -> Medians:
        ratios = [row["ratio"] for row in document_for(selection)["firms"]]
        return {"program": median(ratio for ratio in ratios if ratio is not None)}

    def theirs() -> Medians:
        return engine.of_taken(known.compared, known.months)

    return {"ledger": measure(read, engine, theirs), "kept": measure(read_again, engine, theirs)}


def _middle(effects: list[Any]) -> float:
    from lms.reports.effect import summarize

    spread = summarize(effects).spread
    assert spread is not None
    return float(spread.median)


class DuckDB:
    def __init__(self) -> None:
        import duckdb

        self._connection = duckdb.connect()
        self._connection.execute("SET threads = 1")
        self.name = f"DuckDB {duckdb.__version__}"

    def of_file(self, path: Path, before: Sequence[date], after: Sequence[date]) -> Medians:
        rows = f"SELECT firm, \"group\", CAST(month || '-01' AS DATE) AS month, pesos FROM read_csv('{path}')"
        return self._medians(f"({rows})", before, after)

    def take(self, rows: Any) -> None:
        rows = _frame(rows)  # DuckDB finds it by this name.
        self._connection.execute(
            "CREATE TABLE taken AS SELECT * REPLACE (CAST(month AS DATE) AS month) FROM rows"
        )

    def of_taken(self, before: Sequence[date], after: Sequence[date]) -> Medians:
        return self._medians("taken", before, after)

    def _medians(self, rows: str, before: Sequence[date], after: Sequence[date]) -> Medians:
        was, then = (", ".join(f"DATE '{month}'" for month in some) for some in (before, after))
        asked = f"""
            WITH total AS (SELECT firm, "group", month, sum(pesos) AS sold FROM {rows} GROUP BY ALL),
            change AS (
                SELECT "group", avg(sold) FILTER (month IN ({was})) AS was,
                    avg(sold) FILTER (month IN ({then})) AS now
                FROM total GROUP BY firm, "group"
            )
            SELECT "group", median(now / was) FROM change WHERE was > 0 GROUP BY "group"
        """
        return dict(self._connection.execute(asked).fetchall())


class Pandas:
    def __init__(self) -> None:
        import pandas

        self._pandas = pandas
        self.name = f"pandas {pandas.__version__}"

    def of_file(self, path: Path, before: Sequence[date], after: Sequence[date]) -> Medians:
        rows = self._pandas.read_csv(path, dtype={"month": "category", "group": "category"})
        months = rows["month"].cat.rename_categories(self._pandas.to_datetime)
        return self._medians(rows.assign(month=months), before, after)

    def take(self, rows: Any) -> None:
        self._rows = _frame(rows)

    def of_taken(self, before: Sequence[date], after: Sequence[date]) -> Medians:
        return self._medians(self._rows, before, after)

    def _medians(self, rows: Any, before: Sequence[date], after: Sequence[date]) -> Medians:
        was, now = (self._means(rows, some) for some in (before, after))
        ratios = (now / was)[was > 0]
        return dict(ratios.groupby(level="group", observed=True).median())

    def _means(self, rows: Any, months: Sequence[date]) -> Any:
        chosen = rows[rows["month"].isin(self._pandas.to_datetime(list(months)))]
        return chosen.groupby(["firm", "group"], observed=True)["pesos"].sum() / len(months)


def _frame(rows: Any) -> Any:
    import pandas

    found = pandas.DataFrame(
        ((firm, month, float(gross)) for firm, month, gross in rows), columns=["firm", "month", "pesos"]
    )
    found["month"] = pandas.to_datetime(found["month"])
    found["group"] = pandas.Categorical(["program"] * len(found))
    return found


def engine() -> Any:
    try:
        return DuckDB()
    except ImportError:
        return Pandas()


def main(given: Sequence[str]) -> dict[str, Any]:
    if given:
        return of_file(Path(given[0]), engine())
    from config import Config
    from lms.app import create_app

    with create_app(Config.from_environ()).app_context():
        return of_ledger(engine())


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", "only for measuring, 16+")
    json.dump(main(sys.argv[1:]), sys.stdout)
