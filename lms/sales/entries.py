"""The orders behind figures that come from files: by hash, the newest state of each, added up by month."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import case, delete, func, insert, select

from lms.foundation.db import db
from lms.sales.importers.canonical import Batch, Entry, month_of
from lms.sales.models import Channel, SalesEntry, SalesEntryBefore, SalesSource

KEY_BYTES = 16
CHUNK = 500
WRITE = 20_000

# Looked up and written as plain rows: an object for each of 500,000 orders is what nobody needs.
_rows: Any = SalesEntry.__table__
_before: Any = SalesEntryBefore.__table__
_COLUMNS = (
    "source_id", "key", "import_id", "month", "gross", "net", "orders", "units", "cancelled", "refunded",
    "fees",
)  # fmt: skip
_FIELDS = ("gross", "net", "orders", "units", "cancelled", "refunded", "fees")


class Known(NamedTuple):
    """An order as it was kept: its entry, and the import that wrote it."""

    entry: Entry
    import_id: int


def source_of(firm_id: int, channel: Channel, name: str) -> SalesSource | None:
    """The source of that name in a firm's channel, if files of it were imported before."""
    found = select(SalesSource).filter_by(firm_id=firm_id, channel=channel, name=name)
    return db.session.scalars(found).first()


def make_source(firm_id: int, channel: Channel, name: str) -> SalesSource:
    source = SalesSource(firm_id=firm_id, channel=channel, name=name, salt=secrets.token_bytes(KEY_BYTES))
    db.session.add(source)
    db.session.flush()
    return source


def hashed(batch: Batch, salt: bytes) -> Iterator[tuple[bytes, Entry]]:
    """The entries of a batch under what their orders are known by here."""
    blake2b = hashlib.blake2b
    for number, entry in batch.entries.items():
        yield blake2b(number.encode(), digest_size=KEY_BYTES, key=salt).digest(), entry


def differences(
    source: SalesSource | None, found: Iterable[tuple[bytes, Entry]]
) -> Iterator[tuple[bytes, Entry, Known | None]]:
    """Of orders in a file those that say something new, each with what was known of it."""
    if source is None or not has_entries(source):
        for key, entry in found:
            yield key, entry, None
        return
    found = iter(found)
    while chunk := dict(islice(found, CHUNK)):
        known = _known(source.id, chunk)
        for key, entry in chunk.items():
            old = known.get(key)
            if old is None or old.entry != entry:
                yield key, entry, old


def has_entries(source: SalesSource) -> bool:
    return db.session.scalar(select(_rows.c.key).where(_rows.c.source_id == source.id).limit(1)) is not None


def _known(source_id: int, keys: Iterable[bytes]) -> dict[bytes, Known]:
    columns = [_rows.c[name] for name in ("key", "import_id", "month", *_FIELDS)]
    found = select(*columns).where(_rows.c.source_id == source_id, _rows.c.key.in_(list(keys)))
    return {row[0]: Known(Entry(_number(row[2]), *row[3:]), row[1]) for row in db.session.execute(found)}


def _number(month: date) -> int:
    return month.year * 12 + month.month - 1


def sums_of(source: SalesSource | None) -> dict[int, Entry]:
    """What the orders of a source add up to, month by month."""
    if source is None:
        return {}
    row = _rows.c
    sums = (
        select(
            row.month,
            *[func.sum(row[name]) for name in _FIELDS],
            func.sum(case((row.net.is_(None), 1), else_=0)),
        )
        .where(row.source_id == source.id)
        .group_by(row.month)
    )
    found = {}
    for month, gross, net, *counts, unknown in db.session.execute(sums):
        whole = [int(one) for one in counts]
        found[_number(month)] = Entry(_number(month), int(gross), None if unknown else int(net), *whole)
    return found


def plus(sums: Mapping[int, Entry], changes: Iterable[tuple[bytes, Entry, Known | None]]) -> dict[int, Entry]:
    """Sums by month after some orders came or changed. A net amount stays known while every part is known."""
    totals: dict[int, list[Any]] = {month: list(entry[1:]) for month, entry in sums.items()}
    unknown = {month for month, entry in sums.items() if entry.net is None}
    for _key, new, old in changes:
        for sign, entry in ((1, new), (-1, old.entry)) if old else ((1, new),):
            total = totals.setdefault(entry.month, [0] * len(_FIELDS))
            if sign > 0 and entry.net is None:
                unknown.add(entry.month)
            for place, amount in enumerate(entry[1:]):
                total[place] = (total[place] or 0) + sign * (amount or 0)
    return {
        month: Entry(month, total[0], None if month in unknown else total[1], *total[2:])
        for month, total in sorted(totals.items())
    }


def write(source: SalesSource, import_id: int, changes: Iterable[tuple[bytes, Entry, Known | None]]) -> int:
    """Keep the new state of orders, and what each said before; gives how many."""
    changes, number = iter(changes), 0
    while chunk := list(islice(changes, WRITE)):
        number += len(chunk)
        # In the order of their keys, which is that of the table: hashes at random touch all of its pages.
        chunk.sort(key=itemgetter(0))
        new = [_row(source.id, key, import_id, entry) for key, entry, old in chunk if old is None]
        if new:
            _insert(_rows, new)
        changed = [(key, entry, old) for key, entry, old in chunk if old is not None]
        if changed:
            _keep_before(source.id, import_id, changed)
            _overwrite(source.id, import_id, changed)
    return number


def _row(source_id: int, key: bytes, import_id: int, entry: Entry) -> tuple[Any, ...]:
    """A row in the order of `_COLUMNS`."""
    return (source_id, key, import_id, _month(entry[0]), *entry[1:])


@cache
def _month(number: int) -> str:
    return month_of(number).isoformat()


def _keep_before(source_id: int, import_id: int, changed: list[tuple[bytes, Entry, Known]]) -> None:
    kept = [(*_row(source_id, key, import_id, old.entry), old.import_id) for key, _entry, old in changed]
    _insert(_before, kept)


def _overwrite(source_id: int, import_id: int, changed: list[tuple[bytes, Entry, Known]]) -> None:
    for chunk in _chunks([key for key, _entry, _old in changed]):
        db.session.execute(delete(_rows).where(_rows.c.source_id == source_id, _rows.c.key.in_(chunk)))
    rows = [_row(source_id, key, import_id, entry) for key, entry, _old in changed]
    _insert(_rows, rows)


def _insert(table: Any, rows: list[tuple[Any, ...]]) -> None:
    """Many rows by the driver itself: what SQLAlchemy does for each of them takes as long as the database."""
    columns = _COLUMNS if table is _rows else (*_COLUMNS, "import_before_id")
    mark = "?" if db.engine.dialect.name == "sqlite" else "%s"
    names, marks = ", ".join(columns), ", ".join([mark] * len(columns))
    db.session.connection().exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", rows)


def _chunks(keys: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def take_back(import_id: int) -> None:
    """Forget what an import wrote and give back what it had changed."""
    db.session.execute(delete(_rows).where(_rows.c.import_id == import_id))
    names = ["source_id", "key", "month", *_FIELDS]
    before = select(
        *[_before.c[name] for name in names], _before.c.import_before_id.label("import_id")
    ).where(_before.c.import_id == import_id)
    db.session.execute(insert(_rows).from_select([*names, "import_id"], before))
    db.session.execute(delete(_before).where(_before.c.import_id == import_id))
