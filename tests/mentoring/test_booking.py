"""Hours that a mentor offers; firms that book one, move it and call it off in time."""

import threading
from contextvars import Context
from datetime import UTC, datetime, time, timedelta

import pytest

from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.mentoring import services
from lms.mentoring.models import Availability, Session, SessionKind, SessionState
from tests import build, pages

MONDAY_TEN = datetime(2026, 10, 19, 16, tzinfo=UTC)  # ten o'clock in Mexico City


@pytest.fixture
def offered(cast):
    """Mario is there on Mondays from ten to twelve, in two parts of an hour."""
    return services.offer_hours(
        kind=SessionKind.WHATSAPP, minutes=60, opens=time(10), closes=time(12), weekday=0, by=cast.mentor
    )


def starts(enrolment):
    return [slot.starts_at for slot in services.free_slots(enrolment)]


def test_a_mentor_offers_hours_and_takes_them_out(cast, browser):
    mentor = browser(cast.mentor)
    page = mentor.submit(
        "/mentoring/hours", kind="visit", when="2", opens="09:00", closes="11:30", minutes="50"
    )
    assert "Miércoles, de 09:00 a 11:30" in page.text
    assert len(starts(cast.enrolment)) == 12  # three a day, four Wednesdays
    page = mentor.submit("/mentoring/hours", button="Quitar")
    assert db.session.query(Availability).count() == 0 and "Todavía nada" in page.text


def test_hours_on_one_date(cast, browser):
    browser(cast.mentor).submit(
        "/mentoring/hours", kind="call", when="once", day="2026-10-20", opens="16:00", closes="17:00",
        minutes="60",
    )  # fmt: skip
    assert starts(cast.enrolment) == [datetime(2026, 10, 20, 22, tzinfo=UTC)]


def test_hours_that_hold_no_session_and_a_date_left_out_are_refused_with_what_was_typed(cast, browser):
    mentor = browser(cast.mentor)
    for change in ({"closes": "09:30"}, {"when": "once"}):
        fields = {"kind": "visit", "when": "2", "opens": "09:00", "closes": "11:00", "minutes": "50"} | change
        page = mentor.submit("/mentoring/hours", **fields)
        assert page.status == 422 and 'value="09:00"' in page.html
    assert db.session.query(Availability).count() == 0


def test_nobody_takes_out_the_hours_of_another(cast, browser, offered):
    for who in (cast.trainer, cast.lead, cast.owner, cast.other_mentor):
        assert browser(who).post(f"/mentoring/hours/{offered.id}/drop").status in (400, 404)
    assert db.session.query(Availability).count() == 1


def test_a_firm_books_and_both_sides_hear_of_it(cast, browser, offered, letters):
    page = browser(cast.owner).get("/sessions/book")
    assert "Lunes 19 de octubre" in page.text and "10:00 a. m." in page.text
    page = browser(cast.owner).submit("/sessions/book", slot=f"{offered.id}.20261019T1600Z")
    session = db.session.query(Session).one()
    assert (session.host_id, session.kind, session.starts_at, session.minutes) == (
        cast.mentor.id, SessionKind.WHATSAPP, MONDAY_TEN, 60,
    )  # fmt: skip
    assert "lunes 19 de octubre" in page.text
    assert {letter.to for letter in letters()} == {cast.owner.email, cast.son.email, cast.mentor.email}
    assert MONDAY_TEN not in starts(cast.enrolment)


def test_what_is_taken_is_refused_and_the_page_shows_what_is_left(cast, browser, offered):
    other = build.enrol(build.firm("Otra", build.user("Olga Paz")), cast.cohort, build_user(cast.mentor))
    firm = browser(cast.owner)
    page = firm.get("/sessions/book")
    services.book(other, f"{offered.id}.20261019T1600Z", by=cast.mentor)
    answer = firm.send(page, "/sessions/book", slot=f"{offered.id}.20261019T1600Z")
    assert answer.status == 422 and "Alguien tomó esa hora" in answer.errors[0]
    assert "20261019T1600Z" not in answer.html and "20261019T1700Z" in answer.html


def build_user(person):
    from lms.accounts.models import User

    return db.session.get_one(User, person.id)


def test_only_hours_of_ones_own_mentor_and_none_too_soon_or_too_far(cast, offered):
    with pytest.raises(Refused):
        services.book(cast.rival_enrolment, f"{offered.id}.20261019T1600Z", by=cast.rival)
    services.write_rules(cast.cohort, notice_hours=120, days_ahead=7, makeup_days=14, by=cast.lead)
    assert starts(cast.enrolment) == []
    services.write_rules(cast.cohort, notice_hours=6, days_ahead=7, makeup_days=14, by=cast.lead)
    assert starts(cast.enrolment) == [MONDAY_TEN, MONDAY_TEN + timedelta(hours=1)]


def test_a_mentor_who_is_with_somebody_is_not_on_offer_nor_planned_twice(cast, offered):
    services.plan_session(
        cast.enrolment, kind=SessionKind.VISIT, starts_at=MONDAY_TEN + timedelta(minutes=30), minutes=20,
        by=cast.mentor,
    )  # fmt: skip
    assert starts(cast.enrolment)[0] == MONDAY_TEN + timedelta(hours=1)
    with pytest.raises(Refused, match="Telas Lupita"):
        services.plan_session(
            cast.enrolment, kind=SessionKind.CALL, starts_at=MONDAY_TEN, minutes=31, by=cast.mentor
        )


def test_a_firm_has_two_sessions_ahead_at_most(cast, offered):
    for key in ("20261019T1600Z", "20261019T1700Z"):
        services.book(cast.enrolment, f"{offered.id}.{key}", by=cast.owner)
    with pytest.raises(Refused):
        services.book(cast.enrolment, f"{offered.id}.20261026T1600Z", by=cast.owner)


def test_the_firm_moves_it_in_time(cast, browser, offered, letters):
    session = services.book(cast.enrolment, f"{offered.id}.20261019T1600Z", by=cast.owner)
    letters().clear()
    browser(cast.son).submit(f"/sessions/{session.id}/move", slot=f"{offered.id}.20261026T1700Z")
    assert session.starts_at == datetime(2026, 10, 26, 17, tzinfo=UTC)
    assert session.sequence == 1
    assert {letter.to for letter in letters()} == {cast.owner.email, cast.son.email, cast.mentor.email}


def test_too_late_it_can_no_longer_be_changed_by_the_firm_but_by_the_mentor(
    cast, browser, offered, stopped_clock
):
    session = services.book(cast.enrolment, f"{offered.id}.20261019T1600Z", by=cast.owner)
    db.session.commit()
    stopped_clock(MONDAY_TEN - timedelta(hours=11))
    for page in ("move", "cancel"):
        assert "Escríbele a tu mentor" in browser(cast.owner).get(f"/sessions/{session.id}/{page}").text
    with pytest.raises(Refused):
        services.cancel_session(session, by=cast.owner)
    with pytest.raises(Refused):
        services.move_to_slot(session, f"{offered.id}.20261026T1700Z", by=cast.owner)
    browser(cast.mentor).submit(f"/sessions/{session.id}/move", day="2026-10-20", hour="11:00", minutes="30")
    assert session.starts_at == datetime(2026, 10, 20, 17, tzinfo=UTC)


def test_called_off_in_time_it_counts_for_nobody_and_the_hour_is_free_again(cast, browser, offered, letters):
    session = services.book(cast.enrolment, f"{offered.id}.20261019T1600Z", by=cast.owner)
    letters().clear()
    browser(cast.owner).submit(f"/sessions/{session.id}/cancel", button="Cancelarla")
    assert session.state is SessionState.CANCELLED
    assert services.attendance([cast.enrolment.id])[cast.enrolment.id] == (0, 0)
    assert MONDAY_TEN in starts(cast.enrolment)
    assert cast.mentor.email in {letter.to for letter in letters()}


def test_a_group_session_is_not_the_firms_to_move(cast, browser):
    planned = services.plan_clinic(
        cast.cohort, starts_at=now() + timedelta(days=5), minutes=60, by=cast.trainer
    )
    own = next(one for one in planned if one.firm_id == cast.firm.id)
    for act in (
        lambda: services.cancel_session(own, by=cast.owner),
        lambda: services.move_to_slot(own, "1.20261019T1600Z", by=cast.owner),
    ):
        with pytest.raises(Refused):
            act()


def test_a_session_of_others_is_not_found(cast, browser, offered):
    session = services.book(cast.enrolment, f"{offered.id}.20261019T1600Z", by=cast.owner)
    for who in (cast.rival, cast.outsider, cast.other_mentor, cast.other_lead, cast.admin):
        for page in ("move", "cancel"):
            assert browser(who).get(f"/sessions/{session.id}/{page}").status == 404


def test_without_a_mentor_or_hours_the_page_says_what_to_do(cast, browser):
    assert "Ninguna hora está libre" in browser(cast.owner).get("/sessions/book").text


def test_of_many_who_choose_the_same_hour_at_once_one_gets_it(app, cast, browser, offered):
    """Ten firms of one mentor, all at once, on a real database: one row, nine refusals, no error."""
    mentor = build_user(cast.mentor)
    waiting = []
    for number in range(10):
        member = build.user(f"Dueña {number}")
        build.enrol(build.firm(f"Taller {number}", member), cast.cohort, mentor)
        db.session.flush()
        firm = browser(build.as_person(member))
        form = firm.get("/sessions/book").form_with({"slot"}, None)
        waiting.append((firm.client, pages.values(form) | {"slot": [f"{offered.id}.20261019T1600Z"]}))
    db.session.commit()
    gate, answers = threading.Barrier(len(waiting)), []

    def press(client, sent):
        gate.wait()
        answers.append(Context().run(client.post, "/sessions/book", data=sent).status_code)

    threads = [threading.Thread(target=press, args=pair) for pair in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [302] + [422] * 9
    assert db.session.query(Session).count() == 1
