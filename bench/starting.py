"""How long Pespunte takes to be ready, against importing the libraries that it stands on."""

import resource
from pathlib import Path

from bench.servers import call

READY = ("-c", "import wsgi")
LIBRARIES = ("-c", "import flask, flask_login, sqlalchemy")


def compare(data_dir: Path, rounds: int, core: int) -> list[tuple[float, float]]:
    """CPU seconds of both in turn; the first pair, which fills the caches, does not count."""
    pairs = [(_cpu(data_dir, READY, core), _cpu(data_dir, LIBRARIES, core)) for _ in range(rounds + 1)]
    return pairs[1:]


def _cpu(data_dir: Path, command: tuple[str, ...], core: int) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    call(data_dir, *command, core=core)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
