"""The app of the matrix on a database of its own: asked as anybody, watched for changes, put back."""

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import text

from lms.app import create_app
from lms.foundation import clock
from lms.foundation.db import db
from lms.web.form_keys import new_key
from tests import build
from tests.conftest import NOW
from tests.engines import connect, create_database
from tests.matrix.world import WHO, World, build_world
from tests.settings import settings

_TOKEN = re.compile(
    rb'name="csrf_token"[^>]*value="[^"]*"|value="[^"]*"[^>]*name="csrf_token"|name="form_key"[^>]*value="[^"]*"'
)
# Emptied when this process ends.
_FOLDER = tempfile.TemporaryDirectory(prefix="pespunte-matrix-")


class House:
    """One world, its app, and the cookies of everybody in it."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app = app
        self.world = world
        self.tokens: dict[str, str] = {}
        self.cookies = {name: self._cookie(name) for name in WHO}
        with app.app_context():
            self.database = (
                SqliteWatch(db.engine) if db.engine.dialect.name == "sqlite" else RowsWatch(db.engine)
            )

    def _cookie(self, who: str) -> str:
        """A session like the one that signing in begins, with a CSRF token in it."""
        with self.app.test_request_context():
            self.tokens[who] = generate_csrf()
            raw = session["csrf_token"]
        person = self.world.people.get(who)
        client = self.app.test_client()
        with client.session_transaction() as kept:
            kept["csrf_token"] = raw
            if person is not None:
                kept["_user_id"] = f"{person.id}.{person.epoch}"
                kept["_fresh"] = True
                kept["firm_id"] = person.firm_id
                kept["since"] = NOW.isoformat()
        return client.get_cookie("session").value

    def ask(self, who: str, method: str, path: str, **options) -> SimpleNamespace:
        """One request in a session that nothing before has touched."""
        client = self.app.test_client()
        client.set_cookie("session", self.cookies[who])
        if method == "POST":
            options.setdefault("data", {"csrf_token": self.tokens[who], "form_key": new_key()})
        with client.open(path, method=method, **options) as response:
            body = response.get_data()
            return SimpleNamespace(
                status=response.status_code, location=response.headers.get("Location", ""), body=body,
                headers=response.headers, plain=_TOKEN.sub(b"", body),
            )  # fmt: skip

    def routes(self) -> Iterator[tuple[str, str, set[str]]]:
        """Every endpoint, method and the arguments in its address."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule.endpoint, method, set(rule.arguments)

    def places(self, endpoint: str, names: set[str]) -> dict[str, str]:
        """The addresses of a page, one for each place; places that share the thing share the row."""
        if not names:
            return {"-": self._path(endpoint, {})}
        found: dict[str, str] = {}
        for name, place in self.world.places.items():
            path = self._path(endpoint, place.of(endpoint, names))
            if path not in found.values():
                found[name] = path
        return found

    def _path(self, endpoint: str, arguments: dict) -> str:
        with self.app.test_request_context():
            return self.app.url_for(endpoint, **arguments)


class SqliteWatch:
    """Another connection that is told by SQLite whether anybody committed, and holds a copy to go back to."""

    def __init__(self, engine) -> None:
        self.watcher = sqlite3.connect(engine.url.database, check_same_thread=False)
        self.pristine = sqlite3.connect(":memory:", check_same_thread=False)
        self.watcher.backup(self.pristine)
        self.before = list(self.pristine.iterdump())
        self.version = self._version()

    def _version(self) -> int:
        return self.watcher.execute("PRAGMA data_version").fetchone()[0]

    def was_written(self) -> bool:
        return self._version() != self.version

    def is_changed(self) -> bool:
        if not self.was_written():
            return False
        version, changed = self._version(), list(self.watcher.iterdump()) != self.before
        if not changed:
            self.version = version
        return changed

    def put_back(self) -> None:
        self.pristine.backup(self.watcher)
        self.version = self._version()


class RowsWatch:
    """All rows of all tables, compared and written again (PostgreSQL)."""

    def __init__(self, engine) -> None:
        self.engine = engine
        # Asked after every answer, so past the pool and without a transaction.
        self.connection = connect(engine)
        self.rows = self._read()
        self.place = self._place()

    def _read(self) -> dict:
        with self.engine.connect() as connection:
            return {
                table: connection.execute(table.select().order_by(*table.primary_key)).mappings().all()
                for table in db.metadata.sorted_tables
            }

    def _place(self) -> str:
        """Where the server would write next; it stays when nobody wrote."""
        return self.connection.execute("SELECT pg_current_wal_insert_lsn()").fetchone()[0]

    def was_written(self) -> bool:
        return self._place() != self.place

    def is_changed(self) -> bool:
        if not self.was_written():
            return False
        # The server also writes on its own account, so the place alone proves nothing.
        place, changed = self._place(), self._read() != self.rows
        if not changed:
            self.place = place
        return changed

    def put_back(self) -> None:
        found = self._read()
        changed = [table for table in db.metadata.sorted_tables if found[table] != self.rows[table]]
        with self.engine.begin() as connection:
            # References are not looked at while single tables are written anew.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for table in changed:
                connection.execute(table.delete())
                if self.rows[table]:
                    connection.execute(table.insert(), [dict(row) for row in self.rows[table]])
        self.place = self._place()


PROMISED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Frame-Options": "DENY",
}
STRICT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


def faults_of_headers(answer: SimpleNamespace, *, signed_in: bool) -> list[str]:
    """What an answer lacks of the headers that all have; files that people sent are stricter still."""
    lacking = [name for name, value in PROMISED_HEADERS.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    if policy != STRICT_POLICY and "sandbox" not in policy:
        lacking.append(f"Content-Security-Policy {policy}")
    # What is the same for everybody may say so; all else of a person stays in no cache.
    cached = answer.headers.get("Cache-Control", "")
    if signed_in and "no-store" not in cached and not cached.startswith("public"):
        lacking.append(f"Cache-Control {cached}")
    return lacking


@contextmanager
def _stopped_clock():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "_system_time", lambda: NOW)
        yield


@cache
def furnished(database_url: str) -> House:
    """The house of this test process, built once on a database beside the other one."""
    if database_url.startswith("sqlite"):
        database_url = database_url.replace("test.db", "matrix.db")
    else:
        database_url = create_database(database_url, "matrix")
    app = create_app(settings(Path(_FOLDER.name), database_url, **build.MARKETPLACES))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with _stopped_clock(), app.app_context():
        db.create_all()
        world = build_world()
        db.session.commit()
        db.session.remove()
    # Outside of that context: what a request keeps in `g` must not reach the next.
    return House(app, world)


@pytest.fixture(scope="session")
def matrix_house(database_url) -> House:
    """The furnished house; a test that changes it calls `matrix_house.database.put_back()`."""
    return furnished(database_url)
