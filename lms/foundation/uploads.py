"""What may be uploaded: told by content, never by name; photos are drawn again without their hidden data."""

from dataclasses import dataclass

from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

MAX_BYTES = 12 * 1024 * 1024

PHOTOS = {"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"}
DOCUMENTS = {"application/pdf"}


@dataclass(frozen=True)
class Upload:
    """An accepted file: its bytes as they will be kept, media type, and for photos a small copy."""

    content: bytes
    media_type: str
    thumbnail: bytes | None


def accept(name: str, content: bytes, *, documents: bool = True) -> Upload:
    """Check an uploaded file and make it safe to keep.

    `name` is only used to say which file is meant. Raises Refused, in words for the person, when the file is
    empty, too large, of another kind, damaged or has too many pixels.
    """
    if not content:
        raise Refused(_("“%(name)s” is empty. Choose the photo again.", name=name))
    if len(content) > MAX_BYTES:
        raise Refused(_("“%(name)s” is larger than 12 MB. Send a smaller one.", name=name))
    import filetype  # reads forty signatures from its own modules: only for who uploads

    kind = filetype.guess_mime(content)
    if kind in PHOTOS:
        return _draw_again(name, content)
    if documents and kind in DOCUMENTS:
        return Upload(content, kind, None)
    raise Refused(
        _("“%(name)s” is not a photo (JPG, PNG, WebP, HEIC) or a PDF. Choose another file.", name=name)
    )


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
