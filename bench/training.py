"""The trainer's day: every piece of work that waits, Today, and the grid of the largest cohort.

`python -m bench.training` opens them in the invented programme of DATA_DIR, from inside the server process,
and prints JSON: the time from the request to the whole page, and what the database is asked.
"""

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.servers import call

ROUNDS = 30
# Moodle 4.5.5, a page of its grader for 100 people, CPU milliseconds (see docs/performance.md).
MOODLE_GRADER = 219
# Whose limit each figure has: milliseconds at the 95th percentile, and queries.
MOST_MS, MOST_QUERIES = 150, 12
NAMES = {
    "next": "next piece of work, over all that wait",
    "queue": "the queue",
    "today": "Today of the trainer with most work",
    "grid": "grid of the largest cohort",
}


def measure(folder: Path) -> dict[str, Any]:
    """In a process of its own, so that what it loads is only what it needs."""
    data = folder / "trainer"
    data.mkdir()
    call(data, "-m", "lms.serve", "--prepare")
    return json.loads(call(data, "-m", "bench.training"))


def table(found: dict[str, Any], say: Callable[[str], None]) -> None:
    """Each figure beside its limit."""
    say(f"{'at the server':<42}{'pages':>7}{'p50':>10}{'p95':>10}{'queries':>9}")
    for key, name in NAMES.items():
        one = found[key]
        fits = one["p95_ms"] <= MOST_MS and one["queries"] <= MOST_QUERIES
        say(
            f"{name:<42}{one['pages']:>7}{one['p50_ms']:>7.1f} ms{one['p95_ms']:>7.1f} ms{one['queries']:>9}"
            f"   {'ok' if fits else 'NOT YET'} (at most {MOST_MS} ms, {MOST_QUERIES} queries)"
        )
    grader = found["next"]["cpu_ms"]
    say(f"{'a page of the grader, CPU':<42}{grader:>24.1f} ms")
    say(f"{'Moodle, a page of its grader (100 people), CPU':<46}{MOODLE_GRADER:>16} ms, measured elsewhere")


def _measure_here() -> dict[str, Any]:
    from bench.inside import client_of, counting
    from config import Config
    from lms.app import create_app
    from lms.foundation.db import db

    app = create_app(Config.from_environ())
    gc.freeze()  # as the server does before it takes requests
    with app.test_request_context():
        works, busiest, grid, lead = _choose()
        engine = db.engine
        db.session.rollback()
    clients = {number: client_of(app, number) for number in {*works.values(), busiest, lead}}
    pages = {
        "next": [(clients[trainer], f"/submissions/{work}/review") for work, trainer in works.items()],
        "queue": [(clients[busiest], "/review")] * ROUNDS,
        "today": [(clients[busiest], "/home")] * ROUNDS,
        "grid": [(clients[lead], f"/cohorts/{grid}/grid")] * ROUNDS,
    }
    return {name: _times(opened, lambda: counting(engine)) for name, opened in pages.items()}


def _times(opened: list[tuple[Any, str]], counting: Callable[[], Any]) -> dict[str, Any]:
    for client, path in opened[:3]:
        client.get(path)  # templates and plans are there on every day but the first
    waits, asked, used = [], [], []
    for client, path in opened:
        with counting() as queries:
            begun, cpu = time.perf_counter(), time.process_time()
            answer = client.get(path)
            waits.append(time.perf_counter() - begun)
            used.append(time.process_time() - cpu)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        asked.append(len(queries))
    return {
        "pages": len(opened),
        "p50_ms": round(1000 * median(waits), 1),
        "p95_ms": round(1000 * quantiles(waits, n=20)[-1], 1),
        "cpu_ms": round(1000 * median(used), 1),
        "queries": max(asked),
    }


def _choose() -> tuple[dict[int, int], int, int, int]:
    """Each piece of work that waits with a trainer of its cohort, the trainer with most of it, the largest
    cohort and who leads it."""
    from collections import Counter

    from sqlalchemy import func, select

    from lms.assignments.models import Submission, SubmissionState
    from lms.cohorts.models import AT_WORK, Cohort, Enrolment, cohort_trainer
    from lms.foundation.db import db

    waiting = (
        select(Submission.id, func.min(cohort_trainer.c.user_id))
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(cohort_trainer, cohort_trainer.c.cohort_id == Enrolment.cohort_id)
        .where(Submission.state == SubmissionState.HANDED_IN, Enrolment.state.in_(AT_WORK))
        .group_by(Submission.id)
        .order_by(Submission.id)
    )
    works = {work: trainer for work, trainer in db.session.execute(waiting)}
    sizes = select(Enrolment.cohort_id).group_by(Enrolment.cohort_id).order_by(func.count().desc()).limit(1)
    largest = db.session.get_one(Cohort, db.session.scalars(sizes).one())
    busiest = Counter(works.values()).most_common(1)[0][0]
    return works, busiest, largest.id, largest.programme.leads[0].id


if __name__ == "__main__":
    json.dump(_measure_here(), sys.stdout)
