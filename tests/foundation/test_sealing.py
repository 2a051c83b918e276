"""Secrets that have to be used again: opened here only, for one place only, unaltered only."""

import pytest

from lms.foundation.sealing import Unsealable, seal, unseal


def test_what_is_sealed_comes_back_and_cannot_be_read_meanwhile(app):
    sealed = seal(b"TG-secret", of="connection:1")
    assert b"TG-secret" not in sealed and unseal(sealed, of="connection:1") == b"TG-secret"
    assert sealed != seal(b"TG-secret", of="connection:1")


def test_another_place_an_altered_byte_and_nothing_at_all_do_not_open(app):
    sealed = seal(b"TG-secret", of="connection:1")
    altered = [
        sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :] for place in range(len(sealed))
    ]
    for broken, place in [(sealed, "connection:2"), (b"", "x"), (sealed[:10], "connection:1")] + [
        (one, "connection:1") for one in altered
    ]:
        with pytest.raises(Unsealable):
            unseal(broken, of=place)


def test_a_new_secret_of_the_house_makes_it_worthless(app, monkeypatch):
    sealed = seal(b"TG-secret", of="connection:1")
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret, 16+")
    with pytest.raises(Unsealable):
        unseal(sealed, of="connection:1")
