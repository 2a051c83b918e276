"""The server is killed (-9) while a phone sends what it kept: everything arrives, and each thing once."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from lms.assignments.models import Attachment, Submission, SubmissionState, SubmissionVersion
from lms.curriculum import syllabus
from lms.foundation import storage
from lms.foundation.db import db
from lms.learning.models import Attempt, Reading
from lms.mentoring.models import HelpRequest
from tests import build
from tests.browser.line import Line
from tests.browser.product import Product
from tests.browser.test_offline import IS_KEPT, WAITING, all_sent, asks_help, do_a_week, enter, until
from tests.browser.visitor import Findings, Visitor

# Milliseconds from the begin of the replay to the kill: from before the first answer to about the last.
MOMENTS = (0, 10, 25, 50, 100)


@pytest.fixture
def workshop(tmp_path, stopped_clock):
    """The cast in the first week of its course, in a process of its own, behind a line."""
    stopped_clock(datetime.now(UTC))  # the process has no other clock than the real one
    syllabus.forget()
    product = Product(tmp_path / "product")
    with product.app.app_context():
        cast = build.cast()
        today = datetime.now(UTC).date()
        cast.cohort.starts_on = today - timedelta(days=today.weekday())
        week = cast.version.week_rows[1]
        places = SimpleNamespace(
            lessons=[lesson.id for lesson in week.lessons],
            brief=week.brief.id,
            quiz=week.quiz.id,
            owner=cast.owner.email,
        )
        db.session.commit()
        db.session.remove()
    product.start()
    line = Line(product.port)
    yield SimpleNamespace(house=product, line=line, places=places)
    line.cut()
    product.close()
    syllabus.forget()


@pytest.fixture
def phone(chromium, workshop):
    findings = Findings()
    visitor = Visitor(chromium, SimpleNamespace(app=workshop.house.app, url=workshop.line.url), findings)
    # What a killed server makes the browser say is not the product's fault.
    visitor.page.remove_listener("console", visitor._hear)
    enter(visitor, workshop, workshop.places.owner)
    until(visitor, IS_KEPT)
    yield visitor
    visitor.close()
    findings.assert_none()


def rows(workshop, *criteria) -> list:
    with workshop.house.app.app_context():
        found = db.session.scalars(select(criteria[0]).where(*criteria[1:])).unique().all()
        db.session.remove()
    return found


def kill_during_replay(visitor: Visitor, workshop, after: int) -> int:
    """Begin to send, kill, start again. Gives how many things still waited on the phone at the kill."""
    workshop.line.mend()
    visitor.page.evaluate("() => { offline.replay(); }")
    visitor.page.wait_for_timeout(after)
    workshop.house.kill()
    left = visitor.page.evaluate(WAITING)
    workshop.house.start()
    return left


@pytest.mark.timeout(300)
def test_killed_at_different_moments_of_the_replay_everything_arrives_exactly_once(phone, workshop):
    words, left = [], []
    for number, moment in enumerate(MOMENTS):
        workshop.line.cut()
        for one in range(3):
            words.append(f"Ayuda {number}.{one}")
            asks_help(phone, words[-1])
        left.append(kill_during_replay(phone, workshop, moment))
        phone.page.evaluate("() => offline.replay()")
        all_sent(phone)
        assert Counter(row.text for row in rows(workshop, HelpRequest)) == Counter(words)
    # Otherwise the kills came too early or too late to mean anything.
    assert any(left), left


@pytest.mark.parametrize("moment", [20, 120, 300])
def test_a_whole_week_survives_a_kill_in_the_middle(phone, workshop, moment):
    workshop.line.cut()
    made = do_a_week(phone, workshop.places)
    assert phone.page.evaluate(WAITING) == made
    kill_during_replay(phone, workshop, moment)
    phone.page.evaluate("() => offline.replay()")
    all_sent(phone)
    assert len(rows(workshop, Reading, Reading.done_at.is_not(None))) == 2
    assert len(rows(workshop, HelpRequest)) == 1
    assert len(rows(workshop, Attempt, Attempt.passed)) == 1
    assert len(rows(workshop, Submission, Submission.state == SubmissionState.HANDED_IN)) == 1
    (version,), (file,) = rows(workshop, SubmissionVersion), rows(workshop, Attachment)
    assert version.attachment_ids == [file.id]
    with workshop.house.app.app_context(), storage.open_file(file.storage_key) as stream:
        assert len(stream.read()) == file.size, "what was acknowledged is whole on the disk"
    phone.page.goto("/offline")
    phone.sees("Ya enviado", "Folio", "Nada por enviar")
