"""What a file is by its first bytes and its bones: voice notes and sheets, which are kept as they come."""

import io
import re
import zipfile
import zlib

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
WITH_MACROS = "with-macros"

# A sheet of a workshop is far below both; a bomb is far above one of them.
MOST_PARTS, MOST_UNPACKED = 500, 40 * 1024 * 1024

_HEAD = 4096
_EBML = b"\x1aE\xdf\xa3"
# A track of a phone's recording says what handles it; only films have one for pictures.
_HANDLER = rb"hdlr.{8}"
_SOUND = re.compile(_HANDLER + b"soun", re.DOTALL)
_PICTURES = re.compile(_HANDLER + b"vide", re.DOTALL)
_SEPARATORS = ",;\t"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def audio_type(content: bytes) -> str | None:
    """The media type of a voice note (MP4, Ogg, WebM, MP3, AAC), or None for anything else."""
    head = content[:_HEAD]
    if head[4:8] == b"ftyp":
        return "audio/mp4" if _SOUND.search(content) and not is_video(content) else None
    if head.startswith(b"OggS"):
        return "audio/ogg" if b"OpusHead" in head or b"\x01vorbis" in head else None
    if head.startswith(_EBML):
        has_sound = b"A_OPUS" in head or b"A_VORBIS" in head
        return "audio/webm" if b"webm" in head and has_sound and not is_video(content) else None
    return _stream_type(content)


def is_video(content: bytes) -> bool:
    """Whether a container that could hold a voice note holds a film."""
    if content[4:8] == b"ftyp":
        return bool(_PICTURES.search(content))
    return content.startswith(_EBML) and b"V_" in content[:_HEAD]


def sheet_type(content: bytes) -> str | None:
    """XLSX, CSV, WITH_MACROS for a workbook that would run something, or None for anything else."""
    if content.startswith(b"PK"):
        return _workbook_type(content)
    return CSV if _is_csv(content) else None


def _stream_type(content: bytes) -> str | None:
    """MP3 and AAC are bare frames, each with a head of its own; an MP3 may carry its titles before them."""
    start = 0
    if content.startswith(b"ID3") and len(content) > 10:
        # The length of the titles is written in seven bits a byte.
        start = 10 + sum(
            (byte & 0x7F) << shift for byte, shift in zip(content[6:10], (21, 14, 7, 0), strict=True)
        )
    frame = content[start : start + 4]
    if len(frame) < 4 or frame[0] != 0xFF:
        return None
    if frame[1] & 0xF6 == 0xF0:
        return "audio/aac"
    has_rates = frame[2] & 0xF0 not in (0x00, 0xF0) and frame[2] & 0x0C != 0x0C
    return "audio/mpeg" if frame[1] & 0xE6 == 0xE2 and has_rates else None


def _workbook_type(content: bytes) -> str | None:
    """Told by the list of what is inside and the first bytes of each part: no bomb goes off."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= names or not _is_harmless(packed):
                return None
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
        return None
    return WITH_MACROS if any(name.endswith("vbaProject.bin") for name in names) else XLSX


def _is_harmless(packed: zipfile.ZipFile) -> bool:
    """Nothing that points out of the file, that unpacks to more than any sheet needs, or that has a DTD.

    Saved anew by any program for sheets, a workbook has none of these.
    """
    parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        return False
    for part in parts:
        if ".." in part.filename.split("/") or part.filename.startswith("/") or "\\" in part.filename:
            return False
        if part.filename.endswith((".xml", ".rels")):
            with packed.open(part) as stream:
                if b"<!DOCTYPE" in stream.read(_HEAD).replace(b"\0", b"").upper():
                    return False
    return True


def _is_csv(content: bytes) -> bool:
    """Plain text of which most lines have the separator of the first one. Code and pages are no table."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            return False
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or _CONTROL.search(text) or text.lstrip().startswith(("<", "#!", "%", "{")):
        return False
    separator = max(_SEPARATORS, key=lines[0].count)
    return separator in lines[0] and 2 * sum(separator in line for line in lines) > len(lines)
