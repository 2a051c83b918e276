"""The two servers of a run: Pespunte with its invented programme, and the bare anchor."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 120
# What would lead the measured programme to somebody's real data.
NOT_OURS = {"DATABASE_URL", "SECRET_KEY", "SITE_URL", "SITE_NAME", "MAIL_URL", "MAIL_FROM", "DEMO", "PORT"}


class Broken(Exception):
    """A program of the run did not do its work; the message shows the end of what it said."""


@dataclass(frozen=True)
class Server:
    """A running server: its process and its port on this machine."""

    name: str
    pid: int
    port: int

    def cpu_seconds(self) -> float:
        """CPU time of all its threads and of the processes that work for it."""
        return sum(map(cpu_of, [self.pid, *self.helpers()]))

    def helpers(self) -> list[int]:
        """The processes that it started and that are still there."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]

    def uss_mib(self) -> float:
        """The memory that would be free again if it ended, without the processes that work for it."""
        return _uss_mib(self.pid)

    def helpers_mib(self) -> float:
        """The same of those, which end when nobody asks for them any more."""
        return sum(map(_uss_mib, self.helpers()))


def cpu_of(pid: int) -> float:
    """CPU seconds of a process: utime and stime of /proc, in nanoseconds instead of ticks."""
    return time.clock_gettime((~pid << 3) | 2)


def _uss_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder for the run, gone afterwards however the run ends; SIGTERM ends it as Ctrl+C does."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    folder = Path(tempfile.mkdtemp(prefix="pespunte-bench-"))
    try:
        yield folder
    finally:
        signal.signal(signal.SIGTERM, before)
        shutil.rmtree(folder, ignore_errors=True)


def environment(data_dir: Path) -> dict[str, str]:
    """The environment of a program that works on this data only."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    return kept | {"DATA_DIR": str(data_dir), "MAIL_URL": "console:", "PYTHONDONTWRITEBYTECODE": ""}


def call(data_dir: Path, *arguments: str, core: int | None = None) -> str:
    """Run one Python command to its end and give what it printed. Raises Broken."""
    process = _start(data_dir, arguments, core, subprocess.PIPE, subprocess.PIPE)
    try:
        printed, complaints = process.communicate()
    finally:
        _end(process)
    if process.returncode:
        said = "\n".join((complaints or printed).strip().splitlines()[-8:])
        raise Broken(f"python {' '.join(arguments)} ended with {process.returncode}:\n{said}")
    return printed


@contextmanager
def serving(name: str, data_dir: Path, arguments: tuple[str, ...], core: int, path: str) -> Iterator[Server]:
    """A server that answers at `path`; "PORT" in the arguments becomes its port."""
    port = _free_port()
    arguments = tuple(str(port) if argument == "PORT" else argument for argument in arguments)
    log = data_dir / f"{name}.log"
    with log.open("w") as stream:
        process = _start(data_dir, arguments, core, stream, subprocess.STDOUT)
    try:
        _wait_for(process, port, path, log)
        yield Server(name, process.pid, port)
    finally:
        _end(process)


def _start(data_dir: Path, arguments: tuple[str, ...], core: int | None, out, err) -> subprocess.Popen:
    def pin() -> None:
        if core is not None:
            os.sched_setaffinity(0, {core})

    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(data_dir),
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        text=True,
        preexec_fn=pin,
    )


def _end(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(process: subprocess.Popen, port: int, path: str, log: Path) -> None:
    last = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < last:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        except (OSError, HTTPException):
            time.sleep(0.05)
        finally:
            connection.close()
    said = "\n".join(log.read_text().strip().splitlines()[-8:])
    raise Broken(f"the {log.stem} server did not start:\n{said}")
