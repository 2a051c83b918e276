"""A browser of few needs: one kept connection, cookies, forms, and requests made ready beforehand."""

from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from bench.forms import find_form
from bench.servers import Server

FORM = "application/x-www-form-urlencoded"


class Unexpected(Exception):
    """A page answered something else than it does for a person."""


@dataclass(frozen=True)
class Request:
    """Made ready beforehand by the browser whose cookies it carries; any browser may send it."""

    path: str
    cookies: str
    body: bytes | None = None

    @property
    def method(self) -> str:
        return "GET" if self.body is None else "POST"


@dataclass(frozen=True)
class Answer:
    """`wire` is how many bytes came over the connection, head included."""

    status: int
    text: str
    location: str
    wire: int


class Browser:
    """Keeps what the server tells it to keep. Not for several threads: each takes a `twin`."""

    def __init__(self, server: Server, cookies: dict[str, str] | None = None) -> None:
        self.server = server
        self.cookies = dict(cookies or {})
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=60)

    def twin(self) -> "Browser":
        return Browser(self.server, self.cookies)

    def close(self) -> None:
        self._connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self._follow_cookies(self.ready(path), headers)

    def post(self, path: str, body: bytes) -> Answer:
        return self._follow_cookies(self.ready(path, body), {})

    def ready(self, path: str, body: bytes | None = None) -> Request:
        return Request(path, "; ".join(f"{name}={value}" for name, value in self.cookies.items()), body)

    def send(self, request: Request) -> int:
        """Send and read to the end, as quickly as can be; gives the status. New cookies are not taken."""
        headers = _headers(request) | {"Accept-Encoding": "gzip"}  # as every phone asks
        self._connection.request(request.method, request.path, request.body, headers)
        response = self._connection.getresponse()
        response.read()
        return response.status

    def sign_in(self, link: str) -> None:
        """Enter with a one-time link, as a person does: open it, press the button."""
        path = urlsplit(link).path
        form = find_form(self.get(path).text, field="form_key")
        answer = self.post(form.action or path, form.body())
        if answer.status not in (302, 303):
            raise Unexpected(f"{path} did not let anybody in: {answer.status}")

    def _follow_cookies(self, request: Request, headers: dict[str, str]) -> Answer:
        self._connection.request(request.method, request.path, request.body, _headers(request) | headers)
        response = self._connection.getresponse()
        content = response.read()
        for line in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        head = sum(len(name) + len(value) + 4 for name, value in response.headers.items())
        wire = len(f"HTTP/1.1 {response.status} {response.reason}\r\n\r\n") + head + len(content)
        text = "" if response.headers.get("Content-Encoding") else content.decode(errors="replace")
        return Answer(response.status, text, response.headers.get("Location", ""), wire)


def _headers(request: Request) -> dict[str, str]:
    headers = {"Cookie": request.cookies} if request.cookies else {}
    return headers | ({"Content-Type": FORM} if request.body is not None else {})
