"""What the page of a session opens with: goal, reasons, last figures, and what the agreements serve."""

from datetime import date, timedelta
from decimal import Decimal

from lms.foundation.clock import now
from lms.foundation.db import db
from lms.home.agenda import last_month
from lms.mentoring import services
from lms.mentoring.models import Action, SessionKind


def plan(cast):
    return services.plan_session(
        cast.enrolment,
        kind=SessionKind.CALL,
        starts_at=now() - timedelta(hours=1),
        minutes=45,
        by=cast.mentor,
    )


def test_it_opens_with_the_goal_and_with_why_the_firm_needs_someone(cast, browser):
    services.write_goal(cast.enrolment, "Veinte piezas al mes", "", by=cast.owner)
    services.ask_help(cast.enrolment, text="No puedo subir", about_title="", about_path="", by=cast.owner)
    page = browser(cast.mentor).get(f"/sessions/{plan(cast).id}")
    agenda = page.root.find("section", aria_labelledby="agenda")
    assert "Veinte piezas al mes" in agenda.text and "Sin aceptar" in agenda.text
    assert "Pidió ayuda" in agenda.text and "Falta su punto de partida" in agenda.text


def test_the_last_month_is_compared_with_the_same_month_a_year_before():
    totals = {
        date(2025, 9, 1): Decimal(1000), date(2026, 8, 1): Decimal(700), date(2026, 9, 1): Decimal(1310),
        date(2026, 10, 1): None,
    }  # fmt: skip
    last = last_month(totals)
    assert (last.month, last.amount, last.ratio) == (date(2026, 9, 1), Decimal(1310), Decimal("1.31"))


def test_without_the_year_before_or_with_zero_nothing_is_compared():
    assert last_month({date(2026, 9, 1): Decimal(5)}).ratio is None
    assert last_month({date(2025, 9, 1): Decimal(0), date(2026, 9, 1): Decimal(5)}).ratio is None
    assert last_month({date(2026, 9, 1): None}) is None


def test_an_agreement_can_serve_a_practice_or_a_milestone(cast, browser):
    session = plan(cast)
    mentor = browser(cast.mentor)
    fields = {"state": "held"}
    for number, tie in enumerate(("practice:p1", "milestone:M3")):
        fields |= {
            f"promises-{number}-text": f"Cosa {number}",
            f"promises-{number}-due_on": "2026-10-21",
            f"promises-{number}-tie": tie,
        }
    page = mentor.submit(f"/sessions/{session.id}", **fields)
    kept = {(one.practice_key, one.milestone_code) for one in db.session.query(Action)}
    assert kept == {
        ("p1", ""),
        ("", "M3"),
    }
    assert "Práctica 1" in page.text and "M3 · Primera venta" in page.text
    assert "Práctica 1" in browser(cast.owner).get("/agreements").text


def test_an_agreement_serves_nothing_of_another_course(cast, browser):
    page = browser(cast.mentor).submit(
        f"/sessions/{plan(cast).id}",
        **{
            "state": "held",
            "promises-0-text": "Cosa",
            "promises-0-due_on": "2026-10-21",
            "promises-0-tie": "milestone:M99",
        },
    )
    assert page.status == 422 and db.session.query(Action).count() == 0
