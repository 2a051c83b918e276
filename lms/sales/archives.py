"""Uploaded invoice files opened with care: one XML, many, or a ZIP; never more than a machine bears."""

import io
import json
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from lms.foundation import zips
from lms.foundation.zips import MAX_RATIO
from lms.sales.cfdi import MAX_BYTES

MAX_ENTRIES = 2000
MAX_TOTAL = 50 * 1024 * 1024
LONGEST_NAME = 120

# What a ZIP of a Mac or of Windows brings along and nobody put there.
CLUTTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")

File: TypeAlias = tuple[str, bytes]


class Problem(StrEnum):
    """Why an upload or one file in it is not read."""

    TOO_MANY = "too_many_files"
    TOO_MUCH = "too_much"
    BOMB = "bomb"
    DAMAGED_ZIP = "damaged_zip"
    NESTED = "nested"
    NOT_XML = "not_xml"
    LOCKED_ENTRY = "locked_entry"
    DAMAGED_ENTRY = "damaged_entry"
    TOO_LARGE = "too_large"


class Unsafe(Exception):
    """This upload is not opened at all: which file, and why."""

    def __init__(self, problem: Problem, name: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.name = name


@dataclass(frozen=True)
class Entry:
    """One file as found: a name only to be shown, and its content, or the problem that kept it shut."""

    name: str
    content: bytes = b""
    problem: Problem | None = None


def open_all(files: Sequence[File]) -> list[Entry]:
    """Every file in an upload, ZIPs opened. Raises Unsafe when the upload as a whole is too much."""
    found: list[Entry] = []
    room = MAX_TOTAL
    for name, content in files:
        for entry in _entries(show_name(name), content, room):
            found.append(entry)
            room -= len(entry.content)
            if len(found) > MAX_ENTRIES:
                raise Unsafe(Problem.TOO_MANY, show_name(name))
            if room < 0:
                raise Unsafe(Problem.TOO_MUCH, show_name(name))
    return found


def show_name(name: str) -> str:
    """A file's name made safe to show: one line, no characters that turn text around, not endless."""
    clean = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in name).strip()
    return clean if len(clean) <= LONGEST_NAME else f"{clean[:LONGEST_NAME]}…"


def _entries(name: str, content: bytes, room: int) -> Iterator[Entry]:
    if _is_zip(content):
        yield from _unzip(name, content, room)
    elif len(content) > MAX_BYTES:
        yield Entry(name, problem=Problem.TOO_LARGE)
    else:
        yield Entry(name, content)


def _is_zip(content: bytes) -> bool:
    return content[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def _unzip(name: str, content: bytes, room: int) -> Iterator[Entry]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not _is_clutter(info)]
            _refuse_bombs(name, infos, len(content))
            for info in infos:
                entry = _read_entry(archive, info, room)
                room -= len(entry.content)
                yield entry
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as damage:
        raise Unsafe(Problem.DAMAGED_ZIP, name) from damage


def _is_clutter(info: zipfile.ZipInfo) -> bool:
    return info.is_dir() or info.filename.startswith(CLUTTER[0]) or info.filename.endswith(CLUTTER[1:])


def _refuse_bombs(name: str, infos: list[zipfile.ZipInfo], size: int) -> None:
    danger = zips.danger_of(infos, size, most_entries=MAX_ENTRIES, most_bytes=MAX_TOTAL)
    if danger:
        raise Unsafe(Problem(danger.value), name)


def _read_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> Entry:
    name = show_name(info.filename)
    if info.flag_bits & 0x1:
        return Entry(name, problem=Problem.LOCKED_ENTRY)
    if info.file_size > MAX_BYTES:
        return Entry(name, problem=Problem.TOO_LARGE)
    try:
        with archive.open(info) as stream:
            content = stream.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError):
        return Entry(name, problem=Problem.DAMAGED_ENTRY)
    if len(content) > info.compress_size * MAX_RATIO or len(content) > room:
        raise Unsafe(Problem.BOMB if len(content) <= room else Problem.TOO_MUCH, name)
    if _is_zip(content):
        return Entry(name, problem=Problem.NESTED)
    if len(content) > MAX_BYTES:
        return Entry(name, problem=Problem.TOO_LARGE)
    if not info.filename.lower().endswith(".xml"):
        return Entry(name, problem=Problem.NOT_XML)
    return Entry(name, content)


def pack(files: Sequence[File]) -> bytes:
    """Several uploaded files as one, to be kept until the person has looked at what they would change."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("names", json.dumps([name for name, _ in files]))
        for number, (_, content) in enumerate(files):
            archive.writestr(str(number), content)
    return buffer.getvalue()


def unpack(packed: bytes) -> list[File]:
    """The files that `pack` put together."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = json.loads(archive.read("names"))
        return [(name, archive.read(str(number))) for number, name in enumerate(names)]
