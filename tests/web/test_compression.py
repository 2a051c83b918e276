"""Pages as gzip: only for who can read it, the same words, and a length that tells nothing."""

import gzip

import pytest


@pytest.fixture
def ask(app, cast):
    client = app.test_client()

    def asked(path="/privacy", encoding="gzip"):
        return client.get(path, headers={"Accept-Encoding": encoding} if encoding else {})

    return asked


def test_a_page_is_compressed_and_says_the_same(ask):
    plain, packed = ask(encoding=""), ask()
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize("encoding", ["", "identity", "br", "gzip;q=0"])
def test_who_does_not_ask_for_it_gets_plain_text_and_caches_are_told(ask, encoding):
    answer = ask(encoding=encoding)
    assert "Content-Encoding" not in answer.headers
    assert b"<!doctype html>" in answer.data
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_the_same_page_has_another_length_each_time(ask):
    """So that a guess put into a page cannot be told from its length."""
    lengths = {len(ask("/accessibility").data) for _time in range(30)}
    assert len(lengths) > 10


def test_short_answers_and_files_are_left_alone(ask):
    assert "Content-Encoding" not in ask("/health").headers


def test_error_pages_are_compressed_too(ask):
    answer = ask("/no-such-page")
    assert answer.status_code == 404 and answer.headers["Content-Encoding"] == "gzip"
