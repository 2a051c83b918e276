"""One house per test process, emptied after every test; the same small cast of people."""

import gc
import os
import shutil
import tempfile
from contextlib import contextmanager
from contextvars import Context
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from lms import cli
from lms.app import create_app
from lms.curriculum import syllabus
from lms.foundation import clock
from lms.foundation.db import db
from tests import build, pages
from tests.kept_cast import KeptCast
from tests.settings import built, settings
from tests.tables import tables_of

# A Wednesday in the fifth week of the cohort that build.cast() opens.
NOW = datetime(2026, 10, 14, 18, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def database_url():
    """SQLite in memory-backed files, or one real PostgreSQL server per process
    (LMS_TEST_DATABASE=postgresql)."""
    folder = Path(tempfile.mkdtemp(prefix="pespunte-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
    if os.environ.get("LMS_TEST_DATABASE") == "postgresql":
        from tests.engines import start_postgresql

        url, stop = start_postgresql()
        yield url
        stop()
    else:
        yield f"sqlite:///{folder / 'test.db'}"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def house(database_url, tmp_path_factory):
    """The app of this test process with its schema made once."""
    app = create_app(settings(tmp_path_factory.mktemp("instance"), database_url, **build.MARKETPLACES))
    cli.register(app)
    # What a person would see as the error page is what the tests look at.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        db.create_all()
        db.session.remove()
    return app


@pytest.fixture(scope="session")
def tables(house):
    with house.app_context():
        made = tables_of(db.engine)
    yield made
    made.connection.close()


@pytest.fixture
def app(house, tables):
    """The house with an open app context and an empty database; whatever the test writes is swept out after
    it."""
    with house.app_context():
        house.extensions["mailer"].sent.clear()
        yield house
        db.session.rollback()
        syllabus.forget()
        tables.empty()
        db.session.remove()


def pytest_configure():
    built()  # before other processes begin, so that all use the same


def pytest_collection_modifyitems(items):
    """What waits for a browser first: while one process does, the others do all else."""
    items.sort(key=lambda item: "browser" not in item.path.parts)


def pytest_collection_finish():
    """What was imported and collected stays until the end; nobody has to search it for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def collector():
    """Without it a process of tests once grew to two gigabytes, and nobody saw why."""
    yield
    assert gc.isenabled(), "this test, or what it imports, left the collector off"


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch):
    """It is always the same Wednesday; `stopped_clock(moment)` moves it."""
    moment = [NOW]

    def move(to: datetime) -> None:
        moment[0] = to

    monkeypatch.setattr(clock, "_system_time", lambda: moment[0])
    return move


@pytest.fixture(scope="session")
def kept_cast(tables):
    return KeptCast(tables)


@pytest.fixture
def cast(app, kept_cast):
    """The people of every test: see build.cast()."""
    return kept_cast.enter()


@pytest.fixture
def letters(app):
    """The letters that went out, newest last, after the jobs that are due were done."""
    from lms.foundation.jobs import run_due

    def delivered():
        db.session.commit()
        run_due()
        return app.extensions["mailer"].sent

    return delivered


@pytest.fixture(autouse=True)
def requests_apart(monkeypatch):
    """Every request gets an app context of its own, as in real life; else `g` and who is in it would
    outlive it."""
    open_page = FlaskClient.open
    monkeypatch.setattr(
        FlaskClient, "open", lambda self, *args, **more: Context().run(open_page, self, *args, **more)
    )


class Browser:
    """A person at a browser: opens pages and sends their forms as they are, with what the person typed."""

    def __init__(self, app, person):
        self.client = app.test_client()
        if person is not None:
            with self.client.session_transaction() as session:
                session["_user_id"] = person.get_id()
                session["_fresh"] = True
                session["firm_id"] = person.firm_id
                session["since"] = clock.now().isoformat()

    def get(self, path, **options) -> pages.Page:
        return self._ask("GET", path, **options)

    def post(self, path, data=None, **options) -> pages.Page:
        return self._ask("POST", path, data=data, **options)

    def follow(self, page: pages.Page) -> pages.Page:
        while page.location:
            page = self.get(page.location)
        return page

    def submit(self, path, button=None, follow=True, files=None, **fields) -> pages.Page:
        """Open the page, fill in the form that has these fields, press the button, and follow where it
        leads."""
        return self.send(self.get(path), path, button, follow, files, **fields)

    def send(self, page, path, button=None, follow=True, files=None, **fields) -> pages.Page:
        """Send a form of a page that is open already."""
        names = {name for name in fields} | set(files or {})
        form = page.form_with(names, button)
        sent = pages.values(form)
        for name, value in fields.items():
            sent[name] = value if isinstance(value, list) else [value]
        pressed = [b for b in form.find_all("button") if button is None or button in b.text]
        if pressed and pressed[0].attributes.get("name"):
            sent.setdefault(pressed[0].attributes["name"], [pressed[0].attributes.get("value", "")])
        target = (
            (pressed[0].attributes.get("formaction") if pressed else None)
            or form.attributes.get("action")
            or path
        )
        answer = self.post(target, {**sent, **(files or {})})
        return self.follow(answer) if follow else answer

    def _ask(self, method, path, **options) -> pages.Page:
        # What the test itself wrote is kept first: a person's request is another transaction.
        db.session.commit()
        response = self.client.open(path, method=method, **options)
        db.session.expire_all()
        return pages.read(response)


@pytest.fixture
def browser(app):
    """browser(cast.trainer) is that person at a browser; browser() is a stranger."""
    return lambda person=None: Browser(app, person)


@pytest.fixture
def count_queries(app):
    """with count_queries() as queries: … ; len(queries) — the SELECTs and writes, savepoints and pragmas
    apart."""

    @contextmanager
    def counting():
        queries = []

        def note(_connection, _cursor, statement, *_rest):
            if statement.split(" ", 1)[0].upper() in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
                queries.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield queries
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting
