"""What waits for a trainer or mentor: one list in the order in which to act, with filters that stay."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lms.accounts.models import User
from lms.assignments.models import Extension, ExtensionState
from lms.cohorts.models import EnrolmentState
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.home.today import Filters, Kind, Row, ordered, read_filters, show
from lms.mentoring.models import Action, ActionOwner, HelpRequest, Session, SessionKind, SessionState
from tests import build
from tests.standing import deeds

DAY = date(2026, 10, 14)


def row(kind, firm="Telas", since=DAY, cohort_id=1, weight=0):
    return Row(
        kind=kind,
        cohort_id=cohort_id,
        enrolment_id=1,
        firm=firm,
        reasons=("porque sí",),
        since=since,
        opens="home.start",
        values={},
        weight=weight,
    )


def test_kinds_come_in_the_order_in_which_to_act():
    assert [one.kind for one in ordered(row(kind) for kind in reversed(Kind))] == list(Kind)


def test_of_one_kind_the_heavier_then_the_older_comes_first():
    rows = [
        row(Kind.ATTENTION, "nueva", DAY),
        row(Kind.ATTENTION, "vieja", DAY - timedelta(days=9)),
        row(Kind.ATTENTION, "con tres razones", DAY, weight=3),
    ]
    assert [one.firm for one in ordered(rows)] == ["con tres razones", "vieja", "nueva"]


def test_days_and_moments_are_ordered_together():
    moment = datetime(2026, 10, 13, 9, tzinfo=UTC)
    rows = ordered([row(Kind.HELP, "hoy", DAY), row(Kind.HELP, "ayer", moment)])
    assert [one.firm for one in rows] == ["ayer", "hoy"]


@pytest.mark.parametrize("kind", [None, *Kind])
@pytest.mark.parametrize("cohort_id", [0, 1, 2])
def test_each_count_is_the_length_of_what_its_filter_shows(kind, cohort_id):
    rows = [row(Kind.HELP), row(Kind.REVIEW), row(Kind.REVIEW, cohort_id=2), row(Kind.SESSION, cohort_id=2)]
    shown = show(rows, Filters(kind, cohort_id), [1, 2])
    for other, count in shown.kinds.items():
        assert len(show(rows, Filters(other, cohort_id), [1, 2]).rows) == count
    assert len(show(rows, Filters(None, cohort_id), [1, 2]).rows) == shown.of_cohort
    assert shown.all == 4


def test_a_cohort_that_is_not_mine_any_more_is_no_filter():
    shown = show([row(Kind.HELP)], Filters(None, 9), [1])
    assert len(shown.rows) == 1 and not shown.filters


@pytest.mark.parametrize("kind, cohort", [("", ""), ("otra", "x"), ("nada", "-1"), ("", "9" * 30)])
def test_filters_that_mean_nothing_choose_nothing(kind, cohort):
    assert not read_filters(kind, cohort)


# The page


@pytest.fixture
def busy(cast):
    """A trainer who mentors Lupita's firm alone, with one thing of each kind."""
    cast.rival_enrolment.mentor_id = None
    cast.enrolment.mentor_id = cast.trainer.id
    keys = deeds.keys_of(cast.enrolment)
    deeds.ask(cast.enrolment, cast.owner)
    build.submission(cast.enrolment, cast.version.week_rows[0].brief, cast.owner)
    days = Extension(
        **keys,
        brief_slug=cast.version.week_rows[1].brief.slug,
        state=ExtensionState.ASKED,
        asked_by_id=cast.owner.id,
        asked_at=now(),
        asked_because="Feria del pueblo",
        due_on=DAY + timedelta(days=9),
        paused_days=0,
    )
    build.add(days)
    promise(cast, DAY - timedelta(days=1))
    session(cast, now() + timedelta(days=2))
    session(cast, now() - timedelta(days=1))
    return cast


def promise(cast, due_on, owner=ActionOwner.FIRM, text="Subir tres fotos"):
    build.add(
        Action(
            **deeds.keys_of(cast.enrolment),
            owner=owner,
            text=text,
            due_on=due_on,
            created_by_id=cast.trainer.id,
            created_at=now(),
        )
    )


def session(cast, starts_at, enrolment=None, kind=SessionKind.VISIT):
    keys = deeds.keys_of(enrolment or cast.enrolment)
    made = Session(**keys, host_id=cast.trainer.id, kind=kind, starts_at=starts_at)
    return build.add(made)


def headings(page):
    return [one.text.rsplit(" ", 1)[0] for one in page.root.find_all("h3")]


def test_everything_stands_in_one_list_in_its_order(busy, browser):
    page = browser(busy.trainer).get("/home")
    assert headings(page) == [
        "Pidieron ayuda",
        "Por calificar",
        "Piden más días",
        "Acuerdos que ya vencen",
        "Necesitan que las busques",
        "Mentorías de esta semana",
        "Asistencia por anotar",
    ]
    for words in ("Pidió ayuda con «Tarea»", "Entregó «Tarea 0»", "Feria del pueblo", "Subir tres fotos"):
        assert words in page.text
    assert "Telas Lupita" in page.text and "Lupita Ríos" in page.text


def test_each_row_opens_its_thing(busy, browser):
    links = browser(busy.trainer).get("/home").links
    sessions = db.session.query(Session).order_by(Session.id).all()
    assert f"/help/{db.session.query(HelpRequest).one().id}" in links
    assert f"/sessions/{sessions[0].id}" in links and f"/sessions/{sessions[1].id}" in links
    assert f"/extensions/{db.session.query(Extension).one().id}" in links


def test_filters_stay_until_everything_is_shown_again(busy, browser):
    trainer = browser(busy.trainer)
    assert headings(trainer.get("/home?kind=session&cohort=")) == ["Mentorías de esta semana"]
    trainer.get("/firms")
    assert headings(trainer.get("/home")) == ["Mentorías de esta semana"]
    assert len(headings(trainer.get("/home?kind=&cohort="))) == 7
    assert len(headings(trainer.get("/home"))) == 7


def test_a_filter_that_has_nothing_left_says_so_and_leads_back(busy, browser):
    trainer = browser(busy.trainer)
    trainer.get("/home?kind=help&cohort=")
    db.session.query(HelpRequest).one().answered_at = now()
    page = trainer.get("/home")
    assert "No hay nada de este tipo" in page.text
    assert "/home?kind=&cohort=" in page.links


@pytest.mark.parametrize(
    "query", ["?kind=x&cohort=y", "?kind=help", "?cohort=999999999999", "?kind=&cohort=-4"]
)
def test_no_filter_breaks_the_page(busy, browser, query):
    assert browser(busy.trainer).get(f"/home{query}").status == 200


def test_a_paused_firm_is_asked_for_nothing_but_answered(busy, browser):
    busy.enrolment.state = EnrolmentState.PAUSED
    db.session.flush()
    page = browser(busy.trainer).get("/home")
    assert not {"Acuerdos que ya vencen", "Necesitan que las busques"} & set(headings(page))
    assert {"Pidieron ayuda", "Por calificar"} <= set(headings(page))


def test_a_firm_that_left_is_not_on_the_list(busy, browser):
    busy.enrolment.state = EnrolmentState.WITHDRAWN
    db.session.flush()
    assert headings(browser(busy.trainer).get("/home")) == []


def test_a_promise_waits_from_its_day_on(cast, browser):
    cast.enrolment.mentor_id = cast.trainer.id
    promise(cast, DAY + timedelta(days=1), text="Para mañana")
    promise(cast, DAY, ActionOwner.MENTOR, "Mandar la plantilla")
    page = browser(cast.trainer).get("/home")
    assert "Tú prometiste: Mandar la plantilla" in page.text
    assert "Para mañana" not in page.text


def test_a_group_session_is_one_row_for_whoever_holds_it(cast, browser):
    moment = now() - timedelta(hours=3)
    for enrolment in (cast.enrolment, cast.rival_enrolment):
        session(cast, moment, enrolment, SessionKind.CLINIC)
    page = browser(cast.trainer).get("/home")
    assert page.text.count("Asistencia por anotar") == 2  # the tab and the heading
    first = db.session.query(Session).order_by(Session.id).first()
    assert f"/sessions/{first.id}/clinic" in page.links
    assert "2 empresas" in page.text


def test_what_is_noted_waits_no_more(busy, browser):
    for one in db.session.query(Session):
        one.state = SessionState.HELD
    db.session.flush()
    assert not {"Mentorías de esta semana", "Asistencia por anotar"} & set(
        headings(browser(busy.trainer).get("/home"))
    )


def test_a_session_in_more_than_a_week_does_not_wait_yet(cast, browser):
    cast.enrolment.mentor_id = cast.trainer.id
    session(cast, now() + timedelta(days=8))
    assert "Mentorías de esta semana" not in headings(browser(cast.trainer).get("/home"))


def test_who_has_nothing_to_do_is_told_what_will_appear(cast, browser):
    alone = build.user("Nora Nueva", role="trainer")
    page = browser(build.as_person(alone)).get("/home")
    assert "Nada te espera" in page.text


@pytest.mark.parametrize("firms", [3, 40])
def test_the_list_asks_at_most_twelve_questions(busy, browser, count_queries, firms):
    for number in range(firms):
        person = build.user(f"Persona {number}")
        firm = build.firm(f"Taller {number}", person)
        enrolment = build.enrol(firm, busy.cohort, db.session.get(User, busy.trainer.id))
        build.submission(enrolment, busy.version.week_rows[0].brief, person)
        deeds.ask(enrolment, person)
        session(busy, now() + timedelta(days=1), enrolment)
    trainer = browser(busy.trainer)
    trainer.get("/home")
    with count_queries() as queries:
        page = trainer.get("/home")
    assert page.status == 200
    assert len(queries) <= 12, "\n".join(queries)
