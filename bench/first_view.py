"""What a phone that was never here loads to show a lesson: requests and bytes over the wire."""

import re
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from bench.client import Answer, Browser

ENCODINGS = "gzip, br"
LOADED_LINKS = {"stylesheet", "icon", "manifest", "preload", "modulepreload", "apple-touch-icon"}

_IN_STYLE = re.compile(r"""url\(\s*["']?([^"')]+)""")


class _Resources(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "link" and LOADED_LINKS & set(given.get("rel", "").split()):
            self.found.append(given.get("href", ""))
        elif tag in ("script", "img", "iframe", "source", "audio", "video"):
            self.found.append(given.get("src", ""))


def load(browser: Browser, path: str) -> list[tuple[str, Answer]]:
    """The page and all that it names, each once, as compressed as the server gives it."""
    seen = {path: browser.get(path, **{"Accept-Encoding": ENCODINGS})}
    waiting = _named_by(path, browser.get(path).text)
    while waiting:
        address = waiting.pop(0)
        if address not in seen:
            seen[address] = browser.get(address, **{"Accept-Encoding": ENCODINGS})
            if address.endswith(".css"):
                waiting += _in_style(address, browser.get(address).text)
    return list(seen.items())


def _named_by(page: str, html: str) -> list[str]:
    reader = _Resources()
    reader.feed(html)
    return [_local(page, address) for address in reader.found if _is_loaded(address)]


def _in_style(address: str, css: str) -> list[str]:
    return [_local(address, found) for found in _IN_STYLE.findall(css) if _is_loaded(found)]


def _is_loaded(address: str) -> bool:
    return bool(address) and not address.startswith(("data:", "#")) and not urlsplit(address).netloc


def _local(base: str, address: str) -> str:
    return urldefrag(urljoin(base, address)).url
