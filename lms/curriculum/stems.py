"""The words of a Spanish text by their stem, so that who searches "comision" finds "las comisiones"."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from threading import Lock

_WORD = re.compile(r"[^\W_]+")

# They stand in every text and tell none apart.
_COMMON = """
a al algo ante antes asi aun cada como con cual cuando de del desde donde dos el ella ellos en entre era
es esa ese eso esta este esto estos fue ha hasta hay la las le les lo los mas me mi mis mucho muy nada
ni no nos o otra otro para pero poco por porque que quien se sea ser si sin sobre solo son su sus
tambien tan te tengo ti tiene todo todos tu tus un una uno unos y ya yo
the of and to in for
"""
COMMON = frozenset(_COMMON.split())


def stems(text: str) -> Iterator[tuple[str, int, int]]:
    """The stem of each word that tells something, with where the word begins and ends."""
    for found in _WORD.finditer(text):
        if stem_of_it := _telling(found[0]):
            yield stem_of_it, found.start(), found.end()


@lru_cache(maxsize=50_000)
def _telling(written: str) -> str | None:
    """The stem of a word as it is written; None for one that stands in every text."""
    word = fold(written)
    return None if word in COMMON else stem(word)


def fold(text: str) -> str:
    """Small letters without accents: people leave the accents out on a phone."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def stem(word: str) -> str:
    """The stem of one folded word, by the Spanish algorithm of the Snowball project.

    Endings that are a verb's only by their accent stay ("será", "cera"): nouns are what people search.
    """
    with _one_at_a_time:
        return fold(_spanish().stemWord(word))


@cache
def _spanish():
    """The library brings thirty languages along, and only a search or a new course needs the one."""
    import snowballstemmer

    return snowballstemmer.stemmer("spanish")


_one_at_a_time = Lock()  # a stemmer keeps the word that it is at
