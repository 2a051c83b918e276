"""At night letters that can wait do wait; codes, receipts and what is about the early morning do not."""

from datetime import UTC, datetime, time, timedelta

import pytest

from lms import events
from lms.accounts.services import remove_member
from lms.cohorts.services import set_quiet_hours
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.jobs import run_due
from lms.messages import services as messages
from lms.notifications.models import Notice
from tests.notifications.test_letters import hand_in, plan

NIGHT = datetime(2026, 10, 15, 4, 30, tzinfo=UTC)  # half past ten in Mexico City
MORNING = datetime(2026, 10, 15, 14, 0, tzinfo=UTC)  # eight o'clock
NEW_MESSAGE = "Tienes un mensaje nuevo"


@pytest.fixture
def subjects(letters, stopped_clock):
    """What somebody has received once it is that moment."""

    def received(reader, moment):
        stopped_clock(moment)
        return [letter.subject for letter in letters() if letter.to == reader.email]

    return received


def say(cast):
    messages.write(cast.enrolment, "Hola", by=cast.mentor)


def test_a_message_of_the_night_is_in_the_page_at_once_and_in_the_mail_in_the_morning(
    cast, stopped_clock, subjects
):
    stopped_clock(NIGHT)
    say(cast)
    assert db.session.query(Notice).filter_by(user_id=cast.owner.id).count() == 1
    assert subjects(cast.owner, NIGHT) == []
    assert subjects(cast.owner, MORNING - timedelta(seconds=1)) == []
    assert subjects(cast.owner, MORNING) == [NEW_MESSAGE]
    assert subjects(cast.owner, MORNING + timedelta(hours=3)) == [NEW_MESSAGE], "once"


def test_by_day_nothing_waits(cast, subjects):
    say(cast)
    assert subjects(cast.owner, now()) == [NEW_MESSAGE]


def test_the_night_is_that_of_the_cohort(cast, stopped_clock, subjects):
    cast.cohort.time_zone = "America/Tijuana"
    stopped_clock(NIGHT - timedelta(hours=1))  # half past eight there, half past nine in Mexico City
    say(cast)
    assert subjects(cast.owner, now()) == [NEW_MESSAGE]


def test_a_code_goes_out_at_any_hour(cast, stopped_clock, subjects):
    stopped_clock(NIGHT)
    events.publish(events.SignInCodeMade(actor_id=None, user_id=cast.owner.id, code_secret="123456"))
    assert len(subjects(cast.owner, NIGHT)) == 1


def test_a_receipt_goes_out_at_any_hour(cast, stopped_clock, subjects):
    stopped_clock(NIGHT)
    hand_in(cast)
    assert len(subjects(cast.owner, NIGHT)) == 1


def test_a_session_that_begins_before_the_morning_cannot_wait(cast, stopped_clock, subjects):
    stopped_clock(NIGHT)
    plan(cast, MORNING - timedelta(minutes=30) - NIGHT)
    assert len(subjects(cast.owner, NIGHT)) == 1
    plan(cast, timedelta(days=2))
    assert len(subjects(cast.owner, NIGHT)) == 1, "the other one waits"


def test_a_server_that_comes_back_late_wakes_nobody(cast, stopped_clock, subjects):
    evening = NIGHT - timedelta(hours=2)  # half past eight
    stopped_clock(evening)
    say(cast)
    assert subjects(cast.owner, NIGHT) == []
    assert subjects(cast.owner, MORNING) == [NEW_MESSAGE]


def test_a_second_try_waits_too(cast, app, stopped_clock, subjects, monkeypatch):
    class Full:
        sent: list = []

        def send(self, envelope):
            raise OSError("452 full")

    mailer = app.extensions["mailer"]
    stopped_clock(NIGHT - timedelta(hours=1, minutes=31))  # 20:59
    say(cast)
    app.extensions["mailer"] = Full()
    db.session.commit()
    run_due()
    app.extensions["mailer"] = mailer
    assert subjects(cast.owner, NIGHT) == []
    assert subjects(cast.owner, MORNING + timedelta(minutes=1)) == [NEW_MESSAGE]


def test_hours_that_were_changed_hold_for_what_waits(cast, stopped_clock, subjects):
    stopped_clock(NIGHT)
    say(cast)
    set_quiet_hours(cast.cohort, time(21), time(10), by=cast.lead)
    assert subjects(cast.owner, MORNING) == []
    assert subjects(cast.owner, MORNING + timedelta(hours=2)) == [NEW_MESSAGE]


def test_without_quiet_hours_nothing_waits(cast, stopped_clock, subjects):
    set_quiet_hours(cast.cohort, time(8), time(8), by=cast.lead)
    stopped_clock(NIGHT)
    say(cast)
    assert subjects(cast.owner, NIGHT) == [NEW_MESSAGE]


def test_the_lead_changes_them_in_the_page(cast, browser):
    page = f"/cohorts/{cast.cohort.id}/quiet-hours"
    lead = browser(cast.lead)
    assert "21:00" in lead.get(page).html and "08:00" in lead.get(page).html
    refused = lead.submit(page, begins="12:00", ends="08:00")
    assert refused.status == 422 and "14 horas" in refused.text and "12:00" in refused.html
    assert "respetan estas horas" in lead.submit(page, begins="20:30", ends="07:00").text
    db.session.expire_all()
    assert (cast.cohort.quiet_from, cast.cohort.quiet_until) == (time(20, 30), time(7))
    assert browser(cast.trainer).get(page).status == 404


def test_a_night_as_long_as_a_day_is_refused(cast):
    with pytest.raises(Refused):
        set_quiet_hours(cast.cohort, time(8), time(7), by=cast.lead)


def test_whoever_leaves_the_firm_at_night_hears_nothing_more_of_it(cast, stopped_clock, subjects):
    stopped_clock(NIGHT)
    say(cast)
    remove_member(cast.firm.id, cast.son.id, by=cast.owner)
    assert subjects(cast.son, MORNING) == [] and subjects(cast.owner, MORNING) == [NEW_MESSAGE]
