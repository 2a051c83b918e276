"""A page as a person meets it: its headings, words, links and forms, read from the HTML by the standard
library."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    """One element: its name, attributes, children (elements and strings)."""

    name: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    def find_all(self, *names: str, **attributes: str | None) -> list["Element"]:
        """Every element below with one of these names and all of these attribute values (`class_` for
        class)."""
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if (not names or child.name in names) and child._has(wanted):
                    found.append(child)
                found += child.find_all(*names, **attributes)
        return found

    def find(self, *names: str, **attributes: str | None) -> "Element | None":
        return next(iter(self.find_all(*names, **attributes)), None)

    def _has(self, wanted: dict[str, str | None]) -> bool:
        for key, value in wanted.items():
            have = self.attributes.get(key)
            if key == "class" and value is not None:
                if value not in (have or "").split():
                    return False
            elif have is None or (value is not None and have != value):
                return False
        return True

    @property
    def text(self) -> str:
        """What is written, with white space folded; scripts and styles are not words."""
        parts = [child if isinstance(child, str) else f" {child.text} " for child in self.children]
        if self.name in ("script", "style"):
            return ""
        return " ".join("".join(parts).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document", {})
        self.stack = [self.root]

    def handle_starttag(self, tag, attributes):
        element = Element(tag, {name: value or "" for name, value in attributes})
        self.stack[-1].children.append(element)
        if tag not in VOID:
            self.stack.append(element)

    def handle_startendtag(self, tag, attributes):
        self.stack[-1].children.append(Element(tag, {name: value or "" for name, value in attributes}))

    def handle_endtag(self, tag):
        for depth in range(len(self.stack) - 1, 0, -1):
            if self.stack[depth].name == tag:
                del self.stack[depth:]
                return

    def handle_data(self, data):
        self.stack[-1].children.append(data)


@dataclass
class Page:
    """An answer of the app, ready to be asked what a person would see."""

    status: int
    location: str | None
    html: str
    headers: dict[str, str]
    root: Element
    json: Any = None

    @property
    def text(self) -> str:
        body = self.root.find("main") or self.root
        return body.text

    @property
    def heading(self) -> str:
        found = self.root.find("h1")
        return found.text if found else ""

    @property
    def links(self) -> list[str]:
        return [a.attributes.get("href", "") for a in self.root.find_all("a")]

    @property
    def forms(self) -> list[Element]:
        return [
            form
            for form in self.root.find_all("form")
            if form.attributes.get("method", "get").lower() == "post"
        ]

    @property
    def errors(self) -> list[str]:
        summary = self.root.find(class_="errs")
        return [li.text for li in summary.find_all("li")] or [summary.text] if summary else []

    def form_with(self, names: set[str], button: str | None) -> Element:
        """The form that has fields of these names (and a button that says this)."""
        for form in self.forms:
            has = {e.attributes.get("name") for e in form.find_all("input", "textarea", "select", "button")}
            says = [b.text for b in form.find_all("button")]
            if names <= has and (button is None or any(button in said for said in says)):
                return form
        raise AssertionError(f"no form with {sorted(names)} and button {button!r} on “{self.heading}”")


def read(response) -> Page:
    """Read a test client's response."""
    reader = _Reader()
    html = response.text if "html" in response.headers.get("Content-Type", "") else ""
    reader.feed(html)
    return Page(
        response.status_code,
        response.headers.get("Location"),
        html,
        dict(response.headers),
        reader.root,
        response.get_json(silent=True),
    )


def values(form: Element) -> dict[str, list[str]]:
    """What a browser would send of a form that nobody touched (buttons apart)."""
    sent: dict[str, list[str]] = {}
    for element in form.find_all("input", "textarea", "select"):
        name = element.attributes.get("name")
        kind = element.attributes.get("type", "text")
        if not name or "disabled" in element.attributes or kind in ("submit", "button", "file"):
            continue
        if kind in ("radio", "checkbox"):
            if "checked" in element.attributes:
                sent.setdefault(name, []).append(element.attributes.get("value", "on"))
        elif element.name == "textarea":
            sent.setdefault(name, []).append(
                "".join(c for c in element.children if isinstance(c, str)).lstrip("\n")
            )
        elif element.name == "select":
            options = element.find_all("option")
            chosen = [o for o in options if "selected" in o.attributes] or options[:1]
            sent.setdefault(name, []).extend(o.attributes.get("value", o.text) for o in chosen)
        else:
            sent.setdefault(name, []).append(element.attributes.get("value", ""))
    return sent
