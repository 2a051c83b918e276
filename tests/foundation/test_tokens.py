"""Secrets that leave the house cannot be guessed, and the house cannot tell them from what it keeps."""

import re

from lms.foundation import tokens


def test_a_token_holds_128_bits_and_fits_into_an_address():
    made = {tokens.new_token() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", token) for token in made)


def test_a_code_has_six_digits_and_its_zeros():
    made = [tokens.new_code() for _ in range(2000)]
    assert all(re.fullmatch(r"\d{6}", code) for code in made)
    assert any(code.startswith("0") for code in made) and len(set(made)) > 1900


def test_what_is_kept_says_nothing_of_the_secret_but_recognises_it():
    token = tokens.new_token()
    kept = tokens.hash_token(token)
    assert token not in kept and tokens.same(kept, tokens.hash_token(token))
    assert not tokens.same(kept, tokens.hash_token(token.swapcase()))


def test_a_kept_code_depends_on_its_person_and_on_the_secret_of_the_house():
    kept = tokens.hash_code("123456", "7", "secret")
    assert kept == tokens.hash_code("123456", "7", "secret")
    others = [("123457", "7", "secret"), ("123456", "8", "secret"), ("123456", "7", "another")]
    assert all(tokens.hash_code(*other) != kept for other in others)
