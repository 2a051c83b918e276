"""The file of a person's own data: each room tells what it keeps of them; none has to know the others."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask, current_app

from lms.foundation.tabular import write_csv

Row = Mapping[str, Any]
# What a room keeps of a person: rows with the same columns. Of others only what was said to the person or
# what they may read on a page anyway; nothing secret.
Teller = Callable[[Any], Iterable[Row]]
# Files in an archive have a moment; this one says that it means nothing.
EPOCH = (1980, 1, 1, 0, 0, 0)


def init_app(app: Flask, *tables: Mapping[str, Teller]) -> None:
    """Every room's table of what it tells, by the name of the part."""
    app.extensions["own_data"] = {part: teller for table in tables for part, teller in table.items()}


def told_of(person: Any) -> dict[str, list[Row]]:
    """Everything that the rooms tell of this person, part by part."""
    tellers: Mapping[str, Teller] = current_app.extensions["own_data"]
    return {part: list(teller(person)) for part, teller in tellers.items()}


def as_archive(told: Mapping[str, list[Row]]) -> bytes:
    """One JSON with everything, and a table for each part that has rows."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        whole = json.dumps(told, ensure_ascii=False, indent=1, default=_written)
        archive.writestr(zipfile.ZipInfo("data.json", EPOCH), whole)
        for part, rows in told.items():
            if rows:
                head = list(rows[0])
                table = write_csv(head, ([_cell(row[name]) for name in head] for row in rows))
                archive.writestr(zipfile.ZipInfo(f"{part}.csv", EPOCH), table)
    return buffer.getvalue()


def _cell(value: Any) -> Any:
    return (
        json.dumps(value, ensure_ascii=False, default=_written) if isinstance(value, dict | list) else value
    )


def _written(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"not to be told: {type(value)}")
