"""Files that hurt, chosen in a real browser: shrunk or refused in words, and nothing that was done lost."""

import os
import re
from io import BytesIO
from types import SimpleNamespace

import pytest
from PIL import Image
from playwright.sync_api import expect

from lms.assignments.models import Attachment, Submission, SubmissionVersion
from lms.foundation import storage
from lms.foundation.db import db
from tests.browser.line import Line
from tests.browser.pictures import photo
from tests.browser.test_offline import IS_KEPT, WAITING, until
from tests.browser.visitor import Findings, Visitor
from tests.foundation.heic import heic
from tests.foundation.test_recordings_and_sheets import mp4
from tests.foundation.test_uploads import PDF, SVG, png_that_says

JPEG = photo("foto")["buffer"]
WORDS = "Lo que ya escribí"


def noise(side: int) -> bytes:
    """A photo that no compression makes smaller: side * side * 3 bytes."""
    kept = BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(kept, "PNG", compress_level=0)
    return kept.getvalue()


def chosen(name: str, content: bytes, kind: str = "image/jpeg") -> dict:
    return {"name": name, "mimeType": kind, "buffer": content}


@pytest.fixture
def shop(house):
    with house.app.app_context():
        cast = house.cast()
        brief = cast.version.week_rows[1].brief
        paper = {"key": "recibo", "title": "Recibo", "hint": "", "kind": "file", "required": False}
        brief.slots = [*brief.slots, paper]
        path, owner = f"/briefs/{brief.id}", cast.owner.email
        db.session.commit()
        db.session.remove()
    line = Line(house.server.effective_port)
    yield SimpleNamespace(house=house, line=line, path=path, owner=owner)
    line.cut()


@pytest.fixture
def member(chromium, shop):
    """Lupita at her task, with some words typed already."""
    findings = Findings()
    visitor = Visitor(chromium, SimpleNamespace(app=shop.house.app, url=shop.line.url), findings)
    visitor.page.remove_listener("console", visitor._hear)  # a cut line is not the product's fault
    visitor.page.goto(shop.house.make_link(shop.owner).replace(shop.house.url, shop.line.url))
    visitor.page.get_by_role("button").first.click()
    visitor.page.wait_for_url("**/home")
    until(visitor, IS_KEPT)
    visitor.page.goto(shop.path)
    visitor.page.locator("textarea").fill(WORDS)
    yield visitor
    visitor.close()
    findings.assert_none()


def kept(shop) -> list[tuple[str, str, int]]:
    """Place, media type and size of each file that the house has, and that it is really there."""
    with shop.house.app.app_context():
        found = []
        for one in db.session.query(Attachment).filter_by(replaced_at=None).order_by(Attachment.id):
            with storage.open_file(one.storage_key) as stream:
                assert len(stream.read()) == one.size
            found.append((one.slot, one.media_type, one.size))
        db.session.remove()
    return found


def choose(member, content: dict, slot: str = "frente") -> None:
    member.page.locator(f"#{slot}-file").set_input_files(content)


def is_saved(member, slot: str = "frente") -> None:
    expect(member.page.locator(f"#slot-{slot}").get_by_text("Guardada", exact=True)).to_be_visible(
        timeout=20_000
    )
    expect(member.page.locator("textarea")).to_have_value(WORDS)


def test_a_photo_of_15_megabytes_leaves_the_phone_as_a_small_one(member, shop):
    content = noise(2300)
    assert len(content) > 15 << 20
    choose(member, chosen("DSC_0001.png", content, "image/png"))
    is_saved(member)
    ((_slot, media_type, size),) = kept(shop)
    assert media_type == "image/webp" and size < 4 << 20


REFUSED = {
    "0 bytes": (chosen("vacia.jpg", b""), "está vacío"),
    "a video": (chosen("VID.mp4", mp4(b"vide", b"soun"), "video/mp4"), "no es una foto"),
    "a video called photo": (chosen("foto.jpg", mp4(b"vide")), "no es una foto"),
    "HEIC that breaks off": (chosen("IMG.HEIC", heic()[:700], "image/heic"), "otra vez"),
    "a bomb of pixels": (chosen("bomba.png", png_that_says(30_000, 30_000), "image/png"), "como foto"),
    "SVG": (chosen("logo.svg", SVG, "image/svg+xml"), "no es una foto"),
    "HTML called photo": (chosen("foto.jpg", b"<!doctype html><script>1</script>"), "no es una foto"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_in_words_and_the_next_photo_is_saved(member, shop, case):
    file, words = REFUSED[case]
    choose(member, file)
    expect(member.page.locator("#slot-frente .err")).to_contain_text(words)
    expect(member.page.locator("textarea")).to_have_value(WORDS)
    assert kept(shop) == []
    choose(member, photo("buena"))
    is_saved(member)
    assert len(kept(shop)) == 1


KEPT = {
    "HEIC": chosen("IMG_0001.HEIC", heic(), "image/heic"),
    "JPEG and HTML": chosen("foto.jpg.html", JPEG + b"<script>CANARY</script>"),
    "JPEG and ZIP": chosen("foto.jpg", JPEG + b"PK\x03\x04" + b"CANARY" * 20),
    "a way out": chosen("../../../etc/passwd", JPEG),
    "a name of 300 signs": chosen("x" * 300 + ".jpg", JPEG),
    "a name that turns": chosen("\u202egpj.exe", JPEG),
    "a name with a picture": chosen("📷🧵 mi foto.jpg", JPEG),
    "a name with code": chosen('"><img src=x onerror=alert(1)>.jpg', JPEG),
}


@pytest.mark.parametrize("case", KEPT)
def test_it_is_drawn_again_under_a_name_that_is_only_words(member, shop, case):
    asked = []
    member.page.on("dialog", lambda dialog: asked.append(dialog.message))
    choose(member, KEPT[case])
    is_saved(member)
    ((_slot, media_type, _size),) = kept(shop)
    assert media_type == "image/webp"
    member.page.get_by_role("button", name="Enviar a Mario").click()
    member.page.wait_for_url("**/receipts/1")
    member.arrive().sees("Foto de frente", "foto,")
    assert asked == []


def test_two_photos_at_once_are_both_saved(member, shop):
    choose(member, photo("una"))
    choose(member, photo("otra", "#224466"), "lado")
    is_saved(member)
    is_saved(member, "lado")
    assert sorted(slot for slot, _kind, _size in kept(shop)) == ["frente", "lado"]


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_line_cut_in_the_middle_keeps_nothing_by_halves_and_loses_nothing(member, shop, share):
    paper = PDF + os.urandom(2 << 20)
    shop.line.cut_after_sent(int(len(paper) * share))
    choose(member, chosen("recibo.pdf", paper, "application/pdf"), "recibo")
    # Either the page says so at the place, or the phone has kept it to send it later.
    expect(member.page.locator("body")).to_contain_text(re.compile("No llegó|queda guardad"), timeout=20_000)
    assert kept(shop) == []
    assert not [one for one in shop.house.folder.rglob("*.part")]
    shop.line.mend()
    if "/offline" in member.page.url:
        # The try that the cut ended may still be at its end, and then this one is none.
        until(member, f"async () => {{ await offline.replay(); return (await ({WAITING})()) === 0; }}")
        member.page.wait_for_timeout(500)
        member.page.goto(shop.path)
    else:
        member.page.get_by_role("button", name="Intentar otra vez").click()
    expect(member.page.locator("#slot-recibo").get_by_text("Guardada", exact=True)).to_be_visible()
    assert kept(shop) == [("recibo", "application/pdf", len(paper))]


def test_a_double_tap_on_sending_makes_one_version(member, shop):
    choose(member, photo("frente"))
    is_saved(member)
    member.page.get_by_role("button", name="Enviar a Mario").dblclick()
    member.page.wait_for_url("**/receipts/1")
    member.sees("Enviada: Tarea 1")
    with shop.house.app.app_context():
        (version,) = db.session.query(SubmissionVersion)
        assert version.text == WORDS
        db.session.remove()


def test_two_tabs_lose_no_word_and_send_once(member, shop):
    """In the second tab the same task is sent; the first one is told so and still has its words."""
    choose(member, photo("frente"))
    is_saved(member)
    other = member.context.new_page()
    other.goto(shop.path)
    other.locator("textarea").fill("Desde la otra pestaña")
    other.get_by_role("button", name="Enviar a Mario").click()
    other.wait_for_url("**/receipts/1")
    member.page.get_by_role("button", name="Enviar a Mario").click()
    expect(member.page.locator(".errs")).to_contain_text("ya se envió")
    expect(
        member.page.get_by_label("Lo que escribiste", exact=False).or_(
            member.page.locator("textarea[readonly]")
        )
    ).to_have_value(WORDS)
    with shop.house.app.app_context():
        (version,) = db.session.query(SubmissionVersion)
        assert version.text == "Desde la otra pestaña" == db.session.query(Submission).one().text
        db.session.remove()


def test_a_photo_saved_in_one_tab_and_changed_in_another_is_the_newest_one(member, shop):
    choose(member, photo("una"))
    is_saved(member)
    other = member.context.new_page()
    other.goto(f"{shop.path}?change=frente")
    other.locator("#frente-file").set_input_files(photo("nueva", "#116633"))
    expect(other.locator("#slot-frente").get_by_text("Guardada", exact=True)).to_be_visible()
    expect(other.locator("#frente-file")).to_have_count(0)
    member.page.get_by_role("button", name="Enviar a Mario").click()
    member.page.wait_for_url("**/receipts/1")
    member.sees("nueva.jpg").does_not_see("una.jpg")
