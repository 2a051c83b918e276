"""The six-digit PIN of a member on a known phone: which are too easy, what is kept, when guessing ends."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

LENGTH = 6
TRIES_BEFORE_A_REST = 5
TRIES_AT_MOST = 10
REST = timedelta(minutes=15)

# What remains of the most used ones after the rules below.
FAVOURITES = {"112233", "332211", "223344", "111222", "123321", "159753", "147258", "258456", "789456"}
YEARS = range(1930, 2030)
# About 50 ms and 16 MB a try (RFC 7914). The token of the phone is in the salt: who copies the database
# cannot even begin to guess.
COST = {"n": 2**14, "r": 8, "p": 1}


@dataclass(frozen=True)
class Consequence:
    """What a wrong PIN leads to: a rest before the next try, or the end of this PIN."""

    rest: timedelta | None = None
    removed: bool = False


def after(failures: int) -> Consequence:
    """What follows from so many wrong PINs one after the other."""
    if failures >= TRIES_AT_MOST:
        return Consequence(removed=True)
    return Consequence(rest=REST if failures == TRIES_BEFORE_A_REST else None)


def read_pin(text: str) -> str:
    """The digits that were typed, without what people put between them."""
    return "".join(text.split()).replace("-", "")


def check_strength(pin: str, own_number: str = "") -> None:
    """Raises Refused for a PIN that is none, or that who knows the person tries first."""
    if not (len(pin) == LENGTH and pin.isascii() and pin.isdigit()):
        raise Refused(_("A PIN has 6 digits."))
    if _repeats(pin) or _runs(pin) or pin in FAVOURITES:
        raise Refused(_("That PIN is one of the first that anybody tries. Think of another one."))
    if _is_year(pin):
        raise Refused(_("A year is easy to guess. Think of another PIN."))
    if pin in "".join(character for character in own_number if character.isdigit()):
        raise Refused(_("That PIN is in your phone number. Think of another one."))


def new_salt() -> str:
    return secrets.token_hex(16)


def hash_pin(pin: str, *, salt: str, token: str) -> str:
    """What is kept of a PIN: slow to make, of its own salt, and only with the token that the phone holds."""
    return hashlib.scrypt(pin.encode(), salt=f"{salt}:{token}".encode(), dklen=32, **COST).hex()


def _repeats(pin: str) -> bool:
    """777777, 474747, 123123."""
    return any(pin == pin[:size] * (LENGTH // size) for size in (1, 2, 3))


def _runs(pin: str) -> bool:
    """123456, 987654, and over the ten: 890123."""
    steps = {(int(after) - int(before)) % 10 for before, after in zip(pin, pin[1:], strict=False)}
    return steps in ({1}, {9})


def _is_year(pin: str) -> bool:
    """A year of birth, filled up with a part of itself: 198519, 198585, 851985."""
    ways = ((pin[:4], pin[4:]), (pin[2:], pin[:2]))
    return any(int(year) in YEARS and rest in (year[:2], year[2:]) for year, rest in ways)
