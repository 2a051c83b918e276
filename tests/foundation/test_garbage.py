"""The search for garbage stops for large work, and comes back whatever happens."""

import gc

import pytest

from lms.foundation.garbage import uncollected


@pytest.fixture(autouse=True)
def search():
    """On at first, whatever a command of another test left behind."""
    was_on = gc.isenabled()
    gc.enable()
    yield
    if not was_on:
        gc.disable()


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
    with uncollected():
        pass
    assert not gc.isenabled()
