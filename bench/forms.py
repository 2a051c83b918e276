"""Reads the forms of a page, as far as a measured request needs them: address, fields and hidden values."""

import secrets
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode


@dataclass
class Form:
    """A form that is sent by POST. `values` are its hidden inputs, `names` the names of all its inputs."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def body(self, **changed: object) -> bytes:
        """The form as a browser sends it, with a new one-time key, as if the page had been shown anew."""
        sent = self.values | {name: str(value) for name, value in changed.items()}
        keys = {name: secrets.token_urlsafe(16) for name in sent if name.endswith("form_key")}
        return urlencode(sent | keys).encode()


# Something that a question of any kind takes for an answer; what a kind does not know it leaves alone.
ANY_ANSWER = {"answer": 0} | {f"answer-{place}": place for place in range(8)}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._is_open = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._is_open = given.get("method", "").lower() == "post"
            if self._is_open:
                self.forms.append(Form(given.get("action", "")))
        elif tag == "input" and self._is_open and given.get("name"):
            self.forms[-1].names.add(given["name"])
            if given.get("type") == "hidden":
                self.forms[-1].values[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_open = False


def find_form(html: str, *, action: str = "", field: str = "") -> Form:
    """The first form whose address ends like this and that has such a field. Raises LookupError."""
    reader = _Reader()
    reader.feed(html)
    for form in reader.forms:
        if form.action.endswith(action) and (not field or field in form.names):
            return form
    raise LookupError(f"the page has no form to {action or 'itself'} with a field {field or 'of any name'}")
