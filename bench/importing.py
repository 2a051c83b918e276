"""Importing a file of sales, and the bare work that it cannot do without: reading the CSV, keeping each row.

`python -m bench.importing ROUNDS` prints JSON: CPU seconds of both in turn. The anchor is Python's csv
module and one sqlite3 `executemany` into a plain table, with the same promises about power cuts.
"""

import csv
import gc
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from sqlalchemy import select

from config import Config
from lms.app import create_app
from lms.cohorts.models import AT_WORK, Enrolment
from lms.foundation.db import db, transaction
from lms.sales import services
from lms.sales.importers.layout import Setting
from lms.sales.models import Channel, SalesImport

ROWS = 200_000
GOAL = 0.25
HEADER = ["Fecha", "Folio", "Cliente", "Producto", "Cantidad", "Precio", "Total", "Estatus"]


def write_file(path: Path, rows: int, lines: int) -> None:
    """Orders of a year with so many lines each, as a shop writes them."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for number in range(rows):
            order = number // lines
            day = f"{order % 28 + 1:02d}/{order // 28 % 12 + 1:02d}/2024 {number % 24:02d}:15"
            pieces, price = chance.randint(1, 5), chance.randint(1000, 99_999)
            writer.writerow(
                [day, f"A-{order}", f"Persona {order % 997}", "Bolsa de piel", pieces, f"{price / 100:.2f}",
                 f"{pieces * price / 100:,.2f}", "Pagado"]
            )  # fmt: skip


def bare(path: Path, folder: Path) -> float:
    """CPU seconds of keeping every row as it stands."""
    target = folder / "bare.db"
    target.unlink(missing_ok=True)
    connection = sqlite3.connect(target, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    columns = ", ".join(f"c{place}" for place in range(len(HEADER)))
    connection.execute(f"CREATE TABLE sale (id INTEGER PRIMARY KEY, {columns})")
    marks = ", ".join("?" for _ in HEADER)
    started = time.process_time()
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"INSERT INTO sale ({columns}) VALUES ({marks})", rows)
        connection.execute("COMMIT")
    spent = time.process_time() - started
    connection.close()
    return spent


def ours(path: Path) -> float:
    """CPU seconds of a whole import: told by its columns, read, compared, written; then taken back."""
    with transaction():
        enrolment = db.session.scalars(select(Enrolment).where(Enrolment.state.in_(AT_WORK))).first()
        assert enrolment is not None
        enrolment_id = enrolment.id
    started = time.process_time()
    given = [(path.name, lambda: path.open("rb"))]
    (read,) = services.read_tables(given, Channel.OWN_SHOP, Setting(zone="America/Mexico_City"), guess=True)
    with transaction():
        enrolment = db.session.get_one(Enrolment, enrolment_id)
        by = enrolment.firm.people[0]
        done, _plan = services.import_batch(
            enrolment, read.channel, read.batch, read.file_hash, by=by, actor_id=None
        )
    spent = time.process_time() - started
    with transaction():
        assert done is not None
        services.undo_import(db.session.get_one(SalesImport, done.id), by=by)
    return spent


def main(rounds: int) -> None:
    found = {}
    app = create_app(Config.from_environ())
    with app.app_context(), tempfile.TemporaryDirectory(prefix="pespunte-bench-import-") as name:
        folder = Path(name)
        for label, lines in (("orders of one line", 1), ("orders of twenty lines", 20)):
            path = folder / "orders.csv"
            write_file(path, ROWS, lines)
            # The first round fills caches: it does not count.
            found[label] = [(ours(path), bare(path, folder)) for _ in range(rounds + 1)][1:]
    print(json.dumps(found))


def summary(pairs: dict[str, list[tuple[float, float]]]) -> dict[str, dict[str, float]]:
    """Rows per CPU second of both, and their ratio: the median of the rounds."""
    return {
        label: {
            "rows_per_second": round(ROWS / median(ours for ours, _bare in some)),
            "bare_rows_per_second": round(ROWS / median(bare for _ours, bare in some)),
            "ratio": round(median(bare / ours for ours, bare in some), 3),
            "n": len(some),
        }
        for label, some in pairs.items()
    }


def table(found: dict[str, dict[str, float]], say: Callable[[str], None]) -> None:
    """The same for people to read."""
    head = f"sales import, {ROWS:,} rows"
    say(f"{head:<34}{'rows/s':>10}{'bare sqlite3':>14}{'ratio':>8}   goal")
    for label, one in found.items():
        speeds = f"{one['rows_per_second']:>10,}{one['bare_rows_per_second']:>14,}"
        say(f"{label:<34}{speeds}{one['ratio']:>8.2f}   {GOAL}")


if __name__ == "__main__":
    # What a file holds is no garbage: the command does the same.
    gc.disable()
    main(int(sys.argv[1]))
