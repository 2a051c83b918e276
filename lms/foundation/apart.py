"""Pure work that needs large libraries, in a process of its own that ends when nobody asks any more.

What such libraries take (eighty megabytes for those of statistics) stays taken in the process that loaded
them. A server that is asked for a report now and then need not hold that for the rest of its days.
"""

import atexit
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

IDLE_SECONDS = 60
ROOT = Path(__file__).resolve().parents[2]
Result = TypeVar("Result")


def sent_often(value: type[Result]) -> type[Result]:
    """For frozen dataclasses with slots that go there by the ten thousand.

    By themselves they ask for their list of fields anew for each one: that took longer than all the rest.
    """
    names = value.__slots__  # type: ignore[attr-defined]
    fields = attrgetter(*names)
    value.__reduce__ = lambda self: (_made, (value, fields(self)))  # type: ignore[method-assign, assignment, misc, return-value]
    return value


def _made(value: type[Result], fields: tuple[Any, ...]) -> Result:
    return value(**dict(zip(value.__slots__, fields, strict=True)))  # type: ignore[attr-defined]


class Apart:
    """One other process, started when it is needed. Calls from several threads wait for each other."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS):
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._timer: threading.Timer | None = None

    def call(self, function: Callable[..., Result], *given: Any) -> Result:
        """`function(*given)` there, found by its name: its module and the values must not need the app.

        Raises what the function raises. A process that was ended from outside is replaced once.
        """
        asked = pickle.dumps((function, given))
        with self._lock:
            self._forget_timer()
            try:
                answer = self._ask(asked)
            except (EOFError, OSError):
                self._end()
                answer = self._ask(asked)
            self._timer = threading.Timer(self._idle_seconds, self.close)
            self._timer.daemon = True
            self._timer.start()
        worked, value = pickle.loads(answer)
        if not worked:
            raise value
        return value

    @property
    def pid(self) -> int | None:
        """The process that is there now, if one is."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the process and wait until it is gone; the next call starts a new one."""
        with self._lock:
            self._forget_timer()
            self._end()

    def _ask(self, asked: bytes) -> bytes:
        if self._process is None:
            command = [sys.executable, "-m", "lms.foundation.apart"]
            self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        there, back = self._process.stdin, self._process.stdout
        assert there is not None and back is not None
        # One after the other: joined, a large question would be in memory twice.
        there.write(len(asked).to_bytes(8, "big"))
        there.write(asked)
        there.flush()
        return _read(back)

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self) -> None:
        process = self._process
        if process is None:
            return
        # It ends by itself when nothing more can come.
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                stream and stream.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._process = None


def _read(stream: Any) -> bytes:
    """One message: eight bytes that say how long it is, and it. Raises EOFError where it breaks off."""
    head = stream.read(8)
    size = int.from_bytes(head, "big")
    body = stream.read(size) if len(head) == 8 else b""
    if len(head) < 8 or len(body) < size:
        raise EOFError
    return body


def _serve() -> None:
    """The other process: answer until nothing more comes. What libraries print goes to the log instead."""
    back = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while True:
        try:
            asked = _read(sys.stdin.buffer)
        except EOFError:
            return
        answer = _answered(asked)
        back.write(len(answer).to_bytes(8, "big") + answer)
        back.flush()


def _answered(asked: bytes) -> bytes:
    try:
        function, given = pickle.loads(asked)
        return pickle.dumps((True, function(*given)))
    except Exception as error:
        return pickle.dumps((False, error))


shared = Apart()
atexit.register(shared.close)

if __name__ == "__main__":
    _serve()
