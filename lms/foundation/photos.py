"""Photos drawn again: upright, not larger than a phone shows, and without the place and device hidden in
them."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 50_000_000
LONGEST_SIDE = 1600
THUMBNAIL_SIDE = 320

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class NotAPhoto(ValueError):
    """No picture that may be opened: of an unknown kind, or with far too many pixels."""


class Damaged(ValueError):
    """A picture that breaks off or contradicts itself."""


def draw_again(content: bytes) -> tuple[bytes, bytes]:
    """The photo and a small copy of it, both as WebP. Raises NotAPhoto and Damaged."""
    try:
        with warnings.catch_warnings():
            # Pillow only warns between one and two times the pixel limit; here the limit is the limit.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            photo = _decode(content)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as broken:
        raise NotAPhoto(str(broken)) from broken
    except (OSError, ValueError, SyntaxError, MemoryError) as broken:
        raise Damaged(str(broken)) from broken
    photo.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    small = photo.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return _as_webp(photo, 80), _as_webp(small, 70)


def _decode(content: bytes) -> Image.Image:
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
