"""A voice note and a sheet in a task: how they get there, who hears them, what is refused."""

import io

import pytest

from lms.assignments.models import Attachment
from lms.foundation.db import db
from tests.foundation.test_recordings_and_sheets import FRAME, SHEETS, mp4

PLACES = [
    {"key": "voz", "title": "Cuéntalo", "hint": "Un minuto", "kind": "audio", "required": True},
    {"key": "hoja", "title": "Tu lista", "hint": "", "kind": "sheet", "required": True},
]


@pytest.fixture
def path(cast):
    brief = cast.version.week_rows[1].brief
    brief.slots = PLACES
    return f"/briefs/{brief.id}"


def put(member, path, place, content, name):
    return member.submit(path, "Guardar", files={f"{place}-file": (io.BytesIO(content), name)})


def test_a_voice_note_and_a_sheet_reach_the_trainer(cast, browser, path):
    member = browser(cast.owner)
    page = member.submit(path, "Enviar a")
    assert "Falta la nota de voz “Cuéntalo”." in page.text
    assert "Falta la hoja de cálculo “Tu lista”." in page.text
    page = put(member, path, "voz", FRAME, "nota.mp3")
    (player,) = page.root.find_all("audio")
    assert player.attributes["preload"] == "none" and "controls" in player.attributes
    put(member, path, "hoja", SHEETS["commas"], "lista.csv")
    receipt = member.submit(path, "Enviar a")
    assert "nota.mp3" in receipt.text and "lista.csv" in receipt.text

    work = db.session.query(Attachment).first().submission_id
    for where in (f"/submissions/{work}", f"/submissions/{work}/review"):
        seen = browser(cast.trainer).get(where)
        assert [one.attributes["src"] for one in seen.root.find_all("audio")] == ["/attachments/1"]
        assert "/attachments/2" in seen.links and "lista.csv" in seen.text


def test_a_voice_note_is_played_in_parts_and_a_sheet_only_downloaded(cast, browser, path):
    member = browser(cast.owner)
    put(member, path, "voz", FRAME, "nota.mp3")
    put(member, path, "hoja", SHEETS["commas"], "lista.csv")
    part = member.get("/attachments/1", headers={"Range": "bytes=0-99"})
    assert (part.status, part.headers["Content-Length"]) == (206, "100")
    assert part.headers["Content-Range"] == f"bytes 0-99/{len(FRAME)}"
    whole = member.get("/attachments/1")
    assert whole.status == 200 and whole.headers["Content-Disposition"].startswith("inline")
    sheet = member.get("/attachments/2")
    assert sheet.headers["Content-Disposition"].startswith("attachment")
    assert sheet.headers["Content-Type"].startswith("text/csv")
    assert browser(cast.rival).get("/attachments/1").status == 404


def test_what_does_not_belong_there_is_refused_at_its_place(cast, browser, path):
    member = browser(cast.owner)
    page = put(member, path, "voz", mp4(b"vide", b"soun"), "fiesta.mp4")
    assert page.status == 422 and any("“fiesta.mp4” es un video" in error for error in page.errors)
    page = put(member, path, "hoja", b"%PDF-1.4\n", "lista.pdf")
    assert page.status == 422 and any("“lista.pdf” no es una hoja" in error for error in page.errors)
    assert db.session.query(Attachment).count() == 0
