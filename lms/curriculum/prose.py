"""How a Spanish text reads: its sentences, words and syllables, and the Szigriszt-Pazos ease of reading."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

# Said differently to people who never worked in an office; a word of the reader's own world exists for each.
FORBIDDEN = (
    "usuario",
    "usuarios",
    "contraseña",
    "contraseñas",
    "módulo",
    "módulos",
    "KPI",
    "dashboard",
    "upload",
    "formulario inválido",
    "¡Ups!",
    "clic",
    "iniciar sesión",
    "crecimiento negativo",
)

_FORBIDDEN = re.compile("|".join(rf"(?<!\w){re.escape(words)}(?!\w)" for words in FORBIDDEN), re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = re.compile(r"[aeiouáéíóúü]+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”)*_]*\s+(?=[\"“(*¿¡A-ZÁÉÍÓÚÑ0-9$])")
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARK = re.compile(r"^\s*(?:#{1,6}|[-*+]|\d+[.)])\s+")


@dataclass(frozen=True)
class Ease:
    """How easy texts are: counts, and the Szigriszt-Pazos index (0 hard to 100 easy; INFLESZ: 55 is normal).

    206.835 − 62.3 × syllables ÷ words − words ÷ sentences (F. Szigriszt Pazos, 1993; the INFLESZ scale is
    I. M. Barrio-Cantalejo's, 2008).
    """

    syllables: int
    words: int
    sentences: int

    @property
    def index(self) -> float:
        if not self.words:
            return 100.0
        return 206.835 - 62.3 * self.syllables / self.words - self.words / self.sentences

    @property
    def words_per_sentence(self) -> float:
        return self.words / self.sentences if self.sentences else 0.0


def sentences(line: str) -> list[str]:
    """The sentences of one line of a Markdown text; a heading or an entry of a list is one of its own.

    Tables, pictures and the lines of blocks are no prose: they give none.
    """
    if line.lstrip().startswith(("|", ":::")):
        return []
    plain = _LINK.sub(r"\1", _PICTURE.sub("", line))
    plain = _MARK.sub("", plain).replace("**", "").replace("`", "").strip()
    return [part for part in _SENTENCE_END.split(plain) if _WORD.search(part)]


def words(text: str) -> list[str]:
    """The words of a text; numbers are none."""
    return _WORD.findall(text)


def ease(lines: Iterable[str]) -> Ease:
    """How easy these lines of Markdown are to read."""
    found = [words(sentence) for line in lines for sentence in sentences(line)]
    every = [word for sentence in found for word in sentence]
    return Ease(sum(_syllables(word.lower()) for word in every), len(every), len(found))


def forbidden(text: str) -> list[str]:
    """The words in a text that the courses do not use."""
    return [found[0] for found in _FORBIDDEN.finditer(text)]


@cache
def _syllables(word: str) -> int:
    # Only for who asks how a text reads.
    import silabeador

    try:
        return len(silabeador.syllabify(word)) or 1
    except TypeError:
        # The library stumbles over some words of other languages; their groups of vowels are near enough.
        return len(_VOWELS.findall(word)) or 1
