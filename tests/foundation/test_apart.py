"""Work in a process of its own: answers, errors, and what happens when it dies."""

import math
import os
import signal
import time
from decimal import Decimal

import pytest

from lms.foundation.apart import Apart


@pytest.fixture
def apart():
    made = Apart()
    yield made
    made.close()


def test_the_answer_comes_from_another_process(apart):
    assert apart.call(os.getpid) not in (os.getpid(), None)
    assert apart.call(os.getpid) == apart.pid, "and the next one from the same"


def test_values_go_and_come_whole(apart):
    given = {"pesos": [Decimal("0.10"), None, math.inf], "many": "ñ" * 200_000}
    assert apart.call(dict, given) == given


def test_what_it_raises_is_raised_here_and_the_process_lives_on(apart):
    first = apart.call(os.getpid)
    with pytest.raises(ZeroDivisionError):
        apart.call(divmod, 1, 0)
    assert apart.call(os.getpid) == first


def test_what_a_library_prints_is_not_taken_for_an_answer(apart):
    assert apart.call(print, "Warning: something") is None
    assert apart.call(abs, -3) == 3


def test_one_that_was_killed_is_replaced(apart):
    first = apart.call(os.getpid)
    os.kill(first, signal.SIGKILL)
    assert apart.call(os.getpid) not in (first, None)


def test_work_that_kills_its_process_is_not_tried_for_ever(apart):
    with pytest.raises(EOFError):
        apart.call(os._exit, 1)
    assert apart.call(abs, -3) == 3


def test_it_ends_when_nobody_asks_any_more():
    apart = Apart(idle_seconds=0.05)
    first = apart.call(os.getpid)
    for _ in range(200):
        if apart.pid is None:
            break
        time.sleep(0.05)
    assert apart.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert apart.call(abs, -3) == 3
    apart.close()
