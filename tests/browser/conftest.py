"""The real app behind a real server on a free port, in this process, so that the stopped clock reaches it."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import sync_playwright
from waitress.server import create_server
from waitress.wasyncore import close_all

from config import HERE
from lms import cli
from lms.app import create_app
from lms.curriculum import commands as curriculum
from lms.curriculum import syllabus
from lms.foundation.db import db
from lms.foundation.jobs import run_due
from tests import build
from tests.engines import chromium_launch, chromium_path
from tests.kept_cast import again, keys_of
from tests.settings import settings

BROWSERLESS = "no Chromium on this machine (set CHROMIUM to its path)"


class House:
    """An installation of its own: database, files, letters, server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.members: dict[str, Any] = {}
        self.app = make_app(folder)
        self.server = create_server(self.app, host="127.0.0.1", port=0, threads=4, ident="")
        self.url = f"http://127.0.0.1:{self.server.effective_port}"
        self.thread = threading.Thread(target=self.server.run, name="house", daemon=True)
        self.thread.start()

    @classmethod
    def copied(cls, prepared: Path, folder: Path) -> "House":
        """A new house in which there is what was prepared."""
        shutil.copytree(prepared, folder, symlinks=True)
        syllabus.forget()
        return cls(folder)

    def cast(self) -> SimpleNamespace:
        """The people of build.cast(), for the session of an open app context."""
        return again(self.members)

    def close(self) -> None:
        """Answers on their way are finished; then all threads end, because a thread keeps its whole house."""
        self.server.task_dispatcher.shutdown()
        # Only the thread that waits on the connections may close them.
        self.server.trigger.pull_trigger(lambda: close_all(self.server._map, ignore_all=True))
        self.thread.join(10)
        assert not self.thread.is_alive()
        with self.app.app_context():
            db.engine.dispose()
        syllabus.forget()

    def run(self, *arguments: str) -> str:
        """What a command of `./manage flask` prints."""
        result = self.app.test_cli_runner().invoke(args=list(arguments))
        assert result.exit_code == 0, result.output
        return result.output.strip()

    def invite_staff(self, email: str, name: str, role: str) -> str:
        """The one-time address with which the first people of an empty house enter."""
        line = self.run("people", "invite", email, name, "--role", role, "--address", self.url)
        return line.split()[-1]

    def make_link(self, email: str) -> str:
        return self.run("people", "link", email, "--address", self.url).split()[-1]

    def letters_to(self, email: str) -> list[str]:
        """The texts of the letters to this address, newest last, after the jobs that are due were done."""
        with self.app.app_context():
            while run_due():
                pass
            db.session.remove()
        return [letter.text for letter in self.app.extensions["mailer"].sent if letter.to == email]


def make_app(folder: Path) -> Flask:
    app = create_app(settings(folder, f"sqlite:///{folder / 'house.db'}", **build.MARKETPLACES))
    cli.register(app)
    # An error is answered as the page a person would see; the tests look for that page.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@contextmanager
def preparing(folder: Path) -> Iterator[None]:
    """An empty installation, of which many houses can begin as a copy."""
    app = make_app(folder)
    with app.app_context():
        db.create_all()
        yield
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    syllabus.forget()


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Path:
    """Only the real courses are published."""
    folder = tmp_path_factory.mktemp("published")
    with preparing(folder):
        curriculum.publish_folder(HERE / "courses")
    return folder


@pytest.fixture(scope="session")
def inhabited(tmp_path_factory) -> tuple[Path, dict[str, Any]]:
    """The cast is there, and what they are called."""
    folder = tmp_path_factory.mktemp("inhabited")
    with preparing(folder):
        members = keys_of(build.cast())
    return folder, members


@pytest.fixture
def new_house(published, tmp_path, stopped_clock):
    """A new house without people."""
    made = House.copied(published, tmp_path / "house")
    yield made
    made.close()


@pytest.fixture
def house(inhabited, tmp_path, stopped_clock):
    """A house with the cast in it: see `House.cast`."""
    folder, members = inhabited
    made = House.copied(folder, tmp_path / "house")
    made.members = members
    yield made
    made.close()


@pytest.fixture
def clock_to(stopped_clock) -> Callable[..., None]:
    """clock_to(2026, 9, 2, 17): from now on it is that moment, in UTC."""
    return lambda *parts: stopped_clock(datetime(*parts, tzinfo=UTC))


@pytest.fixture(scope="session")
def chromium():
    if chromium_path() is None:
        pytest.skip(BROWSERLESS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_launch())
        yield browser
        browser.close()
