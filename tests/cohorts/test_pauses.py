"""Pauses that a firm asks for: one question at a time, the lead's answer, and dates that move together."""

from datetime import timedelta

import pytest

from lms.cohorts import schedule
from lms.cohorts import services as cohorts
from lms.cohorts.models import EnrolmentState, PauseRequest, PauseState
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.notifications.models import Notice


@pytest.fixture
def asked(cast):
    return cohorts.ask_for_pause(cast.enrolment, "Temporada de uniformes", 3, by=cast.son)


def newest(cast):
    db.session.expire_all()
    return cohorts.newest_request(cast.enrolment)


def test_the_firm_asks_and_the_lead_reads_why_and_approves(cast, browser, letters):
    member, lead = browser(cast.owner), browser(cast.lead)
    page = member.submit("/pause", reason="Temporada de uniformes", weeks="3")
    assert "Listo, ya la pediste" in page.text and "Temporada de uniformes" in page.text
    assert [letter.to for letter in letters() if "pide una pausa" in letter.text] == [cast.lead.email]

    page = lead.get(f"/programmes/{cast.programme.id}")
    assert "1 empresa pide una pausa" in page.text
    lead.submit(f"/pause-requests/{newest(cast).id}", verdict="approve", words="Que les vaya bien")
    assert cast.enrolment.state is EnrolmentState.PAUSED
    assert cast.enrolment.reason == "Temporada de uniformes"
    assert "pide una pausa" not in lead.get(f"/programmes/{cast.programme.id}").text
    told = db.session.query(Notice).filter_by(user_id=cast.son.id, text="Se aprobó tu pausa")
    assert told.count() == 1, "everybody of the firm is told"


def test_back_again_all_dates_have_moved_by_the_days_away(cast, browser, asked, stopped_clock):
    cohorts.answer_pause(asked, approve=True, words="", by=cast.lead)
    before = schedule.due_on(cast.cohort.starts_on, 2, cast.enrolment.paused_days)
    db.session.commit()
    stopped_clock(now() + timedelta(days=11))
    member = browser(cast.owner)
    assert "está en pausa desde el" in member.get("/pause").text
    page = member.submit("/pause", button="Ya regresamos")
    assert "Qué bueno que regresas" in page.text
    assert cast.enrolment.state is EnrolmentState.ACTIVE
    after = schedule.due_on(cast.cohort.starts_on, 2, cast.enrolment.paused_days)
    assert after - before == timedelta(days=11)


def test_a_no_says_why_and_the_firm_may_ask_again(cast, browser, asked):
    lead, path = browser(cast.lead), f"/pause-requests/{asked.id}"
    refused = lead.submit(path, verdict="decline", words="")
    assert refused.status == 422 and "Escribe por qué no" in refused.text
    assert newest(cast).state is PauseState.ASKED
    lead.submit(path, verdict="decline", words="Falta una semana para cerrar")
    assert cast.enrolment.state is EnrolmentState.ACTIVE
    page = browser(cast.owner).get("/pause")
    assert "Falta una semana para cerrar" in page.text and "Pedir una pausa" in page.text


def test_there_is_one_open_question_at_a_time(cast, browser, asked):
    with pytest.raises(Refused, match="ya la pidió"):
        cohorts.ask_for_pause(cast.enrolment, "Otra vez", 2, by=cast.owner)
    assert db.session.query(PauseRequest).count() == 1


def test_what_was_asked_can_be_taken_back_until_it_is_answered(cast, browser, asked):
    browser(cast.owner).submit("/pause", button="Ya no necesitamos")
    assert newest(cast).state is PauseState.WITHDRAWN
    with pytest.raises(Refused):
        cohorts.answer_pause(newest(cast), approve=True, words="", by=cast.lead)
    assert cast.enrolment.state is EnrolmentState.ACTIVE


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"reason": "", "weeks": "2"}, "Cuéntanos"),
        ({"reason": "Sí", "weeks": "0"}, "de 1 a 8"),
        ({"reason": "Sí", "weeks": "40"}, "de 1 a 8"),
        ({"reason": "Sí", "weeks": "dos"}, "de 1 a 8"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_asked(cast, browser, sent, said):
    page = browser(cast.owner).submit("/pause", **sent)
    assert page.status == 422 and said in page.text
    assert db.session.query(PauseRequest).count() == 0


def test_who_is_on_a_pause_or_through_cannot_ask(cast, browser):
    cohorts.pause(cast.enrolment, reason="", by=cast.lead)
    with pytest.raises(Refused, match="pausa"):
        cohorts.ask_for_pause(cast.enrolment, "Más", 2, by=cast.owner)
    cohorts.resume(cast.enrolment, by=cast.lead)
    cohorts.finish(cast.enrolment, graduated=True, by=cast.lead)
    assert "no hay nada que pausar" in browser(cast.owner).get("/pause").text
