"""Pictures for the demonstration, drawn by us: a product on a cloth by the window, well and badly lit."""

import io

from PIL import Image, ImageDraw, ImageFilter

from lms.foundation import storage, uploads
from lms.foundation.storage import Stored

CLOTHS = ("#E9DFC9", "#DCE3EA", "#EDE4D3")
COLOURS = {
    "fashion": ("#34479B", "#9A3B4F", "#2E6B4F"),
    "footwear": ("#9A5630", "#33303D", "#7E4222"),
    "furniture": ("#8A5A2B", "#B08050", "#5C4433"),
}


def draw(sector: str, number: int, *, dark: bool) -> bytes:
    """One JPEG: a garment, a shoe or a chair, `number` chooses its colour and cloth."""
    picture = Image.new("RGB", (960, 800), CLOTHS[number % 3])
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 620, 960, 800), fill="#CFC4AC")
    pen.ellipse((180, 640, 800, 700), fill="#B9AE98")
    {"fashion": _garment, "footwear": _shoe, "furniture": _chair}[sector](pen, COLOURS[sector][number % 3])
    light = Image.new("L", picture.size, 0)
    ImageDraw.Draw(light).polygon([(0, 0), (520, 0), (220, 800), (0, 800)], fill=90)
    picture.paste("#FFF6DF", mask=light.filter(ImageFilter.GaussianBlur(90)))
    if dark:
        picture = Image.blend(picture, Image.new("RGB", picture.size, "#1A1712"), 0.62)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=82)
    return buffer.getvalue()


def _garment(pen: ImageDraw.ImageDraw, colour: str) -> None:
    pen.polygon(
        [
            (340, 150),
            (620, 150),
            (800, 260),
            (740, 400),
            (660, 350),
            (660, 660),
            (300, 660),
            (300, 350),
            (220, 400),
            (160, 260),
        ],
        fill=colour,
    )
    pen.pieslice((400, 90, 560, 230), 0, 180, fill="#E9DFC9")
    for y in range(260, 640, 26):
        pen.line((480, y, 480, y + 14), fill="#F6B42C", width=5)


def _shoe(pen: ImageDraw.ImageDraw, colour: str) -> None:
    pen.polygon([(300, 200), (520, 200), (540, 420), (780, 520), (800, 600), (280, 600)], fill=colour)
    pen.rectangle((270, 600, 810, 650), fill="#241A14")
    for x in range(320, 760, 28):
        pen.line((x, 575, x + 15, 575), fill="#F6B42C", width=5)


def _chair(pen: ImageDraw.ImageDraw, colour: str) -> None:
    pen.rectangle((340, 130, 620, 200), fill=colour)
    pen.rectangle((340, 200, 375, 680), fill=colour)
    pen.rectangle((585, 200, 620, 680), fill=colour)
    pen.polygon([(320, 420), (640, 420), (690, 480), (280, 480)], fill="#D9B77E")
    pen.rectangle((300, 480, 330, 690), fill=colour)
    pen.rectangle((640, 480, 670, 690), fill=colour)


def keep_pictures(sector: str) -> list[tuple[Stored, Stored]]:
    """Draw and keep the pictures of a trade: each as the photo and its small copy. The last one is too
    dark."""
    kept = []
    for number in range(4):
        upload = uploads.accept("demo.jpg", draw(sector, number, dark=number == 3))
        kept.append((storage.put(upload.content), storage.put(upload.thumbnail or upload.content)))
    return kept
