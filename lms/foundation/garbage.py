"""Work that fills the memory with what it needs: to look for garbage in it again and again is in vain."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_inside = 0
_was_on = True


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the search for garbage until the last of those who asked for that has ended."""
    global _inside, _was_on
    with _lock:
        if not _inside:
            _was_on = gc.isenabled()
            gc.disable()
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside and _was_on:
                gc.enable()
