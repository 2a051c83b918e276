"""A thousand letters through a mail server of this machine that refuses every tenth delivery for a while.

`python -m bench.mailing` writes them into a database of its own (DATA_DIR), lets the worker that stands
beside the server send them, and prints JSON. What counts is what arrived: every letter, once, by its
Message-ID.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.servers import call

LETTERS, REFUSED = 1000, 0.1
GOAL_SECONDS, LONGEST_WAIT = 60, 180


def measure(folder: Path) -> dict[str, Any]:
    """In a process of its own, with a database of its own."""
    data = folder / "mail"
    data.mkdir()
    return json.loads(call(data, "-m", "bench.mailing"))


def table(found: dict[str, Any], say: Callable[[str], None]) -> None:
    rows = [
        ("letters written", f"{found['letters']:,}", ""),
        ("deliveries refused for a while (451)", f"{found['refused']:,}", f"{REFUSED:.0%}"),
        ("letters that arrived", f"{found['arrived']:,}", f"{found['letters']:,}"),
        ("of these more than once", f"{found['twice']:,}", "0"),
        ("given up", f"{found['dead']:,}", "0"),
        ("until the last one was there", f"{found['seconds']:.1f} s", f"{GOAL_SECONDS} s"),
    ]
    say(f"{'':<44}{'found':>12}{'wanted':>12}")
    for name, value, limit in rows:
        say(f"{name:<44}{value:>12}{limit:>12}")


class PostOffice:
    """Takes letters and notes their Message-ID; by chance, always the same, it asks to come back later."""

    def __init__(self) -> None:
        self.chance = random.Random(20260129)
        self.taken: Counter[str] = Counter()
        self.refused = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.chance.random() < REFUSED:
            self.refused += 1
            return "451 4.3.0 Try again later"
        head = envelope.content.decode("ascii", "replace").partition("\r\n\r\n")[0]
        lines = head.splitlines()
        place = next(n for n, line in enumerate(lines) if line.lower().startswith("message-id:"))
        self.taken["".join(lines[place : place + 2]).partition("<")[2].partition(">")[0]] += 1
        return "250 OK"


@contextmanager
def _open() -> Iterator[tuple[PostOffice, int]]:
    from aiosmtpd.controller import Controller

    class OnAnyPort(Controller):
        """With port 0 aiosmtpd would look for itself at the wrong door."""

        def _trigger_server(self) -> None:
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    office = PostOffice()
    controller = OnAnyPort(office, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield office, controller.port
    finally:
        controller.stop()


def _measure_here() -> dict[str, Any]:
    from config import Config
    from lms.app import create_app
    from lms.foundation.db import db
    from lms.foundation.jobs import dead_jobs, start_worker

    with _open() as (office, port):
        app = create_app(replace(Config.from_environ(), MAIL_URL=f"smtp://127.0.0.1:{port}"))
        with app.app_context():
            db.create_all()
            _write_letters()
        started = time.monotonic()
        stop = start_worker(app)
        while len(office.taken) < LETTERS and time.monotonic() - started < LONGEST_WAIT:
            time.sleep(0.05)
        seconds = time.monotonic() - started
        stop.set()
        with app.app_context():
            dead = len(dead_jobs())
    return {
        "letters": LETTERS,
        "arrived": len(office.taken),
        "twice": sum(1 for times in office.taken.values() if times > 1),
        "refused": office.refused,
        "dead": dead,
        "seconds": round(seconds, 1),
        "goal_seconds": GOAL_SECONDS,
    }


def _write_letters() -> None:
    from lms.foundation.db import transaction
    from lms.notifications.letters import speaking, write

    with transaction(), speaking("es_MX"):
        for number in range(LETTERS):
            words = {"name": f"Persona {number}"}
            write(f"persona.{number}@example.org", "certificate", "/certificate", words)


if __name__ == "__main__":
    print(json.dumps(_measure_here()))
