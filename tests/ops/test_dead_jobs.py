"""Work that failed for good: shown to the administrator, tried again, or taken off the list."""

import smtplib

import pytest

from lms.foundation.clock import now
from lms.foundation.db import db, transaction
from lms.foundation.jobs import BACK_OFF, Job, dead_jobs, run_due
from lms.notifications.letters import speaking, write


class Refusing:
    def send(self, envelope):
        raise smtplib.SMTPRecipientsRefused({envelope.to: (550, b"no such mailbox")})


@pytest.fixture
def dead(cast, app, monkeypatch, stopped_clock):
    """A letter that no mail server takes, after the last attempt."""
    monkeypatch.setitem(app.extensions, "mailer", Refusing())
    with transaction(), speaking("es_MX"):
        write("nadie@example.org", "certificate", "/certificate", {"name": "Sol"})
    for _attempt in range(len(BACK_OFF) + 1):
        run_due()
        waiting = db.session.query(Job).filter_by(name="send_letter").one()
        stopped_clock(max(now(), waiting.run_at))
        db.session.rollback()
    (job,) = dead_jobs()
    return job


def test_the_administrator_sees_what_failed_and_why(cast, browser, dead):
    page = browser(cast.admin).get("/jobs")
    assert "send_letter" in page.text and "SMTPRecipientsRefused" in page.text


def test_tried_again_it_goes_out(cast, browser, dead, app, monkeypatch):
    monkeypatch.undo()
    page = browser(cast.admin).submit("/jobs", button="Intentar otra vez")
    assert "Se intenta otra vez" in page.text and "Todo se hizo" in page.text
    run_due()
    assert [letter.to for letter in app.extensions["mailer"].sent] == ["nadie@example.org"]


def test_taken_off_the_list_it_is_gone(cast, browser, dead):
    browser(cast.admin).submit("/jobs", button="Quitar de la lista")
    assert dead_jobs() == []


def test_what_is_not_dead_is_not_there_to_be_touched(cast, browser, dead):
    dead.dead_at = None
    admin = browser(cast.admin)
    assert "Todo se hizo" in admin.get("/jobs").text
    assert admin.post(f"/jobs/{dead.id}/again").status == 400
