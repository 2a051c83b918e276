"""The outbox of jobs: what is asked for and kept is done, once, sooner or later, or shown to a person."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lms.foundation import clock, jobs
from lms.foundation.clock import now
from lms.foundation.db import db, transaction
from lms.foundation.jobs import BACK_OFF, LEASE, Job, dead_jobs, enqueue, job, run_due
from tests import build

_done: list[int] = []
_fail: list[Exception] = []


@job
def sample_job(number: int) -> None:
    build.user(f"Persona {number}")
    if _fail:
        raise _fail[0]
    _done.append(number)


@pytest.fixture(autouse=True)
def only_these_jobs(app, monkeypatch):
    """The house's own recurring jobs are left out, so that counts are those of the test."""
    monkeypatch.setattr(jobs, "_schedule", {})
    _done.clear()
    _fail.clear()


def ask(number: int = 1, **options) -> None:
    with transaction():
        enqueue(sample_job, number=number, **options)


def the_job() -> Job:
    db.session.rollback()
    return db.session.scalars(select(Job)).one()


def people() -> int:
    from lms.accounts.models import User

    return db.session.scalar(select(func.count()).select_from(User))


def test_a_job_is_done_once():
    ask()
    assert run_due() == 1
    assert run_due() == 0
    assert _done == [1] and the_job().done_at == now()


def test_jobs_are_done_oldest_first():
    ask(2, run_at=now() - timedelta(minutes=1))
    ask(1, run_at=now() - timedelta(minutes=5))
    run_due()
    assert _done == [1, 2]


def test_a_job_waits_for_its_time(stopped_clock):
    ask(run_at=now() + timedelta(hours=1))
    assert run_due() == 0
    stopped_clock(now() + timedelta(hours=1))
    assert run_due() == 1


def test_a_job_asked_for_in_a_transaction_that_was_undone_never_runs():
    with pytest.raises(RuntimeError), transaction():
        enqueue(sample_job, number=1)
        raise RuntimeError
    assert run_due() == 0 and _done == []


def test_a_key_makes_one_job_also_after_it_was_done():
    for _ in range(3):
        ask(key="once")
        run_due()
    assert _done == [1]


def test_what_is_not_a_job_cannot_be_asked_for():
    with pytest.raises(LookupError):
        enqueue(len)


def test_a_job_that_fails_leaves_nothing_behind_and_is_tried_again_later(stopped_clock):
    _fail.append(OSError("no mail today"))
    ask()
    assert run_due() == 1
    failed = the_job()
    assert people() == 0 and failed.done_at is None and "no mail today" in failed.error
    assert failed.run_at == now() + BACK_OFF[0]
    assert run_due() == 0
    _fail.clear()
    stopped_clock(now() + BACK_OFF[0])
    assert run_due() == 1
    done = the_job()
    assert people() == 1 and done.done_at is not None and done.error is None


def test_a_job_that_keeps_failing_waits_longer_each_time_and_then_is_dead(stopped_clock):
    _fail.append(ValueError("broken"))
    ask()
    for wait in BACK_OFF:
        run_due()
        assert the_job().run_at == now() + wait
        stopped_clock(now() + wait)
    assert dead_jobs() == []
    run_due()
    assert [dead.attempts for dead in dead_jobs()] == [len(BACK_OFF) + 1]
    stopped_clock(now() + timedelta(days=30))
    assert run_due() == 0


def test_a_job_that_fails_does_not_hold_up_the_next():
    _fail.append(ValueError("broken"))
    ask(1)
    ask(2)
    assert run_due() == 2


def test_a_job_whose_worker_was_killed_is_done_by_another_after_its_lease(stopped_clock):
    ask()
    assert jobs._claim() is not None  # and then the power goes
    assert run_due() == 0
    stopped_clock(now() + LEASE + timedelta(seconds=1))
    assert run_due() == 1
    assert _done == [1] and the_job().attempts == 2


def test_two_workers_share_the_jobs_and_do_none_twice(house):
    for number in range(30):
        ask(number)

    def work():
        with house.app_context():
            run_due()
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(_done) == list(range(30)) and people() == 30


def test_what_recurs_is_done_once_in_each_interval(stopped_clock, monkeypatch):
    monkeypatch.setitem(jobs._functions, "hourly", lambda: _done.append(0))
    jobs._functions["hourly"].__name__ = "hourly"
    monkeypatch.setattr(jobs, "_schedule", {"hourly": timedelta(hours=1)})
    start = now().replace(minute=0, second=0, microsecond=0)
    for minutes in (0, 10, 59, 60, 61, 190):
        stopped_clock(start + timedelta(minutes=minutes))
        run_due()
    assert len(_done) == 3


def test_a_clock_that_jumps_back_brings_no_storm_of_jobs(stopped_clock, monkeypatch):
    monkeypatch.setitem(jobs._functions, "hourly", lambda: _done.append(0))
    jobs._functions["hourly"].__name__ = "hourly"
    monkeypatch.setattr(jobs, "_schedule", {"hourly": timedelta(hours=1)})
    start = clock.now()
    for hours in (0, 48, -3, 0, 48):
        stopped_clock(start + timedelta(hours=hours))
        run_due()
    assert len(_done) == 3


def test_done_jobs_are_forgotten_in_time_and_failed_ones_are_not(stopped_clock):
    _fail.append(ValueError("broken"))
    ask(1)
    run_due()
    _fail.clear()
    ask(2, key="kept")
    run_due(limit=1)
    stopped_clock(now() + jobs.KEEP_DONE + timedelta(days=1))
    with transaction():
        jobs.forget_done_jobs()
    assert the_job().error is not None


def test_the_worker_beside_the_server_does_what_is_due_until_it_is_stopped(house):
    ask()
    stop = jobs.start_worker(house, pause=0.01)
    waited = threading.Event()
    for _ in range(200):
        if _done:
            break
        waited.wait(0.02)
    stop.set()
    for thread in threading.enumerate():
        if thread.name == "jobs":
            thread.join(5)
    assert _done == [1]


def test_a_long_job_lets_others_write_between_its_own_transactions(monkeypatch):
    seen = []

    def long_work(word: str) -> None:
        with transaction():
            db.session.execute(update(Job).values(error=word))
        # Another connection may write now: nothing is open between two steps.
        with db.engine.begin() as other:
            seen.append(other.exec_driver_sql("SELECT error FROM job").scalar())
            other.exec_driver_sql("UPDATE job SET attempts = attempts")

    monkeypatch.setattr(jobs, "_functions", dict(jobs._functions))
    monkeypatch.setattr(jobs, "_long", set())
    jobs.long_job(long_work)
    with transaction():
        enqueue(long_work, word="half way")
    run_due()
    assert seen == ["half way"] and the_job().done_at is not None
