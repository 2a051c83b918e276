"""Folios of certificates: 128 random bits, in letters that people can read out and type."""

import base64
import re
import secrets

GROUP = 4
_LENGTH = 26
# Base32 has no 0, 1 and 8, so whoever reads one of them meant the letter.
_MISREAD = str.maketrans("018", "OIB")
_LETTERS = re.compile(rf"[A-Z2-7]{{{_LENGTH}}}")


def new_folio() -> str:
    """A folio such as 7K4M-92QP-…, which nobody can guess."""
    return _grouped(base64.b32encode(secrets.token_bytes(16)).decode().rstrip("="))


def read_folio(typed: str) -> str | None:
    """The folio as it is kept, from what a person typed: in small letters, without dashes. Or None."""
    letters = re.sub(r"[\s\-\u2010-\u2015]", "", typed[:200]).upper().translate(_MISREAD)
    return _grouped(letters) if _LETTERS.fullmatch(letters) else None


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))
