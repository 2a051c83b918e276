"""ZIPs judged by what they claim before anything in them is opened."""

import zipfile
from collections.abc import Collection
from enum import StrEnum

MAX_RATIO = 100


class Danger(StrEnum):
    """Why a ZIP is not opened."""

    TOO_MANY = "too_many_files"
    TOO_MUCH = "too_much"
    BOMB = "bomb"


def danger_of(
    infos: Collection[zipfile.ZipInfo], size: int, *, most_entries: int, most_bytes: int
) -> Danger | None:
    """What is wrong with a ZIP of `size` bytes. The claim holds: zipfile reads no more than it says."""
    if len(infos) > most_entries:
        return Danger.TOO_MANY
    claimed = sum(info.file_size for info in infos)
    if claimed > size * MAX_RATIO:
        return Danger.BOMB
    if claimed > most_bytes:
        return Danger.TOO_MUCH
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        # Entries that share their bytes are the trick of the bombs that need no nesting.
        if info.header_offset < end:
            return Danger.BOMB
        end = info.header_offset + info.compress_size
    return None
