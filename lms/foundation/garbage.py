"""Python's search for garbage, left out where everything is still needed."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_searched() -> Iterator[None]:
    """Whole courses or half a million orders stay in memory until they are written: to look through them
    again and again is in vain. Afterwards the collector is as it was."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
