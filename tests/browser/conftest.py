"""The real app behind a real server on a free port, in this process, so that the stopped clock reaches it."""

import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import sync_playwright
from waitress.server import create_server

from config import HERE, Config
from lms import cli
from lms.app import create_app
from lms.curriculum import commands as curriculum
from lms.curriculum import syllabus
from lms.foundation.db import db
from lms.foundation.jobs import run_due
from tests import build
from tests.engines import chromium_launch, chromium_path

BROWSERLESS = "no Chromium on this machine (set CHROMIUM to its path)"


class House:
    """An installation of its own: database, files, letters, server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.app = make_app(folder)
        self.server = create_server(self.app, host="127.0.0.1", port=0, threads=4, ident="")
        self.url = f"http://127.0.0.1:{self.server.effective_port}"
        self.thread = threading.Thread(target=self._serve, name="house", daemon=True)
        self.thread.start()

    @classmethod
    def copied(cls, published: Path, folder: Path) -> "House":
        """A new house without people, in which the courses are published already."""
        shutil.copytree(published, folder)
        syllabus.forget()
        return cls(folder)

    def _serve(self) -> None:
        try:
            self.server.run()
        except OSError:  # closed under it
            return

    def close(self) -> None:
        """Browsers keep their connections open; the thread ends with the test process at the latest."""
        self.server.close()
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
    app = create_app(
        Config(
            SECRET_KEY="only for tests, 16+",
            DATA_DIR=folder,
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'house.db'}",
            MAIL_URL="memory:",
            **build.MARKETPLACES,
            TESTING=True,
        )
    )
    cli.register(app)
    # An error is answered as the page a person would see; the tests look for that page.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Path:
    """An installation in which only the real courses are published: every house begins as its copy."""
    folder = tmp_path_factory.mktemp("published")
    app = make_app(folder)
    with app.app_context():
        db.create_all()
        curriculum.publish_folder(HERE / "courses")
        db.session.remove()
        db.engine.dispose()
    syllabus.forget()
    return folder


@pytest.fixture
def house(published, tmp_path, stopped_clock):
    """A new house without people."""
    made = House.copied(published, tmp_path / "house")
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
