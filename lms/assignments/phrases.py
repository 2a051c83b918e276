"""Words kept for later, without the names of a firm and a person, which are put in when they are said."""

import re

LONGEST_PHRASE = 500

FIRM, PERSON = "{empresa}", "{persona}"


def fill(words: str, firm: str, person: str) -> str:
    """The words as they are said to this firm and this person; other braces stay as they are typed."""
    said = {FIRM: firm, PERSON: person}
    return re.sub(f"{re.escape(FIRM)}|{re.escape(PERSON)}", lambda found: said[found[0]], words)


def without_names(words: str, firm: str, person: str) -> str:
    """The words without whom they were said to, so that no firm's name reaches another firm."""
    words = _replace(words.strip(), firm, FIRM)
    return _replace(words, person, PERSON)


def add_to(written: str, words: str) -> str:
    """The words as a paragraph below what is written."""
    return "\n".join(part for part in (written.rstrip(), words) if part)


def _replace(words: str, name: str, place: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", place, words, flags=re.IGNORECASE) if name else words
