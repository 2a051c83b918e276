"""What a firm reads of its sessions, and ticking what is done; the practices it says it follows."""

from datetime import date, timedelta

import pytest

from lms.foundation.clock import now
from lms.foundation.db import db
from lms.mentoring import services
from lms.mentoring.models import Action, ActionOwner, Moment, PracticeCheck, SessionKind, SessionState
from lms.mentoring.services import Outcome, Promise
from lms.notifications.models import Notice


@pytest.fixture
def promised(cast):
    session = services.plan_session(
        cast.enrolment,
        kind=SessionKind.VISIT,
        starts_at=now() - timedelta(days=1),
        minutes=30,
        by=cast.mentor,
    )
    promises = [
        Promise("Tabla de envíos", ActionOwner.FIRM, date(2026, 10, 20)),
        Promise("Mandar plantilla", ActionOwner.MENTOR, date(2026, 10, 16)),
    ]
    services.close_session(
        session, Outcome(SessionState.HELD, "Hablamos de envíos", "", promises), by=cast.mentor
    )
    return {action.owner: action for action in db.session.query(Action)}


def test_the_firm_reads_what_both_sides_do_and_what_comes_next(cast, promised, browser):
    services.plan_session(
        cast.enrolment, kind=SessionKind.CALL, starts_at=now() + timedelta(days=2), minutes=30, by=cast.mentor
    )
    text = browser(cast.owner).get("/agreements").text
    for words in ("Tabla de envíos", "Mandar plantilla", "Hablamos de envíos", "viernes 16 de octubre"):
        assert words in text


def test_either_side_ticks_and_takes_back(cast, promised, browser):
    action = promised[ActionOwner.FIRM]
    browser(cast.son).submit("/agreements", button="Tabla de envíos")
    assert action.done_by_id == cast.son.id
    browser(cast.owner).submit("/agreements", button="Tabla de envíos")
    assert action.done_at is None
    services.tick(action, True, by=cast.trainer)
    assert action.done_by_id == cast.trainer.id


def test_the_page_to_return_to_is_always_of_this_house(cast, promised, browser):
    member = browser(cast.owner)
    form = member.get("/agreements").form_with({"done"}, "Tabla de envíos")
    hidden = {e.attributes["name"]: e.attributes["value"] for e in form.find_all("input")}
    path = f"/actions/{promised[ActionOwner.FIRM].id}/tick"
    assert member.post(path, {**hidden, "back": "//evil.example"}).location == "/agreements"


@pytest.mark.parametrize("who", ["rival", "outsider", "other_trainer", "other_mentor", "other_lead", "admin"])
def test_others_cannot_tick(cast, promised, browser, who):
    action = promised[ActionOwner.FIRM]
    other = getattr(cast, who)
    db.session.add(Notice(user_id=other.id, text="Aviso", path="/", created_at=now()))
    person = browser(other)
    form = person.get("/notices").form_with(set(), "Aviso")
    hidden = {e.attributes["name"]: e.attributes["value"] for e in form.find_all("input")}
    assert person.post(f"/actions/{action.id}/tick", {**hidden, "done": "1"}).status == 404
    assert action.done_at is None


def test_a_firm_without_a_course_is_told_so(cast, browser):
    from lms.cohorts.models import EnrolmentState

    cast.enrolment.state = EnrolmentState.INVITED
    for path in ("/agreements", "/help", "/practices/start"):
        assert "Tu curso aún no empieza" in browser(cast.owner).get(path).text


def practices(cast):
    return services.practices_of(cast.enrolment)


def test_practices_are_answered_in_one_form_and_can_be_changed(cast, browser):
    first, second, third = practices(cast)
    answers = {f"practice-{first.id}": "yes", f"practice-{second.id}": "no", f"practice-{third.id}": "no"}
    browser(cast.owner).submit("/practices/start", **answers)
    browser(cast.son).submit("/practices/start", **{f"practice-{second.id}": "yes"})
    assert db.session.query(PracticeCheck).count() == 3
    assert services.practice_counts([cast.enrolment.id]) == {cast.enrolment.id: {Moment.START: (2, 3)}}


def test_later_moments_are_filled_in_with_the_earlier_answers(cast, browser):
    services.check_practices(
        cast.enrolment, Moment.START, {p.id: True for p in practices(cast)}, by=cast.owner
    )
    page = browser(cast.owner).get("/practices/middle")
    chosen = [
        e.attributes["value"] for e in page.root.find_all("input", type="radio") if "checked" in e.attributes
    ]
    assert chosen == ["yes", "yes", "yes"]
    assert db.session.query(PracticeCheck).count() == 3


def test_every_practice_wants_an_answer(cast, browser):
    page = browser(cast.owner).submit("/practices/start", **{f"practice-{practices(cast)[0].id}": "yes"})
    assert page.status == 422
    assert len(page.errors) == 2
    assert db.session.query(PracticeCheck).count() == 0


def test_unknown_moments_are_not_found(cast, browser):
    assert browser(cast.owner).get("/practices/sometime").status == 404
