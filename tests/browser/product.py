"""The product as people run it: a process of its own on data of its own, to be killed at any moment."""

import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate, upgrade

from config import HERE, Config
from lms import cli, serve
from lms.app import create_app
from lms.foundation.db import db

SECONDS_TO_START = 60


class Product:
    """`app` works on the same data from outside; the process is started, killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {"DATA_DIR": str(folder), "MAIL_URL": "console:"}
        for name in ("DATABASE_URL", "SECRET_KEY", "SITE_URL", "PORT"):
            self.environment.pop(name, None)
        self.config = Config.from_environ(self.environment)
        self.app: Flask = create_app(self.config)
        cli.register(self.app)
        Migrate(self.app, db, directory=str(HERE / "migrations"), render_as_batch=True)
        with self.app.app_context():
            upgrade()
            db.session.remove()
        # Prepared already: the invented programme and the real courses are not wanted here.
        stamp = serve._stamp(self.config)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(serve._digest())
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "lms.serve", "--port", str(self.port)]
        with (self.folder / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                command, cwd=HERE, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        last = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < last and self.process.poll() is None:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/sign-in")
                if connection.getresponse().status == 200:
                    return
            except (OSError, HTTPException):
                time.sleep(0.05)
            finally:
                connection.close()
        raise AssertionError((self.folder / "server.log").read_text()[-3000:])

    def kill(self) -> None:
        """As a power cut does: nothing is finished, nothing said goodbye to."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def make_link(self, email: str) -> str:
        result = self.app.test_cli_runner().invoke(args=["people", "link", email, "--address", self.url])
        assert result.exit_code == 0, result.output
        return result.output.strip().split()[-1]

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
