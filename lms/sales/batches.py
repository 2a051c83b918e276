"""Several files brought at once: sorted by what they are, read, put together by where their figures go."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TypeAlias

from lms.foundation.sheets import show_name
from lms.sales import archives, reading
from lms.sales.importers.canonical import Batch
from lms.sales.importers.layout import Setting
from lms.sales.models import Channel

# A name only to be shown, and how the file is opened.
Given: TypeAlias = tuple[str, Callable[[], AbstractContextManager[BinaryIO]]]


@dataclass(kw_only=True)
class Read:
    """What was read of one source and channel, from one file or several of the same kind."""

    channel: Channel
    batch: Batch
    files: list[dict[str, Any]] = field(default_factory=list)

    @property
    def file_hash(self) -> str:
        """SHA-256 of the file; of several that of their hashes, in the order of these."""
        hashes = sorted({one["sha256"] for one in self.files})
        return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def given(name: str, content: bytes) -> Given:
    return name, lambda: io.BytesIO(content)


def sort_files(files: Iterable[Given]) -> tuple[list[Given], list[archives.File]]:
    """Tables, and documents (XML, or ZIPs of them); told by what is in them."""
    tables, documents = [], []
    for name, opened in files:
        with opened() as stream:
            if is_document(stream, name):
                stream.seek(0)
                documents.append((name, stream.read()))
            else:
                tables.append((name, opened))
    return tables, documents


def is_document(stream: BinaryIO, name: str) -> bool:
    """Whether a file is an XML document, or a ZIP of files of which none is a sheet.

    Where the content does not tell because it is broken, its name is all that is left to go by.
    """
    beginning = stream.read(400).lstrip(b"\xef\xbb\xbf \r\n\t")
    if beginning.startswith(b"PK"):
        return _holds_documents(stream, name)
    if name.lower().endswith(".xml"):
        return True
    if beginning.lower().startswith((b"<!doctype html", b"<html")):
        return False
    return beginning.startswith((b"<", b"\xff\xfe<\x00", b"\xfe\xff\x00<"))


def _holds_documents(stream: BinaryIO, name: str) -> bool:
    try:
        names = zipfile.ZipFile(stream).namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return name.lower().endswith((".zip", ".xml"))
    finally:
        stream.seek(0)
    if "xl/workbook.xml" in names or "content.xml" in names:
        return False
    tables = (".csv", ".tsv", ".txt", ".xls", ".xlsx", ".ods")
    return not any(name.lower().endswith(tables) for name in names)


def read_tables(
    tables: Sequence[Given], channel: Channel | None, setting: Setting, *, guess: bool
) -> list[Read]:
    """Read tables; those of the same source and channel are one. Of an order the later file's word counts.

    With `guess`, columns whose names leave no doubt are taken. Raises Refused, or Unmapped when the columns
    of a table have to be named.
    """
    found: dict[tuple[Channel, str], Read] = {}
    for name, opened in tables:
        with opened() as stream:
            sha256 = reading.hash_of(stream)
            read = reading.read_guessing if guess else reading.read_sheet
            batch = read(stream, name, setting)
        there = channel or Channel(batch.channel)
        told = {
            "name": show_name(name), "sha256": sha256, "kind": batch.source, "counts": bool(batch.entries),
            "rows": batch.rows,
        }  # fmt: skip
        one = found.get((there, batch.source))
        if one is None:
            found[there, batch.source] = Read(channel=there, batch=batch, files=[told])
        elif sha256 not in {file["sha256"] for file in one.files}:
            _join(one.batch, batch)
            one.files.append(told)
    return list(found.values())


def _join(one: Batch, other: Batch) -> None:
    one.entries.update(other.entries)
    one.rows += other.rows
    for counter, more in (
        (one.left_out, other.left_out), (one.noted, other.noted), (one.statuses, other.statuses),
    ):  # fmt: skip
        counter.update(more)
    for day in (other.first_day, other.last_day):
        if day is not None:
            one.see_day(day)
    one.knows &= other.knows
