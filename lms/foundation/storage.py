"""Files that people hand in: kept by content under generated names, on disk before they are acknowledged."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from flask import current_app

CHUNK = 1 << 16


@dataclass(frozen=True)
class Stored:
    """What the storage knows of a file it keeps: a generated key, its length in bytes, its SHA-256 in hex."""

    key: str
    size: int
    sha256: str


class Storage(Protocol):
    def put(self, content: bytes) -> Stored: ...

    def open(self, key: str) -> BinaryIO: ...

    def delete(self, key: str) -> None: ...


class FolderStorage:
    """A folder on this machine. A file that `put` returned survives a power cut: the content is synced,
    renamed into place, and the folder is synced too (without the last step the name may be lost)."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, content: bytes) -> Stored:
        key = secrets.token_hex(16)
        target = self._path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".part")
        try:
            with partial.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            partial.rename(target)
        except OSError:
            partial.unlink(missing_ok=True)
            raise
        for folder in (target.parent, self.root):
            _sync_folder(folder)
        return Stored(key, len(content), hashlib.sha256(content).hexdigest())

    def open(self, key: str) -> BinaryIO:
        return self._path(key).open("rb")

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if len(key) != 32 or not set(key) <= set("0123456789abcdef"):
            raise FileNotFoundError(key)
        return self.root / key[:2] / key


def put(content: bytes) -> Stored:
    """Keep a file in the storage of the running app."""
    return _storage().put(content)


def open_file(key: str) -> BinaryIO:
    """Open a kept file for reading; FileNotFoundError when there is none."""
    return _storage().open(key)


def delete(key: str) -> None:
    """Forget a file; not an error when it is gone already."""
    _storage().delete(key)


def chunks(key: str) -> Iterator[bytes]:
    """The bytes of a kept file, a piece at a time."""
    with open_file(key) as stream:
        while piece := stream.read(CHUNK):
            yield piece


def _storage() -> Storage:
    return current_app.extensions["storage"]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
