"""What an event is, and how whoever listens hears of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, kw_only=True)
class Event:
    """`actor_id` is who did it, None for the house itself."""

    actor_id: int | None


Handlers: TypeAlias = Mapping[type[Event], Sequence[Callable[..., None]]]

_tables: list[Handlers] = []


def listen(*tables: Handlers) -> None:
    """Install the handler tables of the rooms that listen, in place of any before.

    A handler listed under `Event` hears everything.
    """
    _tables[:] = tables


@contextmanager
def silenced() -> Iterator[None]:
    """Let nobody hear of what happens inside: for loading what never really happened."""
    heard = list(_tables)
    _tables.clear()
    try:
        yield
    finally:
        _tables[:] = heard


def publish(event: Event) -> None:
    """Tell whoever listens, within the present transaction."""
    for table in _tables:
        for handler in (*table.get(type(event), ()), *table.get(Event, ())):
            handler(event)
