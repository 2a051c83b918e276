"""Secrets that have to be used again, kept so that a stolen database gives none of them away.

They are encrypted with a key derived from the house's secret: a copy of the database alone opens nothing, and
a new secret makes all of them worthless at once.
"""

import secrets

from flask import current_app

_VERSION = b"\x01"
_NONCE = 12


class Unsealable(Exception):
    """Sealed with another secret, for another place, or altered."""


def seal(content: bytes, *, of: str) -> bytes:
    """Encrypt what belongs to one place, named by `of`: moved to another place it cannot be opened."""
    nonce = secrets.token_bytes(_NONCE)
    return _VERSION + nonce + _lock().encrypt(nonce, content, of.encode())


def unseal(sealed: bytes, *, of: str) -> bytes:
    """What `seal` was given. Raises Unsealable."""
    from cryptography.exceptions import InvalidTag

    if sealed[:1] != _VERSION:
        raise Unsealable
    nonce, locked = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        return _lock().decrypt(nonce, locked, of.encode())
    except (InvalidTag, ValueError) as altered:
        raise Unsealable from altered


def _lock():
    # Not loaded with the program: it takes longer than most of the start.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"pespunte: sealed secrets")
    return AESGCM(made.derive(current_app.config["SECRET_KEY"].encode()))
