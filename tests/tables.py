"""The tables of a test's database, all together: emptied after a test, filled with what was kept before it.

One connection of its own goes past the models, with references unchecked: either all rows go, or all come.
"""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable

from sqlalchemy import Engine, Table

from lms.foundation.db import db
from tests.engines import connect


def tables_of(engine: Engine) -> "Tables":
    return (SqliteTables if engine.dialect.name == "sqlite" else PostgresqlTables)(engine)


class Tables(ABC):
    """What has been kept lies in a schema beside the tables, so that it comes back without leaving the
    database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.all = {table.name: table for table in db.metadata.sorted_tables}
        self.asked = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in self.all
        )
        self.kept: list[str] = []

    def used(self) -> set[str]:
        """The tables in which the session of this test sees rows."""
        db.session.flush()
        return set(db.session.connection().exec_driver_sql(self.asked).scalars())

    def empty(self) -> None:
        """Take every row out, and let keys begin at one again."""
        used = self._read(self.asked)
        if used:
            self._run([f'DELETE FROM "{name}"' for name in used] + self._begin_keys_again(used))

    def keep(self) -> None:
        """Remember all rows there are now."""
        self.kept = self._read(self.asked)
        self._run([f'CREATE TABLE kept."{name}" AS SELECT * FROM "{name}"' for name in self.kept])

    def put_in(self) -> None:
        """Write what was kept into the empty tables. Keys go on behind it."""
        rows = [f'INSERT INTO "{name}" SELECT * FROM kept."{name}"' for name in self.kept]
        self._run(rows + self._go_on_behind(self.kept))

    @abstractmethod
    def _read(self, question: str) -> list[str]:
        """The names that answer it."""

    @abstractmethod
    def _run(self, statements: Iterable[str]) -> None:
        """Carry all of them out, or none."""

    def _begin_keys_again(self, _names: Iterable[str]) -> list[str]:
        return []  # SQLite looks for the highest key each time

    def _go_on_behind(self, _names: Iterable[str]) -> list[str]:
        return []


class SqliteTables(Tables):
    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.connection = sqlite3.connect(str(engine.url.database), isolation_level=None)
        self.connection.execute("ATTACH ':memory:' AS kept")

    def _read(self, question: str) -> list[str]:
        return [name for (name,) in self.connection.execute(question)]

    def _run(self, statements: Iterable[str]) -> None:
        try:
            self.connection.executescript(";\n".join(["BEGIN IMMEDIATE", *statements, "COMMIT"]))
        finally:
            self.connection.rollback()  # nothing is left of it, unless all was written


class PostgresqlTables(Tables):
    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.connection = connect(engine)
        self.connection.execute("SET session_replication_role = replica")
        self.connection.execute("CREATE SCHEMA kept")

    def _read(self, question: str) -> list[str]:
        return [name for (name,) in self.connection.execute(question)]

    def _run(self, statements: Iterable[str]) -> None:
        # Statements that come together are one transaction.
        self.connection.execute(";\n".join(statements))

    def _begin_keys_again(self, names: Iterable[str]) -> list[str]:
        return [f"SELECT setval('\"{name}_id_seq\"', 1, false)" for name in self._numbered(names)]

    def _go_on_behind(self, names: Iterable[str]) -> list[str]:
        highest = '(SELECT max(id) FROM "{0}")'
        return [
            f"SELECT setval('\"{name}_id_seq\"', {highest.format(name)})" for name in self._numbered(names)
        ]

    def _numbered(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if has_sequence(self.all[name])]


def has_sequence(table: Table) -> bool:
    return "id" in table.c and table.c.id.autoincrement is not False
