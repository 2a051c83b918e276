"""PINs: which are refused, what is kept of them, and where guessing ends."""

from datetime import timedelta

import pytest

from lms.accounts import pins
from lms.foundation.errors import Refused

GOOD = "493817"


@pytest.fixture(autouse=True)
def words(app):
    """A refusal is said in the language of the house."""


@pytest.mark.parametrize(
    "pin",
    [
        "777777", "474747", "123123", "123456", "654321", "345678", "890123", "321098", "112233",
        "198585", "198519", "851985", "191985", "200720",
    ],
)  # fmt: skip
def test_what_anybody_tries_first_is_refused(pin):
    with pytest.raises(Refused):
        pins.check_strength(pin)


@pytest.mark.parametrize("pin", ["", "12345", "4938171", "49381a", "٤٩٣٨١٧", "-49381", "4938 1"])
def test_what_has_not_six_digits_is_no_pin(pin):
    with pytest.raises(Refused, match="6"):
        pins.check_strength(pin)


def test_the_own_number_is_no_pin():
    for pin in ("678394", "222678"):
        with pytest.raises(Refused):
            pins.check_strength(pin, "+52 222 678 3947")
    pins.check_strength(GOOD, "+52 222 678 3947")


@pytest.mark.parametrize("pin", [GOOD, "198547", "135790", "001985", "998877"])
def test_any_other_is_taken(pin):
    pins.check_strength(pin)


def test_almost_every_pin_may_be_chosen():
    refused = 0
    for number in range(0, 1_000_000, 17):
        try:
            pins.check_strength(f"{number:06d}")
        except Refused:
            refused += 1
    assert 0 < refused < 200, "a rule that forbids much helps who guesses"


def test_blanks_and_dashes_between_the_digits_do_not_matter():
    assert pins.read_pin(" 49 38-17\n") == GOOD


def test_what_is_kept_needs_pin_salt_and_phone():
    kept = pins.hash_pin(GOOD, salt="a", token="b")
    assert kept == pins.hash_pin(GOOD, salt="a", token="b") and GOOD not in kept
    others = {
        pins.hash_pin("493818", salt="a", token="b"),
        pins.hash_pin(GOOD, salt="c", token="b"),
        pins.hash_pin(GOOD, salt="a", token="c"),
    }
    assert len(others | {kept}) == 4


def test_guessing_rests_after_five_and_ends_after_ten():
    found = [pins.after(failures) for failures in range(1, 12)]
    assert [one.rest for one in found[:9]] == [None] * 4 + [timedelta(minutes=15)] + [None] * 4
    assert [one.removed for one in found] == [False] * 9 + [True, True]
