"""A member's pages on a cheap phone with slow data, in Chromium: bytes, requests, and when they can be used.

`./manage bench --phone`: a processor slowed four times, 400 ms of latency, 400 kbit/s both ways.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench.servers import Broken, Server, call, serving

SIZE = {"width": 390, "height": 844}
SLOWER = 4
LATENCY_MS = 400
BYTES_A_SECOND = 400_000 / 8

# What others send for a first view on a phone (see docs/performance.md): KB and requests.
PEERS = {"Moodle page": (1214, 24), "Kolibri content": (2243, 28)}

# A page can be used once its scripts have run and the processor is free: when its last long task ended.
WHEN_READY = """() => new Promise(done => {
  const busy = [];
  new PerformanceObserver(list => busy.push(...list.getEntries().map(one => one.startTime + one.duration)))
    .observe({type: 'longtask', buffered: true});
  setTimeout(() => {
    const page = performance.getEntriesByType('navigation')[0];
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    const last = page.loadEventEnd + 500;
    const ready = Math.max(page.domContentLoadedEventEnd, ...busy.filter(end => end < last));
    done({paint: paint ? paint.startTime : ready, ready});
  }, 700);
})"""


@dataclass(frozen=True, kw_only=True)
class View:
    """One opening of a page: KB over the wire, requests, round trips before one can read, milliseconds."""

    kb: float
    requests: int
    trips: int
    paint_ms: float
    ready_ms: float


@dataclass(frozen=True)
class Bound:
    key: str
    label: str
    most: float
    unit: str

    def verdict(self, value: float) -> str:
        return "ok" if value <= self.most else "NOT YET"


BOUNDS = (
    Bound("first_kb", "first view of any page, all of it", 50, "KB"),
    Bound("repeat_kb", "the same page again", 15, "KB"),
    Bound("trips", "round trips before one can read", 2, "trips"),
    Bound("lesson_ready_ms", "a lesson can be used after", 1500, "ms"),
    Bound("scripts_kb", "service worker and all scripts", 25, "KB gzip"),
)


class _Traffic:
    """What one page asks for, told by the browser itself; a new one for each opening."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes: dict[str, float] = {}
        self.redirects = 0
        self.kinds: dict[str, str] = {}
        self.addresses: dict[str, str] = {}
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._arrived)

    def _asked(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = event.get("type", "")
        self.redirects += event.get("type") == "Document" and "redirectResponse" in event
        self.addresses[event["requestId"]] = event["request"]["url"]

    def _arrived(self, event: dict[str, Any]) -> None:
        self.bytes[event["requestId"]] = event["encodedDataLength"]

    def forget(self) -> None:
        for kept in (self.bytes, self.kinds, self.addresses):
            kept.clear()
        self.redirects = 0

    def loaded(self) -> list[str]:
        """What came over the wire; what was in the cache has no bytes."""
        return [key for key, size in self.bytes.items() if size]

    def trips(self) -> int:
        """The page itself, each address it was sent on from, and a style sheet that was not in the cache."""
        return 1 + self.redirects + any(self.kinds.get(key) == "Stylesheet" for key in self.loaded())


def measure(folder: Path, *, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Every page of a member, opened for the first time and again; medians of the rounds."""
    data = folder / "product"
    data.mkdir()
    say("preparing Pespunte with its invented programme ...")
    call(data, "-m", "lms.serve", "--prepare")
    places = json.loads(call(data, "-m", "bench.inside"))
    with (
        serving("product", data, ("-m", "lms.serve", "--port", "PORT"), None, "/health") as server,
        _chromium() as browser,
    ):
        state = _entered(browser, server, data, places["learner"]["email"])
        pages = _pages(places["pages"])
        say(f"opening {len(pages)} pages {rounds} times on a slowed phone ...")
        taken = {name: [_both(browser, server, state, path) for _ in range(rounds)] for name, path in pages}
        scripts = _scripts_kb(browser, server, state, [path for _name, path in pages])
    return _figures(taken, scripts)


def _pages(known: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, known[name]) for name in ("home", "course", "lesson", "quiz", "task")] + [
        ("sales", "/sales"),
        ("progress", "/progress"),
        ("search", "/course/search?q=foto"),
        ("words", "/course/words"),
        ("agreements", "/agreements"),
        ("without a connection", "/offline"),
        ("account", "/account"),
        ("notices", "/notices"),
        ("help", "/help"),
    ]


@contextmanager
def _chromium() -> Iterator[Browser]:
    from tests.engines import chromium_launch, chromium_path

    if chromium_path() is None:
        raise Broken("There is no Chromium here. As root: apt-get install chromium-headless-shell libatomic1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_launch())
        yield browser
        browser.close()


def _entered(browser: Browser, server: Server, data: Path, email: str) -> Any:
    """The cookies of a person who entered with a one-time link."""
    link = call(data, "-m", "flask", "--app", "wsgi", "people", "link", email).split()[-1]
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/{link.split('/', 3)[3]}")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/home")
    state = context.storage_state()
    context.close()
    return state


def _both(browser: Browser, server: Server, state: Any, path: str) -> tuple[View, View]:
    """A page in a browser that was never here, and once more in the same."""
    # The worker fetches a week's pages to keep them; that is measured where a member asks for it.
    context = browser.new_context(viewport=SIZE, storage_state=state, service_workers="block")
    page, traffic = _slowed(context)
    address = f"http://127.0.0.1:{server.port}{path}"
    first = _open(page, traffic, address)
    again = _open(page, traffic, address)
    context.close()
    return first, again


def _slowed(context: BrowserContext) -> tuple[Page, _Traffic]:
    page = context.new_page()
    session = context.new_cdp_session(page)
    traffic = _Traffic(session)
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    network = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY_MS, **network})
    return page, traffic


def _open(page: Page, traffic: _Traffic, address: str) -> View:
    traffic.forget()
    answer = page.goto(address, wait_until="load")
    if answer is None or answer.status != 200:
        raise Broken(f"{address} answered {answer.status if answer else 'nothing'}")
    when = page.evaluate(WHEN_READY)
    loaded = traffic.loaded()
    return View(
        kb=sum(traffic.bytes[key] for key in loaded) / 1000,
        requests=len(loaded),
        trips=traffic.trips(),
        paint_ms=when["paint"],
        ready_ms=when["ready"],
    )


def _scripts_kb(browser: Browser, server: Server, state: Any, paths: list[str]) -> float:
    """The worker and every script that these pages name, as gzip carries them."""
    context = browser.new_context(storage_state=state, service_workers="block")
    page, base = context.new_page(), f"http://127.0.0.1:{server.port}"
    named = {f"{base}/sw.js"}
    for path in paths:
        page.goto(base + path)
        named |= set(page.eval_on_selector_all("script[src]", "all => all.map(one => one.src)"))
    bodies = [context.request.get(address).body() for address in sorted(named)]
    context.close()
    return sum(len(gzip.compress(body, 9)) for body in bodies) / 1000


def _figures(taken: dict[str, list[tuple[View, View]]], scripts: float) -> dict[str, Any]:
    pages = {
        name: {
            "first": _middle([first for first, _again in rounds]),
            "again": _middle([again for _first, again in rounds]),
        }
        for name, rounds in taken.items()
    }
    firsts = [row["first"] for row in pages.values()]
    return {
        "first_kb": max(view["kb"] for view in firsts),
        "repeat_kb": max(row["again"]["kb"] for row in pages.values()),
        "trips": max(view["trips"] for view in firsts),
        "lesson_ready_ms": pages["lesson"]["first"]["ready_ms"],
        "scripts_kb": round(scripts, 1),
        "rounds": len(next(iter(taken.values()))),
        "pages": pages,
    }


def _middle(views: list[View]) -> dict[str, float]:
    rows = [asdict(view) for view in views]
    return {key: round(median(row[key] for row in rows), 1) for key in rows[0]}


def table(found: dict[str, Any], say: Callable[[str], None]) -> None:
    """Each figure beside its bound, then every page."""
    for bound in BOUNDS:
        value = found[bound.key]
        say(f"{bound.label:<40}{value:>9g} {bound.unit:<8} <= {bound.most:<6g} {bound.verdict(value)}")
    say("")
    heads = ("KB", "requests", "painted", "usable", "again KB", "painted", "usable")
    say(f"{'page':<22}" + "".join(f"{head:>10}" for head in heads))
    for name, row in found["pages"].items():
        first, again = row["first"], row["again"]
        cells = [first[key] for key in ("kb", "requests", "paint_ms", "ready_ms")]
        cells += [again[key] for key in ("kb", "paint_ms", "ready_ms")]
        say(f"{name:<22}" + "".join(f"{cell:>10.1f}" if cell < 100 else f"{cell:>10.0f}" for cell in cells))
    say("")
    for name, (kb, requests) in PEERS.items():
        say(f"{name:<22}{kb:>10}{requests:>10}   (measured elsewhere, first view)")
    say(f"processor / {SLOWER}, {LATENCY_MS} ms, 400 kbit/s; medians of {found['rounds']} rounds")
