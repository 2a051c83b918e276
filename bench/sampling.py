"""Samples of CPU time and of waiting, with a look at who else used the core; disturbed ones are set aside."""

import math
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Protocol

from bench.client import Browser, Request, Unexpected
from bench.servers import Server

MOST_OTHERS = 0.25  # of the core
TICKS = 100  # of /proc/stat, in a second
# user, nice, system, irq, softirq, steal: what is neither idle nor waiting for a disk
BUSY = (1, 2, 3, 6, 7, 8)


class Job(Protocol):
    """Work of one kind: `requests` makes some ready, at whatever cost; then they are sent and measured."""

    name: str
    browser: Browser
    expects: int

    def requests(self, count: int) -> Sequence[Request]: ...


@dataclass(frozen=True)
class Sample:
    """`value`: CPU ms per request, or the 99th percentile of waiting in ms; `others`: a share of the core."""

    value: float
    others: float
    middle: float = 0.0

    @property
    def is_clean(self) -> bool:
        return self.others <= MOST_OTHERS


@dataclass
class Series:
    """The samples of one job, one for each round; a round without a clean one holds its least disturbed."""

    taken: list[Sample] = field(default_factory=list)

    def summary(self) -> dict[str, float | int]:
        values = [sample.value for sample in self.taken if sample.is_clean] or [s.value for s in self.taken]
        return {"median": median(values), "min": min(values), "max": max(values), "n": len(values)}


@dataclass(frozen=True)
class Ratio:
    """How many times more than the anchor. `clean`: only undisturbed pairs are in it."""

    median: float
    min: float
    max: float
    n: int
    clean: bool


def ratio(work: Series, anchor: Series) -> Ratio:
    """The median of the ratios of the rounds in which neither was disturbed (of all, if there is none)."""
    pairs = list(zip(work.taken, anchor.taken, strict=False))
    clean = [(one, other) for one, other in pairs if one.is_clean and other.is_clean]
    found = [one.value / other.value for one, other in clean or pairs]
    return Ratio(median(found), min(found), max(found), len(found), bool(clean))


class Meter:
    """Takes samples on one core and counts the ones it had to throw away."""

    def __init__(self, core: int) -> None:
        self.core = core
        self.discarded = 0
        self.others: list[float] = []

    def cpu(self, job: Job, count: int, tries: int) -> Sample:
        """CPU ms of the server for one request, from `count` requests one after the other."""
        return self._first_clean(lambda: self._cpu_once(job, count), tries)

    def waiting(self, job: Job, clients: int, each: int, tries: int) -> Sample:
        """The 99th percentile and the median of waiting, with so many clients at once."""
        return self._first_clean(lambda: self._waiting_once(job, clients, each), tries)

    def _first_clean(self, take: Callable[[], Sample], tries: int) -> Sample:
        """The first undisturbed sample of so many tries, else the least disturbed."""
        best = None
        for _ in range(tries):
            sample = take()
            self.others.append(sample.others)
            if sample.is_clean:
                return sample
            self.discarded += 1
            best = min(filter(None, (best, sample)), key=lambda one: one.others)
        return best

    def _cpu_once(self, job: Job, count: int) -> Sample:
        ready = job.requests(count)
        with _Watch(self.core, job.browser.server) as watch:
            statuses = {job.browser.send(request) for request in ready}
        _check(job, statuses)
        return Sample(watch.own * 1000 / len(ready), watch.others)

    def _waiting_once(self, job: Job, clients: int, each: int) -> Sample:
        browsers = [job.browser.twin() for _ in range(clients)]
        ready = [job.requests(each) for _ in browsers]
        waits: list[float] = []
        with _Watch(self.core, job.browser.server) as watch:
            _run_together(job, browsers, ready, waits)
        for browser in browsers:
            browser.close()
        waits.sort()
        if len(waits) < clients * each:
            raise Unexpected(f"{job.name}: a client of {clients} gave up")
        return Sample(percentile(waits, 0.99), watch.others, percentile(waits, 0.5))


class _Watch:
    """What one process used of a core, and what everybody else did, from entering to leaving."""

    def __init__(self, core: int, server: Server) -> None:
        self._core = core
        self._server = server

    def __enter__(self) -> "_Watch":
        self._busy, self._own = busy_seconds(self._core), self._server.cpu_seconds()
        self._time = time.monotonic()
        return self

    def __exit__(self, *_error: object) -> None:
        elapsed = time.monotonic() - self._time
        self.own = self._server.cpu_seconds() - self._own
        self.others = max(0.0, busy_seconds(self._core) - self._busy - self.own) / elapsed


def busy_seconds(core: int) -> float:
    """For how long this core has worked since the machine started."""
    for line in Path("/proc/stat").read_text().splitlines():
        if line.startswith(f"cpu{core} "):
            fields = line.split()
            return sum(int(fields[place]) for place in BUSY) / TICKS
    raise LookupError(f"no core {core}")


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def fitting_count(job: Job, seconds: float) -> int:
    """How many requests fill that time, after some to warm up: at least three, at most four hundred."""
    for warm_up in (3, 8):
        ready = job.requests(warm_up)
        started = job.browser.server.cpu_seconds()
        _check(job, {job.browser.send(request) for request in ready})
        each = (job.browser.server.cpu_seconds() - started) / len(ready)
    return max(3, min(400, round(seconds / each)))


def _send_all(job: Job, browser: Browser, requests: Iterable[Request]) -> list[float]:
    waits, statuses = [], set()
    for request in requests:
        started = time.perf_counter()
        statuses.add(browser.send(request))
        waits.append((time.perf_counter() - started) * 1000)
    _check(job, statuses)
    return waits


def _check(job: Job, statuses: set[int]) -> None:
    if statuses != {job.expects}:
        raise Unexpected(f"{job.name} answered {sorted(statuses)}, not {job.expects}")


def _run_together(job: Job, browsers: list[Browser], ready: list, waits: list[float]) -> None:
    def run(browser: Browser, requests: Iterable[Request]) -> None:
        waits.extend(_send_all(job, browser, requests))

    pairs = zip(browsers, ready, strict=True)
    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
