"""Files that hurt, sent through the page as a phone sends them: a clear word, nothing lost, never a failure.

What Chromium does with the same files is in tests/browser/test_uploads_that_hurt.py.
"""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from lms.assignments.models import Attachment, Submission
from lms.foundation import storage
from lms.foundation.db import db
from tests.foundation.heic import heic
from tests.foundation.test_recordings_and_sheets import mp4
from tests.foundation.test_uploads import PDF, SVG, photo, png_that_says

HTML = b"<!doctype html><script>alert('CANARY')</script>"
ZIP = b"PK\x03\x04" + b"CANARY" * 20
BROKEN_HEIC = heic()[:600] + b"\xff" * 300


@pytest.fixture
def path(cast):
    return f"/briefs/{cast.version.week_rows[1].brief.id}"


def send(member, path, content, name="foto.jpg", slot="frente"):
    return member.submit(path, "Guardar", files={f"{slot}-file": (io.BytesIO(content), name)})


def count_files(app) -> int:
    return sum(1 for one in app.extensions["storage"].root.rglob("*") if one.is_file())


REFUSED = {
    "15 MB": (photo("PNG", (64, 64)) + b"\0" * (15 << 20), "pesada.png", "pesa más de 12 MB"),
    "0 bytes": (b"", "vacia.jpg", "“vacia.jpg” está vacío"),
    "a video": (mp4(b"vide", b"soun"), "VID_2026.mp4", "no es una foto"),
    "a video called photo": (mp4(b"vide"), "foto.jpg", "no es una foto"),
    "HEIC that breaks off": (BROKEN_HEIC, "IMG_0001.HEIC", "Toma la foto otra vez"),
    "HEIC that is only its name": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "IMG_2.HEIC", "otra vez"),
    "a bomb of pixels": (png_that_says(30_000, 30_000), "bomba.png", "no se puede abrir como foto"),
    "SVG": (SVG, "logo.svg", "no es una foto"),
    "SVG called photo": (SVG, "foto.jpg", "no es una foto"),
    "HTML called photo": (HTML, "foto.jpg", "no es una foto"),
    "a program": (b"MZ\x90\0" + b"\0" * 200, "foto.jpg.exe", "no es una foto"),
    "ZIP": (ZIP, "fotos.zip", "no es una foto"),
    "PDF where a photo goes": (PDF, "foto.pdf", "no es una foto"),
    "a photo cut short": (photo("PNG", (300, 300))[:200], "corta.png", "otra vez"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_in_words_at_its_place_and_nothing_is_lost(cast, browser, path, app, case):
    content, name, words = REFUSED[case]
    member = browser(cast.owner)
    member.submit(path, "Guardar y seguir después", text="Lo que ya escribí")
    send(member, path, photo(), "antes.jpg")
    before = count_files(app)
    page = send(member, f"{path}?change=frente", content, name)
    assert page.status == 422 and re.search(words, " ".join(page.errors)), page.errors
    assert "Lo que ya escribí" in page.html and "Guardada" in page.text
    assert [one.original_name for one in db.session.query(Attachment)] == ["antes.jpg"]
    assert db.session.query(Submission).one().text == "Lo que ya escribí"
    assert count_files(app) == before, "nothing of it is left on the disk"


@pytest.mark.parametrize("case", REFUSED)
def test_the_script_that_sends_by_itself_gets_the_same_words(cast, browser, path, case):
    content, name, words = REFUSED[case]
    member = browser(cast.owner)
    fields = {one.attributes["name"]: one.attributes.get("value", "") for one in _slot_form(member, path)}
    data = fields | {"frente-file": (io.BytesIO(content), name)}
    answer = member.post(f"{path}/slots/frente", data, headers={"Replay": "0"})
    assert answer.status == 422 and re.search(words, " ".join(answer.json["problems"]))


def _slot_form(member, path):
    form = member.get(path).form_with({"frente-file"}, None)
    return [one for one in form.find_all("input") if one.attributes.get("type") == "hidden"]


KEPT = {
    "JPEG and HTML": (photo() + HTML, "foto.jpg.html"),
    "JPEG and ZIP": (photo() + ZIP, "foto.jpg"),
    "PNG and PDF": (photo("PNG") + PDF, "foto.png"),
    "HEIC": (heic(), "IMG_0001.HEIC"),
    "of another kind than its name says": (photo("WEBP"), "foto.exe"),
}


@pytest.mark.parametrize("case", KEPT)
def test_a_photo_is_drawn_again_and_what_is_glued_to_it_left_behind(cast, browser, path, case):
    content, name = KEPT[case]
    page = send(browser(cast.owner), path, content, name)
    assert page.status == 200 and "Guardada" in page.text
    kept = db.session.query(Attachment).one()
    answer = browser(cast.owner).client.get(f"/attachments/{kept.id}")
    assert answer.mimetype == "image/webp" and b"CANARY" not in answer.data
    assert Image.open(io.BytesIO(answer.data)).format == "WEBP"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


NAMES = [
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/shadow",
    "foto\0.jpg",
    "foto.jpg\r\nSet-Cookie: mal=1",
    "x" * 300 + ".jpg",
    "\u202egpj.exe",
    "foto\u200b\u2066.jpg",
    "📷🧵 mi foto.jpg",
    '"><img src=x onerror=alert(1)>.jpg',
    "'; DROP TABLE attachment; --",
    "CON",
    ".htaccess",
    "",
    "   ",
    "%2e%2e%2ffoto.jpg",
    "=cmd|'/c calc'!A1",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_only_words(cast, browser, path, name, app):
    member = browser(cast.owner)
    # As browsers write it into the request.
    written = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    page = send(member, path, photo(), written)
    if not name:  # browsers send no file then, and so does the page say
        assert page.status == 422 and "Primero escoge" in str(page.errors)
        return
    kept = db.session.query(Attachment).one()
    assert len(kept.original_name) <= 120 and kept.original_name.isprintable()
    assert not set(kept.original_name) & set("/\\\u202e\u200b\u2066")
    with storage.open_file(kept.storage_key) as stream:
        assert app.extensions["storage"].root in Path(stream.name).parents
    answer = member.client.get(f"/attachments/{kept.id}")
    assert answer.status_code == 200 and "mal=1" not in str(answer.headers.getlist("Set-Cookie"))
    # What a server can put on the wire: the test client would not notice.
    assert answer.headers["Content-Disposition"].isascii()
    page = member.submit(path, "Enviar a", text="x")
    assert "Enviada" in page.heading and "<img src=x" not in page.html


def test_two_people_who_fill_the_same_place_leave_one_photo_and_the_history(cast, browser, path):
    one, other = browser(cast.owner), browser(cast.son)
    first, second = one.get(path), other.get(path)
    for member, page, name in ((one, first, "una.jpg"), (other, second, "otra.jpg")):
        sent = {"frente-file": (io.BytesIO(photo()), name)}
        assert "Guardada" in member.send(page, path, "Guardar esta foto", files=sent).text
    kept = db.session.query(Attachment).order_by(Attachment.id).all()
    assert [(row.original_name, row.replaced_at is None) for row in kept] == [
        ("una.jpg", False),
        ("otra.jpg", True),
    ]


def test_the_same_photo_sent_twice_by_a_double_tap_is_one(cast, browser, path):
    member = browser(cast.owner)
    page = member.get(path)
    for _tap in range(2):
        sent = {"frente-file": (io.BytesIO(photo()), "foto.jpg")}
        member.send(page, path, "Guardar esta foto", follow=False, files=sent)
    assert db.session.query(Attachment).count() == 1


def test_a_request_larger_than_any_file_may_be_is_answered_by_a_page(cast, browser, path):
    page = send(browser(cast.owner), path, b"\xff\xd8\xff" + b"\0" * (65 << 20), "enorme.jpg")
    assert page.status == 413 and "Elige uno más ligero" in page.text
    assert db.session.query(Attachment).count() == 0
