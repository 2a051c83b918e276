"""A phone whose clock is days wrong hands in without a connection: when the work arrives decides."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.assignments.models import SubmissionVersion
from lms.foundation.db import db
from tests.browser import test_offline
from tests.browser.pictures import photo
from tests.browser.test_offline import all_sent, press

workshop, phone = test_offline.workshop, test_offline.phone

# The task is for Sunday 18 October in Mexico City.
IN_TIME = datetime(2026, 10, 18, 18, 0, tzinfo=UTC)
TOO_LATE = datetime(2026, 10, 20, 18, 0, tzinfo=UTC)
# The worker keeps a clock of its own, which Playwright does not reach.
SHIFT = """(to) => {
  self.trueNow = self.trueNow || Date.now;
  const behind = to - self.trueNow();
  Date.now = () => self.trueNow() + behind;
}"""


def set_clock(visitor, moment: datetime) -> None:
    """From now on the phone believes that it is that moment."""
    visitor.page.clock.set_system_time(moment)
    for worker in visitor.context.service_workers:
        worker.evaluate(SHIFT, moment.timestamp() * 1000)


def hand_in_without_a_connection(visitor, brief: int) -> None:
    visitor.page.goto(f"/briefs/{brief}")
    visitor.page.locator("input[type=file]").first.set_input_files(photo("frente"))
    visitor.page.wait_for_url("**/offline?saved=*")
    visitor.page.goto(f"/briefs/{brief}")
    visitor.page.locator("textarea").fill("La hice en la tarde.")
    press(visitor, "Enviar a")
    visitor.page.wait_for_url("**/offline?saved=*")


def the_version(house) -> tuple[bool, datetime, datetime]:
    with house.app.app_context():
        version = db.session.query(SubmissionVersion).one()
        facts = version.late, version.handed_in_at, version.made_offline_at
        db.session.remove()
    return facts


@pytest.mark.parametrize("wrong_by", [timedelta(days=3), timedelta(days=-3)], ids=["fast", "slow"])
@pytest.mark.parametrize(("arrives", "late"), [(IN_TIME, False), (TOO_LATE, True)], ids=["in time", "late"])
def test_a_clock_that_is_three_days_wrong_changes_nothing(
    phone,
    workshop,
    stopped_clock,
    wrong_by,
    arrives,
    late,
):
    workshop.line.cut()
    set_clock(phone, arrives + wrong_by)
    hand_in_without_a_connection(phone, workshop.places.brief)
    stopped_clock(arrives)
    workshop.line.mend()
    phone.page.evaluate("() => offline.replay()")
    all_sent(phone)
    was_late, received, made = the_version(workshop.house)
    assert (was_late, received) == (late, arrives)
    # The phone says only how long ago it was, so that a wrong clock is as good as a right one.
    assert timedelta(0) <= received - made < timedelta(minutes=2)


def test_a_clock_put_right_in_between_makes_no_late_work_come_in_time(
    phone,
    workshop,
    stopped_clock,
):
    """Made with a clock three days slow, sent with the right one: it seems three days older, and is late."""
    workshop.line.cut()
    set_clock(phone, TOO_LATE - timedelta(days=3))
    hand_in_without_a_connection(phone, workshop.places.brief)
    set_clock(phone, TOO_LATE)
    stopped_clock(TOO_LATE)
    workshop.line.mend()
    phone.page.evaluate("() => offline.replay()")
    all_sent(phone)
    was_late, received, made = the_version(workshop.house)
    assert was_late and received == TOO_LATE
    assert timedelta(days=2, hours=23) < received - made < timedelta(days=3, hours=1)
    phone.page.goto(f"/briefs/{workshop.places.brief}")
    phone.sees("Enviada a Mario", "Tarde")
