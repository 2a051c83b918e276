"""The courses' own lessons: Markdown to safe HTML. What people write goes another way, see `plaintext`."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement

import nh3
from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions.tables import TableExtension, TableProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor, UnescapeTreeprocessor
from markdown.util import AtomicString
from markupsafe import Markup

from lms.foundation.glossary import NAMES, Word, WordLinks

CALLOUTS = ("yes", "no", "example")
BLOCKS = (*CALLOUTS, "more")

_OPENING = re.compile(r":::[ \t]*(\S+)[ \t]*(.*)")

_TAG = re.compile(r"<([a-z][a-z0-9]*)")
_ADDRESS = re.compile(r"https?://|mailto:|tel:|/(?![/\\])")

_INLINE_TAGS = {"a", "br", "code", "em", "img", "strong"}
_TABLE_TAGS = {"table", "tbody", "td", "th", "thead", "tr"}
_BLOCK_TAGS = {
    "blockquote",
    "details",
    "div",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
}
_TAGS = _INLINE_TAGS | _TABLE_TAGS | _BLOCK_TAGS | {"summary", "ul"}
_ATTRIBUTES = {
    "a": {"href", "id"},
    "li": {"id"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "th": {"align", "scope"},
    "td": {"align"},
    "div": {"tabindex"},
}
_CLASSES = {
    "a": {"word"},
    "div": {"callout", "table-wrap", "words", *(f"callout--{kind}" for kind in CALLOUTS)},
    "p": {"callout__title"},
    "details": {"more"},
    "figure": {"frame"},
}


def _ours(_tag: str, name: str, value: str) -> str | None:
    """No other id is let through: a lesson must not be able to shadow what a script looks up by id."""
    return value if name != "id" or NAMES.fullmatch(value) else None


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    url_schemes={"https", "http", "mailto", "tel"},
    link_rel="noopener",
    attribute_filter=_ours,
)

# Every pattern is tried on every piece of text; the courses have no use for these.
_UNUSED_PATTERNS = (
    *("html", "entity", "automail", "autolink", "linebreak"),
    *("reference", "short_reference", "image_reference", "short_image_ref"),
)

# What the patterns that are left begin with.
_SIGNS = re.compile(r"[\\`*_\[]")

Pictures = Mapping[str, Mapping[str, str]]


class LessonRenderer:
    """Renders trusted course texts, one after the other, with one Markdown engine.

    `titles` are the words above the blocks (`{"yes": "Así sí"}`); `link` turns the address that an author
    wrote into the one that a page uses. Not for several threads at once. `dropped` names the elements that
    the last text wanted and no page shows.
    """

    def __init__(self, titles: Mapping[str, str] | None = None, link: Callable[[str], str] | None = None):
        self._addresses = _Addresses(link or (lambda address: address))
        self._words = WordLinks(titles or {})
        engine = Markdown(extensions=[TableExtension(use_align_attribute=True)], output_format="html")
        # HTML typed into a text is shown as typed: authors have the blocks, and nobody else has HTML.
        engine.preprocessors.deregister("html_block")
        for pattern in _UNUSED_PATTERNS:
            engine.inlinePatterns.deregister(pattern)
        engine.treeprocessors.deregister("prettify")
        engine.parser.blockprocessors.deregister("reference")
        engine.parser.blockprocessors.register(
            _Tables(engine.parser, {"use_align_attribute": True}), "table", 75
        )
        engine.preprocessors.register(_LonelyFences(engine), "fences", 25)
        engine.parser.blockprocessors.register(_Blocks(engine.parser, titles or {}), "blocks", 175)
        engine.treeprocessors.register(_Unescape(engine), "unescape", 0)
        engine.treeprocessors.register(_PlainTexts(engine), "plain", 25)
        engine.treeprocessors.register(self._addresses, "addresses", 15)
        engine.treeprocessors.register(self._words, "words", 10)
        self._engine = engine
        self.dropped: list[str] = []

    def render(self, text: str, pictures: Pictures | None = None, words: Sequence[Word] = ()) -> Markup:
        """The HTML of `text`; a picture that `pictures` does not know becomes its alternative text.

        The first use of each of `words` is a link to its meaning, at the end.
        """
        self._addresses.pictures = pictures or {}
        self._words.words = words
        wanted = self._engine.reset().convert(text)
        clean = _CLEANER.clean(wanted)
        self.dropped = sorted(Counter(_TAG.findall(wanted)) - Counter(_TAG.findall(clean)))
        return Markup(clean)


def render_lesson(text: str) -> Markup:
    """The HTML of one trusted course text. Who renders many keeps a `LessonRenderer`."""
    return LessonRenderer().render(text)


class _LonelyFences(Preprocessor):
    """Gives every `:::` line a paragraph of its own, so that the block parser meets it alone."""

    def run(self, lines: list[str]) -> list[str]:
        spaced: list[str] = []
        for line in lines:
            spaced.extend(("", line, "") if line.startswith(":::") else (line,))
        return spaced


class _Blocks(BlockProcessor):
    """`::: yes|no|example|more Title` up to its `:::` as a callout or as a part that opens on demand."""

    def __init__(self, parser, titles: Mapping[str, str]):
        super().__init__(parser)
        self._titles = titles

    def test(self, parent: Element, block: str) -> bool:
        return block.startswith(":::")

    def run(self, parent: Element, blocks: list[str]) -> None:
        opening = _OPENING.match(blocks.pop(0).strip())
        if opening is None:  # a closing line without an opening one: the checker has told the author
            return
        kind, title = opening.groups()
        inner = self._take_inner(blocks)
        self.parser.parseBlocks(self._element(parent, kind, title), inner)

    def _take_inner(self, blocks: list[str]) -> list[str]:
        depth = 1
        for position, block in enumerate(block.lstrip("\n") for block in blocks):
            if block.startswith(":::"):
                depth += 1 if _OPENING.match(block.strip()) else -1
            if depth == 0:
                inner = blocks[:position]
                del blocks[: position + 1]
                return inner
        inner = blocks[:]
        blocks.clear()
        return inner

    def _element(self, parent: Element, kind: str, title: str) -> Element:
        label = self._titles.get(kind, "")
        if kind == "more":
            details = SubElement(parent, "details", {"class": "more"})
            SubElement(details, "summary").text = title or label
            return details
        callout = SubElement(parent, "div", {"class": f"callout callout--{kind}"})
        heading = ": ".join(part for part in (label, title) if part)
        if heading:
            SubElement(callout, "p", {"class": "callout__title"}).text = heading
        return callout


class _Tables(TableProcessor):
    """Asks only blocks that have a bar whether they are a table: the question is a long one."""

    def test(self, parent: Element, block: str) -> bool:
        return "|" in block and super().test(parent, block)


class _PlainTexts(Treeprocessor):
    """Keeps texts without any sign, three of four, from being searched with every pattern."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.text and not _SIGNS.search(element.text):
                element.text = AtomicString(element.text)


class _Unescape(UnescapeTreeprocessor):
    """Looks for signs that were written with a backslash only where the text has one."""

    def run(self, root: Element) -> None:
        if any("\\" in line for line in self.md.lines):
            super().run(root)


class _Addresses(Treeprocessor):
    """Puts in the addresses of links and pictures, and lets wide tables scroll by themselves."""

    def __init__(self, link: Callable[[str], str]):
        super().__init__()
        self._link = link
        self.pictures: Pictures = {}

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            if parent.tag == "a":
                self._place_link(parent)
            for position, child in enumerate(parent):
                if child.tag == "table":
                    parent[position] = _scrolling(child)
                elif child.tag == "img":
                    self._place_picture(parent, child)

    def _place_link(self, anchor: Element) -> None:
        """Only whole addresses and pages of this house: anything else stays as words."""
        address = self._link(anchor.get("href", ""))
        anchor.attrib.clear()
        if _ADDRESS.match(address):
            anchor.set("href", address)

    def _place_picture(self, parent: Element, picture: Element) -> None:
        known = self.pictures.get(picture.get("src", ""))
        if known is None:
            picture.tag, picture.text = "em", picture.get("alt", "")
            picture.attrib.clear()
            return
        caption = picture.attrib.pop("title", "")
        picture.attrib.update(known, loading="lazy")
        if (
            parent.tag == "p"
            and len(parent) == 1
            and not ((parent.text or "") + (picture.tail or "")).strip()
        ):
            parent.tag = "figure"
            parent.set("class", "frame")
            if caption:
                SubElement(parent, "figcaption").text = caption


def _scrolling(table: Element) -> Element:
    for heading in table.iter("th"):
        heading.set("scope", "col")
    wrapper = Element("div", {"class": "table-wrap", "tabindex": "0"})
    wrapper.append(table)
    wrapper.tail, table.tail = table.tail, None
    return wrapper
