"""Who came: one tap, the code at the door, the sheet, what makes up for an absence."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from lms.cohorts.models import EnrolmentState
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.mentoring import services
from lms.mentoring.door import make_code, read_code
from lms.mentoring.makeup import stand_in
from lms.mentoring.models import Session, SessionKind, SessionState
from lms.mentoring.services import Outcome
from tests import build

SECRET = "only for tests, 16+"
AT = datetime(2026, 10, 14, 18, 0, 0, tzinfo=UTC)


@pytest.fixture
def clinic(cast):
    """It began ten minutes ago; Lupita's and Rosa's firms are invited."""
    planned = services.plan_clinic(
        cast.cohort, starts_at=now() - timedelta(minutes=10), minutes=60, by=cast.trainer
    )
    return {one.firm_id: one for one in planned}


# The code, pure


def test_a_code_opens_for_its_half_minute_and_the_next_one_only():
    code = make_code(SECRET, 7, AT)
    fresh = [read_code(SECRET, code, AT + timedelta(seconds=s)).is_fresh for s in (0, 29, 30, 59, 60, 3600)]
    assert fresh == [True, True, True, True, False, False]
    assert not read_code(SECRET, code, AT - timedelta(seconds=1)).is_fresh, "nor before its time"


@pytest.mark.parametrize("change", ["8", "", "x", "٧", "7-1-" + "0" * 20])
def test_a_code_that_was_not_made_here_says_nothing(change):
    code = make_code(SECRET, 7, AT)
    forged = change if "-" in change else change + code[1:]
    assert read_code(SECRET, forged, AT) is None
    assert read_code("another secret, 16+", code, AT) is None


@dataclass
class Met:
    id: int
    day: int
    kind: str = "call"
    state: str = "held"

    @property
    def starts_at(self):
        return AT + timedelta(days=self.day)


def test_the_first_own_session_within_the_days_stands_for_an_absence():
    missed = Met(1, 0, "clinic", "missed")
    others = [Met(2, -1), Met(3, 2, "clinic"), Met(4, 3, "call", "missed"), Met(5, 15), Met(6, 9), Met(7, 8)]
    assert stand_in(missed, others, set(), 14).id == 7
    assert stand_in(missed, others, {7}, 14).id == 6
    assert stand_in(missed, others, {6, 7}, 14) is None
    assert stand_in(missed, others, {6, 7}, 15).id == 5


# Staff


def test_one_tap_notes_a_firm_and_another_takes_it_back(cast, browser, clinic):
    own, path = clinic[cast.firm.id], f"/sessions/{clinic[cast.firm.id].id}/roll"
    staff = browser(cast.trainer)
    page = tap(staff, path, own, "held")
    assert own.state is SessionState.HELD and "1 de 2" in page.text
    assert services.attendance([cast.enrolment.id])[cast.enrolment.id] == (1, 1)
    tap(staff, path, own, "planned")
    assert own.state is SessionState.PLANNED and own.closed_at is None
    tap(staff, path, own, "missed")
    assert services.attendance([cast.enrolment.id])[cast.enrolment.id] == (0, 1)


def tap(staff, path, session, state):
    return staff.submit(path, mark=f"{session.id}:{state}")


def test_a_tap_on_a_page_that_was_open_for_long_still_counts(cast, browser, clinic):
    own, rival = clinic[cast.firm.id], clinic[cast.rival_firm.id]
    staff, path = browser(cast.trainer), f"/sessions/{clinic[cast.firm.id].id}/roll"
    page = staff.get(path)
    for session in (own, rival):
        staff.send(page, path, mark=f"{session.id}:held")
    assert {own.state, rival.state} == {SessionState.HELD}


def test_a_mentor_notes_their_own_firm_and_no_other(cast, browser, clinic):
    mentor, path = browser(cast.mentor), f"/sessions/{clinic[cast.firm.id].id}/roll"
    assert "Costuras Rosa" not in mentor.get(path).text
    page = mentor.submit(path, follow=False, mark=f"{clinic[cast.rival_firm.id].id}:held")
    assert page.status == 404
    assert clinic[cast.rival_firm.id].state is SessionState.PLANNED


@pytest.mark.parametrize("mark", ["", "1", "x:held", "1:cancelled", "99999999999999999999:held", "1:held\n"])
def test_a_mark_that_no_button_sends_is_refused(cast, browser, clinic, mark):
    path = f"/sessions/{clinic[cast.firm.id].id}/roll"
    assert browser(cast.trainer).submit(path, follow=False, mark=mark).status in (404, 422)
    assert {one.state for one in db.session.query(Session)} == {SessionState.PLANNED}


def test_nobody_is_noted_before_the_session(cast):
    (session, *_rest) = services.plan_clinic(
        cast.cohort, starts_at=now() + timedelta(days=1), minutes=60, by=cast.trainer
    )
    with pytest.raises(Refused):
        services.note_attendance(session, SessionState.HELD, by=cast.trainer)


def test_made_up_needs_a_later_session_and_each_stands_for_one_absence(cast):
    missed = []
    for days in (5, 4):
        planned = services.plan_clinic(
            cast.cohort, starts_at=now() - timedelta(days=days), minutes=60, by=cast.trainer
        )
        missed.append(next(one for one in planned if one.firm_id == cast.firm.id))
        services.note_attendance(missed[-1], SessionState.MISSED, by=cast.trainer)
    with pytest.raises(Refused, match="14"):
        services.note_attendance(missed[0], SessionState.MADE_UP, by=cast.trainer)
    call = services.plan_session(
        cast.enrolment, kind=SessionKind.CALL, starts_at=now() - timedelta(days=1), minutes=45, by=cast.mentor
    )
    services.close_session(call, Outcome(SessionState.HELD), by=cast.mentor)
    services.note_attendance(missed[0], SessionState.MADE_UP, by=cast.trainer)
    assert missed[0].made_up_by_id == call.id
    with pytest.raises(Refused):
        services.note_attendance(missed[1], SessionState.MADE_UP, by=cast.trainer)


def test_the_grid_has_a_row_for_each_firm_and_asks_no_more_for_many(cast, browser, clinic, count_queries):
    services.note_attendance(clinic[cast.firm.id], SessionState.HELD, by=cast.trainer)
    staff, path = browser(cast.trainer), f"/cohorts/{cast.cohort.id}/attendance"
    page = staff.get(path)
    rows = {row.find("th").text: row.text for row in page.root.find("tbody").find_all("tr")}
    assert "1 de 1" in rows["Telas Lupita"] and "0 de 0" in rows["Costuras Rosa"]
    with count_queries() as few:
        staff.get(path)
    for number in range(12):
        build.enrol(build.firm(f"Taller {number}", build.user(f"Dueña {number}")), cast.cohort)
    resting = build.enrol(build.firm("Pausa", build.user("Pía")), cast.cohort, state=EnrolmentState.PAUSED)
    for days in range(1, 8):
        services.plan_clinic(cast.cohort, starts_at=now() - timedelta(days=days), minutes=60, by=cast.trainer)
    staff.get(path)
    with count_queries() as many:
        page = staff.get(path)
    assert len(page.root.find("tbody").find_all("tr")) == 15 and resting.firm.name in page.text
    assert len(many) == len(few)


def test_the_sheet_names_every_firm(cast, browser, clinic):
    page = browser(cast.trainer).get(f"/sessions/{clinic[cast.firm.id].id}/roll/sheet")
    assert "Telas Lupita" in page.text and "Costuras Rosa" in page.text


# The door


def test_a_member_scans_and_their_firm_is_noted(cast, browser, clinic):
    """The code names the session of another firm in the same group: it opens for all of the group."""
    code = make_code(SECRET, clinic[cast.rival_firm.id].id, now())
    member = browser(cast.son)
    page = member.get(f"/attend/{code}")
    assert "Telas Lupita" in page.text and "Rosa" not in page.text
    assert clinic[cast.firm.id].state is SessionState.PLANNED, "looking at it notes nobody"
    page = member.submit(f"/attend/{code}", button="Aquí estoy")
    own = clinic[cast.firm.id]
    assert own.state is SessionState.HELD and own.arrived_at == now()
    assert clinic[cast.rival_firm.id].state is SessionState.PLANNED
    assert "escaneó el código" in browser(cast.trainer).get(f"/sessions/{own.id}/roll").text


def test_who_reads_slowly_is_still_noted_but_a_code_sent_on_opens_nothing(
    cast, browser, clinic, stopped_clock
):
    code = make_code(SECRET, clinic[cast.firm.id].id, now())
    member = browser(cast.son)
    page = member.get(f"/attend/{code}")
    stopped_clock(now() + timedelta(seconds=100))
    assert "Escanea el código otra vez" in browser(cast.rival).get(f"/attend/{code}").text
    stolen = page.root.find("input", name="ticket").attributes["value"]
    for who in (cast.rival, cast.owner):
        other = browser(who)
        fresh = other.get(f"/attend/{make_code(SECRET, clinic[cast.firm.id].id, now())}")
        other.send(fresh, f"/attend/{code}", ticket=stolen)
    assert {one.state for one in clinic.values()} == {SessionState.PLANNED}
    member.send(page, f"/attend/{code}")
    assert clinic[cast.firm.id].state is SessionState.HELD


def test_the_door_is_shut_to_whom_it_does_not_concern_and_when_it_is_over(
    cast, browser, clinic, stopped_clock
):
    session = clinic[cast.firm.id]
    code = make_code(SECRET, session.id, now())
    assert "Esta sesión no es tuya" in browser(cast.outsider).get(f"/attend/{code}").text
    assert browser(cast.trainer).get(f"/attend/{code}").status == 404
    assert browser(cast.owner).get("/attend/1-2-3").status == 404
    db.session.commit()
    stopped_clock(session.starts_at + timedelta(hours=3))
    late = make_code(SECRET, session.id, now())
    page = browser(cast.owner).submit(f"/attend/{late}", button="Aquí estoy")
    assert page.status == 422 and session.state is SessionState.PLANNED


def test_the_wall_draws_itself_anew_and_counts(cast, browser, clinic):
    path = f"/sessions/{clinic[cast.firm.id].id}/door"
    page = browser(cast.trainer).get(path)
    assert page.root.find("meta", http_equiv="refresh").attributes["content"] == "15"
    assert page.root.find("svg", class_=None) and "0 de 2" in page.text
    services.arrive(clinic[cast.firm.id], by=cast.owner)
    assert "1 de 2" in browser(cast.trainer).get(path).text
    assert browser(cast.owner).get(path).status == 404
