"""`./manage bench`: starts Pespunte and a bare anchor side by side, measures both in turn, prints ratios."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench import figures, first_view, starting
from bench.client import Browser, Unexpected
from bench.sampling import Job, Meter, Sample, Series, fitting_count, ratio
from bench.servers import Broken, Server, call, serving, workshop
from bench.work import AnswerQuestion, BareProgress, MarkDone, Page

CLIENTS = 16
STARTED = time.monotonic()


@dataclass(frozen=True)
class Effort:
    """How much to measure: rounds of CPU samples and their length, rounds of waiting, and of the rest."""

    rounds: int = 9
    seconds: float = 0.3
    tries: int = 3
    budget: float = 60
    waits: int = 5
    each: int = 30
    publishings: int = 3
    starts: int = 5


QUICK = Effort(rounds=3, seconds=0.15, tries=2, budget=12, waits=2, each=15, publishings=1, starts=1)


class Run:
    """One run: what is known so far, and where to write it."""

    def __init__(self, effort: Effort, folder: Path) -> None:
        self.effort = effort
        cores = sorted(os.sched_getaffinity(0))
        self.server_core, self.own_core = cores[-1], cores[0]
        self.data = folder / "product"
        self.bare = folder / "anchor"
        self.meter = Meter(self.server_core)
        self.started = time.monotonic()
        self.figures: dict[str, Any] = {}
        self.details: dict[str, Any] = {"cpu_ms": {}, "waiting_ms": {}, "queries": {}, "not_measured": {}}

    def go(self) -> dict[str, Any]:
        self.data.mkdir()
        self.bare.mkdir()
        _say("preparing Pespunte with its invented programme ...")
        call(self.data, "-m", "lms.serve", "--prepare")
        _say("looking for people and pages, counting queries ...")
        places = json.loads(call(self.data, "-m", "bench.inside"))
        self._keep_queries(places["queries"])
        people = [places["learner"], *places["writers"], places["trainer"], places["lead"]]
        links = self._make_links([person["email"] for person in people])
        os.sched_setaffinity(0, {self.own_core})
        self._measure_servers(places, links)
        self._measure_alone()
        return self._finish()

    def _keep_queries(self, queries: dict[str, Any]) -> None:
        self.details["queries"] = queries
        for name in ("lesson", "home"):
            count = queries[name]
            self.figures[f"{name}_queries"] = count if isinstance(count, int) else None
        pairs = [(name, f"{name}_larger") for name in queries if f"{name}_larger" in queries]
        self.figures["growing_lists"] = sum(queries[one] < queries[other] for one, other in pairs)

    def _make_links(self, emails: list[str]) -> dict[str, str]:
        """One-time links as an administrator makes them at the command line."""
        command = ("-m", "flask", "--app", "wsgi", "people", "link")
        with ThreadPoolExecutor(max_workers=2) as pool:
            printed = pool.map(lambda email: call(self.data, *command, email), emails)
            return {email: text.split()[-1] for email, text in zip(emails, printed, strict=True)}

    def _measure_servers(self, places: dict[str, Any], links: dict[str, str]) -> None:
        serve = ("-m", "lms.serve", "--port", "PORT")
        anchor = ("-m", "bench.anchor", str(self.bare), "PORT", str(places["threads"]))
        with ExitStack() as stack:
            _say("starting both servers ...")
            product = stack.enter_context(serving("product", self.data, serve, self.server_core, "/health"))
            bare = stack.enter_context(serving("anchor", self.bare, anchor, self.server_core, "/hello"))
            entered = {email: _entered(product, link) for email, link in links.items()}
            visitor = Browser(bare)
            visitor.get("/enter")
            groups = self._groups(places, entered, visitor)
            self._measure_cpu(groups)
            self._measure_waiting(groups[0][0], groups[0][1][0][0])
            self._measure_first_view(entered[places["learner"]["email"]], places["pages"]["lesson"])
            self.figures["uss_mib"] = round(product.uss_mib(), 1)
            self.details["helpers_uss_mib"] = round(product.helpers_mib(), 1)
            self.details["anchor_uss_mib"] = round(bare.uss_mib(), 1)

    def _groups(self, places: dict[str, Any], entered: dict[str, Browser], bare: Browser) -> list:
        """Each anchor with the work that is measured against it."""

        def of(role: str) -> Browser:
            return entered[places[role]["email"]]

        def page(name: str, browser: Browser) -> Callable[[], Job]:
            return lambda: Page(name, browser, places["pages"][name])

        writers = [(entered[person["email"]], person["id"]) for person in places["writers"]]
        database = self.data / "pespunte.db"
        for_learners = [page(name, of("learner")) for name in ("lesson", "home")]
        for_staff = [page(name, of("lead")) for name in ("grid", "graduation", "report")]
        writes = [
            lambda: MarkDone(writers, places["lessons"], database),
            lambda: AnswerQuestion(writers, places["quizzes"], database),
        ]
        plan = (
            (Page("bare lesson", bare, "/lessons/1"), for_learners),
            (BareProgress(bare), writes),
            (Page("bare gradebook 100x20", bare, "/gradebook"), [page("grader", of("trainer")), *for_staff]),
        )
        return [(anchor, self._made(jobs)) for anchor, jobs in plan]

    def _made(self, jobs: list[Callable[[], Job]]) -> list[tuple[Job, int]]:
        """The jobs that work, each with how many requests make a sample; of the others the reason is kept."""
        ready = []
        for make in jobs:
            try:
                job = make()
                ready.append((job, fitting_count(job, self.effort.seconds)))
            except (Unexpected, LookupError) as problem:
                self.details["not_measured"][f"{len(self.details['not_measured']) + 1}"] = str(problem)
        return ready

    def _measure_cpu(self, groups: list) -> None:
        _say("measuring CPU per request, the anchor and Pespunte in turn ...")
        everyone = [
            one
            for anchor, jobs in groups
            for one in ((anchor, fitting_count(anchor, self.effort.seconds)), *jobs)
        ]
        series = {job.name: Series() for job, _ in everyone}
        last = time.monotonic() + self.effort.budget
        for number in range(self.effort.rounds):
            if number >= 3 and time.monotonic() > last:
                break
            for job, count in everyone:
                tries = self.effort.tries if time.monotonic() < last else 1
                series[job.name].taken.append(self.meter.cpu(job, count, tries))
        self.figures["n"] = len(series[everyone[0][0].name].taken)
        for anchor, jobs in groups:
            self.details["cpu_ms"][anchor.name] = _rounded(series[anchor.name].summary())
            for job, _ in jobs:
                self._keep_ratio(job.name, series[job.name], series[anchor.name])

    def _keep_ratio(self, name: str, work: Series, anchor: Series) -> None:
        found = ratio(work, anchor)
        self.details["cpu_ms"][name] = _rounded(work.summary()) | {"ratio": _rounded(asdict(found))}
        self.figures[f"{name.replace(' ', '_')}_cpu_ratio"] = round(found.median, 2)

    def _measure_waiting(self, anchor: Job, lesson: Job) -> None:
        _say(f"measuring the waiting of {CLIENTS} clients ...")
        bare, ours = Series(), Series()
        for _ in range(self.effort.waits):
            for job, series in ((anchor, bare), (lesson, ours)):
                series.taken.append(self.meter.waiting(job, CLIENTS, self.effort.each, self.effort.tries))
        found = ratio(ours, bare)
        self.figures["p99_ratio"] = round(found.median, 2)
        self.details["p99_ratio"] = _rounded(asdict(found))
        for name, series in (("bare lesson", bare), ("lesson", ours)):
            self.details["waiting_ms"][name] = _waits(series.taken)

    def _measure_first_view(self, browser: Browser, path: str) -> None:
        loaded = first_view.load(browser.twin(), path)
        wrong = [address for address, answer in loaded if answer.status != 200]
        if wrong:
            self.details["not_measured"]["first view"] = ", ".join(wrong)
        self.figures["first_view_kb"] = round(sum(answer.wire for _, answer in loaded) / 1000, 1)
        self.figures["first_view_requests"] = len(loaded)
        self.details["first_view"] = {address: answer.wire for address, answer in loaded}

    def _measure_alone(self) -> None:
        """What needs no server: publishing and starting."""
        _say("publishing the courses ...")
        rounds = str(self.effort.publishings)
        published = json.loads(call(self.data, "-m", "bench.publishing", rounds, core=self.server_core))
        self._keep_pairs("publish", published["pairs"])
        _say("starting ...")
        self._keep_pairs("start", starting.compare(self.data, self.effort.starts, self.server_core))

    def _keep_pairs(self, name: str, pairs: list) -> None:
        ratios = [ours / theirs for ours, theirs in pairs]
        self.figures[f"{name}_ratio"] = round(median(ratios), 2)
        self.details[name] = _rounded(
            {
                "cpu_seconds": median(ours for ours, _ in pairs),
                "anchor_cpu_seconds": median(theirs for _, theirs in pairs),
                "min": min(ratios),
                "max": max(ratios),
                "n": len(ratios),
            }
        )

    def _finish(self) -> dict[str, Any]:
        figures.add_derived(self.figures)
        self.details["others_median"] = round(median(self.meter.others), 2)
        self.details["seconds"] = round(time.monotonic() - self.started, 1)
        return self.figures | {"discarded": self.meter.discarded, "details": self.details}


def _entered(server: Server, link: str) -> Browser:
    browser = Browser(server)
    browser.sign_in(link)
    return browser


def _waits(taken: list[Sample]) -> dict[str, float | int]:
    chosen = [sample for sample in taken if sample.is_clean] or taken
    p50, p99 = median(sample.middle for sample in chosen), median(sample.value for sample in chosen)
    return _rounded({"p50": p50, "p99": p99, "clients": CLIENTS})


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in row.items()}


def _say(text: str) -> None:
    print(f"{time.monotonic() - STARTED:4.0f} s  {text}", file=sys.stderr, flush=True)


def _measured(options: argparse.Namespace, folder: Path) -> tuple[dict[str, Any], Callable]:
    """The figures that were asked for, and how they are shown as a table."""
    if options.phone:
        from bench import phone

        return phone.measure(folder, rounds=1 if options.quick else 5, say=_say), phone.table
    if options.report:
        from bench import reporting

        return reporting.measure(folder), reporting.table
    if options.mail:
        from bench import mailing

        _say(f"sending {mailing.LETTERS:,} letters through a mail server that refuses some ...")
        return mailing.measure(folder), mailing.table
    if options.trainer:
        from bench import training

        _say("preparing Pespunte with its invented programme, then opening all work that waits ...")
        return training.measure(folder), training.table
    if options.imports:
        return _imports(folder, 3 if options.quick else 7)
    return Run(QUICK if options.quick else Effort(), folder).go(), figures.table


def _imports(folder: Path, rounds: int) -> tuple[dict[str, Any], Callable]:
    from bench import importing  # it loads the whole product, which the other measurements must not

    _say("preparing Pespunte with its invented programme ...")
    call(folder, "-m", "lms.serve", "--prepare")
    _say(f"importing {importing.ROWS:,} rows, {rounds} times each, Pespunte and bare sqlite3 in turn ...")
    core = sorted(os.sched_getaffinity(0))[-1]
    pairs = json.loads(call(folder, "-m", "bench.importing", str(rounds), core=core))
    return importing.summary(pairs), importing.table


def main() -> int:
    parser = argparse.ArgumentParser(prog="./manage bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds: under a minute, coarser")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    parser.add_argument("--phone", action="store_true", help="a member's pages on a slow phone, in Chromium")
    parser.add_argument("--report", action="store_true", help="only the report of results")
    parser.add_argument("--trainer", action="store_true", help="only the trainer's day: grader, Today, grid")
    parser.add_argument("--imports", action="store_true", help="only the import of sales, in rows per second")
    parser.add_argument(
        "--mail", action="store_true", help="only a thousand letters through a poor mail server"
    )
    options = parser.parse_args()
    try:
        with workshop() as folder:
            found, table = _measured(options, folder)
    except KeyboardInterrupt:
        return 130
    except (Broken, Unexpected, LookupError) as problem:
        _say(f"The run broke off: {problem}")
        return 1
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        table(found, print)
    return 0


if __name__ == "__main__":
    sys.exit(main())
