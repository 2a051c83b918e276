"""The outbox of jobs: work written in the same transaction as the change that wants it, done after it is
kept.

A row is the truth: a job that is delivered twice, or whose worker is killed, is claimed again after its
lease and
acts once, because its effects and its `done_at` are kept in one transaction.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.clock import now
from lms.foundation.db import Key, Model, db, insert_into, transaction
from lms.foundation.log import Logger

LEASE = timedelta(minutes=5)
# Before the second, third … attempt; after the last the job is dead. A mail server that says "later" mostly
# means seconds, one that is away means hours.
BACK_OFF = (
    *(timedelta(seconds=seconds) for seconds in (2, 5, 10, 20)),
    *(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)),
)
KEEP_DONE = timedelta(days=14)
BATCH = 100

log = Logger("jobs")
Function = TypeVar("Function", bound=Callable[..., None])

_functions: dict[str, Callable[..., None]] = {}
_long: set[str] = set()
_schedule: dict[str, timedelta] = {}


class Job(Model):
    """One piece of work to do once, at or after `run_at`."""

    id: Mapped[Key]
    name: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(unique=True)
    run_at: Mapped[datetime] = mapped_column(index=True)
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]

    @property
    def reason(self) -> str:
        """The kind of error alone: its words may hold what a firm wrote or sold."""
        return (self.error or "").partition(":")[0]


def job(function: Function) -> Function:
    """Make a function runnable by name from the outbox. It is called inside a transaction of its own."""
    _functions[function.__name__] = function
    return function


def long_job(function: Function) -> Function:
    """A job that takes long and keeps its own transactions short, so that others can write meanwhile.

    It may be done twice (when its worker is killed): the second time has to lead to the same.
    """
    _long.add(function.__name__)
    return job(function)


def every(interval: timedelta) -> Callable[[Function], Function]:
    """Make a function of no arguments run once in each `interval`, on whichever worker comes first."""

    def decorate(function: Function) -> Function:
        _schedule[function.__name__] = interval
        return job(function)

    return decorate


def enqueue(
    function: Callable[..., None], *, key: str | None = None, run_at: datetime | None = None, **arguments
):
    """Write a job into the present transaction. With a `key`, a job that was ever asked for is not asked
    again."""
    name = function.__name__
    if name not in _functions:
        raise LookupError(f"{name} is not a job")
    row = {"name": name, "arguments": arguments, "key": key, "run_at": run_at or now()}
    db.session.execute(insert_into(Job, _once), row)


def _once(job: Any, _table: Any) -> Any:
    """Two workers may ask for the same at the same moment: neither shall stumble over the other."""
    return job.on_conflict_do_nothing(index_elements=["key"])


def run_due(limit: int = BATCH) -> int:
    """Do what is due, oldest first; give how many jobs were tried."""
    _ask_for_what_recurs()
    tried = 0
    while tried < limit and (claimed := _claim()) is not None:
        _do(*claimed)
        tried += 1
    return tried


def dead_jobs() -> list[Job]:
    """Jobs that failed for good, for a person to look at."""
    return list(db.session.scalars(select(Job).where(Job.dead_at.is_not(None)).order_by(Job.dead_at.desc())))


def revive(job: Job) -> None:
    """Try a dead job again from the beginning, as soon as the worker comes by."""
    job.dead_at, job.attempts, job.run_at, job.leased_until = None, 0, now(), None


def start_worker(app: Flask, pause: float = 2.0) -> threading.Event:
    """Run due jobs in a thread beside the server until the returned event is set."""
    stop = threading.Event()

    def loop() -> None:
        idle = True
        while not stop.wait(pause if idle else 0):
            idle = True
            try:
                with app.app_context():
                    idle = run_due(BATCH) < BATCH
            except Exception:  # the worker outlives a database that is away for a while
                log.exception("worker_failed")

    threading.Thread(target=loop, name="jobs", daemon=True).start()
    return stop


def _ask_for_what_recurs() -> None:
    moment = now()
    wanted = {
        f"{name}:{int(moment.timestamp() // interval.total_seconds())}": name
        for name, interval in _schedule.items()
    }
    known = set(db.session.scalars(select(Job.key).where(Job.key.in_(wanted))))
    db.session.rollback()
    for key in wanted.keys() - known:
        with transaction():
            enqueue(_functions[wanted[key]], key=key)


def _claim() -> tuple[int, str, dict[str, Any], int] | None:
    moment = now()
    free = Job.leased_until.is_(None) | (Job.leased_until < moment)
    waiting = Job.done_at.is_(None) & Job.dead_at.is_(None) & (Job.run_at <= moment) & free
    if db.session.scalar(select(Job.id).where(waiting).limit(1)) is None:
        db.session.rollback()
        return None
    with transaction():
        oldest = (
            select(Job.id)
            .where(waiting)
            .order_by(Job.run_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = db.session.execute(
            update(Job)
            .where(Job.id == oldest.scalar_subquery())
            .values(leased_until=moment + LEASE, attempts=Job.attempts + 1)
            .returning(Job.id, Job.name, Job.arguments, Job.attempts)
        ).one_or_none()
    return tuple(row) if row else None


def _do(job_id: int, name: str, arguments: dict[str, Any], attempts: int) -> None:
    try:
        if name in _long:
            _functions[name](**arguments)
        with transaction():
            if name not in _long:
                _functions[name](**arguments)
            db.session.execute(update(Job).where(Job.id == job_id).values(done_at=now(), error=None))
    except Exception as failure:
        log.warning("job_failed", job=name, id=job_id, attempt=attempts, error=type(failure).__name__)
        _put_back(job_id, attempts, f"{type(failure).__name__}: {failure}"[:500])


def _put_back(job_id: int, attempts: int, error: str) -> None:
    changes: dict[str, Any] = {"error": error, "leased_until": None}
    if attempts > len(BACK_OFF):
        changes["dead_at"] = now()
    else:
        changes["run_at"] = now() + BACK_OFF[attempts - 1]
    with transaction():
        db.session.execute(update(Job).where(Job.id == job_id).values(**changes))


@every(timedelta(days=1))
def forget_done_jobs() -> None:
    """Keep the outbox short: what was done two weeks ago is of no more use."""
    db.session.execute(delete(Job).where(Job.done_at < now() - KEEP_DONE))
