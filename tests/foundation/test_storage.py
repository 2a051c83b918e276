"""Files: kept whole or not at all, under names that nobody chose."""

import os

import pytest

from lms.foundation import storage
from lms.foundation.storage import FolderStorage


@pytest.fixture
def folder(tmp_path):
    return FolderStorage(tmp_path / "files")


def names_in(folder) -> list[str]:
    return [path.name for path in folder.root.rglob("*") if path.is_file()]


def test_a_file_comes_back_as_it_was_put(folder):
    content = os.urandom(200_000)
    kept = folder.put(content)
    assert kept.size == 200_000
    with folder.open(kept.key) as stream:
        assert stream.read() == content
    assert names_in(folder) == [kept.key]


def test_the_same_content_twice_is_two_files_so_that_one_can_be_deleted(folder):
    first, second = folder.put(b"x"), folder.put(b"x")
    assert first.key != second.key and first.sha256 == second.sha256
    folder.delete(first.key)
    with folder.open(second.key) as stream:
        assert stream.read() == b"x"


def test_deleting_what_is_gone_is_no_error(folder):
    kept = folder.put(b"x")
    folder.delete(kept.key)
    folder.delete(kept.key)
    with pytest.raises(FileNotFoundError):
        folder.open(kept.key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "..",
        "../../etc/passwd",
        "a" * 31,
        "a" * 33,
        "A" * 32,
        "/" + "a" * 31,
        "a" * 30 + "/b",
        "a" * 31 + "\0",
        "é" * 32,
    ],
)
def test_a_key_that_this_storage_never_gave_opens_nothing(folder, key):
    with pytest.raises(FileNotFoundError):
        folder.open(key)
    with pytest.raises(FileNotFoundError):
        folder.delete(key)


@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_a_full_disk_leaves_no_half_file(folder, monkeypatch, call):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    if call == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(storage.Path, "rename", full)
    with pytest.raises(OSError):
        folder.put(b"x" * 1000)
    assert names_in(folder) == []


def test_the_file_is_synced_before_it_gets_its_name_and_the_folder_after(folder, monkeypatch):
    seen = []
    rename, sync = storage.Path.rename, os.fsync
    monkeypatch.setattr(storage.Path, "rename", lambda path, to: (seen.append("rename"), rename(path, to))[1])
    monkeypatch.setattr(os, "fsync", lambda handle: (seen.append("sync"), sync(handle))[1])
    folder.put(b"x")
    assert seen[:2] == ["sync", "rename"] and "sync" in seen[2:]


def test_the_house_reads_its_files_in_pieces(app):
    content = os.urandom(storage.CHUNK + 10)
    kept = storage.put(content)
    pieces = list(storage.chunks(kept.key))
    assert b"".join(pieces) == content and len(pieces) == 2
    with storage.open_file(kept.key) as stream:
        assert stream.read(1) == content[:1]
    storage.delete(kept.key)
    with pytest.raises(FileNotFoundError):
        list(storage.chunks(kept.key))
