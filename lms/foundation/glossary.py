"""The words of a trade in a text: the first use of each becomes a link to what it means, at the end."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element, SubElement

from markdown.treeprocessors import Treeprocessor

MOST_IN_TEXT = 8

# Where a link would be in the way: it stands inside another one, or nobody reads on from there.
_SKIPPED = {"a", "code", "figcaption", "h1", "h2", "h3", "pre", "summary", "th"}

# The only names that a text gives to its elements. `markdown` lets no other through.
MEANING, USE = "word-", "use-"
NAMES = re.compile(rf"(?:{MEANING}|{USE})[a-z0-9-]+")


@dataclass(frozen=True)
class Word:
    """A word in all the forms in which texts use it, and what it means in one sentence."""

    key: str
    term: str
    forms: tuple[str, ...]
    explanation: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return pattern_of([self.term, *self.forms])

    @cached_property
    def small_forms(self) -> tuple[str, ...]:
        return tuple(form.lower() for form in (self.term, *self.forms))


def first_uses(text: str, words: Iterable[Word]) -> Iterator[tuple[Word, int, int]]:
    """The words that stand in the text, each with the place of its first use."""
    small = text.lower()
    for word in words:
        # A pattern is slow on its way to what it finds, and most words are in few texts.
        near = [at for form in word.small_forms if (at := small.find(form)) >= 0]
        if near and (found := word.pattern.search(text, min(near) if len(small) == len(text) else 0)):
            yield word, found.start(), found.end()


def pattern_of(forms: Sequence[str]) -> re.Pattern[str]:
    """Any of these forms as a word of its own, the longest first."""
    either = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{either})(?![\w-])", re.IGNORECASE)


class WordLinks(Treeprocessor):
    """Links the first use of each of `words` to a list of their meanings, which it puts at the end."""

    def __init__(self, titles: Mapping[str, str]):
        super().__init__()
        self._titles = titles
        self.words: Sequence[Word] = ()
        self._left: dict[str, Word] = {}
        self._used: list[Word] = []

    def run(self, root: Element) -> None:
        if not self.words:
            return
        self._left, self._used = {word.key: word for word in self.words}, []
        self._walk(root)
        if self._used:
            self._explain(root)

    @property
    def _has_all(self) -> bool:
        return not self._left or len(self._used) == MOST_IN_TEXT

    def _walk(self, parent: Element) -> None:
        if self._has_all or parent.tag in _SKIPPED or parent.get("class") == "callout__title":
            return
        for child in self._linked(parent, None):
            self._walk(child)
            self._linked(parent, child)

    def _linked(self, parent: Element, before: Element | None) -> list[Element]:
        """Link the words in the text behind `before`, or at the beginning; the children that were there."""
        children = list(parent)
        while found := self._next((parent.text if before is None else before.tail) or ""):
            word, text, place = found
            link = Element("a", {"class": "word", "href": f"#{MEANING}{word.key}", "id": f"{USE}{word.key}"})
            link.text, link.tail = text[place[0] : place[1]], text[place[1] :]
            if before is None:
                parent.text = text[: place[0]]
            else:
                before.tail = text[: place[0]]
            parent.insert(0 if before is None else list(parent).index(before) + 1, link)
            before = link
        return children

    def _next(self, text: str) -> tuple[Word, str, tuple[int, int]] | None:
        """The first of the words that are not linked yet, with where it stands."""
        if self._has_all or not text.strip():
            return None
        uses = first_uses(text, self._left.values())
        hits = [(start, -end, word.key) for word, start, end in uses]
        if not hits:
            return None
        start, end, key = min(hits)
        self._used.append(self._left.pop(key))
        return self._used[-1], text, (start, -end)

    def _explain(self, root: Element) -> None:
        box = SubElement(root, "div", {"class": "words"})
        SubElement(box, "h2").text = self._titles.get("words", "")
        entries = SubElement(box, "ul")
        for word in self._used:
            entry = SubElement(entries, "li", {"id": f"{MEANING}{word.key}"})
            term = SubElement(entry, "strong")
            term.text, term.tail = word.term, f": {word.explanation} "
            SubElement(entry, "a", {"href": f"#{USE}{word.key}"}).text = self._titles.get("back", "")
