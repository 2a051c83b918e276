"""One command from a checkout to a running house: prepare the data, then serve it with a production
server."""

import argparse
import ctypes
import gc
import hashlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if __name__ == "__main__":
    # All that is imported here stays: to look through it for garbage meanwhile takes a sixth of a start.
    # Only where this is the program: who merely imports it would be left with no collector at all.
    gc.disable()

from flask import Flask
from sqlalchemy import text
from waitress.server import create_server

from config import HERE, Config, Incomplete
from lms.app import create_app
from lms.foundation import jobs, migrations
from lms.foundation.db import db, quick_check, transaction
from lms.ops.people import ADDRESS

THREADS = 6
CONNECTIONS = 1000
M_ARENA_MAX = -8  # from malloc.h


def main() -> None:
    """Prepare what is not prepared yet, say where the house is and who can enter, and serve until stopped."""
    options = _options()
    _share_memory_between_threads()
    started = time.monotonic()
    try:
        config = Config.from_environ()
    except Incomplete as missing:
        sys.exit(str(missing))
    if options.prepare:
        _prepare(create_app(config), config, empty=options.empty)
        return
    app = create_app(config)
    if broken := _database_problem(app):
        sys.exit(broken)
    if not _is_prepared(app, config):
        # In a process of its own, so that what preparing needs (migrations, Markdown, pictures) stays out
        # of the server.
        command = [sys.executable, "-m", "lms.serve", "--prepare", *(["--empty"] if options.empty else [])]
        if os.spawnv(os.P_WAIT, sys.executable, command):
            sys.exit(1)
        app = create_app(Config.from_environ())
    _serve(app, options.port, started)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./manage run", description=__doc__)
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--empty", action="store_true", help="no invented programme in an empty database")
    parser.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


@contextmanager
def _step(what: str) -> Iterator[None]:
    started = time.monotonic()
    print(f"{what} …", flush=True)
    yield
    print(f"  done in {time.monotonic() - started:.1f} s", flush=True)


def _database_problem(app: Flask) -> str | None:
    with app.app_context():
        broken = quick_check()
    return f"The database is damaged ({broken}). Restore a backup; nothing was changed." if broken else None


def _digest() -> str:
    """A fingerprint of what preparing depends on: migrations, courses, styles and scripts."""
    seen = hashlib.sha256()
    for folder in ("migrations/versions", "courses", "lms/static"):
        for path in sorted((HERE / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                about = path.stat()
                seen.update(f"{path.relative_to(HERE)}:{about.st_size}:{about.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def _stamp(config: Config) -> Path:
    url = hashlib.sha256(config.SQLALCHEMY_DATABASE_URI.encode()).hexdigest()[:12]
    return config.BUILD_DIR / f"prepared-{url}"


def _is_prepared(app: Flask, config: Config) -> bool:
    stamp = _stamp(config)
    if not stamp.exists() or stamp.read_text() != _digest():
        return False
    with app.app_context():
        try:
            return db.session.execute(text("SELECT 1 FROM alembic_version")).scalar() is not None
        except Exception:  # another database than the stamp's, or none: prepare it
            return False
        finally:
            db.session.rollback()


def _prepare(app: Flask, config: Config, *, empty: bool) -> None:
    from flask_migrate import upgrade

    from lms.curriculum import commands as curriculum
    from lms.curriculum.searching import index_what_is_missing
    from lms.graduation.signing import Keys
    from lms.ops import demo

    migrations.attach(app)
    with app.app_context():
        with _step("Upgrading the database"):
            upgrade()
        with _step("Publishing the courses"):
            curriculum.publish_folder(HERE / "courses")
            with transaction():
                # The job that would do it later would do it in the server, which then stays larger.
                index_what_is_missing()
        if not empty and demo.is_empty():
            with _step("Loading the invented programme"):
                demo.load(Keys(config.DATA_DIR))
            (config.DATA_DIR / "demo").touch()
    stamp = _stamp(config)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(_digest())


def _share_memory_between_threads() -> None:
    """Let glibc keep two heaps for all threads instead of one for each: a fifth less memory, and no
    slower."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(M_ARENA_MAX, 2)


def _serve(app: Flask, port: int, started: float) -> None:
    server = create_server(
        app,
        host="127.0.0.1",
        port=port,
        threads=THREADS,
        connection_limit=CONNECTIONS,
        channel_timeout=60,
        ident="",
        clear_untrusted_proxy_headers=True,
    )
    gc.freeze()
    gc.enable()
    jobs.start_worker(app)
    _welcome(app, port, time.monotonic() - started)
    (app.config["DATA_DIR"] / ADDRESS).write_text(f"http://127.0.0.1:{port}")
    server.run()


def _welcome(app: Flask, port: int, seconds: float) -> None:
    address = f"http://127.0.0.1:{port}"
    print(f"\n{app.config['SITE_NAME']} is at {address} (ready in {seconds:.1f} s). Stop it with Ctrl+C.\n")
    if app.config["DEMO"]:
        from lms.ops import people

        with app.app_context():
            print(people.welcome(address))
            db.session.rollback()
    else:
        print("Nobody can sign in yet? Invite the first programme lead:")
        print('  ./manage flask people invite lead@example.org "Name" --role lead --programme "Programme"')
    sys.stdout.flush()


if __name__ == "__main__":
    main()
