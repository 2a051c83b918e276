"""Rows in bulk: keys given out in order, everything inserted table by table, sequences put right
afterwards."""

from collections import defaultdict
from typing import Any

from sqlalchemy import insert, text

from lms.foundation.db import Model, db

AT_A_TIME = 5000


class Rows:
    """Collects rows of an empty database by model and writes them at once; `add` gives the key a row will
    have."""

    def __init__(self) -> None:
        self.of: dict[type[Model], list[dict[str, Any]]] = defaultdict(list)
        self.keys: dict[type[Model], int] = defaultdict(int)
        self.written = 0

    def add(self, model: type[Model], **columns: Any) -> int:
        self.keys[model] += 1
        self.of[model].append({"id": self.keys[model], **columns})
        return self.keys[model]

    def write(self) -> None:
        """Insert everything, lower tables first."""
        order = {table: position for position, table in enumerate(db.metadata.sorted_tables)}
        for model in sorted(self.of, key=lambda m: order[m.__table__]):
            rows = self.of[model]
            for start in range(0, len(rows), AT_A_TIME):
                db.session.execute(insert(model), rows[start : start + AT_A_TIME])
            self.written += len(rows)
            self._advance_sequence(model)
        self.of.clear()

    @staticmethod
    def _advance_sequence(model: type[Model]) -> None:
        if db.engine.dialect.name == "postgresql":
            name = model.__table__.name
            largest = (
                f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), (SELECT max(id) FROM \"{name}\"))"
            )
            db.session.execute(text(largest))
