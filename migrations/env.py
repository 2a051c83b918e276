"""Alembic's environment: the app's own engine and models, in batches so that SQLite can alter tables too."""

from alembic import context
from flask import current_app

from lms.foundation.db import Money, UtcDateTime, db

OWN_TYPES = {Money: "sa.BigInteger()", UtcDateTime: "sa.DateTime(timezone=True)"}


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types as the plain ones they are stored as: a migration must not change when they do."""
    return OWN_TYPES.get(type(item), False) if kind == "type" else False


def run_migrations() -> None:
    """Run within one transaction: a killed upgrade leaves the old revision or the new one."""
    connectable = db.engine
    with connectable.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            compare_server_default=True,
            render_item=render_item,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database, not into a script.")
run_migrations()
