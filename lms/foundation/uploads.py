"""What may be uploaded: told by content, never by name; photos are drawn again without their hidden data."""

from collections.abc import Callable
from dataclasses import dataclass

from lms.foundation import contents
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

MEGABYTE = 1024 * 1024

PHOTOS = {"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"}
DOCUMENTS = {"application/pdf"}


@dataclass(frozen=True)
class Upload:
    """An accepted file: its bytes as they will be kept, media type, and for photos a small copy."""

    content: bytes
    media_type: str
    thumbnail: bytes | None


def accept(name: str, content: bytes, kind: str = "file") -> Upload:
    """Check an uploaded file and make it safe to keep.

    `kind` is one of KINDS: "photo", "file" (a photo or a PDF), "audio" or "sheet". `name` is only used to
    say which file is meant. Raises Refused, in words for the person, when the file is empty, too large, of
    another kind, damaged or has too many pixels.
    """
    most, check = KINDS[kind]
    if not content:
        raise Refused(_("“%(name)s” is empty. Choose it again.", name=name))
    if len(content) > most * MEGABYTE:
        raise Refused(_("“%(name)s” is larger than %(most)s MB. Send a smaller one.", name=name, most=most))
    return check(name, content)


def _photo(name: str, content: bytes) -> Upload:
    if _signature(content) in PHOTOS:
        return _draw_again(name, content)
    raise Refused(
        _("“%(name)s” is not a photo (JPG, PNG, WebP, HEIC) or a PDF. Choose another file.", name=name)
    )


def _photo_or_document(name: str, content: bytes) -> Upload:
    kind = _signature(content)
    return Upload(content, kind, None) if kind in DOCUMENTS else _photo(name, content)


def _audio(name: str, content: bytes) -> Upload:
    if contents.is_video(content):
        raise Refused(_("“%(name)s” is a video. Record only your voice and send that.", name=name))
    kind = contents.audio_type(content)
    if kind is None:
        raise Refused(
            _(
                "“%(name)s” is not a voice note (M4A, MP3, OGG, WebM, AAC). "
                "Record it with your phone's recorder, or choose one from WhatsApp.",
                name=name,
            )
        )
    return Upload(content, kind, None)


def _sheet(name: str, content: bytes) -> Upload:
    kind = contents.sheet_type(content)
    if kind == contents.WITH_MACROS:
        raise Refused(_("“%(name)s” has macros. Save it as XLSX without macros and send that.", name=name))
    if kind is None:
        raise Refused(
            _(
                "“%(name)s” is not a sheet (XLSX or CSV). Open it in Excel or Google Sheets, "
                "save it as XLSX and send that.",
                name=name,
            )
        )
    return Upload(content, kind, None)


# What may stand in each kind of place: at most how many MB, and what checks it.
KINDS: dict[str, tuple[int, Callable[[str, bytes], Upload]]] = {
    "photo": (12, _photo),
    "file": (12, _photo_or_document),
    "audio": (10, _audio),
    "sheet": (5, _sheet),
}


def _signature(content: bytes) -> str:
    import filetype  # reads forty signatures from its own modules: only for who uploads

    return filetype.guess_mime(content) or ""


def _draw_again(name: str, content: bytes) -> Upload:
    # Imported here: the picture library is large, and few requests bring a photo.
    from lms.foundation import photos

    try:
        photo, small = photos.draw_again(content)
    except photos.NotAPhoto as broken:
        raise Refused(_("“%(name)s” cannot be opened as a photo. Take it again.", name=name)) from broken
    except photos.Damaged as broken:
        raise Refused(_("“%(name)s” is damaged. Take the photo again.", name=name)) from broken
    return Upload(photo, "image/webp", small)
