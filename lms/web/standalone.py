"""A chart outside a page: the same drawing with its size, colours and letters written into it.

On a page the charts are fluid and take their colours from the style sheet; a PDF has neither.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

FONT = "Libertinus Serif"
# css/components/chart.css in the colours of daylight, word by word.
INK, GREY, LINE, BRAND, DOWN, SUNK = "#1C1930", "#585268", "#D9D4E3", "#2B3A8F", "#B4480F", "#F0EDF5"
MARKS: dict[str, dict[str, str]] = {
    "c-g": {"stroke": LINE},
    "c-z": {"stroke": GREY, "stroke-width": "1.5"},
    "c-u": {"stroke": BRAND, "stroke-width": "1.75"},
    "c-d": {"stroke": DOWN, "stroke-width": "2", "stroke-dasharray": "6 4"},
    "c-w": {"stroke-width": "4"},
    "c-l": {"stroke": BRAND, "stroke-width": "3", "fill": "none"},
    "c-p": {"stroke": GREY, "stroke-width": "2", "stroke-dasharray": "3 4", "fill": "none"},
    "c-c": {"stroke": BRAND, "stroke-width": "4", "stroke-opacity": "0.45"},
    "neg": {"stroke": DOWN},
    "f-a": {"fill": BRAND},
    "f-b": {"fill": "#FFFFFF", "stroke": GREY, "stroke-width": "2"},
    "f-d": {"fill": DOWN},
    "f-s": {"fill": SUNK},
    "f-m": {"fill": GREY},
    "tb": {"font-weight": "700", "fill": INK},
    "th": {"font-weight": "700", "fill": BRAND},
    "td": {"font-weight": "700", "fill": DOWN},
    "halo": {"paint-order": "stroke", "stroke": "#FFFFFF", "stroke-width": "4", "stroke-linejoin": "round"},
}
ACROSS = ("x", "x1", "x2", "cx", "width")


def standing_alone(svg: str, width: int) -> str:
    """The drawing at this width in pixels, as a file of its own."""
    # Made by our own charts a moment ago: there is nothing foreign in it to be afraid of.
    root = ElementTree.fromstring(str(svg))
    height = root.get("height", "0")
    for element in _all(root):
        _measure(element, width)
        _colour(element)
    root.attrib = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {width} {height}",
        "width": str(width),
        "height": height,
    }
    return ElementTree.tostring(root, encoding="unicode")


def spoken(svg: str) -> str:
    """What a screen reader says of the drawing."""
    return ElementTree.fromstring(str(svg)).findtext("title") or ""


def _all(root: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for title in root.findall("title"):
        root.remove(title)
    yield from root.iter()


def _measure(element: ElementTree.Element, width: int) -> None:
    for name in ACROSS:
        value = element.get(name, "")
        if re.fullmatch(r"-?[\d.]+(e-?\d+)?%", value):
            element.set(name, f"{float(value[:-1]) * width / 100:.2f}")


def _colour(element: ElementTree.Element) -> None:
    if element.tag == "text":
        for name, value in {"font-family": FONT, "font-size": "14", "fill": GREY}.items():
            element.set(name, value)
    for word in element.attrib.pop("class", "").split():
        for name, value in MARKS.get(word, {}).items():
            element.set(name, value)
