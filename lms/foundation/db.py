"""The database: typed columns for every model, one transaction per request, SQLite opened to keep what it
acknowledges."""

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from flask import Flask, Response, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    CursorResult,
    DateTime,
    Engine,
    Enum,
    Executable,
    ForeignKey,
    Index,
    MetaData,
    Table,
    TypeDecorator,
    event,
    text,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

from lms.foundation.money import CENT

# Named constraints, so that migrations can alter them on every database.
CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

# Outside a request nobody says beforehand whether a block writes, so `transaction()` does.
_writing: ContextVar[bool] = ContextVar("writing", default=False)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment, also on databases that forget the time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value and value.astimezone(UTC)

    def process_result_value(self, value, dialect):
        return (
            value and value.replace(tzinfo=UTC)
            if value is None or value.tzinfo is None
            else value.astimezone(UTC)
        )


class Money(TypeDecorator[Decimal]):
    """Pesos as `Decimal` with two decimals, stored as whole centavos (SQLite would keep a NUMERIC as a
    float)."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else int(Decimal(value).quantize(CENT).scaleb(2))

    def process_result_value(self, value, dialect):
        return None if value is None else Decimal(value).scaleb(-2)


class Base(DeclarativeBase):
    if TYPE_CHECKING:
        __table__: ClassVar[Table]

    # A registry, not `type_annotation_map`: Flask-SQLAlchemy 3.1 copies this class (its issue 1361).
    registry = registry(
        metadata=MetaData(naming_convention=CONSTRAINT_NAMES),
        type_annotation_map={
            datetime: UtcDateTime(),
            Decimal: Money(),
            dict[str, Any]: JSON,
            list[Any]: JSON,
            enum.Enum: Enum(
                enum.Enum, native_enum=False, length=32, values_callable=lambda e: [x.value for x in e]
            ),
        },
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base  # what a type checker can follow; Flask-SQLAlchemy builds its own at run time
else:
    Model = db.Model

Key = Annotated[int, mapped_column(primary_key=True)]


def reference(target: str, *, index: bool = True, **options: Any):
    """A foreign key, indexed unless a unique constraint begins with it: `firm_id: Mapped[int] =
    reference("firm.id")`."""
    return mapped_column(ForeignKey(target, **options), index=index)


def unique_where(name: str, *columns: str, where: str) -> Index:
    """A unique index over the rows for which the condition holds, in SQL that every database speaks."""
    return Index(name, *columns, unique=True, info={"where": where})


def insert_into(model: type, build: Callable[[Any, Any], Any]) -> Any:
    """An INSERT that says what to do on a conflict, in the dialect of the database, made once per process.

    `build` is given the insert and the table; `{column: value}` are the parameters when it is executed.
    """
    return _insert(model, build, db.engine.dialect.name)


@cache
def _insert(model: Any, build: Callable[[Any, Any], Any], dialect: str) -> Any:
    # Named by the engine, so that a house on SQLite never loads PostgreSQL's.
    insert = import_module(f"sqlalchemy.dialects.{dialect}").insert
    return build(insert(model.__table__), model.__table__)


def init_app(app: Flask) -> None:
    """Bind the database to the app and keep one transaction per request."""
    db.init_app(app)
    with app.app_context():
        _prepare(db.engine)
    app.after_request(_commit_or_roll_back)


def rows_of(statement: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[*tuple[Any, ...]]:
    """What a statement finds that asks for columns and for no object, in the transaction of the session.

    The session would look for objects in it all the same, which takes as long as the database does.
    """
    db.session.flush()
    return db.session.connection().execute(statement, values)


@contextmanager
def transaction() -> Iterator[None]:
    """One unit of work outside a request (command line, job): all of it is kept, or none."""
    token = _writing.set(True)
    try:
        db.session.rollback()
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _writing.reset(token)


def is_healthy() -> bool:
    """Whether the database answers right now."""
    try:
        db.session.execute(text("SELECT 1"))
    except Exception:  # any driver's error means the same to who asks
        db.session.rollback()
        return False
    return True


def quick_check() -> str | None:
    """What SQLite finds broken in its own file, or None (always None on other databases)."""
    if db.engine.dialect.name != "sqlite":
        return None
    answer = db.session.execute(text("PRAGMA quick_check(1)")).scalar()
    db.session.rollback()
    return None if answer == "ok" else str(answer)


def _commit_or_roll_back(response: Response) -> Response:
    """Keep what a successful unsafe request wrote; forget everything else. Reading never changes the
    house."""
    if request.method not in SAFE_METHODS and response.status_code < 400:
        db.session.commit()
    else:
        # Not `rollback`, which makes every object that was read ready to be read again.
        db.session.close()
    return response


def _prepare(engine: Engine) -> None:
    # Told to the dialect in use: to name another one's option loads all of that dialect.
    for index in (index for table in db.metadata.tables.values() for index in table.indexes):
        if "where" in index.info:
            index.dialect_options[engine.dialect.name]["where"] = text(index.info["where"])
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def open_sqlite(connection, _record):
        # The driver must not begin transactions by itself: `begin_sqlite` says which kind.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=5000",
            "cache_size=-500",  # KiB for each connection: the system keeps what is read often anyway
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin_sqlite(connection):
        # A transaction that upgrades from reading to writing can fail when another wrote in between;
        # taking the write lock at once waits instead.
        writes = _writing.get() or (has_request_context() and request.method not in SAFE_METHODS)
        if writes:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            # Straight to the driver: every page begins with it, it cannot fail, and SQLAlchemy takes ten
            # times as long.
            connection.connection.driver_connection.execute("BEGIN")


# Databases take so many parameters at most in one question (SQLite 32,766).
MOST_AT_ONCE = 10_000


def in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Many keys in as few questions as a database takes."""
    for at in range(0, len(ids), MOST_AT_ONCE):
        yield ids[at : at + MOST_AT_ONCE]
