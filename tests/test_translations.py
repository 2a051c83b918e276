"""Every word that a page says has its Spanish, in one voice, and nothing is translated that no page says."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from lms.foundation.i18n import HOUSE, read_catalogue

METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2"), ("**.typ", "ignore")]
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]")


def room_of(path: str) -> str:
    first = Path(path).parts[0]
    return first if (HOUSE / first / "translations").exists() else "web"


@pytest.fixture(scope="module")
def said() -> dict[str | tuple, set[str]]:
    """Every message that the house says, and the rooms that say it."""
    found = defaultdict(set)
    options = {"**.html": {"trimmed": "false", "silent": "false"}, "**.txt": {"silent": "false"}}
    extracted = extract_from_dir(HOUSE, METHODS, options, keywords=KEYWORDS, directory_filter=None)
    for path, _line, message, _comments, _context in extracted:
        found[message].add(room_of(path))
    return found


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return read_catalogue()


def by_room(messages: dict) -> str:
    """What is missing, one room after the other, to be filled in."""
    rooms = defaultdict(list)
    for message, where in messages.items():
        rooms[" ".join(sorted(where))].append(message)
    return "\n".join(
        f"\n{room} ({len(missing)})\n" + "\n".join(f"    {message!r}" for message in missing)
        for room, missing in sorted(rooms.items())
    )


def test_the_house_says_something(said):
    assert len(said) > 300


def test_everything_that_is_said_has_its_spanish(said, catalogue):
    missing = {}
    for message, rooms in said.items():
        known = catalogue.get(message[0] if isinstance(message, tuple) else message)
        strings = (
            known.string if known and isinstance(known.string, tuple) else [known.string if known else ""]
        )
        if not all(strings):
            missing[message] = rooms
    assert not missing, by_room(missing)


def test_a_translation_has_the_same_placeholders(catalogue):
    different = []
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = {frozenset(PLACEHOLDER.findall(text)) for text in ids}
        different += [
            (message.id, text)
            for text in strings
            if text and frozenset(PLACEHOLDER.findall(text)) not in wanted
        ]
    assert different == []


def each_room():
    for path in sorted(HOUSE.glob("*/translations/es_MX.po")):
        with path.open("rb") as stream:
            yield path.parts[-3], [message for message in read_po(stream, locale="es_MX") if message.id]


def test_two_rooms_say_one_thing_in_the_same_words():
    words = defaultdict(lambda: defaultdict(list))
    for room, messages in each_room():
        for message in messages:
            if message.string:
                words[message.id][message.string].append(room)
    assert {message: dict(ways) for message, ways in words.items() if len(ways) > 1} == {}


def test_nothing_is_translated_that_nobody_says(said):
    spoken = {message for message in said} | {message[0] for message in said if isinstance(message, tuple)}
    idle = defaultdict(set)
    for room, messages in each_room():
        for message in messages:
            if (
                message.id not in spoken
                and (message.id[0] if isinstance(message.id, tuple) else "") not in spoken
            ):
                idle[message.id].add(room)
    assert not idle, by_room(idle)


def test_no_translation_is_in_doubt_or_put_away():
    doubtful = []
    for path in HOUSE.glob("*/translations/es_MX.po"):
        with path.open("rb") as stream:
            whole = read_po(stream, locale="es_MX")
        doubtful += [(path.parts[-3], message.id) for message in whole if message.id and message.fuzzy]
        doubtful += [(path.parts[-3], message) for message in whole.obsolete]
    assert doubtful == []
