"""Small photographs as a phone would send them."""

from io import BytesIO

from PIL import Image, ImageDraw


def photo(name: str, colour: str = "#8a5a2b") -> dict:
    """A JPEG of a few kilobytes in the form in which Playwright chooses files."""
    picture = Image.new("RGB", (480, 640), colour)
    ImageDraw.Draw(picture).rectangle((60, 80, 420, 560), outline="white", width=12)
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=70)
    return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}
