"""Secrets that leave the house: random, and kept only as a hash."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """A random 128-bit secret, safe in a web address."""
    return secrets.token_urlsafe(16)


def new_code() -> str:
    """Six random digits for a person to type."""
    return f"{secrets.randbelow(1_000_000):06d}"


def hash_token(token: str) -> str:
    """What is kept of a 128-bit secret; a fast hash is enough because nobody can guess the secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_code(code: str, salt: str, secret: str) -> str:
    """What is kept of a short code: keyed with the house's secret, since six digits could be tried in
    full."""
    return hmac.new(secret.encode(), f"{salt}:{code}".encode(), hashlib.sha256).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two hashes in constant time."""
    return hmac.compare_digest(left, right)
