"""The lead's page: how firm and mentor get on, hours, overdue agreements, rules; and one question to both."""

from datetime import date, timedelta

import pytest

from lms.cohorts.models import EnrolmentState
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.mentoring import health, services
from lms.mentoring.health import Pair, level, signs
from lms.mentoring.models import ActionOwner, Pulse, SessionKind, SessionState
from lms.mentoring.services import Outcome, Promise
from tests import build


def pair(**changes):
    fine = {"has_mentor": True, "days": 5, "overdue": 0, "missed": 0, "has_goal": True}
    return Pair(**(fine | changes))


@pytest.mark.parametrize(
    ("changes", "found", "colour"),
    [
        ({}, (), "ok"),
        ({"days": 20}, (), "ok"),
        ({"days": 21}, (health.LONG_AGO,), "warn"),
        ({"overdue": 1}, (), "ok"),
        ({"overdue": 2, "missed": 2}, (health.MISSED, health.OVERDUE), "bad"),
        ({"has_mentor": False, "has_goal": False}, (health.NO_MENTOR,), "bad"),
        ({"has_goal": False}, (health.NO_GOAL,), "ok"),
        ({"firm_pulse": 1}, (health.UNHAPPY_FIRM,), "bad"),
        ({"firm_pulse": 2, "mentor_pulse": 1}, (health.UNHAPPY_MENTOR,), "warn"),
    ],
)
def test_signs_and_their_colour(changes, found, colour):
    assert signs(pair(**changes)) == found
    assert level(found) == colour


def met(cast, days, minutes=45, kind=SessionKind.CALL, promises=(), enrolment=None, by=None):
    by = by or cast.mentor
    session = services.plan_session(
        enrolment or cast.enrolment, kind=kind, starts_at=now() - timedelta(days=days), minutes=minutes, by=by
    )
    services.close_session(session, Outcome(SessionState.HELD, promises=promises), by=by)
    return session


def path(cast):
    return f"/cohorts/{cast.cohort.id}/mentoring"


def test_the_lead_sees_who_needs_looking_at_and_what_is_overdue(cast, browser):
    late = [Promise(f"Cosa {n}", ActionOwner.FIRM, date(2026, 10, 10 + n)) for n in (1, 2)]
    due = Promise("Hoy mismo", ActionOwner.MENTOR, date(2026, 10, 14))
    met(cast, 9, promises=[*late, due])
    page = browser(cast.lead).get(path(cast))
    row = next(r for r in page.root.find("tbody").find_all("tr") if "Telas Lupita" in r.text)
    assert "2 acuerdos vencidos" in row.text and "45 min" in row.text
    overdue = page.root.find("section", aria_labelledby="overdue").text
    assert "Cosa 1" in overdue and "Cosa 2" in overdue and "Hoy mismo" not in overdue
    assert "Costuras Rosa" in page.text and "30 días sin sesión" in page.text
    mentors = page.root.find("section", aria_labelledby="mentors").text
    assert "Mario Vega 2 acuerdos vencidos" in mentors


def test_internal_notes_are_not_on_it_and_only_the_lead_opens_it(cast, browser):
    for who in (cast.owner, cast.mentor, cast.trainer, cast.other_lead, cast.admin):
        for page in ("", "/plan", "/rules"):
            assert browser(who).get(path(cast) + page).status == 404


def test_paused_firms_are_left_in_peace(cast):
    cast.enrolment.state = EnrolmentState.PAUSED
    assert [one.enrolment.id for one in services.care_of(cast.cohort).pairings] == [cast.rival_enrolment.id]


def test_a_group_session_counts_once_for_the_mentor_and_for_each_firm(cast):
    planned = services.plan_clinic(
        cast.cohort, starts_at=now() - timedelta(days=2), minutes=90, by=cast.trainer
    )
    for session in planned:
        services.close_session(session, Outcome(SessionState.HELD), by=cast.trainer)
    met(cast, 1, minutes=30)
    services.note_contact(cast.enrolment, channel="call", text="", minutes=15, by=cast.mentor)
    ids = [cast.enrolment.id, cast.rival_enrolment.id]
    assert services.minutes_by_firm(ids) == {ids[0]: 135, ids[1]: 90}
    assert services.minutes_by_mentor(ids) == {cast.trainer.id: 90, cast.mentor.id: 45}


def test_it_asks_no_more_for_many_firms(cast, browser, count_queries):
    met(cast, 3)
    lead = browser(cast.lead)
    lead.get(path(cast))
    with count_queries() as few:
        lead.get(path(cast))
    for number in range(12):
        enrolment = build.enrol(build.firm(f"Taller {number}", build.user(f"Dueña {number}")), cast.cohort)
        late = Promise("Cosa", ActionOwner.FIRM, date(2026, 10, 1))
        met(cast, number + 1, enrolment=enrolment, promises=[late], by=cast.trainer)
    lead.get(path(cast))
    with count_queries() as many:
        lead.get(path(cast))
    assert len(many) == len(few)


def test_both_sides_say_how_it_goes_and_only_the_lead_reads_it(cast, browser):
    pulse = f"/enrolments/{cast.enrolment.id}/pulse"
    page = browser(cast.son).submit(pulse, score="1")
    assert "Solo la coordinación" in page.text
    browser(cast.mentor).submit(pulse, score="3")
    assert {(one.side, one.score) for one in db.session.query(Pulse)} == {
        (ActionOwner.FIRM, 1),
        (ActionOwner.MENTOR, 3),
    }
    assert "La empresa dice que va mal" in browser(cast.lead).get(path(cast)).text
    for who in (cast.trainer, cast.lead, cast.rival, cast.other_mentor):
        assert browser(who).get(pulse).status == 404
    assert browser(cast.owner).submit(pulse, follow=False).status == 422
    with pytest.raises(Refused):
        services.give_pulse(cast.enrolment, 3, by=cast.trainer)


def test_an_old_answer_means_nothing_any_more(cast, stopped_clock):
    services.give_pulse(cast.enrolment, 1, by=cast.owner)
    stopped_clock(now() + timedelta(days=61))
    pairs = {one.enrolment.id: one.pair for one in services.care_of(cast.cohort).pairings}
    assert pairs[cast.enrolment.id].firm_pulse is None


def test_the_lead_writes_the_rules_for_sessions(cast, browser):
    page = browser(cast.lead).submit(
        f"{path(cast)}/rules", notice_hours="24", days_ahead="14", makeup_days="7"
    )
    assert page.heading == "Mentoría del grupo"
    rules = services.rules_of(cast.cohort.id)
    assert (rules.notice_hours, rules.days_ahead, rules.makeup_days) == (24, 14, 7)
    page = browser(cast.lead).submit(f"{path(cast)}/rules", notice_hours="0")
    assert page.status == 422 and "del 1 al 168" in page.text
    assert services.rules_of(cast.other_cohort.id).notice_hours == 12
