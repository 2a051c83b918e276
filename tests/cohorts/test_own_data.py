"""The file of a person's own data: what it holds, and what it does not."""

import csv
import io
import json
import zipfile
from datetime import date, timedelta

import pytest

from lms.accounts.models import Membership
from lms.assignments import services as assignments
from lms.assignments.models import Outcome, SubmissionState
from lms.foundation import clock
from lms.foundation.db import db
from lms.foundation.jobs import run_due
from lms.messages import services as messages
from lms.messages.shapes import AnnouncementData
from lms.sales import services as sales
from lms.sales.models import Channel
from tests import build

PARTS = {
    "person", "firms", "entries", "consents", "courses", "lessons", "answers", "tests", "work",
    "help_requests", "figures", "messages", "announcements",
}  # fmt: skip


@pytest.fixture
def archive(browser):
    def get(person):
        answer = browser(person).client.get("/my-data/file")
        assert answer.status_code == 200 and answer.headers["Cache-Control"] == "private, no-store"
        return zipfile.ZipFile(io.BytesIO(answer.data))

    return get


def told(archive) -> dict:
    return json.loads(archive.read("data.json"))


def test_every_part_is_in_it_and_each_with_rows_as_a_table(cast, archive):
    work = build.submission(
        cast.enrolment, cast.version.week_rows[1].brief, cast.owner, SubmissionState.RETURNED
    )
    sales.report_month(cast.enrolment, date(2026, 9, 1), {Channel.COUNTER: sales.Report(4321)}, by=cast.owner)
    messages.write(cast.enrolment, "=1+1 es mi pregunta", by=cast.owner)
    announced = AnnouncementData(audience="all", title="Feria", text="El sábado hay feria.", send_at=None)
    messages.announce(cast.cohort, announced, by=cast.trainer)
    db.session.commit()
    run_due()
    found = archive(cast.owner)
    data = told(found)
    assert set(data) == PARTS
    assert data["person"][0]["email"] == cast.owner.email and data["firms"][0]["firm"] == cast.firm.name
    assert data["figures"][0]["gross"] == "4321.00" and data["work"][0]["outcome"] == "returned"
    assert data["announcements"][0]["title"] == "Feria"
    assert data["work"][0]["folio"] == work.versions[0].folio
    tables = {name.removesuffix(".csv") for name in found.namelist()} - {"data.json"}
    assert tables == {part for part, rows in data.items() if rows}
    rows = list(csv.reader(io.StringIO(found.read("messages.csv").decode("utf-8-sig"))))
    assert rows[1][2] == "'=1+1 es mi pregunta"


def test_it_holds_what_staff_wrote_to_the_firm_and_nothing_of_colleagues_or_others(cast, archive):
    for by, words in ((cast.owner, "MIO"), (cast.son, "DEL-HIJO"), (cast.mentor, "DE-MARIO")):
        messages.write(cast.enrolment, words, by=by)
    messages.write(cast.rival_enrolment, "DE-LA-RIVAL", by=cast.rival)
    work = build.submission(cast.enrolment, cast.version.week_rows[1].brief, cast.owner)
    said = (work, Outcome.RETURNED, {}, "RETENIDA", clock.now() + timedelta(days=1))
    assignments.hold(*said, revision=work.revision, by=cast.trainer)
    db.session.commit()
    words = archive(cast.owner).read("data.json").decode()
    assert "MIO" in words and "DE-MARIO" in words
    for foreign in (
        "DEL-HIJO",
        "DE-LA-RIVAL",
        "RETENIDA",
        cast.rival.email,
        cast.son.email,
        "pin_hash",
        "token",
    ):
        assert foreign not in words, foreign


def test_who_came_later_does_not_read_what_was_said_before(cast, archive):
    messages.write(cast.enrolment, "DE-ANTES", by=cast.mentor)
    place = db.session.query(Membership).filter_by(user_id=cast.son.id).one()
    place.joined_at = clock.now() + timedelta(minutes=1)
    db.session.commit()
    assert "DE-ANTES" not in archive(cast.son).read("data.json").decode()
    assert "DE-ANTES" in archive(cast.owner).read("data.json").decode()


def test_the_page_offers_it_to_members_alone(cast, browser):
    assert "/my-data/file" in browser(cast.owner).get("/my-data").links
    assert browser().get("/my-data/file").status == 302
    assert browser(cast.trainer).get("/my-data/file").status == 404
