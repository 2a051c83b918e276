"""What may be uploaded: told by content, never by name; photos are drawn again without their hidden data."""

import io
import warnings
from dataclasses import dataclass

import filetype
from PIL import Image, ImageOps, UnidentifiedImageError

from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 1600
THUMBNAIL_SIDE = 320

PHOTOS = {"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"}
DOCUMENTS = {"application/pdf"}

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


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
    kind = filetype.guess_mime(content)
    if kind in PHOTOS:
        return _draw_again(name, content)
    if documents and kind in DOCUMENTS:
        return Upload(content, kind, None)
    raise Refused(_("“%(name)s” is not a photo (JPG, PNG, WebP, HEIC) or a PDF. Choose another file.", name=name))


def _draw_again(name: str, content: bytes) -> Upload:
    try:
        with warnings.catch_warnings():
            # Pillow only warns between one and two times the pixel limit; here the limit is the limit.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            photo = _decode(content)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as broken:
        raise Refused(_("“%(name)s” cannot be opened as a photo. Take it again.", name=name)) from broken
    except (OSError, ValueError, SyntaxError, MemoryError) as broken:
        raise Refused(_("“%(name)s” is damaged. Take the photo again.", name=name)) from broken
    photo.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    small = photo.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Upload(_as_webp(photo, 80), "image/webp", _as_webp(small, 70))


def _decode(content: bytes) -> Image.Image:
    # Imported here: the decoder is needed for one photo in many, and costs memory in every process.
    from pi_heif import register_heif_opener

    register_heif_opener()
    with Image.open(io.BytesIO(content)) as photo:
        photo.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
        upright = ImageOps.exif_transpose(photo)
        return upright.convert("RGB")


def _as_webp(photo: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    photo.save(buffer, "WEBP", quality=quality, method=4)
    return buffer.getvalue()
