"""The settings of a house for tests; what is built from the source alone is built once for all houses."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from config import Config

BUILT = "PESPUNTE_TESTS_BUILT"


def built() -> Path:
    """The folder of catalogues, templates and assets. The first process makes it, those it starts use it
    too."""
    if BUILT not in os.environ:
        os.environ[BUILT] = tempfile.mkdtemp(prefix="pespunte-built-")
        atexit.register(shutil.rmtree, os.environ[BUILT], ignore_errors=True)
    return Path(os.environ[BUILT])


def settings(folder: Path, database_url: str, **more: Any) -> Config:
    """A house in this folder, which sends its letters nowhere."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "build").exists():
        (folder / "build").symlink_to(built())
    return Config(
        SECRET_KEY="only for tests, 16+",
        DATA_DIR=folder,
        SQLALCHEMY_DATABASE_URI=database_url,
        MAIL_URL="memory:",
        TESTING=True,
        **more,
    )
