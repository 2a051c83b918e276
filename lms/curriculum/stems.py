"""The words of a Spanish text by their stem, so that who searches "comision" finds "las comisiones"."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_VOWELS = "aeiou"

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
        word = fold(found[0])
        if word not in COMMON:
            yield stem(word), found.start(), found.end()


def fold(text: str) -> str:
    """Small letters without accents: people leave the accents out on a phone."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


# The Spanish stemmer of the Snowball project (M. F. Porter, R. Boulton and others,
# https://snowballstem.org/algorithms/spanish/stemmer.html), for words without accents. Endings that are a
# verb's only by their accent are left out ("será", "cera"; "pidió", "precio"): nouns are what people search.

_PRONOUN = r"(?:selas|selos|sela|selo|las|les|los|nos|me|se|la|le|lo)"
_AFTER_VERB = re.compile(rf"((?:iendo|ando|ar|er|ir)|(?<=u)yendo){_PRONOUN}$")


def _ending(*suffixes: str) -> re.Pattern[str]:
    longest_first = sorted(" ".join(suffixes).split(), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(longest_first)})$")


# Each ending of a noun or an adjective: what may stand before it and goes too, and what takes its place.
_STANDARD: tuple[tuple[re.Pattern[str], re.Pattern[str] | None, str], ...] = (
    (_ending("logia logias"), None, "log"),
    (_ending("ucion uciones"), None, "u"),
    (_ending("encia encias"), None, "ente"),
    (_ending("idad idades"), _ending("abil ic iv"), ""),
    (_ending("iva ivo ivas ivos"), _ending("at"), ""),
    (
        _ending("adora ador acion adoras adores aciones ante antes ancia ancias"),
        _ending("ic"),
        "",
    ),
    (
        _ending(
            "anza anzas ico ica icos icas ismo ismos able ables ible ibles ista istas oso osa osos osas",
            "amiento amientos imiento imientos",
        ),
        None,
        "",
    ),
)
_Y_VERB = _ending("ya ye yan yen yeron yendo yo yas yes yais yamos")
_SHORT_VERB = _ending("en es eis emos")
_VERB = _ending(
    "arian arias aran aras ariais aria areis ariamos aremos erian erias eran eriais eria ereis eriamos",
    "eremos irian irias iran iriais iria ireis iriamos iremos aba ada ida ia ara iera ad ed id ase iese",
    "aste iste an aban ian ieran asen iesen aron ieron ado ido ando iendo ar er ir as abas adas idas",
    "ias ieras ases ieses is ais abais iais arais ierais aseis ieseis asteis isteis ados idos amos abamos",
    "iamos imos aramos ieramos iesemos asemos",
)
_RESIDUE = _ending("os a o i e")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one folded word."""
    first, second, verbal = _after_syllable(word, 0), 0, _verbal_region(word)
    second = _after_syllable(word, first)
    word = _without_pronoun(word, verbal)
    shorter = _without_standard(word, first, second)
    if shorter == word:
        shorter = _without_verb(word, verbal)
    return _without_residue(shorter, verbal)


def _after_syllable(word: str, start: int) -> int:
    """Behind the first consonant that follows a vowel from `start` on: where R1, or R2, begins."""
    for place in range(start + 1, len(word)):
        if word[place] not in _VOWELS and word[place - 1] in _VOWELS:
            return place + 1
    return len(word)


def _verbal_region(word: str) -> int:
    """Where RV begins, in which the endings of verbs are looked for."""
    if len(word) < 3:
        return len(word)
    if word[1] not in _VOWELS:
        wanted = (place for place in range(2, len(word)) if word[place] in _VOWELS)
    elif word[0] in _VOWELS:
        wanted = (place for place in range(2, len(word)) if word[place] not in _VOWELS)
    else:
        return 3
    return next((place + 1 for place in wanted), len(word))


def _without_pronoun(word: str, verbal: int) -> str:
    found = _AFTER_VERB.search(word, verbal)
    return word[: found.end(1)] if found else word


def _without_standard(word: str, first: int, second: int) -> str:
    if word.endswith("mente"):
        return _without_adverb(word, first, second)
    for ending, before, instead in _STANDARD:
        found = ending.search(word)
        if found:
            if found.start() < second:
                return word
            shorter = word[: found.start()] + instead
            return _cut(shorter, before, second) if before else shorter
    return word


def _without_adverb(word: str, first: int, second: int) -> str:
    if word.endswith("amente") and len(word) - 6 >= first:
        shorter = _cut(word[:-6], _ending("iv os ic ad"), second)
        return _cut(shorter, _ending("at"), second) if word[:-6].endswith("iv") else shorter
    if len(word) - 5 >= second:
        return _cut(word[:-5], _ending("ante able ible"), second)
    return word


def _without_verb(word: str, verbal: int) -> str:
    found = _Y_VERB.search(word, verbal)
    if found and word[found.start() - 1] == "u":
        return word[: found.start()]
    long, short = _VERB.search(word, verbal), _SHORT_VERB.search(word, verbal)
    if long and (short is None or long.start() < short.start()):
        return word[: long.start()]
    if short:
        shorter = word[: short.start()]
        return shorter[:-1] if shorter.endswith("gu") else shorter
    return word


def _without_residue(word: str, verbal: int) -> str:
    found = _RESIDUE.search(word, verbal)
    if found is None:
        return word
    shorter = word[: found.start()]
    is_silent_u = found[0] == "e" and shorter.endswith("gu") and len(shorter) > verbal
    return shorter[:-1] if is_silent_u else shorter


def _cut(word: str, ending: re.Pattern[str], start: int) -> str:
    found = ending.search(word, start)
    return word[: found.start()] if found else word
