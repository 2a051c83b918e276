"""The report: 450 firms cold, warm and from its published form; 27,000 firms at the command line.

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
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.servers import call, cpu_of

FIRMS, MANY = 450, 27_000
MONTHS, CHANNELS = 24, ("mercado_libre", "social", "counter")
ROUNDS = 9
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
    found["columnar_ratio"] = None
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
        ("against a columnar engine", "not measured: none is installed", "4 x"),
    ]
    say(f"{'CPU time of':<48}{'found':>34}{'limit':>10}")
    for name, value, limit in rows:
        say(f"{name:<48}{value:>34}{limit:>10}")


def _measure_here() -> dict[str, Any]:
    from config import Config
    from lms.app import create_app
    from lms.foundation.db import db, transaction

    app = create_app(Config.from_environ())
    with app.app_context():
        db.create_all()
        with transaction():
            programme_id, lead = _write_world()
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


def _write_world() -> tuple[int, Any]:
    """A cohort that ended half a year ago: each firm with its year before and its months after."""
    from lms.accounts.models import Firm, Sector, User
    from lms.cohorts.models import Cohort, Enrolment, Programme
    from lms.curriculum.models import Course, CourseVersion
    from lms.foundation.clock import now, today
    from lms.foundation.db import db
    from lms.permissions import Role
    from lms.sales import months
    from lms.sales.models import Baseline, Channel, Figure, Tier

    chance, moment = random.Random(7), now()
    starts_on = today() - timedelta(weeks=44)
    lead = User(name="Lead", email="lead@example.org", role=Role.LEAD, created_at=moment)
    programme = Programme(name="Bench", convener="Bench", created_at=moment)
    programme.leads = [lead]
    course = Course(slug="fashion", sector=Sector.FASHION, title="Bench")
    db.session.add_all([lead, programme, course])
    db.session.flush()
    version = CourseVersion(
        course_id=course.id, number=1, content_hash="bench", title="Bench", summary="", hours=64, weeks=16,
        final_quiz_slug="", published_at=moment,
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    cohort = Cohort(
        programme_id=programme.id, course_version_id=version.id, name="Bench", starts_on=starts_on, rules={},
        created_at=moment,
    )  # fmt: skip
    db.session.add(cohort)
    db.session.flush()
    before = months.months_before(starts_on, 12)
    after = months.months_between(starts_on.replace(day=1), months.previous(months.first_of(today())))
    for number in range(FIRMS):
        firm = Firm(name=f"Firm {number}", sector=Sector.FASHION, state="PUE", city="", created_at=moment)
        db.session.add(firm)
        db.session.flush()
        enrolment = Enrolment(cohort_id=cohort.id, firm_id=firm.id, invited_at=moment, started_at=moment)
        db.session.add(enrolment)
        db.session.flush()
        size = chance.lognormvariate(9, 1)
        whose = {"enrolment_id": enrolment.id, "firm_id": firm.id, "user_id": lead.id}
        sold = {month: Decimal(f"{size * chance.lognormvariate(0, 0.3):.2f}") for month in [*before, *after]}
        rows = [[month.isoformat(), str(sold[month])] for month in before]
        db.session.add(Baseline(**whose, months=rows, frozen_at=moment))
        common = {**whose, "channel": Channel.COUNTER, "tier": Tier.D_RECORD, "declared_at": moment}
        db.session.add_all(Figure(**common, month=month, gross=gross) for month, gross in sold.items())
    return programme.id, lead


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", "only for measuring, 16+")
    json.dump(_measure_here(), sys.stdout)
