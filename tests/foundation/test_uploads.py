"""What may be uploaded: photos are drawn again and lose what they hid, the rest is refused."""

import io
import struct
import zlib

import pytest
from PIL import Image

from lms.foundation import photos, uploads
from lms.foundation.errors import Refused
from tests.foundation.heic import heic

pytestmark = pytest.mark.usefixtures("app")

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GPS = 0x8825
ORIENTATION = 0x0112


def photo(kind="JPEG", size=(60, 40), colour=(200, 30, 30), **options) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind, **options)
    return buffer.getvalue()


def opened(upload: uploads.Upload) -> Image.Image:
    return Image.open(io.BytesIO(upload.content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_drawn_again_with_a_small_copy(kind):
    upload = uploads.accept("foto.jpg", photo(kind, (2400, 1200)))
    assert upload.media_type == "image/webp"
    assert opened(upload).format == "WEBP" and opened(upload).size == (photos.LONGEST_SIDE, 800)
    assert max(Image.open(io.BytesIO(upload.thumbnail)).size) == photos.THUMBNAIL_SIDE


def test_a_small_photo_is_not_made_larger():
    assert opened(uploads.accept("foto.jpg", photo(size=(60, 40)))).size == (60, 40)


def test_where_and_with_what_a_photo_was_taken_is_forgotten():
    exif = Image.Exif()
    exif[0x010F] = "CANARY-MAKER"
    exif[GPS] = {1: "N", 2: (21.0, 7.0, 0.0), 3: "W", 4: (101.0, 40.0, 0.0)}
    taken = photo(exif=exif, comment=b"CANARY-COMMENT", icc_profile=b"CANARY-PROFILE" * 20)
    assert b"CANARY" in taken
    upload = uploads.accept("foto.jpg", taken)
    for kept in (upload.content, upload.thumbnail):
        assert b"CANARY" not in kept and b"EXIF" not in kept
        assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_photo_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    assert opened(uploads.accept("foto.jpg", photo(size=(60, 40), exif=exif))).size == (40, 60)


def test_what_is_glued_to_a_photo_is_left_behind():
    for polyglot in (photo() + b"<script>alert('CANARY')</script>", photo("PNG") + b"PK\x03\x04CANARY" + PDF):
        upload = uploads.accept("foto.jpg", polyglot)
        assert b"CANARY" not in upload.content and b"script" not in upload.content


def test_a_photo_with_an_innocent_name_is_told_by_its_content():
    with pytest.raises(Refused):
        uploads.accept("foto.jpg", SVG)
    assert uploads.accept("../../../etc/passwd\x00.html", photo()).media_type == "image/webp"


@pytest.mark.parametrize(
    "content",
    [
        SVG, b"<!doctype html><script>alert(1)</script>", b"GIF89a<script>", b"MZ\x90\x00", b"\x7fELF",
        b"PK\x03\x04",
        b"#!/bin/sh\nrm -rf /", b"%!PS-Adobe-3.0", b"BM" + b"\x00" * 60, b"II*\x00" + b"\x00" * 60,
        b"hello", b"\x00" * 99,
        b"RIFF\x00\x00\x00\x00WAVE", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>",
    ],
    ids=range(14),
)  # fmt: skip
def test_another_kind_of_file_is_refused(content):
    with pytest.raises(Refused):
        uploads.accept("foto.jpg", content)


def test_an_animated_or_plain_gif_is_refused():
    with pytest.raises(Refused):
        uploads.accept("foto.gif", photo("GIF"))


def png_that_says(width: int, height: int) -> bytes:
    """A tiny file that would need a lot of memory once opened."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8000, 6251), (20_000, 20_000), (2**31 - 1, 2**31 - 1), (0, 10)])
def test_a_bomb_of_pixels_is_refused_unopened(size):
    with pytest.raises(Refused):
        uploads.accept("foto.png", png_that_says(*size))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
def test_a_photo_cut_short_is_refused_or_drawn_but_never_a_failure(kind, share):
    whole = photo(kind, (300, 300), colour=(7, 8, 9))
    try:
        upload = uploads.accept("foto.jpg", whole[: int(len(whole) * share)])
    except Refused:
        return
    assert opened(upload).format == "WEBP"


def test_a_photo_with_bits_turned_is_refused_or_drawn_but_never_a_failure():
    whole = bytearray(photo("PNG", (64, 64)))
    for position in range(8, len(whole), 7):
        turned = bytes(whole[:position]) + bytes([whole[position] ^ 0xFF]) + bytes(whole[position + 1 :])
        try:
            uploads.accept("foto.png", turned)
        except Refused:
            continue


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_photos_of_every_colour_mode_are_drawn(mode):
    buffer = io.BytesIO()
    Image.new(mode, (20, 20)).save(buffer, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(uploads.accept("foto", buffer.getvalue())).mode == "RGB"


def test_a_photo_of_an_iphone_is_drawn_again():
    upload = uploads.accept("IMG_0001.HEIC", heic())
    assert upload.media_type == "image/webp" and opened(upload).size == (32, 32)
    left, right = (opened(upload).getpixel((x, 16)) for x in (4, 27))
    assert left[0] > left[1] > left[2] and sum(right) > sum(left), "reddish, and brighter on the right"


def test_a_broken_photo_of_an_iphone_is_refused():
    broken = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 200
    with pytest.raises(Refused):
        uploads.accept("IMG_0001.HEIC", broken)


def test_a_pdf_is_kept_as_it_is_where_documents_are_asked_for():
    assert uploads.accept("recibo.pdf", PDF) == uploads.Upload(PDF, "application/pdf", None)
    with pytest.raises(Refused):
        uploads.accept("recibo.pdf", PDF, "photo")


def test_an_empty_file_and_one_too_large_are_refused_by_name():
    with pytest.raises(Refused, match="vacia.jpg"):
        uploads.accept("vacia.jpg", b"")
    with pytest.raises(Refused, match="12 MB"):
        uploads.accept("grande.jpg", photo() + b"\x00" * 12 * uploads.MEGABYTE)
