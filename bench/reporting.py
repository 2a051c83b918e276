"""The report: 450 firms cold, warm and published; 27,000 at the command line, made by the job, and as files.

`python -m bench.reporting` measures 450 firms in a database of its own (DATA_DIR) and prints JSON;
`measure` starts that and the command line, each in a fresh process, so that what they load counts.
"""

import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.report_world import write_world
from bench.servers import call, cpu_of

FIRMS, MANY = 450, 27_000
MONTHS, CHANNELS = 24, ("mercado_libre", "social", "counter")
ROUNDS = 9
LARGE = ("made", "json", "csv", "xlsx")
COLUMNS = {
    "file": "changes and medians from the file, no statistics",
    "ledger": "the same from the ledger",
    "kept": "the same from the changes that the job has kept",
}
PYTHON = ("-m", "flask", "--app", "wsgi")


def measure(folder: Path) -> dict[str, Any]:
    """Both sizes, each in a process of its own."""
    data = folder / "report"
    data.mkdir()
    found = json.loads(call(data, "-m", "bench.reporting"))
    figures = folder / "figures.csv"
    write_figures(figures, MANY)
    before = _children_cpu()
    call(data, *PYTHON, "results", "evaluate", str(figures), "--start", "2025-01", "--json")
    found["many_s"] = round(_children_cpu() - before, 1)
    found["many_rows"] = MANY * MONTHS * len(CHANNELS)
    found["largest_child_mib"] = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
    found["columns"] = {"file": json.loads(call(data, "-m", "bench.columns", str(figures)))}
    large = folder / "large"
    large.mkdir()
    # Made first, in a process of its own, and then each file in another: what one took is not the next one's.
    found["large"] = {kind: json.loads(call(large, "-m", "bench.reporting", kind)) for kind in LARGE}
    found["columns"] |= json.loads(call(large, "-m", "bench.columns"))
    found["columnar_ratio"] = found["columns"]["kept"]["ratio"]  # the one that has a limit
    return found


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def write_figures(path: Path, firms: int) -> None:
    """Figures of invented firms, half of them without the programme, by channel."""
    chance = random.Random(20260105)
    months = [f"{2024 + at // 12}-{at % 12 + 1:02d}" for at in range(MONTHS)]
    with path.open("w", encoding="utf-8") as stream:
        stream.write("firm,month,pesos,group,channel\n")
        for number in range(firms):
            group, size = ("program", "comparison")[number % 2], chance.lognormvariate(9, 1)
            for month in months:
                for channel in CHANNELS:
                    sold = size * chance.lognormvariate(0, 0.4)
                    stream.write(f"F{number},{month},{sold:.2f},{group},{channel}\n")


def table(found: dict[str, Any], say: Callable[[str], None]) -> None:
    """Each figure beside its limit."""
    rows = [
        (f"report of {FIRMS} firms, first one of a process", f"{found['cold_s']:.2f} s", "1.5 s"),
        ("the same again (median)", f"{found['warm_s']:.2f} s", ""),
        ("its published form, whole page (median)", f"{found['snapshot_ms']:.0f} ms", "50 ms"),
        (f"{found['many_rows']:,} rows at the command line", f"{found['many_s']:.1f} s", "20 s"),
        ("largest process", f"{found['largest_child_mib']} MiB", ""),
    ]
    for kind, one in found["large"].items():
        limit = "" if kind == "made" else "30 s, 300"
        name = f"report of {MANY:,} firms, {kind}"
        rows.append((name, f"{one['cpu_s']:.1f} s, {one['memory_mib']} MiB", limit))
    say(f"{'CPU time of':<48}{'found':>34}{'limit':>10}")
    for name, value, limit in rows:
        say(f"{name:<48}{value:>34}{limit:>10}")
    for kind, words in COLUMNS.items():
        one = found["columns"][kind]
        engine = f"{one['engine']} {one['engine_seconds']:.3f} s"
        limit = "4 x" if kind == "kept" else ""
        say(f"{words:<48}{one['seconds']:>8.2f} s, {engine}: {one['ratio']:.1f} x{limit:>8}")


def _measure_here() -> dict[str, Any]:
    from config import Config
    from lms.app import create_app
    from lms.foundation.db import db, transaction

    app = create_app(Config.from_environ())
    with app.app_context():
        db.create_all()
        with transaction():
            programme_id, lead = write_world(FIRMS, 44, ("counter",))
        programme = _programme(programme_id)
        from lms.reports import snapshots
        from lms.reports.document import document_of
        from lms.reports.selection import select_from

        times = [_timed(lambda: document_of(select_from(programme))) for _round in range(ROUNDS)]
        with transaction():
            number = snapshots.publish(select_from(programme), by=lead).id
        person = f"{lead.id}.{lead.epoch}"
    client = app.test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": person, "_fresh": True, "since": _now()})
    answers = []
    for _round in range(ROUNDS + 1):
        answers.append(_timed(lambda: _expect_ok(client.get(f"/reports/{number}"))))
    return {
        "cold_s": round(times[0], 3),
        "warm_s": round(sorted(times[1:])[len(times) // 2], 3),
        "snapshot_ms": round(1000 * sorted(answers[1:])[len(answers) // 2], 1),
    }


def _measure_large(kind: str) -> dict[str, Any]:
    """The report of the largest programme made by its job, or a file of what was made."""
    from config import Config
    from lms.app import create_app
    from lms.foundation.db import db, transaction

    app = create_app(Config.from_environ())
    with app.test_request_context():
        from lms.reports import drafts, exports
        from lms.reports.selection import select_from

        if kind == "made":
            db.create_all()
            with transaction():
                programme_id, lead = write_world(MANY, 52, CHANNELS)
            with transaction():
                number = drafts.ask_for(select_from(_programme(programme_id)), by=lead).id
            seconds = _timed(lambda: drafts.make_report_draft(number))
        else:
            selection = select_from(_programme(1))
            seconds = _timed(lambda: exports.answer(kind, drafts.document_for(selection), 1).get_data())
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"cpu_s": round(seconds, 1), "memory_mib": round(most / 1024)}


def _expect_ok(response) -> None:
    if response.status_code != 200:
        raise SystemExit(f"the page answered {response.status_code}")


def _timed(work) -> float:
    """CPU seconds here and in the process of the statistics: what others do meanwhile does not count."""
    started = _cpu()
    work()
    return _cpu() - started


def _cpu() -> float:
    from lms.foundation import apart

    return time.process_time() + (cpu_of(apart.shared.pid) if apart.shared.pid else 0.0)


def _now() -> str:
    from lms.foundation import clock

    return clock.now().isoformat()


def _programme(number: int):
    from lms.cohorts.models import Programme
    from lms.foundation.db import db

    return db.session.get(Programme, number)


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", "only for measuring, 16+")
    json.dump(_measure_large(sys.argv[1]) if sys.argv[1:] else _measure_here(), sys.stdout)
