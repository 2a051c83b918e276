"""One question to a marketplace: encrypted, to the host that the settings name, with bounds on everything.

Redirects are never followed and a proxy is never asked. Nothing here writes to a log: what is sent and what
comes back holds secrets.
"""

import http.client
import ipaddress
import json
import re
import socket
import ssl
import time
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode, urlsplit

LARGEST = 4 << 20
PATIENCE = 10.0  # seconds for each step of a conversation
DEADLINE = 30.0  # and for all of it
PIECE = 1 << 16
# What a marketplace asks us to wait is believed up to this.
LONGEST_WAIT = 3600

_SECONDS = re.compile(r"[0-9]{1,6}")


class Fault(StrEnum):
    """Why a marketplace gave no answer that could be used."""

    UNREACHABLE = "unreachable"
    BUSY = "busy"
    NOT_ALLOWED = "not_allowed"
    REFUSED = "refused"
    MOVED = "moved"
    TOO_LARGE = "too_large"
    BROKEN = "broken"


# Worth another try a little later.
PASSING = frozenset({Fault.UNREACHABLE, Fault.BUSY})


class Failed(Exception):
    """A question without a usable answer. `wait` is how many seconds the marketplace asked for, if it did."""

    def __init__(self, fault: Fault, *, wait: int | None = None, said: str = "") -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.wait = wait
        # The code of an OAuth error; never the words around it.
        self.said = said


def ask(
    address: str,
    *,
    query: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Any:
    """The JSON that an address answers; with `form` it is a POST. Fractions are Decimals. Raises Failed."""
    connection, path = _open(address)
    body = urlencode(form) if form is not None else None
    said = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
    if body is not None:
        said["Content-Type"] = "application/x-www-form-urlencoded"
    until = time.monotonic() + DEADLINE
    try:
        asked = f"{path}?{urlencode(query)}" if query else path
        connection.request("GET" if body is None else "POST", asked, body=body, headers=said)
        with connection.getresponse() as answer:
            content = _read(answer, until)
    except (OSError, http.client.HTTPException, ValueError) as broken:
        raise Failed(Fault.UNREACHABLE) from broken
    finally:
        connection.close()
    _judge(answer, content)
    return _parse(content)


def _open(address: str) -> tuple[http.client.HTTPConnection, str]:
    """A connection to a name that was looked up once: what was checked is what is spoken to.

    Unencrypted only to this machine, encrypted only to public addresses.
    """
    parts = urlsplit(address)
    host, is_secret = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_secret else 80)
    if parts.scheme not in ("http", "https"):
        raise Failed(Fault.MOVED)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0]
    except OSError as unknown:
        raise Failed(Fault.UNREACHABLE) from unknown
    there = ipaddress.ip_address(str(found).partition("%")[0])
    if not (there.is_global if is_secret else there.is_loopback):
        raise Failed(Fault.MOVED)
    made = _Secret(host, port, str(found)) if is_secret else _Plain(host, port, str(found))
    return made, parts.path or "/"


class _Plain(http.client.HTTPConnection):
    def __init__(self, host: str, port: int, found: str) -> None:
        super().__init__(host, port, timeout=PATIENCE)
        self.found = found

    def connect(self) -> None:
        self.sock = socket.create_connection((self.found, self.port), self.timeout)


class _Secret(http.client.HTTPSConnection):
    def __init__(self, host: str, port: int, found: str) -> None:
        self.secrecy = ssl.create_default_context()
        super().__init__(host, port, timeout=PATIENCE, context=self.secrecy)
        self.found = found

    def connect(self) -> None:
        bare = socket.create_connection((self.found, self.port), self.timeout)
        self.sock = self.secrecy.wrap_socket(bare, server_hostname=self.host)


def _read(answer: http.client.HTTPResponse, until: float) -> bytes:
    content = bytearray()
    while piece := answer.read1(PIECE):
        content += piece
        if len(content) > LARGEST:
            raise Failed(Fault.TOO_LARGE)
        if time.monotonic() > until:
            raise Failed(Fault.UNREACHABLE)
    return bytes(content)


def _judge(answer: http.client.HTTPResponse, content: bytes) -> None:
    status = answer.status
    if status == 200:
        return
    if status == 429 or status >= 500:
        raise Failed(Fault.BUSY, wait=_wait(answer.headers.get("Retry-After")))
    if 300 <= status < 400:
        raise Failed(Fault.MOVED)
    if status in (401, 403):
        raise Failed(Fault.NOT_ALLOWED)
    raise Failed(Fault.REFUSED, said=_code(content))


def _wait(said: str | None) -> int | None:
    """Seconds of a Retry-After; a date in its place is not worth a clock that may be wrong."""
    seconds = _SECONDS.fullmatch((said or "").strip())
    return min(int(seconds[0]), LONGEST_WAIT) if seconds else None


def _code(content: bytes) -> str:
    try:
        said = _parse(content)
    except Failed:
        return ""
    code = said.get("error") if isinstance(said, dict) else None
    return code[:60] if isinstance(code, str) else ""


def _parse(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8"), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError, ArithmeticError) as broken:
        raise Failed(Fault.BROKEN) from broken


def _no_number(name: str) -> Any:
    raise ValueError(name)
