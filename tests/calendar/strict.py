"""A second reader of calendar objects, written from RFC 5545 alone: it forgives nothing.

Lines end in CRLF and are at most 75 octets long; every component is closed; every event has what
it must have, once; texts are unescaped.
"""

import re

_LINE = re.compile(r'^([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)$', re.S)
_PARAMETER = re.compile(r';([A-Z-]+)=("[^"]*"|[^;:]*)')
_ONCE = {
    "UID",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "STATUS",
    "SEQUENCE",
    "URL",
    "DESCRIPTION",
    "ORGANIZER",
}
_ESCAPED = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}


def read(text: str) -> dict:
    """The calendar as nested components: {"name", "properties": [(name, parameters, value)], "parts"}."""
    raw = text.encode()
    assert raw.endswith(b"\r\n") and b"\n" not in raw.replace(b"\r\n", b""), "lines end in CRLF"
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")), "no line is longer than 75 octets"
    lines = raw.replace(b"\r\n ", b"").replace(b"\r\n\t", b"").decode().split("\r\n")[:-1]
    root: dict = {"name": "", "properties": [], "parts": []}
    stack = [root]
    for line in lines:
        shape = _LINE.match(line)
        assert shape, f"no content line: {line!r}"
        name, parameters, value = shape[1], dict(_PARAMETER.findall(shape[2])), shape[3]
        if name == "BEGIN":
            part = {"name": value, "properties": [], "parts": []}
            stack[-1]["parts"].append(part)
            stack.append(part)
        elif name == "END":
            assert stack.pop()["name"] == value, f"{value} was not open"
        else:
            stack[-1]["properties"].append((name, parameters, value))
    assert stack == [root], "everything is closed"
    (calendar,) = root["parts"]
    assert calendar["name"] == "VCALENDAR"
    assert values(calendar, "VERSION") == ["2.0"] and len(values(calendar, "PRODID")) == 1
    for event in events(calendar):
        names = [name for name, _parameters, _value in event["properties"]]
        assert {"UID", "DTSTAMP", "DTSTART"} <= set(names)
        assert not [name for name in _ONCE if names.count(name) > 1]
        assert re.fullmatch(r"\d{8}T\d{6}Z", values(event, "DTSTAMP")[0]), "stamps are UTC"
        zones = {p.get("TZID") for n, p, _v in event["properties"] if n in ("DTSTART", "DTEND")} - {None}
        known = {values(part, "TZID")[0] for part in calendar["parts"] if part["name"] == "VTIMEZONE"}
        assert zones <= known, "every time zone that is named is told"
    return calendar


def events(calendar: dict) -> list[dict]:
    return [part for part in calendar["parts"] if part["name"] == "VEVENT"]


def values(part: dict, name: str) -> list[str]:
    return [value for one, _parameters, value in part["properties"] if one == name]


def parameters(part: dict, name: str) -> dict[str, str]:
    return next(parameters for one, parameters, _value in part["properties"] if one == name)


def unescape(text: str) -> str:
    return re.sub(r"\\[nN,;\\]", lambda found: _ESCAPED[found[0]], text)
