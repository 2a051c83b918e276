"""A stretch without the collector ends with the collector as it was."""

import gc
import subprocess
import sys

import pytest

from config import HERE
from lms.foundation import garbage


def test_meanwhile_nobody_searches_and_afterwards_as_before():
    with garbage.not_searched():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_failure_turns_it_on_again_too():
    with pytest.raises(ValueError), garbage.not_searched():
        raise ValueError
    assert gc.isenabled()


def test_one_within_another_does_not_turn_it_on_early():
    with garbage.not_searched():
        with garbage.not_searched():
            pass
        assert not gc.isenabled()


def test_who_only_imports_the_server_keeps_the_collector():
    """It is off while the server itself starts; left off, a process grows for as long as it lives."""
    asked = "import gc, lms.serve; print(gc.isenabled())"
    said = subprocess.run([sys.executable, "-c", asked], cwd=HERE, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "True"
