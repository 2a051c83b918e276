"""The calendar page for members and staff, and the private feed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from lms.accounts.models import User
from lms.calendar import days, services
from lms.calendar.models import CalendarFeed
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.mentoring import services as mentoring
from lms.mentoring.models import ActionOwner, SessionKind, SessionState
from lms.mentoring.services import Outcome, Promise
from tests import build
from tests.calendar import strict

SECRET = "Anda cansada de todo"


@pytest.fixture
def agreed(cast):
    """A call tomorrow at noon, a clinic on Friday, and two promises out of a session a week ago."""
    held = mentoring.plan_session(
        cast.enrolment,
        kind=SessionKind.VISIT,
        starts_at=now() - timedelta(days=7),
        minutes=45,
        by=cast.mentor,
    )
    promises = [
        Promise("Tabla de envíos", ActionOwner.FIRM, date(2026, 10, 16)),
        Promise("Mandar la plantilla", ActionOwner.MENTOR, date(2026, 10, 17)),
    ]
    outcome = Outcome(SessionState.HELD, internal_note=SECRET, promises=promises)
    mentoring.close_session(held, outcome, by=cast.mentor)
    mentoring.plan_clinic(cast.cohort, starts_at=now() + timedelta(days=2), minutes=60, by=cast.trainer)
    return mentoring.plan_session(
        cast.enrolment, kind=SessionKind.CALL, starts_at=now() + timedelta(days=1), minutes=45, by=cast.mentor
    )


def titles(page):
    return " | ".join(section.text for section in page.root.find_all("section", class_="card"))


def test_a_month_has_whole_weeks_and_goes_on_to_the_next():
    weeks = days.weeks_of_month(date(2026, 11, 15))
    assert weeks[0][0] == date(2026, 10, 26) and weeks[-1][-1] == date(2026, 12, 6)
    assert days.steps("month", date(2026, 1, 31)) == (date(2025, 12, 1), date(2026, 2, 1))
    assert days.span("week", date(2026, 10, 14)) == (date(2026, 10, 12), date(2026, 10, 18))


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_a_member_sees_their_sessions_promises_and_last_days(cast, browser, agreed, view):
    page = browser(cast.owner).get(f"/calendar?view={view}")
    shown = titles(page)
    assert "Llamada: Mario Vega" in shown and "12:00 p. m." in shown
    assert "Sesión de grupo: Tere Luna" in shown
    assert "Acordado: Tabla de envíos" in shown and "Mandar la plantilla" not in shown
    assert SECRET not in page.html and "Costuras Rosa" not in page.html


def test_the_last_day_of_each_task_is_in_it(cast, browser):
    page = browser(cast.owner).get("/calendar?view=month&day=2026-09-14")
    words = titles(page).replace("todo el día", "").split()
    assert "Domingo 20 de septiembre Último día: Tarea 1" in " ".join(words)


def test_staff_see_their_firms_their_groups_and_their_own_promises(cast, browser, agreed):
    shown = titles(browser(cast.mentor).get("/calendar?view=week"))
    assert "Llamada: Telas Lupita" in shown and "Acordado: Mandar la plantilla · Telas Lupita" in shown
    assert "Termina la semana 5: Otoño" in shown
    shown = titles(browser(cast.trainer).get("/calendar?view=week"))
    assert shown.count("Sesión de grupo: Otoño") == 1, "a group session is one thing"
    assert "Mandar la plantilla" not in shown
    shown = titles(browser(cast.other_lead).get("/calendar?view=week"))
    assert "Lupita" not in shown and "Otoño" not in shown


def test_days_are_those_of_the_cohorts_place(cast, browser):
    cast.cohort.time_zone = "America/Tijuana"
    late = datetime(2026, 10, 16, 5, 30, tzinfo=UTC)  # the evening of the fifteenth there
    mentoring.plan_session(cast.enrolment, kind=SessionKind.CALL, starts_at=late, minutes=30, by=cast.mentor)
    shown = titles(browser(cast.owner).get("/calendar?view=week"))
    assert "Jueves 15 de octubre" in shown and "10:30 p. m." in shown


def test_it_asks_no_more_for_many_sessions(cast, browser, agreed, count_queries):
    staff = browser(cast.trainer)
    staff.get("/calendar?view=list")
    with count_queries() as few:
        staff.get("/calendar?view=list")
    for number in range(10):
        enrolment = build.enrol(build.firm(f"Taller {number}", build.user(f"Dueña {number}")), cast.cohort)
        mentoring.plan_session(
            enrolment, kind=SessionKind.CALL, starts_at=now() + timedelta(days=3, hours=number), minutes=30,
            by=cast.trainer,
        )  # fmt: skip
    staff.get("/calendar?view=list")
    with count_queries() as many:
        page = staff.get("/calendar?view=list")
    assert "Taller 9" in page.text and len(many) == len(few)


# The feed


def make(browser, who):
    page = browser(who).submit("/calendar/feed", button="Crear")
    return page.root.find("code").text.removeprefix("http://localhost")


def read(browser, address):
    return browser().client.get(address)


def test_a_person_makes_an_address_that_needs_no_signing_in(cast, browser, agreed):
    address = make(browser, cast.owner)
    answer = read(browser, address)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    ours = strict.events(strict.read(answer.text))
    theirs = Calendar.from_ical(answer.text).walk("VEVENT")
    assert len(ours) == len(theirs) > 3
    said = {strict.values(one, "UID")[0]: strict.unescape(strict.values(one, "SUMMARY")[0]) for one in ours}
    assert said == {str(one["uid"]): str(one["summary"]) for one in theirs}
    assert said[f"session-{agreed.id}@localhost"] == "Llamada: Mario Vega"
    assert SECRET not in answer.text and "Rosa" not in answer.text
    call = next(one for one in theirs if str(one["uid"]).startswith(f"session-{agreed.id}@"))
    assert (call.start, call.end) == (agreed.starts_at, agreed.starts_at + timedelta(minutes=45))


def test_the_address_is_random_kept_as_a_hash_and_shown_once(cast, browser):
    address = make(browser, cast.owner)
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert len(token) >= 22, "128 bits"
    assert token not in str(db.session.query(CalendarFeed).one().__dict__)
    assert token not in browser(cast.owner).get("/calendar/feed").html


def test_a_new_address_ends_the_old_one_and_stopping_ends_it_for_good(cast, browser):
    old = make(browser, cast.owner)
    new = make(browser, cast.owner)
    assert (read(browser, old).status_code, read(browser, new).status_code) == (404, 200)
    browser(cast.owner).submit("/calendar/feed", button="Quitar mi dirección")
    assert read(browser, new).status_code == 404
    assert db.session.query(CalendarFeed).count() == 0


def test_who_was_suspended_or_lost_a_firm_reads_nothing_of_it(cast, browser, agreed):
    mentor, member = make(browser, cast.mentor), make(browser, cast.owner)
    assert "Telas Lupita" in read(browser, mentor).text
    cast.enrolment.mentor_id = None
    db.session.commit()
    assert "Telas Lupita" not in read(browser, mentor).text, "what one reaches is asked anew each time"
    db.session.get_one(User, cast.owner.id).suspended_at = now()
    db.session.commit()
    assert read(browser, member).status_code == 404
    assert read(browser, "/calendar/no-such-thing.ics").status_code == 404


def test_a_session_called_off_is_no_longer_in_it(cast, browser, agreed):
    address = make(browser, cast.owner)
    mentoring.cancel_session(agreed, by=cast.mentor)
    db.session.commit()
    assert f"session-{agreed.id}@" not in read(browser, address).text


def test_zone_of_everybody_is_known(cast):
    for who in (cast.owner, cast.mentor, cast.trainer, cast.lead, cast.admin, cast.ex_member):
        assert services.zone_of(who) == "America/Mexico_City"
