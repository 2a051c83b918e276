"""Alembic's environment: the app's own engine and models, in batches so that SQLite can alter tables too."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from lms.foundation.db import Money, UtcDateTime, db

OWN_TYPES = {Money: "sa.BigInteger()", UtcDateTime: "sa.DateTime(timezone=True)"}


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types as the plain ones they are stored as: a migration must not change when they do."""
    return OWN_TYPES.get(type(item), False) if kind == "type" else False


@contextmanager
def tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by rebuilding it, which drops it while others still refer to it.

    So its foreign keys are off meanwhile (a pragma that only works outside a transaction) and all of them are
    checked before the commit: https://sqlite.org/lang_altertable.html#otheralter
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()  # ends the transaction that looking at the version has begun
        cursor.execute("PRAGMA foreign_keys=ON")


def check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"The migration left {len(broken)} rows that refer to nothing: {broken[:5]}")


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
        with tables_may_be_rebuilt(connection), context.begin_transaction():
            context.run_migrations()
            check_references(connection)


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database, not into a script.")
run_migrations()
