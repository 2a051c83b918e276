"""The search for garbage stops for large work, and comes back whatever happens."""

import gc
import subprocess
import sys

import pytest

from config import HERE
from lms.foundation.garbage import uncollected


def test_garbage_is_looked_for_again_when_the_last_one_has_ended():
    assert gc.isenabled()
    with uncollected():
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_breaks_off_leaves_the_search_on():
    with pytest.raises(ZeroDivisionError), uncollected():
        1 / 0  # noqa: B018
    assert gc.isenabled()


def test_who_had_switched_it_off_finds_it_off():
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_who_only_imports_the_server_keeps_the_collector():
    """It is off while the server itself starts; left off, a process grows for as long as it lives."""
    asked = "import gc, lms.serve; print(gc.isenabled())"
    said = subprocess.run([sys.executable, "-c", asked], cwd=HERE, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "True"
