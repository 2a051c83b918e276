"""Planning sessions, holding them, and what the staff's list shows."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lms.cohorts.models import EnrolmentState
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.mentoring import services
from lms.mentoring.models import Action, ActionOwner, Note, Session, SessionKind, SessionState, Visibility
from lms.mentoring.services import Outcome, Promise
from tests import build


def plan(cast, starts_at=None, enrolment=None, by=None, kind=SessionKind.CALL):
    return services.plan_session(
        enrolment or cast.enrolment,
        kind=kind,
        starts_at=starts_at or now() + timedelta(hours=2),
        minutes=45,
        by=by or cast.mentor,
    )


def headings(page):
    return [heading.text for heading in page.root.find_all("h2")]


def test_a_session_is_planned_in_the_time_of_the_cohort(cast, browser):
    cast.cohort.time_zone = "America/Tijuana"
    browser(cast.mentor).submit(
        f"/enrolments/{cast.enrolment.id}/sessions/new",
        kind="visit",
        day="2026-10-20",
        hour="10:00",
        minutes="60",
    )
    session = db.session.query(Session).one()
    assert session.starts_at == datetime(2026, 10, 20, 17, 0, tzinfo=UTC)
    assert (session.host_id, session.kind, session.minutes) == (cast.mentor.id, SessionKind.VISIT, 60)


def test_a_slip_of_the_year_is_caught(cast, browser):
    path = f"/enrolments/{cast.enrolment.id}/sessions/new"
    page = browser(cast.mentor).submit(path, kind="visit", day="2062-10-20", hour="10:00", minutes="60")
    assert page.status == 422
    assert db.session.query(Session).count() == 0


def test_the_list_says_what_to_close_and_what_comes(cast, browser):
    for starts_at in (
        now() - timedelta(days=1),
        now() + timedelta(hours=2),
        now() + timedelta(days=2),
        now() + timedelta(days=9),
    ):
        plan(cast, starts_at)
    page = browser(cast.mentor).get("/mentoring")
    assert [heading.split(" ")[0] for heading in headings(page)[:4]] == ["Por", "Hoy", "Esta", "Más"]


def test_the_list_asks_the_database_as_often_for_many_sessions_as_for_one(cast, browser, count_queries):
    plan(cast)
    staff = browser(cast.trainer)
    staff.get("/mentoring")
    with count_queries() as few:
        staff.get("/mentoring")
    for number in range(12):
        member = build.user(f"Dueña {number}")
        enrolment = build.enrol(build.firm(f"Taller {number}", member), cast.cohort)
        plan(cast, now() + timedelta(days=number), enrolment=enrolment, by=cast.trainer)
        services.ask_help(enrolment, text="Ayuda", about_title="", about_path="", by=build.as_person(member))
    staff.get("/mentoring")
    with count_queries() as many:
        page = staff.get("/mentoring")
    assert "Taller 11" in page.text
    assert len(many) == len(few)


def test_staff_of_other_cohorts_see_none_of_it(cast, browser):
    session = plan(cast)
    for who in (cast.other_trainer, cast.other_mentor, cast.other_lead, cast.admin):
        assert "Telas Lupita" not in browser(who).get("/mentoring").text
        assert browser(who).get(f"/sessions/{session.id}").status == 404
        assert browser(who).get(f"/enrolments/{cast.enrolment.id}/sessions/new").status == 404
    assert browser(cast.owner).get("/mentoring").status == 404
    assert browser(cast.owner).get(f"/sessions/{session.id}").status == 404


def test_a_clinic_is_planned_for_every_active_firm_of_the_cohort(cast, browser):
    resting = build.enrol(
        build.firm("En pausa", build.user("Pía Paz")), cast.cohort, state=EnrolmentState.PAUSED
    )
    browser(cast.trainer).submit(
        "/mentoring/clinics/new", cohort_id=str(cast.cohort.id), day="2026-10-21", hour="18:00", minutes="90"
    )
    sessions = db.session.query(Session).all()
    assert {session.enrolment_id for session in sessions} == {cast.enrolment.id, cast.rival_enrolment.id}
    assert resting.id not in {session.enrolment_id for session in sessions}
    assert {session.kind for session in sessions} == {SessionKind.CLINIC}


def test_nobody_plans_a_clinic_for_a_cohort_of_others(cast, browser):
    page = browser(cast.trainer).submit(
        "/mentoring/clinics/new",
        cohort_id=str(cast.other_cohort.id),
        day="2026-10-21",
        hour="18:00",
        minutes="90",
    )
    assert page.status == 422
    assert db.session.query(Session).count() == 0


def test_the_attendance_of_a_clinic_is_noted_at_once(cast, browser):
    planned = services.plan_clinic(
        cast.cohort, starts_at=now() - timedelta(hours=3), minutes=60, by=cast.trainer
    )
    came = next(session for session in planned if session.firm_id == cast.firm.id)
    browser(cast.trainer).submit(
        f"/sessions/{came.id}/clinic", attended=[str(came.id)], shared_note="Precios"
    )
    assert services.attendance([cast.enrolment.id, cast.rival_enrolment.id]) == {
        cast.enrolment.id: (1, 1),
        cast.rival_enrolment.id: (0, 1),
    }


def test_a_firm_that_has_not_started_gets_no_session(cast):
    cast.enrolment.state = EnrolmentState.INVITED
    with pytest.raises(Refused):
        plan(cast)


def test_closing_keeps_notes_agreements_and_what_was_done(cast, browser):
    earlier = plan(cast, now() - timedelta(days=7))
    services.close_session(
        earlier,
        Outcome(
            SessionState.HELD, promises=[Promise("Contestar pronto", ActionOwner.FIRM, date(2026, 10, 13))]
        ),
        by=cast.mentor,
    )
    old = db.session.query(Action).one()
    session = plan(cast, now() - timedelta(hours=1))
    mentor = browser(cast.mentor)
    assert "Contestar pronto" in mentor.get(f"/sessions/{session.id}").text

    page = mentor.submit(
        f"/sessions/{session.id}",
        **{
            "state": "held",
            "done": [str(old.id)],
            "shared_note": "Ya contesta el mismo día.",
            "internal_note": "Anda cansada.",
            "promises-0-text": "Tabla de envíos",
            "promises-0-due_on": "2026-10-21",
            "promises-1-text": "Mandar la plantilla",
            "promises-1-owner": "mentor",
            "promises-1-due_on": "2026-10-16",
        },
    )

    assert page.status == 200
    assert session.state is SessionState.HELD
    assert old.done_by_id == cast.mentor.id
    promised = {
        (action.text, action.owner)
        for action in services.open_actions([cast.enrolment.id])[cast.enrolment.id]
    }
    assert promised == {("Tabla de envíos", ActionOwner.FIRM), ("Mandar la plantilla", ActionOwner.MENTOR)}
    assert {note.visibility: note.text for note in db.session.query(Note)} == {
        Visibility.SHARED: "Ya contesta el mismo día.",
        Visibility.INTERNAL: "Anda cansada.",
    }


def test_each_note_says_who_reads_it_before_one_types(cast, browser):
    page = browser(cast.mentor).get(f"/sessions/{plan(cast).id}")
    for name, reader in (
        ("shared_note", "Telas Lupita"),
        ("internal_note", "Solo la leen tú y la coordinación"),
    ):
        area = page.root.find("textarea", name=name)
        hint = page.root.find(id=area.attributes["aria-describedby"].split()[0])
        assert reader in hint.text


def test_an_agreement_without_a_day_comes_back_with_everything_typed(cast, browser):
    session = plan(cast)
    page = browser(cast.mentor).submit(
        f"/sessions/{session.id}",
        **{"state": "held", "shared_note": "Hablamos de fotos", "promises-0-text": "Tres fotos"},
    )
    assert page.status == 422
    assert "Hablamos de fotos" in page.html and "Tres fotos" in page.html
    assert session.state is SessionState.PLANNED
    assert db.session.query(Note).count() == 0


def test_more_than_three_agreements_are_refused(cast):
    promises = [Promise(f"Cosa {n}", ActionOwner.FIRM, date(2026, 10, 20)) for n in range(4)]
    with pytest.raises(Refused):
        services.close_session(plan(cast), Outcome(SessionState.HELD, promises=promises), by=cast.mentor)


def test_attendance_is_not_noted_before_the_day(cast):
    session = plan(cast, now() + timedelta(days=1))
    for state in (SessionState.HELD, SessionState.MISSED):
        with pytest.raises(Refused):
            services.close_session(session, Outcome(state), by=cast.mentor)
    later_today = plan(cast, now() + timedelta(hours=2))
    services.close_session(later_today, Outcome(SessionState.HELD), by=cast.mentor)
    services.close_session(session, Outcome(SessionState.CANCELLED), by=cast.mentor)


def test_a_session_is_closed_once_and_a_missed_one_can_be_made_up(cast):
    session = plan(cast)
    services.close_session(session, Outcome(SessionState.MISSED), by=cast.mentor)
    assert services.attendance([cast.enrolment.id])[cast.enrolment.id] == (0, 1)
    services.close_session(session, Outcome(SessionState.MADE_UP), by=cast.mentor)
    assert services.attendance([cast.enrolment.id])[cast.enrolment.id] == (1, 1)
    with pytest.raises(Refused):
        services.close_session(session, Outcome(SessionState.HELD), by=cast.mentor)


def test_planned_and_cancelled_sessions_do_not_count(cast):
    plan(cast)
    other = plan(cast, now() + timedelta(days=1))
    services.close_session(other, Outcome(SessionState.CANCELLED), by=cast.mentor)
    assert services.attendance([cast.enrolment.id])[cast.enrolment.id] == (0, 0)


def test_sessions_missed_in_a_row_are_counted_from_the_latest_on(cast):
    states = (SessionState.MISSED, SessionState.HELD, SessionState.MISSED, SessionState.MISSED)
    for number, state in enumerate(states):
        session = plan(cast, now() - timedelta(days=10 - number))
        services.close_session(session, Outcome(state), by=cast.mentor)
    assert services.missed_in_a_row([cast.enrolment.id, cast.rival_enrolment.id]) == {
        cast.enrolment.id: 2,
        cast.rival_enrolment.id: 0,
    }


def test_the_last_contact_is_the_newest_of_all_kinds(cast):
    ids = [cast.enrolment.id, cast.rival_enrolment.id]
    assert services.last_contact(ids) == {}
    session = plan(cast, now() - timedelta(days=3))
    services.close_session(session, Outcome(SessionState.HELD), by=cast.mentor)
    assert services.last_contact(ids) == {cast.enrolment.id: session.starts_at}
    services.note_contact(cast.enrolment, channel="whatsapp", text="", by=cast.mentor)
    assert services.last_contact(ids) == {cast.enrolment.id: now()}


def test_upcoming_sessions_are_those_of_whoever_asks(cast):
    mine = plan(cast)
    plan(cast, enrolment=cast.rival_enrolment, by=cast.trainer)
    until = now() + timedelta(days=7)
    assert services.upcoming_sessions(cast.owner, until) == [mine]
    assert services.upcoming_sessions(cast.mentor, until) == [mine]
    assert len(services.upcoming_sessions(cast.trainer, until)) == 2
    assert services.upcoming_sessions(cast.admin, until) == []


def test_a_contact_is_noted_beside_a_ready_message_without_personal_data(cast, browser):
    from lms.accounts.models import User

    db.session.get_one(User, cast.owner.id).phone = "+52 222 111 2233"
    mentor = browser(cast.mentor)
    path = f"/enrolments/{cast.enrolment.id}/contacts/new?about=/briefs/1"
    chat = next(link for link in mentor.get(path).links if "wa.me" in link)
    assert chat.startswith("https://wa.me/522221112233?text=")
    assert "briefs/1" in chat and "Lupita" not in chat
    page = mentor.submit(path, channel="whatsapp", text="Le recordé la tarea")
    assert "Le recordé la tarea" in page.text
    assert browser(cast.owner).get(path).status == 404
