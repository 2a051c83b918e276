"""Migrations for an app, wherever it was started from."""

from pathlib import Path

from flask import Flask

from lms.foundation.db import db

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def attach(app: Flask) -> None:
    """Let Alembic work on this app's database. Kept out of `create_app`: a server has no use for Alembic."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(FOLDER), render_as_batch=True)
